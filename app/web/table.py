"""One row of the route table: what it is, who may, what it takes and what it answers.

The application's routes, the permission checks and /openapi.json are all made from these rows.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket

PARAMETER = re.compile(r"{([a-z_]+)(?::[a-z]+)?}")  # of a path
Handler = Callable[[Request], Awaitable[Response]]
SocketHandler = Callable[[WebSocket], Awaitable[None]]


class Who(StrEnum):
    """PUBLIC needs nothing, BOARD nothing either unless the board's access is `paired`, then
    board:read or the cookie of a paired screen; SCREEN is that cookie alone; the others are the
    scopes of `app.domain.people.Scope`."""

    PUBLIC = "public"
    BOARD = "board"
    SCREEN = "screen"
    BOARD_READ = "board:read"
    READ = "orders:read"
    WRITE = "orders:write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`body` is validated before the handler runs and handed over as `request.state.body`; the
    caller stands in `request.state.caller`. Rows with `page=True` are for people: they answer
    HTML, send the visitor to sign in instead of a 401, and are left out of /openapi.json.
    `open_to_all`: pages of other sites may read it, its refusals included (CORS). Rows of a
    foreign system have its name as `tag` and its own words for `who`; `refusal` is the shape of
    its errors."""

    method: str
    path: str
    handler: Handler
    who: str
    summary: str = ""
    body: type[BaseModel] | None = None
    body_optional: bool = False
    answer: Any = None
    status: int = 200
    query: type[BaseModel] | None = None
    page: bool = False
    open_to_all: bool = False
    media: str = "application/json"
    tag: str = ""
    problems: tuple[int, ...] = field(default=())
    refusal: type[BaseModel] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketEntry:
    path: str
    handler: SocketHandler
    who: Who
    query: type[BaseModel]
    summary: str = ""
