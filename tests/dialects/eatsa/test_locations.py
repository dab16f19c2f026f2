"""Pickup locations: assigned when ready, reserved before, switched off and on; whose stores."""

from functools import partial
from typing import Any

import pytest

from app.commands.venues import add_point, add_venue
from app.dialects.eatsa.words import WORDS
from app.domain.orders import Status
from tests.dialects.doors import connect, credential, door, stored
from tests.dialects.eatsa.partner import created, partner, put
from tests.venue_server import TILL, VenueServer
from tests.wire import Feed


async def point(server: VenueServer, name: str) -> None:
    await server.store.write(partial(add_point, venue="main", name=name, actor=TILL))


async def test_ready_brings_a_location_on_order_and_lines(server: VenueServer) -> None:
    await point(server, "1F")
    async with partner(server) as client:
        order = await created(client)
        ready = (await put(client, order, "ready_for_pickup")).json()
        assert ready["pickup_location_display_name"] == "1F"
        assert ready["status_board_display_location"] == "1F"
        assert ready["line_items"][0]["location_name"] == "1F"
        gone = (await put(client, order, "delivered_to_customer")).json()
        assert (gone["pickup_location_id"], gone["line_items"][0]["location_id"]) == (None, None)


async def test_without_a_free_location_the_order_waits_to_be_served_again(
    server: VenueServer,
) -> None:
    await point(server, "1F")
    async with partner(server) as client:
        first, second = await created(client, "a"), await created(client, "b")
        await put(client, first, "ready_for_pickup")
        async with Feed(server) as board:
            await board.until("hello")
            answer = await put(client, second, "ready_for_pickup")
            told = await board.until("order")
        assert answer.status_code == 409
        assert answer.json()["code"] == "NO_PICKUP_LOCATIONS_AVAILABLE"
        assert told.data["card"]["number"] == second["human_readable_id"]
        moved = await stored(server, second["id"])
        assert moved.status == Status.RESERVING
        assert WORDS.word_of(moved) == "ready_to_serve_again"
        again = await put(client, second, "ready_for_pickup")
        assert again.status_code == 409
        assert (await stored(server, second["id"])).seq == moved.seq
        await put(client, first, "delivered_to_customer")
        assert (await put(client, second, "ready_for_pickup")).status_code == 200


async def test_a_disabled_location_is_never_assigned(server: VenueServer) -> None:
    await point(server, "1F")
    async with partner(server) as client:
        places = (await client.get("/v1/stores/main/locations")).json()["locations"]
        path = f"/v1/stores/main/locations/{places[0]['id']}"
        assert not (await client.put(path, json={"disabled": True})).json()["enabled"]
        assert (await put(client, await created(client), "ready_for_pickup")).status_code == 409
        body = {"location": places[0]["id"], "enabled": True}
        answer = await client.put("/v1/stores/main/locations/enable", json=body)
        assert answer.json()["enabled"]
        assert set(answer.json()) == {"id", "store_id", "name", "enabled", "line_items"}


async def test_both_generations_list_the_locations(server: VenueServer) -> None:
    await point(server, "1F")
    await point(server, "1R")
    async with partner(server) as client:
        order = await created(client)
        await put(client, order, "ready_for_pickup")
        new = (await client.get("/v1/stores/main/locations")).json()
        assert new["store_id"] == "main"
        assert [place["line_items"] for place in new["locations"]] == [
            [{"id": order["line_items"][0]["id"]}],
            [],
        ]
        old = (await client.get("/v1/stores/main/pickup-locations")).json()["pickup_locations"]
        assert [(p["name"], p["order_id"], p["state"]) for p in old] == [
            ("1F", order["id"], "assigned"),
            ("1R", None, "not_assigned"),
        ]
        path = f"/v1/stores/main/pickup-locations/{old[1]['id']}"
        assert (await client.put(path, json={"disabled": True})).json()["disabled"]
        assert (await client.put(path, json={"disabled": "x"})).status_code == 400
        busy = f"/v1/stores/main/pickup-locations/{old[0]['id']}"
        assert (await client.put(busy, json={"disabled": True})).status_code == 409


