"""The strict state machine, the three laws, and pickup locations."""

from functools import partial
from typing import Any

import pytest
from hypothesis import given, strategies as st

from app.commands.venues import add_point, add_venue
from app.dialects.eatsa.words import ALIASES, MEANINGS, NEXT, WORDS, project
from app.domain.faces import Face, every_face
from app.domain.orders import Fulfilment, Status
from tests.dialects.doors import connect, credential, door, stored
from tests.dialects.eatsa.partner import created, partner, put
from tests.venue_server import TILL, VenueServer

# From creation, what leads to each status.
WAY = {
    "in_queue": [],
    "on_the_line": ["on_the_line"],
    "ready_for_pickup": ["ready_for_pickup"],
    "delivered_to_customer": ["ready_for_pickup", "delivered_to_customer"],
    "hold_in_back": ["ready_for_pickup", "hold_in_back"],
    "ready_to_serve_again": ["ready_for_pickup", "hold_in_back", "ready_to_serve_again"],
    "customer_canceled": ["customer_canceled"],
    "attendant_canceled": ["attendant_canceled"],
}


async def point(server: VenueServer, name: str) -> None:
    await server.store.write(partial(add_point, venue="main", name=name, actor=TILL))


@given(st.sampled_from(sorted(MEANINGS)), st.sampled_from(list(Fulfilment)))
def test_a_word_comes_back_as_itself(word: str, fulfilment: Fulfilment) -> None:
    means = MEANINGS[word]
    face = Face(means.status, means.some_ready, means.cancelled_by, fulfilment)
    assert project(face) == word


@given(st.sampled_from(every_face()))
def test_every_order_has_a_word(face: Face) -> None:
    assert project(face) in MEANINGS


@pytest.mark.parametrize("start", WAY)
async def test_only_what_the_machine_allows_is_done(server: VenueServer, start: str) -> None:
    async with partner(server) as client:
        for index, word in enumerate(MEANINGS):
            order = await created(client, f"{index}")
            for step in WAY[start]:
                assert (await put(client, order, step)).status_code == 200
            answer = await put(client, order, word)
            fits = word == start or word in NEXT[start]
            assert (word, answer.status_code) == (word, 200 if fits else 409)
            if fits:
                assert answer.json()["status"] == word
            else:
                assert answer.json()["code"] == "INVALID_REQUEST"
                assert (await client.get(f"/v1/orders/{order['id']}")).json()["status"] == start


async def test_a_scheduled_order_goes_to_the_queue_or_is_cancelled(server: VenueServer) -> None:
    async with partner(server) as client:
        for index, word in enumerate(MEANINGS):
            order = await created(client, f"{index}", scheduled_time="2096-01-01T00:00:00Z")
            status = (await put(client, order, word)).status_code
            assert status == (200 if word in NEXT["scheduled"] | {"scheduled"} else 409)


@pytest.mark.parametrize("alias", ALIASES)
async def test_older_words_are_understood_and_kept(server: VenueServer, alias: str) -> None:
    async with partner(server) as client:
        order = await created(client)
        for word in ["ready_for_pickup", *(["hold_in_back"] if "serve" in ALIASES[alias] else [])]:
            await put(client, order, word)
        assert (await put(client, order, alias)).json()["status"] == ALIASES[alias]
    history = await server.http.get(f"/api/v1/venues/main/orders/{order['id']}/history")
    last = history.json()["events"][-1]
    assert last["detail"]["sent"] == alias
    assert last["order"]["native"] == {"dialect": "eatsa", "value": ALIASES[alias]}


@pytest.mark.parametrize("word", ["rubbish", "", "READY_FOR_PICKUP", "canceled"])
async def test_an_unknown_word_is_invalid(server: VenueServer, word: str) -> None:
    async with partner(server) as client:
        answer = await put(client, await created(client), word)
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_INPUT")


async def test_the_same_again_makes_no_event(server: VenueServer) -> None:
    async with partner(server) as client:
        order = await created(client)
        before = await stored(server, order["id"])
        assert (await put(client, order, "in_queue")).status_code == 200
        assert await stored(server, order["id"]) == before


async def test_a_coarser_word_does_not_knock_an_order_back(server: VenueServer) -> None:
    async with partner(server) as client:
        order = await created(client)
        await server.move(order["id"], Status.REASSIGNING)
        assert (await put(client, order, "on_the_line")).status_code == 200
        assert (await stored(server, order["id"])).status == Status.REASSIGNING


@pytest.mark.parametrize("status", list(Status))
async def test_what_another_door_did_is_read_in_its_word(
    server: VenueServer, status: Status
) -> None:
    async with partner(server) as client:
        order = await created(client)
        moved = await server.move(order["id"], status)
        found = (await client.get(f"/v1/orders/{order['id']}")).json()
    assert found["status"] == WORDS.word_of(moved)


async def test_the_first_generations_calls(server: VenueServer) -> None:
    async with partner(server) as client:
        order = await created(client)
        ready = await client.post(f"/v1/orders/{order['id']}/ready")
        assert (ready.status_code, ready.json()["status"]) == (200, "ready_for_pickup")
        for who in ("customer", "attendant"):
            order = await created(client, who)
            path = f"/v1/orders/{order['id']}/cancel"
            gone = await client.post(path, json={"type": who})
            assert gone.json()["status"] == f"{who}_canceled"
            assert (await client.post(path, json={"type": "nobody"})).status_code == 400


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
        answer = await put(client, second, "ready_for_pickup")
        assert answer.status_code == 409
        assert answer.json()["code"] == "NO_PICKUP_LOCATIONS_AVAILABLE"
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
        for _ in range(2):
            kept = (await client.post("/v1/location/assign", json=body)).json()
            assert kept["location_name"] == "1F"
            assert set(kept) == {"location_id", "location_name", "enabled", "line_items"}
        old = (await client.get("/v1/stores/main/pickup-locations")).json()["pickup_locations"]
        assert old[0]["state"] == "order_unassigned"
        full = {"line_item_id": other["line_items"][0]["id"]}
        answer = await client.post("/v1/location/assign", json=full)
        assert answer.json()["code"] == "NO_PICKUP_LOCATIONS_AVAILABLE"
        ready = (await put(client, order, "ready_for_pickup")).json()
        assert ready["pickup_location_display_name"] == "1F"


@pytest.mark.parametrize("end", ["customer_canceled", "delete"])
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
        else:
            await put(client, order, end)
        assert (await put(client, other, "ready_for_pickup")).status_code == 200


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
