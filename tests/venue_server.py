"""A real server on a free port, in the test's own event loop, with the till's side of it."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx2

from app.commands.keys import create_key
from app.commands.orders import NewOrder, place
from app.commands.status import Move, change_status
from app.domain.events import Actor
from app.domain.orders import Order, Status
from app.domain.people import Scope
from app.domain.times import utc_now
from app.main import make_server
from app.settings import Settings
from app.store.sqlite import SqliteStore
from app.web.context import House
from app.web.server import Server, bound

TILL = Actor(kind="key", id="till", name="Till")
ALL_SCOPES = (Scope.ORDERS_READ, Scope.ORDERS_WRITE, Scope.BOARD_READ, Scope.ADMIN)


class VenueServer:
    """`start` and `stop` may be called again and again: folder, port and key stay the same."""

    def __init__(
        self, folder: Path, clock: Callable[[], datetime] = utc_now, **settings: Any
    ) -> None:
        self.folder = folder
        self.port = 0
        self.key = ""
        self.house: House
        self.http: httpx2.AsyncClient
        self._clock = clock
        self._settings = settings
        self._server: Server
        self._running: asyncio.Task[None]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def store(self) -> SqliteStore:
        return self.house.store

    async def start(self) -> None:
        settings = Settings(host="127.0.0.1", port=self.port, data=self.folder, **self._settings)
        self._server, self.house = await make_server(settings, clock=self._clock)
        self._running = asyncio.create_task(self._server.serve(bound(settings)))
        await asyncio.wait_for(self._server.listening.wait(), 10)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        self.key = self.key or await self.make_key(*ALL_SCOPES)
        self.http = self.client(self.key)

    async def stop(self) -> None:
        await self.http.aclose()
        self._server.stop()
        await self._running

    async def connections_closed(self) -> None:
        """Wait until nobody is connected any more."""
        async with asyncio.timeout(10):
            while self._server.server_state.connections:  # noqa: ASYNC110 uvicorn tells nobody
                await asyncio.sleep(0)

    def unsent_bytes(self) -> list[int]:
        """What waits in this process for each connection."""
        connections = self._server.server_state.connections
        return [connection.transport.get_write_buffer_size() for connection in connections]

    def send_through_small_buffers(self) -> None:
        """The kernel holds little of what is sent on connections that are made from now on."""
        listening = self._server.servers[0].sockets[0]
        with socket.socket(fileno=os.dup(listening.fileno())) as same:
            same.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)

    async def make_key(self, *scopes: Scope, venues: list[str] | None = None) -> str:
        made = await self.store.write(
            partial(create_key, name="Test", scopes=scopes, venues=venues)
        )
        return made.secret

    def client(self, key: str | None = None) -> httpx2.AsyncClient:
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        # verify: reading the certificates takes longer than most tests, and nothing here is TLS.
        return httpx2.AsyncClient(base_url=self.url, headers=headers, timeout=10, verify=False)

    async def place(self, venue: str = "main", **fields: Any) -> Order:
        """Place an order as a till; `fields` are those of NewOrder."""
        new = NewOrder(**fields)
        placed = await self.store.write(partial(place, venue=venue, new=new, actor=TILL))
        return placed.order

    async def move(
        self, order: str, status: Status | str, venue: str = "main", **more: Any
    ) -> Order:
        move = Move(status=Status(status), **more)
        return await self.store.write(
            partial(change_status, venue=venue, order=order, move=move, actor=TILL)
        )


@asynccontextmanager
async def serving(folder: Path, **settings: Any) -> AsyncIterator[VenueServer]:
    """A server with settings of its own."""
    server = VenueServer(folder, **settings)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
