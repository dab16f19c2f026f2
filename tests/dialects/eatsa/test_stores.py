"""Stores, ETA, timeslots, menus and order analytics."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.commands.menu import save_thing
from app.domain.menu import Category, MenuItem
from tests.clock import Clock
from tests.dialects.doors import connect, credential, door
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


async def test_analytics_tell_the_times_and_the_money(tmp_path: Path) -> None:
    clock = Clock()
    server = VenueServer(tmp_path, clock=clock)
    await server.start()
    line = {
        "item_id": "x", "price": 579,
        "taxes": [{"id": "t", "name": "County", "amount": 67}],
    }  # fmt: skip
    try:
        async with partner(server) as client:
            order = await created(
                client, channel="kiosk", total=646, line_items=[line, line],
                payments=[{"payment_type": "sale", "amount": 646}],
            )  # fmt: skip
            start = clock()
            for word in ("on_the_line", "ready_for_pickup", "delivered_to_customer"):
                clock.forward(seconds=10)
                await put(client, order, word)
            told = (await client.get("/v1/order-analytics")).json()
    finally:
        await server.stop()
    assert {k: told[k] for k in ("total_count", "total_pages", "page_number", "size")} == {
        "total_count": 1, "total_pages": 1, "page_number": 1, "size": 200,
    }  # fmt: skip
    (one,) = told["orders"]

    def at(seconds: int) -> str:
        return (start + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    assert (one["started_at"], one["served_at"], one["delivered_at"]) == (at(10), at(20), at(30))
    assert one["line_items"][0]["location_placed_at"] == at(20)
    assert one["line_items"][0]["location_cleared_at"] == at(30)
    assert (one["total"], one["gross_total"]) == (646, 1158)
    assert one["applied_taxes"] == [{"id": "t", "name": "County", "amount": 134}]
    assert one["line_items"][0]["line_item_total_taxes"] == 67
    assert one["payment_transactions"][0]["transaction_amount"] == 646
    assert (one["channel"], one["status"]) == ("kiosk", "delivered_to_customer")


@pytest.mark.parametrize("per_page", [1, 3, 200])
async def test_windows_that_touch_have_every_order_once(tmp_path: Path, per_page: int) -> None:
    clock = Clock()
    server = VenueServer(tmp_path, clock=clock)
    await server.start()
    first = clock().date()
    try:
        async with partner(server) as client:
            placed: list[str] = []
            for hours in (0, 1, 13, 11, 24, 30, 1):
                clock.forward(hours=hours)
                placed.append((await created(client, f"{len(placed)}"))["id"])
            found: list[str] = []
            for day in range(8):
                found += await _window(client, first + timedelta(days=day), per_page)
    finally:
        await server.stop()
    assert found == placed


async def _window(client: Any, day: date, per_page: int) -> list[str]:
    """As clients ask: the first page without a number, the others by `page_number`."""
    window = f"created_at_after={day}&created_at_before={day}&store_id=main&per_page={per_page}"
    told = (await client.get(f"/v1/order-analytics?{window}")).json()
    found = [one["id"] for one in told["orders"]]
    for page in range(2, told["total_pages"] + 1):
        more = (await client.get(f"/v1/order-analytics?{window}&page_number={page}")).json()
        assert more["page_number"] == page
        found += [one["id"] for one in more["orders"]]
    return found


async def test_bounds_are_inclusive_and_channels_filter(server: VenueServer) -> None:
    async with partner(server) as client:
        order = await created(client, channel="kiosk")
        at, day = order["created_at"], datetime.now(UTC).date()
        later = day + timedelta(days=1)
        for query, hits in (
            (f"created_at_after={at}&created_at_before={at}", 1),
            (f"updated_at_after={at}&updated_at_before={at}", 1),
            (f"created_at_after={later}", 0),
            (f"created_at_before={later}", 1),
            ("channel=kiosk", 1),
            ("channel=phone", 0),
            ("page=2", 0),
        ):
            told = (await client.get(f"/v1/order-analytics?{query}")).json()
            assert (query, len(told["orders"])) == (query, hits)


async def test_analytics_of_a_chain_leave_no_store_out(server: VenueServer) -> None:
    made = await server.http.post("/api/v1/venues", json={"slug": "airport"})
    assert made.status_code == 201
    await connect(server, "eatsa", venue="airport")
    async with partner(server) as client:
        await created(client)
        await server.place("airport")
        assert (await client.get("/v1/order-analytics")).json()["total_count"] == 1
        token = await credential(server, "eatsa", venue=None)
        async with door(server, "eatsa", **{"x-authtoken": token}) as chain:
            told = (await chain.get("/v1/order-analytics")).json()
    assert sorted(one["store"]["id"] for one in told["orders"]) == ["airport", "main"]


async def test_the_published_analytics_request(server: VenueServer) -> None:
    async with partner(server) as client:
        await created(client)
        query = "created_at_after=2019-06-23&page=1&per_page=200"
        told = (await client.get(f"/v1/order-analytics?{query}")).json()
    (one,) = told["orders"]
    assert set(one) == {
        "id", "ref_id", "customer", "store", "created_at", "updated_at", "started_at",
        "delivered_at", "served_at", "scheduled_time", "currency", "status",
        "special_instructions", "authorization", "line_items", "promo", "total", "gross_total",
        "applied_taxes", "is_refunded", "refunds", "channel", "payment_transactions",
    }  # fmt: skip
    assert set(one["line_items"][0]) == {
        "id", "item_id", "item_name", "item_analytics_name", "line_item_total",
        "line_item_total_taxes", "line_item_gross_total", "is_comped", "reorder_id",
        "customer_name", "special_instructions", "location_reserved_at", "location_placed_at",
        "location_cleared_at", "modifications",
    }  # fmt: skip
    assert set(one["customer"]) == {
        "id", "user_ref_id", "first_name", "last_name", "marketing_opt_out",
        "in_store_receipt_email", "created_at",
    }  # fmt: skip
