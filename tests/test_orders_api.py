"""The native API: placing, reading, listing, editing and deleting orders."""

from typing import Any

import pytest

from app.domain import native
from app.web.native.answers import HistoryAnswer, OrderAnswer, OrdersAnswer
from tests.venue_server import VenueServer

ORDERS = "/api/v1/venues/main/orders"
WHOLE: dict[str, Any] = {
    "ref": "till-7",
    "status": "placed",
    "number": "A41",
    "name": "Blue Fox",
    "first_name": "Ada",
    "last_name": "Byron",
    "fulfilment": "dine_in",
    "table": "12",
    "channel": "kiosk",
    "scheduled_at": "2026-11-21T18:30:00+01:00",
    "note": "Ring\nthe bell",
    "phone": "+39 555",
    "email": "ada@example.com",
    "total": "20.50",
    "items": [
        {
            "name": "Burger",
            "quantity": 2,
            "unit_price": 8.5,
            "surcharge": "-0.5",
            "notes": "well done",
            "modifiers": [{"name": "no onion"}, {"name": "cheese", "quantity": 2, "price": "0.75"}],
            "taxes": [{"name": "VAT", "amount": "1.3333"}],
            "station": "Grill",
            "customer_name": "Ada",
        }
    ],
}


async def test_a_placed_order_is_read_back(server: VenueServer) -> None:
    placed = await server.http.post(ORDERS, json={"first_name": "Ada", "last_name": "Byron"})
    assert placed.status_code == 201
    order = placed.json()
    assert (order["number"], order["shown_name"], order["status"]) == ("1", "Ada B.", "queued")
    assert (await server.http.get(placed.headers["location"])).json() == order


async def test_every_field_is_kept(server: VenueServer) -> None:
    order = (await server.http.post(ORDERS, json=WHOLE)).json()
    OrderAnswer.model_validate(order)
    same = WHOLE.keys() - {"items", "scheduled_at"}
    assert {key: order[key] for key in same} == {key: WHOLE[key] for key in same}
    assert order["scheduled_at"] == "2026-11-21T17:30:00.000Z"
    [item] = order["items"]
    assert (item["unit_price"], item["surcharge"], item["total"]) == ("8.50", "-0.50", "19.50")
    assert item["taxes"] == [{"name": "VAT", "amount": "1.3333"}]
    assert order["parts"] == [{"station": "Grill", "status": "placed"}]
    assert order["amount"] == "20.50"


async def test_an_empty_body_is_an_order(server: VenueServer) -> None:
    assert (await server.http.post(ORDERS, json={})).json()["number"] == "1"


async def test_a_zero_below_zero_is_zero(server: VenueServer) -> None:
    native._money.cache_clear()
    for total in (-0.0, 0):
        assert (await server.http.post(ORDERS, json={"total": total})).json()["total"] == "0.00"


