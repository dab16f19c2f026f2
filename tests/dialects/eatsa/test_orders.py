"""eatsa orders as its clients send and read them."""

import asyncio
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.domain.orders import LineItem, Modifier
from tests.dialects.eatsa.partner import created, partner, put, sent
from tests.venue_server import VenueServer

# The published request, as written.
PUBLISHED: dict[str, Any] = {
    "ref_id": "order123",
    "store_id": "cb8c37f2",
    "user": {
        "ref_id": "user123",
        "first_name": "John",
        "last_name": "Doe",
        "email": "john.doe@somedomain.com",
    },
    "total": 500,
    "payments": [
        {"payment_type": "cash", "amount": 200},
        {"payment_type": "credit_card", "amount": 300},
    ],
    "status_board_display_name": None,
    "special_instructions": "Handle with care",
    "line_items": [
        {
            "item_id": "6a834a14",
            "ref_item_name": "Wrap",
            "ref_id": "0eca30b46eb6",
            "customer_name": "The Jon Doe",
            "special_instructions": "Item notes",
            "price": 913,
            "total_price": 1129,
            "taxes": [
                {"id": "t-158-04", "name": "sales tax", "amount": 130},
                {"id": "t-158-05", "name": "health tax", "amount": 85},
            ],
            "modifications": [{"modifier_id": "6bf19680", "ref_id": "bb3c", "price": 125}],
        }
    ],
}
ORDER_KEYS = {
    "id", "ref_id", "store_id", "pickup_location_id", "pickup_location_display_name",
    "status_board_display_location", "created_at", "updated_at", "eta", "status",
    "human_readable_id", "user_id", "user_ref_id", "status_board_display_name",
    "special_instructions", "service_type", "line_items",
}  # fmt: skip
LINE_KEYS = {
    "id", "item_id", "item_name", "status", "is_customized", "customer_name",
    "special_instructions", "location_id", "location_name", "modifications",
}  # fmt: skip


async def test_the_published_order_is_taken_as_written(server: VenueServer) -> None:
    async with partner(server, store_id="cb8c37f2") as client:
        answer = await client.post("/v1/orders", json=PUBLISHED)
    order = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (
        201,
        "application/json; charset=utf-8",
    )
    assert set(order) >= ORDER_KEYS | {"total"}
    assert order["status"] == "in_queue"
    assert order["status_board_display_name"] == "John D."
    assert (order["ref_id"], order["store_id"], order["total"]) == ("order123", "cb8c37f2", 500)
    assert (order["service_type"], order["user_ref_id"]) == ("take_out", "user123")
    assert (order["pickup_location_id"], order["status_board_display_location"]) == (None, "")
    assert order["human_readable_id"].isdigit()
    (line,) = order["line_items"]  # the published answer has one more, a bag; not imitated
    assert set(line) >= LINE_KEYS
    assert (line["item_name"], line["customer_name"]) == ("Wrap", "The Jon Doe")
    assert (line["price"], line["total_price"], line["status"]) == (913, 1129, "unstarted")
    assert line["taxes"][0] == {
        "id": "t-158-04", "name": "sales tax", "amount": 130,
        "tax_id": "t-158-04", "tax_name": "sales tax", "total": 130,
    }  # fmt: skip
    assert line["modifications"][0]["ref_id"] == "bb3c"


async def test_an_order_is_found_as_published(server: VenueServer) -> None:
    """As in "Find an Order": cancelled by an attendant, the unlock code at top level."""
    async with partner(server) as client:
        order = await created(client, unlock_code="1234", ref_human_readable_id="900")
        assert (await put(client, order, "attendant_canceled")).status_code == 200
        found = (await client.get(f"/v1/orders/{order['id']}")).json()
    assert set(found) >= ORDER_KEYS | {"unlock_code"}
    assert (found["status"], found["unlock_code"]) == ("attendant_canceled", "1234")
    assert (found["human_readable_id"], found["pickup_location_id"]) == ("900", None)
    for name in ("created_at", "updated_at", "eta"):
        assert datetime.fromisoformat(found[name]).tzinfo is not None
        assert len(found[name]) == len("2019-06-25T00:06:04.358Z")


async def test_an_order_is_found_as_it_was_created(server: VenueServer) -> None:
    async with partner(server) as client:
        order = await created(client)
        found = (await client.get(f"/v1/orders/{order['id']}")).json()
    assert {**found, "eta": ""} == {**order, "eta": ""}


