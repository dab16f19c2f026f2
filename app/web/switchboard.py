"""Finds an address's route at once instead of trying every row of the table in turn."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from starlette.routing import BaseRoute, Match, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

Key = tuple[str, int]
FOUND = "readyboard.found"
# Addresses: a board's is asked for by each of its screens, an order's with each move. Nobody's
# rubbish is to fill the memory.
REMEMBERED, LONGEST = 1024, 200


class Switchboard(BaseRoute):
    """Rows are sorted by the address's first segment and its number of segments; among those that
    could fit, the table's order decides as before. A row whose first segment or length is open
    (`{path:path}`) is tried for every address. Which row an address has is remembered, so no row
    may look at anything else: its methods are its endpoint's business."""

    def __init__(self, kind: str, routes: Sequence[Route | WebSocketRoute]) -> None:
        """`kind`: of connection, "http" or "websocket"."""
        assert all(getattr(route, "methods", None) is None for route in routes)
        self._kind = kind
        keys = {key for route in routes if (key := _key_of(route.path)) is not None}
        self._rows: dict[Key, list[Route | WebSocketRoute]] = defaultdict(list)
        self._open: list[Route | WebSocketRoute] = []
        for route in routes:
            key = _key_of(route.path)
            if key is not None:
                self._rows[key].append(route)
                continue
            self._open.append(route)
            for known in keys:
                self._rows[known].append(route)
        self._found = lru_cache(REMEMBERED)(self._find)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != self._kind:
            return Match.NONE, {}
        path: str = scope["path"]
        find = self._found if len(path) <= LONGEST else self._find
        match, child = find(path, scope.get("root_path", ""))
        if match == Match.FULL:  # what is remembered is not for handlers to write into
            child = {**child, "path_params": dict(child["path_params"])}
        return match, child

    def _find(self, path: str, root_path: str) -> tuple[Match, Scope]:
        asked = {"type": self._kind, "path": path, "root_path": root_path}
        for route in self._rows.get(_key(path), self._open):
            match, child = route.matches(asked)
            if match == Match.FULL:
                return match, {**child, FOUND: route.app}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope[FOUND](scope, receive, send)


def _key(path: str) -> Key:
    segments = path.split("/", 2)
    return segments[1] if len(segments) > 1 else "", path.count("/")


def _key_of(pattern: str) -> Key | None:
    key = _key(pattern)
    return None if "{" in key[0] or ":path}" in pattern else key