async def test_a_location_is_reserved_for_a_line_before_it_is_ready(server: VenueServer) -> None:
    await point(server, "1F")
    async with partner(server) as client:
        order, other = await created(client, "a"), await created(client, "b")
        body = {"line_item_id": order["line_items"][0]["id"]}
        before = (await stored(server, order["id"])).seq
        for _ in range(2):
            kept = (await client.post("/v1/location/assign", json=body)).json()
            assert kept["location_name"] == "1F"
            assert set(kept) == {"location_id", "location_name", "enabled", "line_items"}
        assert (await stored(server, order["id"])).seq > before
        history = await server.http.get(f"/api/v1/venues/main/orders/{order['id']}/history")
        assert [event["kind"] for event in history.json()["events"]] == ["placed", "edited"]
        assert (await created(client, "c"))["id"]
        third = (await client.get("/v1/order-analytics")).json()["orders"][-1]
        assert (await stored(server, third["id"])).seq == before + 3  # no seq was left out
        old = (await client.get("/v1/stores/main/pickup-locations")).json()["pickup_locations"]
        assert old[0]["state"] == "order_unassigned"
        full = {"line_item_id": other["line_items"][0]["id"]}
        answer = await client.post("/v1/location/assign", json=full)
        assert answer.json()["code"] == "NO_PICKUP_LOCATIONS_AVAILABLE"
        assert answer.status_code == 409
        found = (await client.get(f"/v1/orders/{order['id']}")).json()
        assert found["line_items"][0]["location_name"] == "1F"
        assert found["pickup_location_id"] is None  # the order itself is not there yet
        ready = (await put(client, order, "ready_for_pickup")).json()
        assert ready["pickup_location_display_name"] == "1F"
        told = (await client.get("/v1/order-analytics")).json()["orders"][0]
        assert told["line_items"][0]["location_reserved_at"] is not None


@pytest.mark.parametrize("end", ["customer_canceled", "delete", "collected"])
async def test_a_reserved_location_is_free_again_when_the_order_ends(
    server: VenueServer, end: str
) -> None:
    await point(server, "1F")
    async with partner(server) as client:
        order, other = await created(client, "a"), await created(client, "b")
        body = {"line_item_id": order["line_items"][0]["id"]}
        assert (await client.post("/v1/location/assign", json=body)).status_code == 200
        if end == "delete":
            await server.http.delete(f"/api/v1/venues/main/orders/{order['id']}")
        elif end == "collected":
            await server.move(order["id"], end)
        else:
            await put(client, order, end)
        assert (await put(client, other, "ready_for_pickup")).status_code == 200


async def test_a_request_counts_once_against_the_limit(server: VenueServer) -> None:
    await point(server, "1F")
    async with partner(server) as client:
        order = await created(client)
    async with partner(server, requests_per_minute=2) as client:
        body = {"line_item_id": order["line_items"][0]["id"]}
        answers = [await client.post("/v1/location/assign", json=body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


async def test_a_token_sees_only_its_own_stores(server: VenueServer) -> None:
    await server.store.write(partial(add_venue, slug="airport", name="Airport", settings={}))
    await connect(server, "eatsa", venue="airport")
    async with partner(server) as client:
        order = await created(client)
        assert [s["id"] for s in (await client.get("/v1/stores")).json()["stores"]] == ["main"]
        token = await credential(server, "eatsa", venue="airport")
        async with door(server, "eatsa", **{"x-authtoken": token}) as stranger:
            assert (await stranger.get(f"/v1/orders/{order['id']}")).status_code == 404
            assert (await stranger.get("/v1/stores/main")).status_code == 404
            assert (await put(stranger, order, "on_the_line")).status_code == 404
        token = await credential(server, "eatsa", venue=None)
        async with door(server, "eatsa", **{"x-authtoken": token}) as chain:
            told: dict[str, Any] = (await chain.get("/v1/stores")).json()
            assert told["count"] == 2
            assert "total_pages" not in told
