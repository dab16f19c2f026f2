"""A foreign system at the root of a port, of a host name, or of the main port."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from tests.dialects.doors import connect
from tests.venue_server import VenueServer, serving

SHAPES = {  # what an unknown address looks like in each system
    "eatsa": {"id", "code", "message"},
    "mysagra": {"status", "message"},
    "tastyigniter": {"message", "status_code"},
    "hyra": {"statusCode", "error", "message"},
}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def keys(url: str, **headers: str) -> set[str]:
    async with httpx2.AsyncClient() as nobody:
        answer = await nobody.get(url, headers=headers)
    assert answer.status_code == 404
    return set(answer.json())


@pytest.fixture
async def rooted(tmp_path: Path) -> AsyncIterator[tuple[VenueServer, int]]:
    port = free_port()
    async with serving(
        tmp_path,
        listen=f"127.0.0.1:{port}=mysagra",
        hosts="till.lan=eatsa, GAME.lan=hyra",
        root_dialect="tastyigniter",
    ) as server:
        await connect(server)
        yield server, port


async def test_a_port_of_its_own_is_all_the_systems(rooted: tuple[VenueServer, int]) -> None:
    _, port = rooted
    for path in ("/", "/staff", "/b/main", "/api/v1/venues", "/mysagra/health"):
        assert await keys(f"http://127.0.0.1:{port}{path}") == SHAPES["mysagra"]


async def test_a_host_name_of_its_own_is_all_the_systems(rooted: tuple[VenueServer, int]) -> None:
    server, _ = rooted
    for host, system in (("till.lan", "eatsa"), ("TILL.lan:8080", "eatsa"), ("game.lan", "hyra")):
        assert await keys(f"{server.url}/b/main", Host=host) == SHAPES[system]


async def test_on_the_main_port_our_own_addresses_stay_ours(
    rooted: tuple[VenueServer, int],
) -> None:
    server, _ = rooted
    assert await keys(f"{server.url}/nothing") == SHAPES["tastyigniter"]
    assert "type" in await keys(f"{server.url}/api/v1/nothing")
    assert await keys(f"{server.url}/hyra/nothing") == SHAPES["hyra"]
    async with server.client() as nobody:
        for path in ("/b/main", "/docs", "/openapi.json", "/healthz", "/staff/sign-in"):
            assert (await nobody.get(path)).status_code == 200


async def test_without_roots_all_are_under_their_prefixes(server: VenueServer) -> None:
    await connect(server)
    for system, shape in SHAPES.items():
        assert await keys(f"{server.url}/{system}/nothing") == shape


async def test_a_root_may_be_for_one_venue_only(tmp_path: Path) -> None:
    port = free_port()
    async with serving(tmp_path, listen=f"127.0.0.1:{port}=mysagra@airport") as server:
        made = await server.http.post("/api/v1/venues", json={"slug": "airport"})
        assert made.status_code == 201
        await connect(server, "mysagra")
        async with server.client() as nobody:
            answer = await nobody.get(f"http://127.0.0.1:{port}/v1/foods/c12345678")
            assert "No venue" in answer.text
            await connect(server, "mysagra", venue="airport")
            answer = await nobody.get(f"http://127.0.0.1:{port}/v1/foods/c12345678")
            assert "No venue" not in answer.text
