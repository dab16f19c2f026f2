"""What the four foreign systems share: how one is described, mounted, bound to a venue and asked.

A dialect is a table of routes with its own way to let callers in and its own way to refuse. The
same application answers under its prefix (/eatsa/…) and at the root of a port or host name.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal
from urllib.parse import urlsplit

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from pydantic import ConfigDict, Field
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from app.domain.people import Caller
from app.domain.problems import (
    Forbidden,
    MethodNotAllowed,
    NotConnected,
    OurMistake,
    Problem,
    RouteNotFound,
    TooManyRequests,
    Unavailable,
)
from app.domain.venues import Venue
from app.store import venues
from app.store.database import Reading
from app.web.context import house
from app.web.model import WireModel
from app.web.table import Entry

log = logging.getLogger(__name__)

STREAM = "text/event-stream"
OPEN = "anyone"  # `who` of a row that asks for no credential
BOUND_TO = "readyboard.venue"  # scope key: the slug a root is bound to, by LISTEN or HOSTS


class DialectSettings(WireModel):
    """What a venue sets for one foreign system. Stored with the venue; `on` is the switch."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: bool = Field(True, description="whether this venue answers to the system's clients")
    requests_per_minute: int | None = Field(
        None, ge=1, le=1_000_000, description="limit for one credential or address; empty = none"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """One kind of key of a system: `readyboard key create --for <name>`. `secret` makes a fresh
    one; `shown` turns it and the key's serial into what the client is given."""

    name: str
    kind: str
    about: str
    secret: Callable[[], str]
    shown: Callable[[int, str], str] = lambda _serial, secret: secret
    abilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """What `readyboard connect` prints: each line is (field in the client, what to enter); in the
    values `{base}`, `{host}`, `{port}`, `{id}` and `{venue}` are filled in."""

    fields: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """`admit` raises Unauthorized or Forbidden; `refuse` turns every Problem into the system's own
    error. `binds="venue"`: a request is for one venue, which stands in `request.state.venue`;
    `"none"`: the handlers find it themselves. `own_id`: the field of `settings` by which the
    system names the venue. `finish` sees every answer before it leaves, refusals included."""

    name: str
    title: str
    table: tuple[Entry, ...]
    admit: Callable[[Request, Entry], Awaitable[Caller]]
    refuse: Callable[[Request, Problem], Response]
    settings: type[DialectSettings]
    credentials: tuple[Credential, ...]
    guide: Guide
    own_id: str = ""
    binds: Literal["venue", "none"] = "venue"
    lax_slash: bool = False
    finish: Callable[[Request, Response], None] = lambda _request, _response: None
    limiter: FixedWindowRateLimiter = field(
        default_factory=lambda: FixedWindowRateLimiter(MemoryStorage())
    )

    @property
    def prefix(self) -> str:
        return f"/{self.name}"

    @cached_property
    def app(self) -> "DialectApp":
        return DialectApp(self)

    def settings_of(self, venue: Venue) -> Any:
        """The venue's settings for this system, an instance of `settings`."""
        return self.settings.model_validate(venue.dialects.get(self.name, {"on": False}))


class DialectApp:
    """The ASGI application of one dialect; paths are the system's own."""

    def __init__(self, dialect: Dialect) -> None:
        by_path: dict[str, dict[str, Entry]] = defaultdict(dict)
        for entry in dialect.table:
            by_path[entry.path][entry.method] = entry
        routes = [Route(path, _Endpoint(dialect, rows)) for path, rows in by_path.items()]
        self._lax_slash = dialect.lax_slash
        self._router = Router(
            routes, redirect_slashes=False, default=_Endpoint(dialect, {}, unknown=True)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if self._lax_slash and path.endswith("/") and len(path) > 1:
            scope = dict(scope, path=path.rstrip("/"))
        await self._router(scope, receive, send)


class _Endpoint:
    """The rows of one path. Starlette calls a class instance as a plain ASGI app, any method."""

    def __init__(self, dialect: Dialect, rows: Mapping[str, Entry], unknown: bool = False) -> None:
        self._dialect = dialect
        self._rows = dict(rows)
        if "GET" in rows:
            self._rows.setdefault("HEAD", rows["GET"])
        self._unknown = unknown

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive, send)
        refuse = self._dialect.refuse
        try:
            response = await self._answer(request)
        except Problem as problem:
            response = refuse(request, problem)
        except asyncio.CancelledError:
            response = refuse(request, Unavailable("The server is stopping; send it again."))
        except Exception:
            log.exception("Unexpected error in %s %s", request.method, scope["path"])
            response = refuse(request, OurMistake("Something went wrong inside. It was logged."))
        self._dialect.finish(request, response)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if self._unknown:
            raise RouteNotFound("There is nothing at this address.")
        entry = self._rows.get(request.method)
        if entry is None:
            allow = ", ".join(sorted(self._rows))
            problem = MethodNotAllowed(f"{request.method} is not possible here, only {allow}.")
            response = self._dialect.refuse(request, problem)
            response.headers["Allow"] = allow
            return response
        request.state.dialect = self._dialect
        if self._dialect.binds != "venue":
            request.state.caller = await self._dialect.admit(request, entry)
            return await entry.handler(request)
        # Found before the caller is known: an open route has none to tell the venue by.
        venue = request.state.venue = await venue_of(request, self._dialect, None)
        caller = request.state.caller = await self._dialect.admit(request, entry)
        if not caller.may_enter(venue.slug):
            venue = request.state.venue = await venue_of(request, self._dialect, caller)
        if entry.media != STREAM or not caller.credential:  # a known screen must come back
            throttle(request, venue)
        return await entry.handler(request)


async def venue_of(request: HTTPConnection, dialect: Dialect, caller: Caller | None) -> Venue:
    """The venue a request is for: the root's it came in by, else the one its key is bound to, else
    the first that is connected. Raises NotConnected, Forbidden."""
    slug = request.scope.get(BOUND_TO)
    if slug is None and caller is not None and caller.venues and len(caller.venues) == 1:
        (slug,) = caller.venues
    venue = await house(request).store.read(
        lambda tx: venues.by_slug(tx, slug) if slug else _first_open(tx, dialect, caller)
    )
    if venue is None or not venue.dialects.get(dialect.name, {}).get("on"):
        raise NotConnected(f"No venue here is connected to {dialect.title}.")
    if caller is not None and not caller.may_enter(venue.slug):
        raise Forbidden("This key is not for that venue.")
    return venue


def _first_open(tx: Reading, dialect: Dialect, caller: Caller | None) -> Venue | None:
    if caller is None or caller.venues is None:
        return next(iter(venues.connected(tx, dialect.name, 1)), None)
    return next((v for v in venues.connected(tx, dialect.name) if caller.may_enter(v.slug)), None)


def throttle(request: Request, venue: Venue) -> None:
    """Raises TooManyRequests, with `limit` and `retry_after` (seconds), where the venue set a
    limit."""
    dialect: Dialect = request.state.dialect
    allowed = venue.dialects[dialect.name].get("requests_per_minute")
    if not allowed:
        return
    address = request.client.host if request.client else ""
    who = request.state.caller.credential or address
    if not dialect.limiter.hit(RateLimitItemPerMinute(allowed), venue.id, who):
        raise TooManyRequests("Too many requests. Wait a minute.", retry_after=60, limit=allowed)


def base_url(request: HTTPConnection) -> str:
    """The address of this dialect's root as the client reaches it, without a closing slash."""
    settings = house(request).settings
    root = str(request.scope.get("root_path", ""))
    if settings.public_url and root:
        return settings.public_url + root
    parts = urlsplit(str(request.url))
    return f"{parts.scheme}://{parts.netloc}{root}"
