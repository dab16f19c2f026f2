"""eatsa orders as its clients send and read them."""

import asyncio
from typing import Any

import httpx2
import pytest

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


async def test_an_order_is_found_as_it_was_created(server: VenueServer) -> None:
    async with partner(server) as client:
        order = await created(client)
        found = (await client.get(f"/v1/orders/{order['id']}")).json()
    assert {**found, "eta": ""} == {**order, "eta": ""}


@pytest.mark.parametrize(
    ("more", "field", "value"),
    [
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
    ],
)
async def test_every_field_in_every_spelling(
    server: VenueServer, more: dict[str, Any], field: str, value: Any
) -> None:
    async with partner(server) as client:
        order = await created(client, **more)
        assert order[field] == value
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


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ({"ref_id": None}, "FIELD_IS_REQUIRED", "ref_id"),
        ({"store_id": None}, "FIELD_IS_REQUIRED", "store_id"),
        ({"user": None}, "FIELD_IS_REQUIRED", "user"),
        ({"user": {"ref_id": "x", "last_name": "Doe"}}, "FIELD_IS_REQUIRED", "user"),
        ({"line_items": None}, "FIELD_IS_REQUIRED", "line_items"),
        ({"line_items": [{}]}, "FIELD_IS_REQUIRED", "item_id"),
        ({"line_items": []}, "INVALID_INPUT", "line_items"),
        ({"line_items": "soup"}, "INVALID_INPUT", "line_items"),
        ({"scheduled_time": "soon"}, "INVALID_INPUT", "scheduled_time"),
        ({"scheduled_time": 5}, "INVALID_INPUT", "scheduled_time"),
        ({"total": "much"}, "INVALID_INPUT", "total"),
        ({"total": 10**30}, "INVALID_INPUT", "total"),
        ({"unlock_code": "no spaces please"}, "INVALID_INPUT", "unlock_code"),
        ({"service_type": "by air"}, "INVALID_INPUT", "service_type"),
        ({"channel": "a\u0000b"}, "INVALID_INPUT", "channel"),
        ({"special_instructions": "x" * 3000}, "INVALID_INPUT", "special_instructions"),
    ],
)
async def test_a_wrong_order_is_refused_by_name(
    server: VenueServer, body: dict[str, Any], code: str, said: str
) -> None:
    async with partner(server) as client:
        answer = await client.post("/v1/orders", json=sent("x") | body)
    assert answer.status_code == 400
    assert answer.json()["id"] == answer.json()["code"] == code
    assert said in answer.json()["message"]


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
        for path in ("/b/main.json", "/b/main.txt", "/b/main", "/b/main/feed?poll=1"):
            assert "secret77" not in (await nobody.get(path)).text
    for path in ("orders", f"orders/{order['id']}", f"orders/{order['id']}/history"):
        assert "secret77" not in (await server.http.get(f"/api/v1/venues/main/{path}")).text


async def test_an_order_of_another_door_has_every_field(server: VenueServer) -> None:
    placed = await server.place(first_name="Ada", last_name="Byron")
    async with partner(server) as client:
        order = (await client.get(f"/v1/orders/{placed.id}")).json()
    assert set(order) >= ORDER_KEYS
    assert (order["ref_id"], order["user_id"], order["status_board_display_name"]) == (
        "", "", "Ada B.",
    )  # fmt: skip


REFUSED = [
    ("GET", "/v1/orders/nothing", None, 404, "NOT_FOUND"),
    ("GET", "/v1/orders/nothing/eta", None, 404, "NOT_FOUND"),
    ("PUT", "/v1/orders/nothing", {"status": "in_queue"}, 404, "NOT_FOUND"),
    ("POST", "/v1/orders", {"ref_id": "x"}, 400, "FIELD_IS_REQUIRED"),
    ("POST", "/v1/orders", sent("x", store_id="moon"), 404, "NOT_FOUND"),
    ("GET", "/v1/stores/moon", None, 404, "NOT_FOUND"),
    ("GET", "/v1/stores/moon/locations", None, 404, "NOT_FOUND"),
    ("GET", "/v1/nothing", None, 404, "NOT_FOUND"),
    ("GET", "/", None, 404, "NOT_FOUND"),
    ("DELETE", "/v1/orders", None, 405, "ERROR"),
    ("POST", "/v1/location/assign", {"line_item_id": "x"}, 404, "NOT_FOUND"),
    ("POST", "/v1/location/assign", {}, 400, "FIELD_IS_REQUIRED"),
    ("GET", "/v1/order-analytics?per_page=0", None, 400, "INVALID_INPUT"),
    ("GET", "/v1/order-analytics?created_at_after=never", None, 400, "INVALID_INPUT"),
    ("GET", "/v1/order-analytics?store_id=moon", None, 404, "NOT_FOUND"),
]


async def test_every_refusal_has_eatsas_shape(server: VenueServer) -> None:
    async with partner(server) as client:
        for method, path, body, status, code in REFUSED:
            answer = await client.request(method, path, json=body)
            assert (path, answer.status_code) == (path, status)
            assert set(answer.json()) == {"id", "code", "message"}
            assert answer.json()["code"] == code


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400), (b"\xff", 400), (b"[]", 400), (b"", 400), (b'{"a":1,"a":2}', 400),
        (b"[" * 100_000, 400), (b'"' + b"x" * 300_000 + b'"', 413),
    ],
)  # fmt: skip
async def test_rubbish_is_refused_in_eatsas_shape(
    server: VenueServer, content: bytes, status: int
) -> None:
    async with partner(server) as client:
        answer = await client.post("/v1/orders", content=content)
    assert answer.status_code == status
    assert set(answer.json()) == {"id", "code", "message"}


async def _status(client: httpx2.AsyncClient, path: str = "/v1/stores", **headers: str) -> Any:
    answer = await client.get(path, headers=headers)
    return answer.status_code, answer.json().get("code")


async def test_without_a_good_token_nobody_is_let_in(server: VenueServer) -> None:
    async with partner(server) as client, server.client() as nobody:
        assert await _status(client) == (200, None)
        url = "/eatsa/v1/stores"
        assert await _status(nobody, url) == (401, "UNAUTHORIZED")
        assert await _status(nobody, url, **{"x-authtoken": "rubbish"}) == (401, "UNAUTHORIZED")
        assert await _status(nobody, url, **{"x-authtoken": server.key}) == (401, "UNAUTHORIZED")


async def test_an_open_store_lets_its_own_network_in(server: VenueServer) -> None:
    async with partner(server, open=True), server.client() as nobody:
        assert await _status(nobody, "/eatsa/v1/stores") == (200, None)


async def test_plain_http_can_be_refused(server: VenueServer) -> None:
    async with partner(server, https_only=True) as client:
        assert await _status(client) == (403, "FORBIDDEN")


async def test_a_limit_is_kept(server: VenueServer) -> None:
    async with partner(server, requests_per_minute=2) as client:
        answers = [await client.get("/v1/stores/main") for _ in range(4)]
    assert [answer.status_code for answer in answers][:1] == [200]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["retry-after"] == "60"
