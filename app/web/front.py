"""The ASGI application: Starlette's router, and what holds for every answer.

Starlette's own application would put two layers of error handling and one for headers around each
request; opening a stream went a fifth of its time through them.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.problems import Problem
from app.web.context import House
from app.web.errors import answer_crash, answer_http, answer_problem
from app.web.table import Entry, SocketEntry

log = logging.getLogger(__name__)

# No guessing of media types, no addresses given away to other sites. Names are in small letters
# everywhere: Starlette writes them so.
ALWAYS = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin"))
Lifespan = Callable[["Front"], AbstractAsyncContextManager[None]]


class Front:
    """`table`: every address, for the documents that describe them."""

    def __init__(
        self,
        house: House,
        table: Sequence[Entry | SocketEntry],
        routes: Sequence[BaseRoute],
        middleware: Sequence[Middleware],
        lifespan: Lifespan,
    ) -> None:
        self.house = house
        self.table = table
        app: ASGIApp = Router(routes, lifespan=lifespan)
        for cls, args, kwargs in reversed(middleware):
            app = cls(app, *args, **kwargs)
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        def send_with_headers(message: Message) -> Awaitable[None]:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                own = message["headers"]
                named = [name for name, _ in own]
                message["headers"] = [*own, *[pair for pair in ALWAYS if pair[0] not in named]]
            return send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:
            if begun:  # nothing can be said any more: the server cuts it off, and logs why
                log.error("%s %s broke off", scope["method"], scope["path"])
                raise
            response = await _refusal(Request(scope, receive), error)
            await response(scope, receive, send_with_headers)


async def _refusal(request: Request, error: Exception) -> Response:
    if isinstance(error, Problem):
        return await answer_problem(request, error)
    if isinstance(error, HTTPException):
        return await answer_http(request, error)
    return await answer_crash(request, error)
