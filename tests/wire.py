"""A viewer at the level of the socket: what was written, piece by piece, and what it says."""

import asyncio
import json
from collections import deque
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from tests.venue_server import VenueServer

PATIENCE = 10  # seconds


@dataclass(frozen=True, slots=True)
class Told:
    """One SSE block. A block that only sets `retry` has no event."""

    event: str
    id: str | None
    data: dict[str, Any]
    retry: int | None = None


class Feed:
    """Use as `async with Feed(server, path) as feed`; `pieces` holds every chunk as it came."""

    def __init__(
        self, server: VenueServer, path: str = "/b/main/feed", *, last: str | None = None
    ) -> None:
        self.status = 0
        self.head: dict[str, str] = {}
        self.pieces: list[bytes] = []
        self.retries: list[int] = []
        self._server = server
        self._path = path
        self._last = last
        self._told: deque[Told] = deque()

    async def __aenter__(self) -> "Feed":
        port = self._server.port
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", port, limit=2**24)
        last = "" if self._last is None else f"Last-Event-ID: {self._last}\r\n"
        asked = f"GET {self._path} HTTP/1.1\r\nHost: x\r\n{last}"
        key = f"Authorization: Bearer {self._server.key}\r\n" if self._needs_key else ""
        self._writer.write(f"{asked}{key}\r\n".encode())
        try:
            async with asyncio.timeout(PATIENCE):
                head = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        except BaseException:
            self._writer.close()  # a stopping server may hang up without an answer
            raise
        self.status = int(head[0].split()[1])
        pairs = (line.partition(": ") for line in head[1:] if line)
        self.head = {name.lower(): value for name, _, value in pairs}
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.close()

    @property
    def _needs_key(self) -> bool:
        return "/api/" in self._path and "key=" not in self._path

    async def next(self) -> Told:
        """The next frame; a retry line on its own is kept in `retries`."""
        while not self._told:
            async with asyncio.timeout(PATIENCE):
                piece = await self._read_piece()
            if not piece:
                raise EOFError
            self.pieces.append(piece)
            self._take(piece)
        return self._told.popleft()

    async def until(self, event: str) -> Told:
        while (told := await self.next()).event != event:
            pass
        return told

    async def rest(self) -> list[Told]:
        """Everything up to the end of the stream."""
        found = []
        while True:
            try:
                found.append(await self.next())
            except (EOFError, asyncio.IncompleteReadError):
                return found

    async def _read_piece(self) -> bytes:
        """One HTTP chunk, which is one write of the server."""
        size = int((await self._reader.readuntil(b"\r\n")).strip(), 16)
        piece = await self._reader.readexactly(size)
        await self._reader.readexactly(2)
        return piece

    def _take(self, piece: bytes) -> None:
        for told in read_blocks(piece):
            if told.retry is not None:
                self.retries.append(told.retry)
            if told.event:
                self._told.append(told)


def read_blocks(text: bytes) -> list[Told]:
    """The SSE blocks of a whole piece of text."""
    return [_block(block) for block in text.decode().split("\n\n") if block]


def _block(block: str) -> Told:
    fields = dict(line.split(": ", 1) for line in block.split("\n"))
    data = json.loads(fields.get("data", "{}"))
    retry = int(fields["retry"]) if "retry" in fields else None
    return Told(fields.get("event", ""), fields.get("id"), data, retry)


class Wall:
    """A screen that does what the frames say: the reference the pages are held to."""

    def __init__(self) -> None:
        self.cards: dict[str, dict[str, Any]] = {}
        self.position: str | None = None

    def apply(self, event: str, position: str | None, data: dict[str, Any]) -> None:
        if event == "hello":
            self.cards = {card["key"]: card for card in data["cards"]}
        elif event == "order":
            self.cards[data["card"]["key"]] = data["card"]
        elif event == "gone":
            self.cards.pop(data["key"], None)
        self.position = position or self.position


async def half_a_request(port: int, key: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A POST that never gets to its body's end, and which the server is at work on."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"POST /api/v1/venues/main/orders HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
        b"Authorization: Bearer %b\r\n"
        b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n" % key.encode()
    )
    async with asyncio.timeout(PATIENCE):  # the server wants the body
        assert b"100" in await reader.readuntil(b"\r\n\r\n")
    writer.write(b"{")
    return reader, writer
