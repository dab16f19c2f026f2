"""Where the foreign systems answer: each under a prefix of its own, and at the roots that the
settings give them, because some clients can only be told a host and a port."""

import re
from dataclasses import replace

from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from app.dialects.shape import BOUND_TO
from app.dialects.systems import DIALECTS
from app.settings import Root, Settings
from app.web.headers import sent_header
from app.web.table import Entry

# What stays ours on a port where a foreign system has the root.
OWN = ("b", "o", "tv", "staff", "static", "docs", "openapi.json", "healthz", "readyz", "setup")
OWN_API = "/api/v1/"


def mounts() -> list[BaseRoute]:
    found = [Mount(dialect.prefix, app=dialect.app) for dialect in DIALECTS.values()]
    for mount in found:  # else an address with a line break in it would be refused in our shape
        mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return list(found)


def prefixed_tables() -> tuple[Entry, ...]:
    """Every foreign route with its prefix, for /openapi.json and /docs."""
    return tuple(
        # A venue may name the first part of TastyIgniter's addresses; few do.
        replace(entry, path=dialect.prefix + entry.path.replace("{api}", "api"), tag=dialect.name)
        for dialect in DIALECTS.values()
        for entry in dialect.table
    )


def roots(settings: Settings) -> list[Middleware]:
    """What the settings need of it: mostly nothing."""
    given = settings.root or settings.host_roots or any(root for _, _, root in settings.addresses)
    return [Middleware(Roots, settings=settings)] if given else []


class Roots:
    """Middleware: requests that come in by a foreign system's port or host name are all its own;
    with `root_dialect` it has what is not ours on every other."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._by_port = {port: root for _, port, root in settings.addresses if root}
        self._by_host = settings.host_roots
        self._root = settings.root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        root = self._root_of(scope) if scope["type"] == "http" else None
        if root is None:
            await self._app(scope, receive, send)
            return
        bound = {} if root.venue is None else {BOUND_TO: root.venue}
        await DIALECTS[root.system].app({**scope, **bound, "root_path": ""}, receive, send)

    def _root_of(self, scope: Scope) -> Root | None:
        port = scope["server"][1] if scope.get("server") else 0
        root = self._by_port.get(port) or self._by_host.get(_host_of(scope))
        if root is not None or self._root is None or _is_ours(scope["path"]):
            return root
        return self._root


def _host_of(scope: Scope) -> str:
    host = sent_header(scope, b"host") or ""
    return host.lower() if host.endswith("]") else host.rsplit(":", 1)[0].lower()


def _is_ours(path: str) -> bool:
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first in OWN or first in DIALECTS or f"{path}/".startswith(OWN_API)
