"""The page a developer reads first."""

import httpx2

from app.domain.problems import OrderNotFound
from tests.venue_server import VenueServer


async def docs(server: VenueServer) -> httpx2.Response:
    async with server.client() as nobody:
        return await nobody.get("/docs")


async def test_the_docs_need_no_key_and_nothing_from_elsewhere(server: VenueServer) -> None:
    page = await docs(server)
    assert page.status_code == 200
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert 'src="http' not in page.text
    assert "<script" not in page.text


async def test_the_docs_name_every_address_of_the_api(server: VenueServer) -> None:
    page = await docs(server)
    for path in (await server.http.get("/openapi.json")).json()["paths"]:
        assert f"<code>{path}</code>" in page.text


async def test_the_docs_name_every_refusal(server: VenueServer) -> None:
    assert f"<code>{OrderNotFound.slug}</code>" in (await docs(server)).text


async def test_the_examples_carry_this_servers_address(server: VenueServer) -> None:
    assert f"curl {server.url}/api/v1/venues/main/orders" in (await docs(server)).text
