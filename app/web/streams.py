"""The live streams over HTTP: SSE, WebSocket and long poll, of a board and of all events."""

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from app.domain.events import Kind
from app.feed.sse import feed_response
from app.feed.viewer import Viewer
from app.feed.websocket import follow
from app.web.context import asked, board_asked, caller, house
from app.web.headers import sent_header
from app.web.native.bodies import FeedQuery, StreamQuery
from app.web.table import Entry, SocketEntry, Who

EVENTS = "/api/v1/venues/{venue}"


async def board_feed(request: Request) -> Response:
    return await answer_feed(request, await _board_viewer(request))


async def event_feed(request: Request) -> Response:
    return await answer_feed(request, await _event_viewer(request))


async def board_socket(socket: WebSocket) -> None:
    await follow_socket(socket, await _board_viewer(socket))


async def event_socket(socket: WebSocket) -> None:
    await follow_socket(socket, await _event_viewer(socket))


async def answer_feed(request: Request, viewer: Viewer) -> Response:
    """A stream, or one answer of a long poll, as the query asks."""
    query: FeedQuery = asked(request)
    here, last_seen = house(request), _last_seen(request)
    if query.poll == "0" or request.method == "HEAD":
        seconds = here.settings.send_timeout_seconds
        return feed_response(request.scope, here.hub, viewer, last_seen, send_timeout=seconds)
    try:
        body = await viewer.poll(last_seen, query.wait)
    finally:
        here.hub.leave(viewer)
    headers = {"Cache-Control": "no-store"}
    return Response(body, headers=headers, media_type="text/event-stream")


async def follow_socket(socket: WebSocket, viewer: Viewer) -> None:
    here = house(socket)
    seconds = here.settings.send_timeout_seconds
    await follow(socket, here.hub, viewer, _last_seen(socket), seconds)


async def _board_viewer(connection: HTTPConnection) -> Viewer:
    hub = house(connection).hub
    channel = await hub.board(*board_asked(connection))
    return hub.viewer(channel, caller(connection).credential)


async def _event_viewer(connection: HTTPConnection) -> Viewer:
    hub, venue = house(connection).hub, connection.path_params["venue"]
    query: StreamQuery = asked(connection)
    if set(query.kind) == {Kind.PRINT}:
        # A stream of its own: what is to be printed comes of events of many kinds.
        channel, wanted = await hub.prints(venue), _wanted(query, kinds=[])
    else:
        channel, wanted = await hub.events(venue), _wanted(query, kinds=query.kind)
    return hub.viewer(channel, caller(connection).credential, wanted)


def _last_seen(connection: HTTPConnection) -> str | None:
    """`Last-Event-ID` wins over `after`: a browser that comes back sends both."""
    last_seen = sent_header(connection.scope, b"last-event-id")
    query: FeedQuery = asked(connection)
    return query.after if last_seen is None else last_seen


def _wanted(query: StreamQuery, kinds: list[Kind]) -> list[frozenset[str]]:
    """Repeated values of one filter widen it, different filters narrow it."""
    filters = (
        [str(kind) for kind in kinds],
        [f"station:{name}" for name in query.station],
        [f"order:{order}" for order in query.order],
    )
    return [frozenset(choice) for choice in filters if choice]


def _board_rows(prefix: str, of: str) -> tuple[Entry | SocketEntry, ...]:
    return (
        Entry(
            method="GET", path=prefix + "/feed", handler=board_feed, who=Who.BOARD,
            query=FeedQuery, summary=f"{of} as SSE: hello, order, gone, notice, beat",
            media="text/event-stream", open_to_all=True,
        ),
        SocketEntry(
            path=prefix + "/ws", handler=board_socket, who=Who.BOARD, query=FeedQuery,
            summary=f"{of} over WebSocket",
        ),
    )  # fmt: skip


KINDS = ", ".join(Kind)
ROUTES = (
    Entry(
        method="GET", path=EVENTS + "/events", handler=event_feed, who=Who.READ, query=StreamQuery,
        summary=f"Every event of a venue as SSE ({KINDS}); resumes by Last-Event-ID or after. "
        "kind=print alone is the print stream: every frame is a print, with all there is to print",
        media="text/event-stream",
    ),
    SocketEntry(
        path=EVENTS + "/ws", handler=event_socket, who=Who.READ, query=StreamQuery,
        summary="The same over WebSocket",
    ),
    *_board_rows("/b/{venue}", "The public board"),
    *_board_rows("/b/{venue}/{board}", "One of the venue's boards"),
    *_board_rows("/b/{venue}/point/{point}", "The screen of a pickup point"),
)  # fmt: skip