FIELDS: list[tuple[dict[str, Any], str, Any]] = [
    ({"status_board_display_name": "Jessie B"}, "status_board_display_name", "Jessie B"),
    ({"user_display_name": "Jo"}, "status_board_display_name", "Jo"),
    (
        {"user": {"first_name": "Ada", "last_name": ""}},
        "status_board_display_name",
        "Ada",
    ),
    ({"service_type": "dine_in"}, "service_type", "dine_in"),
    ({"channel": "kiosk"}, "channel", "kiosk"),
    ({"unlock_code": "1234"}, "authorization", {"unlock_code": "1234"}),
    ({"authorization": {"unlock_code": "ab12"}}, "unlock_code", "ab12"),
    ({"ref_human_readable_id": "900"}, "human_readable_id", "900"),
    ({"unheard_of": {"x": 1}}, "status", "in_queue"),
    (
        {"scheduled_time": "2096-06-25T21:51:51.943949Z"},
        "scheduled_time",
        "2096-06-25T21:51:51.943Z",
    ),
    ({"timeslot_start_time": "2096-06-25T21:51:51Z"}, "status", "scheduled"),
    ({"requested_timeslot": "2096-06-25T21:51:51"}, "status", "scheduled"),
    ({"scheduled_time": "2020-01-01T00:00:00.000Z"}, "status", "in_queue"),
    ({"scheduled_time": None}, "status", "in_queue"),
    (
        {"scheduled_time": None, "requested_timeslot": "2096-06-25T21:51:51.123456Z"},
        "scheduled_time",
        "2096-06-25T21:51:51.123Z",
    ),
    (
        {"status_board_display_name": None, "user_display_name": "D"},
        "status_board_display_name",
        "D",
    ),
    ({"user": {"id": "g1-user"}}, "user_id", "g1-user"),
    (
        {"payments": [{"payment_type": "gift", "amount": 5}]},
        "payments",
        [{"payment_type": "gift", "amount": 5}],
    ),
    ({"total": 0}, "total", 0),
    (
        {"special_instructions": "No onion,\n\tplease"},
        "special_instructions",
        "No onion,\n\tplease",
    ),
]


async def test_every_field_in_every_spelling(server: VenueServer) -> None:
    async with partner(server) as client:
        for index, (more, field, value) in enumerate(FIELDS):
            order = await created(client, f"{index}", **more)
            assert (more, order[field]) == (more, value)
            assert (await client.get(f"/v1/orders/{order['id']}")).json()[field] == value


async def test_lines_in_every_spelling(server: VenueServer) -> None:
    lines = [
        {"item_id": "a", "item_name": "Soup"},
        {"item_id": "b", "ref_item_type": "drink"},
        {
            "item_id": "c",
            "modifications": [{"modifier_id": "m", "modifier_price": 5}],
            "taxes": [{"tax_id": "t", "tax_name": "VAT", "total": 7}],
        },
    ]
    async with partner(server) as client:
        order = await created(client, line_items=lines)
    names = [line["item_name"] for line in order["line_items"]]
    assert names == ["Soup", "b", "c"]
    last = order["line_items"][2]
    assert last["is_customized"]
    assert last["modifications"] == [
        {"modifier_id": "m", "modifier_name": "m", "price": 5, "modifier_price": 5}
    ]
    assert last["taxes"][0]["amount"] == last["taxes"][0]["total"] == 7


async def test_one_partners_user_has_one_id(server: VenueServer) -> None:
    async with partner(server) as client:
        one, two = await created(client, "a"), await created(client, "b")
        other = await created(client, "c", user={"ref_id": "x", "first_name": "J", "last_name": ""})
    assert one["user_id"] == two["user_id"] != other["user_id"]


async def test_a_ref_id_is_used_once_also_by_many_at_once(server: VenueServer) -> None:
    async with partner(server) as client:
        answers = await asyncio.gather(
            *(client.post("/v1/orders", json=sent("x")) for _ in "12345678")
        )
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201] + [400] * 7
    refused = next(answer for answer in answers if answer.status_code == 400)
    assert refused.json()["code"] == "DUPLICATED_ORDER"


async def test_the_unlock_code_is_on_no_public_surface(server: VenueServer) -> None:
    async with partner(server) as client:
        order = await created(client, unlock_code="secret77")
        await put(client, order, "ready_for_pickup")
    async with server.client() as nobody:
        for path in ("/b/main.json", "/b/main.txt", "/b/main", "/b/main/feed?poll=1&after="):
            answer = await nobody.get(path)
            assert (path, answer.status_code) == (path, 200)
            assert "secret77" not in answer.text
    for path in ("orders", f"orders/{order['id']}", f"orders/{order['id']}/history"):
        answer = await server.http.get(f"/api/v1/venues/main/{path}")
        assert (answer.status_code, "secret77" in answer.text) == (200, False)


async def test_an_order_of_another_door_has_every_field(server: VenueServer) -> None:
    placed = await server.place(first_name="Ada", last_name="Byron")
    async with partner(server) as client:
        order = (await client.get(f"/v1/orders/{placed.id}")).json()
    assert set(order) >= ORDER_KEYS
    assert (order["ref_id"], order["user_id"], order["status_board_display_name"]) == (
        "", "", "Ada B.",
    )  # fmt: skip


async def test_a_line_of_another_door_counts_what_eatsa_has_no_word_for(
    server: VenueServer,
) -> None:
    soup = LineItem(
        id="5" * 24, name="Soup", quantity=3, unit_price=Decimal("4.50"),
        modifiers=(Modifier(name="Bread", price=Decimal("0.50")),),
    )  # fmt: skip
    placed = await server.place(items=(soup,))
    async with partner(server) as client:
        (line,) = (await client.get(f"/v1/orders/{placed.id}")).json()["line_items"]
        told = (await client.get("/v1/order-analytics")).json()["orders"][0]
    assert (line["item_name"], line["price"], line["total_price"]) == ("3 × Soup", 1500, 1500)
    assert (line["is_customized"], line["modifications"][0]["price"]) == (True, 50)
    assert told["line_items"][0]["item_analytics_name"] == "Soup"
    assert (told["gross_total"], told["total"]) == (1500, 1500)


async def test_a_number_in_use_is_not_given_twice(server: VenueServer) -> None:
    async with partner(server) as client:
        await created(client, "a", ref_human_readable_id="900")
        answer = await client.post("/v1/orders", json=sent("b", ref_human_readable_id="900"))
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_INPUT")
        assert (await created(client, "b"))["human_readable_id"] != "900"
