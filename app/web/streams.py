"""The live streams over HTTP: SSE, WebSocket and long poll, of a board and of all events."""

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from app.domain.events import Kind
from app.feed.sse import FeedResponse
from app.feed.viewer import Viewer
from app.feed.websocket import follow
from app.web.context import caller, house
from app.web.native.bodies import FeedQuery, StreamQuery
from app.web.table import Entry, SocketEntry, Who

OPEN_TO_ALL = {"Access-Control-Allow-Origin": "*"}
EVENTS = "/api/v1/venues/{venue}"
BOARD = "/b/{venue}"


async def board_feed(request: Request) -> Response:
    return await _answer(request, await _board_viewer(request), request.state.query, OPEN_TO_ALL)


async def event_feed(request: Request) -> Response:
    return await _answer(request, await _event_viewer(request), request.state.query, {})


async def board_socket(socket: WebSocket) -> None:
    await _follow(socket, await _board_viewer(socket))


async def event_socket(socket: WebSocket) -> None:
    await _follow(socket, await _event_viewer(socket))


async def _answer(
    request: Request, viewer: Viewer, query: FeedQuery | StreamQuery, headers: dict[str, str]
) -> Response:
    """`Last-Event-ID` wins over `after`: a browser that comes back sends both."""
    here = house(request)
    last_seen = request.headers.get("last-event-id", query.after)
    if query.poll == "0":
        return FeedResponse(
            here.hub,
            viewer,
            last_seen,
            send_timeout=here.settings.send_timeout_seconds,
            headers=headers,
        )
    try:
        body = await viewer.poll(last_seen, query.wait)
    finally:
        here.hub.leave(viewer)
    return Response(
        body, headers=headers | {"Cache-Control": "no-store"}, media_type="text/event-stream"
    )


async def _follow(socket: WebSocket, viewer: Viewer) -> None:
    here = house(socket)
    after = socket.headers.get("last-event-id", socket.query_params.get("after"))
    await follow(socket, here.hub, viewer, after, here.settings.send_timeout_seconds)


async def _board_viewer(connection: HTTPConnection) -> Viewer:
    hub = house(connection).hub
    channel = await hub.board(connection.path_params["venue"])
    return hub.viewer(channel)


async def _event_viewer(connection: HTTPConnection) -> Viewer:
    hub = house(connection).hub
    channel = await hub.events(connection.path_params["venue"])
    return hub.viewer(channel, caller(connection).credential, _wanted(connection))


def _wanted(connection: HTTPConnection) -> list[frozenset[str]]:
    """Repeated values of one filter widen it, different filters narrow it."""
    query = connection.query_params
    filters = (
        query.getlist("kind"),
        [f"station:{name}" for name in query.getlist("station")],
        [f"order:{order}" for order in query.getlist("order")],
    )
    return [frozenset(choice) for choice in filters if choice]


KINDS = ", ".join(Kind)
ROUTES = (
    Entry(
        method="GET", path=EVENTS + "/events", handler=event_feed, who=Who.READ, query=StreamQuery,
        summary=f"Every event of a venue as SSE ({KINDS}); resumes by Last-Event-ID or after",
        media="text/event-stream", problems=(404,),
    ),
    SocketEntry(
        path=EVENTS + "/ws", handler=event_socket, who=Who.READ,
        summary="The same over WebSocket",
    ),
    Entry(
        method="GET", path=BOARD + "/feed", handler=board_feed, who=Who.PUBLIC, query=FeedQuery,
        summary="The public board as SSE: hello, order, gone, notice, beat",
        media="text/event-stream", problems=(404,),
    ),
    SocketEntry(
        path=BOARD + "/ws", handler=board_socket, who=Who.PUBLIC,
        summary="The public board over WebSocket",
    ),
)  # fmt: skip
