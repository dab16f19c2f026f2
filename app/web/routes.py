"""The table of every address of our own, and what stands around each handler."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from functools import cache
from urllib.parse import quote

from pydantic import BaseModel, ValidationError
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from app.domain.problems import (
    Invalid,
    MethodNotAllowed,
    NotFound,
    Problem,
    Unauthorized,
    Unavailable,
)
from app.web import (
    board_image,
    board_pages,
    calls,
    docs,
    ops,
    point_pages,
    screens,
    staff,
    static,
    streams,
    tickets,
    tv,
)
from app.web.admission import admit
from app.web.body import read_body, wrong_fields
from app.web.context import house
from app.web.errors import answer_problem, problem_answer
from app.web.native import NATIVE_ROUTES
from app.web.staff.entry import door
from app.web.switchboard import Switchboard
from app.web.table import Entry, SocketEntry, Who

TABLE: tuple[Entry | SocketEntry, ...] = (
    *NATIVE_ROUTES,
    *streams.ROUTES,
    *calls.ROUTES,
    *board_image.ROUTES,
    *board_pages.ROUTES,
    *point_pages.ROUTES,
    *tv.ROUTES,
    *screens.ROUTES,
    *tickets.ROUTES,
    *staff.ROUTES,
    *docs.ROUTES,
    *ops.ROUTES,
    *static.ROUTES,
)
ANY_ORIGIN = (b"access-control-allow-origin", b"*")
SECRETS_IN_QUERY = ("key", "access_token")


def starlette_routes(
    table: Iterable[Entry | SocketEntry] = TABLE, mounts: Iterable[BaseRoute] = ()
) -> list[BaseRoute]:
    """One Starlette route per path, in the table's order: a path answers 405 with all it allows.
    `mounts`: foreign systems at prefixes of their own."""
    by_path: dict[str, list[Entry]] = defaultdict(list)
    sockets: list[Route | WebSocketRoute] = []
    for entry in table:
        if isinstance(entry, SocketEntry):
            sockets.append(WebSocketRoute(entry.path, _socket_endpoint(entry)))
        else:
            by_path[entry.path].append(entry)
    sockets.append(WebSocketRoute("/{path:path}", _no_socket))
    routes = [Route(path, _Endpoint(entries)) for path, entries in by_path.items()]
    return [Switchboard("http", routes), Switchboard("websocket", sockets), *mounts]


class _Endpoint:
    """The rows of one path. Starlette calls a class instance as a plain ASGI app, any method."""

    def __init__(self, entries: list[Entry]) -> None:
        self._by_method = {entry.method: entry for entry in entries}
        self._who = {entry.method: Who(entry.who) for entry in entries}
        if "GET" in self._by_method:
            self._by_method.setdefault("HEAD", self._by_method["GET"])
        self._open_to_all = any(entry.open_to_all for entry in entries)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        try:
            response = await self._answer(request)
        except Problem as problem:
            response = await answer_problem(request, problem)
        except asyncio.CancelledError:
            # Only a stopping server cancels requests: one that waited too long for its body.
            response = problem_answer(Unavailable("The server is stopping; send it again."))
        if self._open_to_all:
            response.raw_headers.append(ANY_ORIGIN)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        entry = self._by_method.get(request.method)
        if entry is None:
            allow = ", ".join(sorted(self._by_method))
            problem = MethodNotAllowed(f"{request.method} is not possible here, only {allow}.")
            return problem_answer(problem, {"Allow": allow})
        state = request.scope.setdefault("state", {})  # what handlers know as `request.state`
        state["page"] = entry.page
        try:
            state["caller"] = await admit(request, self._who[entry.method])
        except Unauthorized:
            if not entry.page or request.method not in ("GET", "HEAD"):
                raise
            return RedirectResponse(await _way_in(request, entry), 303)
        if entry.query is not None:
            state["query"] = read_query(request, entry.query)
        if entry.body is not None:
            limit = house(request).settings.body_limit_bytes
            optional = entry.body_optional
            state["body"] = await read_body(request, entry.body, limit, optional=optional)
        return await entry.handler(request)


def read_query(connection: HTTPConnection, model: type[BaseModel]) -> BaseModel:
    """The validated query; repeated names become lists. Raises Invalid."""
    try:
        if not connection.scope["query_string"]:
            return _nothing_asked(model)
        return model.model_validate(_asked(connection, model))
    except ValidationError as error:
        raise Invalid("Some parameters are wrong.", errors=wrong_fields(error)) from None


@cache
def _nothing_asked(model: type[BaseModel]) -> BaseModel:
    return model()


def _asked(connection: HTTPConnection, model: type[BaseModel]) -> dict[str, list[str] | str]:
    given: dict[str, list[str]] = defaultdict(list)
    for name, value in connection.query_params.multi_items():
        if name not in SECRETS_IN_QUERY:
            given[name].append(value)
    listed = {name for name, field in model.model_fields.items() if field.default == []}
    return {n: v if n in listed or len(v) > 1 else v[0] for n, v in given.items()}


def _socket_endpoint(entry: SocketEntry) -> Callable[[WebSocket], Awaitable[None]]:
    async def endpoint(socket: WebSocket) -> None:
        try:
            socket.state.caller = await admit(socket, entry.who)
            socket.state.query = read_query(socket, entry.query)
            await entry.handler(socket)
        except Problem as problem:
            # Before it is accepted a refusal is an ordinary HTTP answer.
            await socket.send_denial_response(problem_answer(problem))

    return endpoint


async def _no_socket(socket: WebSocket) -> None:
    await socket.send_denial_response(problem_answer(NotFound("There is nothing here.")))


async def _way_in(request: Request, entry: Entry) -> str:
    """Where one can get in. A screen that was revoked has nobody to type a password."""
    root = house(request).settings.root_path
    if entry.who == Who.BOARD and await house(request).auth.was_screen(request):
        return f"{root}/tv"
    asked = request.scope["query_string"].decode("ascii", "replace")
    here = request.scope["path"] + (f"?{asked}" if asked else "")
    return f"{root}{door(request)}?next={quote(here, safe='')}"
