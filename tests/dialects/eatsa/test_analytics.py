"""Order analytics: times, money, windows and pages."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import given, strategies as st

from app.dialects.eatsa.analytics import matches
from app.dialects.eatsa.bodies import AnalyticsQuery
from tests.clock import Clock
from tests.dialects.doors import connect, credential, door
from tests.dialects.eatsa.partner import created, partner, put
from tests.venue_server import VenueServer

HALF_DAY = 12 * 3600 * 1000  # milliseconds; the clock starts at noon


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


@given(st.dates(date(1970, 1, 1), date(9998, 12, 30)))
def test_the_windows_of_days_that_touch_leave_no_millisecond_between(day: date) -> None:
    query = AnalyticsQuery.model_validate(
        {"created_at_after": f"{day}", "created_at_before": f"{day}"}
    )
    after = AnalyticsQuery.model_validate({"created_at_after": f"{day + timedelta(days=1)}"})
    first, last = (match.value for match in matches(query))
    (next_first,) = (match.value for match in matches(after))
    assert (last - first, next_first - last) == (24 * 3600 * 1000 - 1, 1)


async def test_windows_that_touch_have_every_order_once(tmp_path: Path) -> None:
    """However the days are cut into windows, and whatever the page size; orders stand on both
    edges of a day, and one is another store's."""
    clock = Clock()
    server = VenueServer(tmp_path, clock=clock)
    await server.start()
    try:
        made = await server.http.post("/api/v1/venues", json={"slug": "airport"})
        assert made.status_code == 201
        await connect(server, "eatsa", venue="airport")
        async with partner(server) as client:
            first, placed = clock().date(), list[str]()
            # Midnight, the last millisecond of a day, two in one instant, days without any.
            for step in (0, HALF_DAY - 1, 1, 0, 2 * HALF_DAY - 1, 1, 5 * HALF_DAY, 1, HALF_DAY):
                clock.forward(milliseconds=step)
                placed.append((await created(client, f"{len(placed)}"))["id"])
                await server.place("airport")
            order_of = {one: index for index, one in enumerate(placed)}
            pages = random.Random(3)
            for _ in range(6):
                cuts = sorted(pages.sample(range(1, 8), pages.randint(0, 6)))
                found: list[str] = []
                for start, end in pairwise([0, *cuts, 8]):
                    window = first + timedelta(days=start), first + timedelta(days=end - 1)
                    found += await _window(client, *window, pages.choice([1, 2, 3, 200]))
                assert sorted(found, key=order_of.__getitem__) == placed
                assert len(found) == len(placed)
    finally:
        await server.stop()


async def _window(client: Any, first: date, last: date, per_page: int) -> list[str]:
    """As clients ask: the first page without a number, the others by `page_number`."""
    window = f"created_at_after={first}&created_at_before={last}&store_id=main&per_page={per_page}"
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
