"""A client of MySagra's channels at the level of the socket: every read is kept as it came."""

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from app.dialects.mysagra.channels import CHANNELS
from app.domain.orders import Status
from tests.dialects.doors import connect, credential
from tests.venue_server import VenueServer

PATIENCE = 10  # seconds

# The members of each payload.
LIST = {
    "id", "displayCode", "table", "customer", "createdAt", "updatedAt", "confirmedAt",
    "completedAt", "ticketNumber", "status", "paymentMethod", "subTotal", "discount", "surcharge",
    "total", "userId", "cashRegisterId",
}  # fmt: skip
FULL = LIST | {"orderItems"}
SHORT = {"displayCode", "ticketNumber", "id"}
STATUS = SHORT | {"status"}
STATION = {"orderId", "stationId", "status"}
PAPER = {
    "orderId", "ticketNumber", "displayCode", "customer", "table", "status", "printers",
}  # fmt: skip
ITEM = {
    "id", "orderId", "quantity", "notes", "unitPrice", "unitSurcharge", "total", "food",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heard:
    event: str
    id: str | None
    data: dict[str, Any]
    raw: bytes


class Listener:
    """Use as `async with Listener(server, "printer", key) as feed`."""

    def __init__(
        self, server: VenueServer, channel: str, key: str, last: str | None = None
    ) -> None:
        self.status = 0
        self.head: dict[str, str] = {}
        self.reads: list[bytes] = []
        self.comments = 0
        self._server, self._channel, self._key, self._last = server, channel, key, last
        self._heard: list[Heard] = []

    async def __aenter__(self) -> "Listener":
        port = self._server.port
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
        last = "" if self._last is None else f"Last-Event-ID: {self._last}\r\n"
        asked = f"GET /mysagra/events/{self._channel} HTTP/1.1\r\nHost: x\r\n"
        self._writer.write(f"{asked}X-API-KEY: {self._key}\r\n{last}\r\n".encode())
        async with asyncio.timeout(PATIENCE):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
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

    async def next(self) -> Heard:
        while not self._heard:
            await self.read()
        return self._heard.pop(0)

    async def named(self, event: str) -> Heard:
        while (heard := await self.next()).event != event:
            pass
        return heard

    async def read(self) -> bytes:
        """One write of the server; it holds whole blocks and nothing else."""
        async with asyncio.timeout(PATIENCE):
            size = int((await self._reader.readuntil(b"\r\n")).strip(), 16)
            piece = await self._reader.readexactly(size)
            await self._reader.readexactly(2)
        if not piece:
            raise EOFError
        assert piece.endswith(b"\n\n")
        assert b"\r" not in piece
        self.reads.append(piece)
        for block in piece[:-2].split(b"\n\n"):
            self._take(block)
        return piece

    def _take(self, block: bytes) -> None:
        if block.startswith(b":"):
            assert block == b": keep-alive"
            self.comments += 1
            return
        fields = dict(line.split(b": ", 1) for line in block.split(b"\n"))
        assert set(fields) <= {b"id", b"event", b"data"}
        event_id = fields[b"id"].decode() if b"id" in fields else None
        data = json.loads(fields[b"data"])
        self._heard.append(Heard(fields[b"event"].decode(), event_id, data, block))


class Ears:
    """One listener on every channel."""

    def __init__(self, server: VenueServer) -> None:
        self.server = server
        self._stack = AsyncExitStack()
        self.on: dict[str, Listener] = {}

    async def __aenter__(self) -> "Ears":
        await connect(self.server, "mysagra")
        key = await credential(self.server, "mysagra-printer")
        for name in CHANNELS:
            self.on[name] = await self._stack.enter_async_context(Listener(self.server, name, key))
            await self.on[name].read()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    async def hear(self, said: dict[str, list[tuple[str, set[str]]]]) -> dict[str, list[Heard]]:
        """What each channel says next, which is exactly this."""
        found: dict[str, list[Heard]] = {}
        for channel, events in said.items():
            found[channel] = [await self.on[channel].next() for _ in events]
            told = [(one.event, set(one.data)) for one in found[channel]]
            assert (channel, told) == (channel, events)
        return found

    async def nothing_more(self) -> None:
        """Whatever was said before is heard before this."""
        await self.server.place(first_name="Last", status=Status.QUEUED)
        for channel in CHANNELS:
            heard = await self.on[channel].next()
            assert heard.event == "confirmed-order"