async def test_the_same_ref_and_body_is_placed_once(server: VenueServer) -> None:
    body = {"ref": "r1", "first_name": "Ada"}
    first, again = [await server.http.post(ORDERS, json=body) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.headers["location"] == again.headers["location"]


async def test_the_same_ref_with_another_body_is_refused(server: VenueServer) -> None:
    await server.http.post(ORDERS, json={"ref": "r1", "first_name": "Ada"})
    other = await server.http.post(ORDERS, json={"ref": "r1", "first_name": "Bo"})
    assert (other.status_code, other.json()["type"]) == (409, "ref-taken")


async def test_an_idempotency_key_answers_the_same_again(server: VenueServer) -> None:
    key = {"Idempotency-Key": "k1"}
    first, again = [
        await server.http.post(ORDERS, json={"first_name": "Ada"}, headers=key) for _ in range(2)
    ]
    assert first.content == again.content
    other = await server.http.post(ORDERS, json={"first_name": "Bo"}, headers=key)
    assert (other.status_code, other.json()["type"]) == (409, "idempotency-key-reused")
    assert len((await server.http.get(ORDERS)).json()["orders"]) == 1


async def test_a_number_in_use_is_refused(server: VenueServer) -> None:
    await server.http.post(ORDERS, json={"number": 41})
    again = await server.http.post(ORDERS, json={"number": "41"})
    assert (again.status_code, again.json()["type"]) == (409, "number-in-use")


async def test_pages_follow_each_other_without_gap_or_overlap(server: VenueServer) -> None:
    placed = [(await server.place(first_name=f"G{i}")).id for i in range(7)]
    found: list[str] = []
    query = "?limit=3&sort=placed_at"
    while query:
        page = (await server.http.get(ORDERS + query)).json()
        OrdersAnswer.model_validate(page)
        found += [order["id"] for order in page["orders"]]
        query = f"?limit=3&sort=placed_at&cursor={page['next']}" if page["next"] else ""
    assert sorted(found) == sorted(placed)
    assert len(found) == 7


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?status=ready", ["Bo"]),
        ("?status=ready&status=held", ["Bo", "Cy"]),
        ("?search=BYRON", ["Ada"]),
        ("?search=fries", ["Cy"]),
        ("?search=100%25", []),
        ("?search=_", []),
        ("?number=2", ["Bo"]),
        ("?placed_after=2000-01-01T00:00:00Z", ["Ada", "Bo", "Cy"]),
        ("?placed_before=2000-01-01T00:00:00Z", []),
        ("?updated_after=2100-01-01T00:00:00Z", []),
    ],
)
async def test_the_list_is_filtered(server: VenueServer, query: str, names: list[str]) -> None:
    await server.place(first_name="Ada", last_name="Byron")
    await server.place(first_name="Bo", status="ready")
    await server.http.post(
        ORDERS, json={"first_name": "Cy", "status": "held", "items": [{"name": "Fries"}]}
    )
    found = (await server.http.get(ORDERS + query)).json()["orders"]
    assert sorted(order["first_name"] for order in found) == names


async def test_an_edit_changes_only_what_it_names(server: VenueServer) -> None:
    order = (await server.http.post(ORDERS, json=WHOLE)).json()
    path = f"{ORDERS}/{order['id']}"
    edited = (await server.http.patch(path, json={"name": None, "table": "3"})).json()
    assert (edited["name"], edited["shown_name"], edited["table"]) == (None, "Ada B.", "3")
    assert edited["note"] == order["note"]
    again = (await server.http.patch(path, json={"table": "3"})).json()
    assert again["seq"] == edited["seq"]


async def test_a_deleted_order_leaves_its_history(server: VenueServer) -> None:
    order = await server.place(first_name="Ada")
    path = f"{ORDERS}/{order.id}"
    assert (await server.http.delete(path)).status_code == 204
    assert (await server.http.get(path)).status_code == 404
    assert (await server.http.delete(path)).json()["type"] == "order-not-found"
    history = (await server.http.get(f"{path}/history")).json()
    HistoryAnswer.model_validate(history)
    assert [event["kind"] for event in history["events"]] == ["placed", "deleted"]


async def test_history_names_who_did_what(server: VenueServer) -> None:
    order = await server.place(first_name="Ada")
    await server.http.post(f"{ORDERS}/{order.id}/status", json={"status": "ready"})
    history = (await server.http.get(f"{ORDERS}/{order.id}/history")).json()["events"]
    assert [event["actor"]["name"] for event in history] == ["Till", "Test"]


async def test_a_venues_own_events_are_no_orders_history(server: VenueServer) -> None:
    await server.http.patch("/api/v1/venues/main", json={"name": "Corner"})
    answer = await server.http.get(f"{ORDERS}/venue/history")
    assert (answer.status_code, answer.json()["type"]) == (404, "order-not-found")


async def test_another_venues_order_is_not_found(server: VenueServer) -> None:
    await server.http.post("/api/v1/venues", json={"slug": "bar", "name": "Bar"})
    order = await server.place(first_name="Ada")
    for method, tail in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/history")):
        path = f"/api/v1/venues/bar/orders/{order.id}{tail}"
        body: dict[str, Any] = {"json": {}} if method == "PATCH" else {}
        assert (await server.http.request(method, path, **body)).status_code == 404
