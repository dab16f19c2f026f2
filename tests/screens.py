"""A TV as the server sees it: the browser that shows a code, and the staff who approve it."""

import asyncio
import re
from functools import partial
from typing import Any

import httpx2

from app.commands.screens import pair_screen
from app.commands.venues import add_board, change_board
from app.domain.screens import Screen
from app.web.auth import SCREEN_COOKIE
from tests.venue_server import TILL, VenueServer

LG_2016 = "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 Chrome/38.0.2125.122 Safari/537.36"
REPORT: dict[str, Any] = {
    "position": "main.1.0",
    "silent": 120,
    "drift": 40,
    "transport": "source",
    "drawn": 3,
    "build": "b",
    "visible": True,
    "sound": "on",
    "width": 1920,
    "height": 1080,
}
CODE = re.compile(r'id="code" class="code">(\w{5})<')


class Tv:
    """Keeps its cookies, as a browser does."""

    def __init__(self, server: VenueServer) -> None:
        self.http = server.client()
        self.http.headers["User-Agent"] = LG_2016
        self._server = server

    async def open(self) -> httpx2.Response:
        return await self.http.get("/tv")

    async def code(self) -> str:
        """Opens /tv and reads the code off it."""
        found = CODE.search((await self.open()).text)
        assert found is not None
        return found[1]

    async def ask(self) -> dict[str, str]:
        answer: dict[str, str] = (await self.http.post("/tv/code")).json()
        return answer

    async def paired(
        self, *, venue: str = "main", board: str = "", name: str = "Hall TV"
    ) -> Screen:
        """Shows a code, which somebody approves in the shell."""
        change = partial(pair_screen, code=await self.code(), venue=venue, board=board)
        return await self._server.store.write(partial(change, name=name, actor=TILL))

    async def report(self, **said: Any) -> httpx2.Response:
        return await self.http.post("/tv/report", json=said)

    @property
    def secret(self) -> str:
        return str(self.http.cookies[SCREEN_COOKIE])


async def close_board(server: VenueServer, board: str = "") -> None:
    change = partial(change_board, venue="main", board=board, changes={"access": "paired"})
    await server.store.write(partial(change, actor=TILL))


async def add(server: VenueServer, board: str, **settings: Any) -> None:
    change = partial(add_board, venue="main", board=board, settings=settings, actor=TILL)
    await server.store.write(change)


async def follow(server: VenueServer, tv: Tv) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    cookie = f"Cookie: {SCREEN_COOKIE}={tv.secret}"
    writer.write(f"GET /b/main/feed HTTP/1.1\r\nHost: x\r\n{cookie}\r\n\r\n".encode())
    await asyncio.wait_for(reader.readuntil(b"event: hello"), 10)
    return reader, writer
