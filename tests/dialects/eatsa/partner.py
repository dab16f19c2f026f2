"""A partner's side of eatsa: a client with its token, and orders as it sends them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from tests.dialects.doors import connect, credential, door
from tests.venue_server import VenueServer


@asynccontextmanager
async def partner(server: VenueServer, **settings: Any) -> AsyncIterator[httpx2.AsyncClient]:
    await connect(server, "eatsa", **settings)
    token = await credential(server, "eatsa")
    async with door(server, "eatsa", **{"X-AuthToken": token}) as client:
        yield client


def sent(ref: str, **more: Any) -> dict[str, Any]:
    """The smallest order eatsa takes."""
    return {
        "ref_id": ref,
        "store_id": "main",
        "user": {"ref_id": "user123", "first_name": "John", "last_name": "Doe"},
        "line_items": [{"item_id": "6a834a14", "ref_item_name": "Wrap"}],
    } | more


async def created(client: httpx2.AsyncClient, ref: str = "order123", **more: Any) -> dict[str, Any]:
    answer = await client.post("/v1/orders", json=sent(ref, **more))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def put(client: httpx2.AsyncClient, order: dict[str, Any], word: str) -> httpx2.Response:
    return await client.put(f"/v1/orders/{order['id']}", json={"status": word})
