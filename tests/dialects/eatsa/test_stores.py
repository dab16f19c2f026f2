"""Stores, ETA, timeslots and menus."""

from functools import partial
from pathlib import Path
from typing import Any

from app.commands.menu import save_thing
from app.domain.menu import Category, MenuItem
from tests.clock import Clock
from tests.dialects.eatsa.partner import created, partner, put
from tests.venue_server import TILL, VenueServer

STORE_KEYS = {
    "id", "created_at", "updated_at", "status", "phone_number", "address", "locality", "region",
    "postcode", "country", "latitude", "longitude", "timezone", "mobile_orders_disabled",
    "business_page_url", "store_hours",
}  # fmt: skip


async def test_a_store_has_exactly_these_keys(server: VenueServer) -> None:
    await server.http.patch(
        "/api/v1/venues/main", json={"opening_hours": {"mon": [["09:00", "17:30"]]}}
    )
    async with partner(server, country="US") as client:
        for path in ("/v1/stores/main", "/v1/orders/stores/main"):
            store = (await client.get(path)).json()
            assert set(store) == STORE_KEYS
            assert store["store_hours"] == [
                {"day_of_week": "Monday", "open_time": "09:00:00", "close_time": "17:30:00"}
            ]
        assert store["status"] in ("open", "closed")
        assert (await client.get("/v1/stores?page=2&page_size=1")).json()["stores"] == []


async def test_a_stores_orders_have_no_pages(server: VenueServer) -> None:
    async with partner(server) as client:
        order = await created(client)
        told = (await client.get("/v1/stores/main/orders")).json()
    assert (told["count"], [one["id"] for one in told["orders"]]) == (1, [order["id"]])
    assert set(told) == {"count", "orders"}


async def test_the_eta_is_learnt_from_the_stores_own_orders(tmp_path: Path) -> None:
    clock = Clock()
    server = VenueServer(tmp_path, clock=clock)
    await server.start()
    try:
        async with partner(server, default_eta_minutes=7) as client:
            order = await created(client, "first")
            assert await _seconds(client, order) == 7 * 60
            clock.forward(minutes=3)
            assert await _seconds(client, order) == 4 * 60
            await put(client, order, "ready_for_pickup")
            assert await _seconds(client, order) == 0
            assert await _seconds(client, await created(client, "second")) == 3 * 60
            clock.forward(hours=7)
            assert await _seconds(client, await created(client, "third")) == 7 * 60
    finally:
        await server.stop()


async def _seconds(client: Any, order: dict[str, Any]) -> int:
    new = (await client.get(f"/v1/orders/{order['id']}/eta")).json()
    old = (await client.get(f"/v1/orders/{order['id']}/estimated_time_remaining")).json()
    assert new == old
    assert set(new) == {"estimated_time_remaining"}
    return int(new["estimated_time_remaining"])


async def test_timeslots_count_what_is_still_free(server: VenueServer) -> None:
    async with partner(server, slot_orders=1) as client:
        slots = (await client.get("/v1/stores/main/reservable_timeslots")).json()
        assert slots["timeslot_duration"] == 900
        second = slots["reservable_timeslots"][1]
        assert second["count_available"] == 1
        await created(client, scheduled_time=second["start_time"])
        slots = (await client.get("/v1/stores/main/reservable_timeslots")).json()
        after = {
            slot["start_time"]: slot["count_available"] for slot in slots["reservable_timeslots"]
        }
        assert after[second["start_time"]] == 0


async def test_the_venues_menu_is_the_stores(server: VenueServer) -> None:
    food = Category(id="cat1", venue="", name="Food")
    wrap = MenuItem(id="6a834a14", venue="", name="Wrap", category="cat1")
    for thing in (food, wrap):
        await server.store.write(partial(save_thing, venue="main", thing=thing, actor=TILL))
    async with partner(server) as client:
        (menu,) = (await client.get("/v1/stores/main/menus")).json()["menus"]
        order = await created(client, line_items=[{"item_id": "6a834a14"}])
    assert (menu["name"], menu["items"][0]["name"]) == ("Food", "Wrap")
    assert menu["items"][0]["modifiers_groups"] == []
    assert order["line_items"][0]["item_name"] == "Wrap"
