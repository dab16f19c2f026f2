"""A venue connected to Hyra, a client with its key, and a game that logs its orders there."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from tests.dialects.doors import connect, credential, door
from tests.dialects.hyra.roblox import OURS, Answering, Game, Wire
from tests.venue_server import VenueServer


@dataclass(frozen=True, slots=True)
class Cafe:
    """The workspace `main`, asked with its own key."""

    server: VenueServer
    http: httpx2.AsyncClient
    key: str
    source: str

    async def log(self, customer: Any = 9, actor: Any = 7, **more: Any) -> str:
        """A new order's id."""
        body = {"customer": customer, "actor": actor} | more
        answer = await self.http.post("/players/orders/main", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def move(self, order: str, status: str, **more: Any) -> dict[str, Any]:
        body = {"status": status} | more
        answer = await self.http.patch(f"/players/orders/main/{order}", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def show(self, order: str) -> dict[str, Any]:
        answer = await self.http.get(f"/players/orders/main/{order}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def list(self, **query: Any) -> dict[str, Any]:
        answer = await self.http.get("/players/orders/main", params=query)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def game(self, answer: Answering, *, latency: float = 0) -> Game:
        """A game with the module as this server gives it out, signed in as the module `log`."""
        return signed_in(Game(answer, latency=latency), self.source, self.key)

    async def play(self, game: Game, script: str) -> Any:
        """Run a script while the server goes on serving."""
        return await asyncio.to_thread(game.run, script)


def signed_in(game: Game, source: str, key: str) -> Game:
    """With the module's source published, and kept as `log` once it is set up."""
    game.publish(source)
    game.add_player("Roblox", 1, "Roblox")
    game.add_player("builderman", 156, "The Builder")
    sign_in = f'log = require({OURS}) return log.setupAPI("{key}", "main")'
    assert game.run(sign_in) == {"error": False}
    return game


@pytest.fixture
async def cafe(server: VenueServer) -> AsyncIterator[Cafe]:
    await connect(server, "hyra")
    key = await credential(server, "hyra")
    async with door(server, "hyra", authorization=f"Bearer {key}") as http:
        source = (await http.get("/orderlog.lua")).text
        yield Cafe(server, http, key, source)


@pytest.fixture
def wire() -> Iterator[Wire]:
    opened = Wire()
    yield opened
    opened.close()
