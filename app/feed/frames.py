"""One event as the bytes every screen gets: SSE blocks, encoded once a stream, and WebSocket texts.

LF line ends, the id first, the data on one line: a frame is one piece and is never split.
"""

import random
import re
from typing import Any, NamedTuple

import orjson

VERSION = 1  # of the frames; a page built for another one reloads itself
EARLIEST_RETURN_MS = 200
KEEP_ALIVE = b": keep-alive\n\n"  # a comment: no client takes it for an event
POSITION = re.compile(r"([a-z0-9-]{1,40})\.([1-9][0-9]{0,15})\.(0|[1-9][0-9]{0,15})")


class Position(NamedTuple):
    """Where a viewer is: `<venue>.<epoch>.<seq>`, what browsers send back as Last-Event-ID."""

    venue: str
    epoch: int
    seq: int

    def __str__(self) -> str:
        return f"{self.venue}.{self.epoch}.{self.seq}"


def parse_position(text: str | None) -> Position | None:
    """None for garbage, which then means a fresh start."""
    found = POSITION.fullmatch(text or "")
    return Position(found[1], int(found[2]), int(found[3])) if found else None


class Frame(NamedTuple):
    """`seq` is the venue's when it was made. `fleeting` ones (beat, notice) are not replayed.
    `tags` is what a filtered viewer picks by: the kind, `station:<name>` and `order:<id>`.
    `name`, `id` and `body` are what a WebSocket is told; foreign frames have none."""

    seq: int
    sse: bytes
    fleeting: bool = False
    tags: frozenset[str] = frozenset()
    name: str = ""
    id: str = ""
    body: str = ""

    @property
    def text(self) -> str:
        """As a WebSocket's message, which few venues use."""
        mark = f'"{self.id}"' if self.id else "null"
        return f'{{"event":"{self.name}","id":{mark},"data":{self.body}}}'


def sse_block(name: str, data: dict[str, Any], event_id: str = "") -> bytes:
    """One SSE block: LF line ends, the data on one line."""
    return _block(name, _json(data), event_id)


def _block(name: str, body: str, event_id: str) -> bytes:
    head = f"id: {event_id}\n" if event_id else ""
    return f"{head}event: {name}\ndata: {body}\n\n".encode()


def _json(data: dict[str, Any]) -> str:
    return orjson.dumps(data).decode()


def encode(
    name: str,
    seq: int,
    data: dict[str, Any],
    position: Position | None = None,
    tags: frozenset[str] = frozenset(),
) -> Frame:
    """A frame with an id if it has a position, else a fleeting one."""
    body = _json(data)
    here = "" if position is None else str(position)
    return Frame(
        seq, _block(name, body, here), position is None, tags, name=name, id=here, body=body
    )


def retry_line(milliseconds: int) -> bytes:
    """Tells EventSource how long to wait before it comes back."""
    return b"retry: %d\n\n" % milliseconds


def return_spread(latest_ms: int) -> int:
    """A random wait, so that a thousand screens do not come back in the same instant."""
    return random.randint(EARLIEST_RETURN_MS, max(EARLIEST_RETURN_MS, latest_ms))
