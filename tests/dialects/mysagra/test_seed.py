"""The published document's own examples, replayed as they are written. Where it contradicts the
running system, the decision that was taken stands in the test's name."""

from decimal import Decimal
from typing import Any

import httpx2
import pytest

from app.domain.menu import CashRegister, Ingredient, MenuItem
from app.domain.people import Role
from tests.dialects.mysagra.stall import Stall, add

FOOD = "clx1a2b3c4d5e6f7g8h9i0j1"
OTHER = "clm1234567890"
REGISTER = "clx9z8y7x6w5v4u3t2s1r0q9"
CREATE: dict[str, Any] = {
    "table": "5",
    "customer": "Mario Rossi",
    "orderItems": [
        {"foodId": FOOD, "quantity": 2, "notes": "No onions, extra cheese", "surcharge": 1.50}
    ],
    "confirm": {
        "paymentMethod": "CASH", "discount": 2.50, "userId": "clx1a2b3c4d5e6f7g8h9i0j1",
        "cashRegisterId": REGISTER,
    },
}  # fmt: skip
PENDING = {name: CREATE[name] for name in ("table", "customer", "orderItems")}
CONFIRM = {
    "paymentMethod": "CASH", "discount": 5, "userId": "clx1a2b3c4d5e6f7g8h9i0j1",
    "cashRegisterId": REGISTER,
    "orderItems": [{"foodId": OTHER, "quantity": 2, "notes": "Extra spicy", "surcharge": 1.50}],
}  # fmt: skip
WITHOUT_REGISTER = {k: v for k, v in CONFIRM.items() if k != "cashRegisterId"}
LISTED = {"id", "displayCode", "table", "customer", "subTotal", "status", "createdAt", "updatedAt"}
CREATED = LISTED | {"ticketNumber", "orderItems"}
PAGED = {
    "currentPage", "totalOrdersPages", "totalOrdersItems", "itemsPerPage", "hasNextPage",
    "hasPrevPage", "nextPage", "prevPage",
}  # fmt: skip


@pytest.fixture
async def operator(stall: Stall) -> httpx2.AsyncClient:
    """With an operator's bearer token; the foods and the register of the examples are there."""
    described = "Classic pizza with tomato and mozzarella"
    await add(
        stall.server,
        Ingredient(id="clm000000111", venue="", name="Mozzarella"),
        Ingredient(id="clm000000222", venue="", name="Tomato Sauce"),
        MenuItem(
            id=FOOD, venue="", name="Pizza Margherita", category="ccategory1", price=Decimal(12),
            description=described, ingredients=("clm000000111", "clm000000222"),
        ),
        MenuItem(id=OTHER, venue="", name="Diavola", category="ccategory1", price=Decimal(10)),
        CashRegister(id=REGISTER, venue="", name="Desk 2"),
    )  # fmt: skip
    await stall.user("Olga", Role.STAFF)
    return stall.client(Authorization=f"Bearer {await stall.log_in('Olga')}")


async def test_post_orders_with_the_surcharge_beside_the_sub_total(
    operator: httpx2.AsyncClient,
) -> None:
    answer = await operator.post("/v1/orders", json=CREATE)
    told = answer.json()
    assert answer.status_code == 201
    assert set(told) >= CREATED
    assert (told["table"], told["customer"], told["status"]) == ("5", "Mario Rossi", "CONFIRMED")
    assert isinstance(told["ticketNumber"], int)
    # The document counts 25.50 as the sub-total; the total is the same either way.
    assert (told["subTotal"], told["surcharge"]) == ("24", "1.5")
    assert Decimal(told["total"]) == Decimal("25.50") - Decimal("2.50")
    assert told["orderItems"]  # `true` in the document, an array for everybody who reads it


async def test_get_orders_has_the_documented_envelope_and_words_in_upper_case(
    operator: httpx2.AsyncClient,
) -> None:
    await operator.post("/v1/orders", json=CREATE)
    await operator.post("/v1/orders", json=PENDING)
    answer = await operator.get(
        "/v1/orders?status=CONFIRMED&status=COMPLETED&page=1&limit=10&dateFrom=2025-11-01T00:00:00Z"
    )
    told = answer.json()
    assert answer.status_code == 200
    assert set(told["pagination"]) >= PAGED
    (order,) = told["orders"]
    assert set(order) >= LISTED
    assert order["status"] == "CONFIRMED"
    lower = await operator.get("/v1/orders?status=pending")
    assert [one["status"] for one in lower.json()["orders"]] == ["PENDING"]


async def test_get_one_order_by_its_number_or_cuid_with_money_as_strings(
    operator: httpx2.AsyncClient,
) -> None:
    made = (await operator.post("/v1/orders", json=CREATE)).json()
    answer = await operator.get("/v1/orders/1")
    told = answer.json()
    assert (answer.status_code, told["id"]) == (200, made["id"])
    (group,) = told["categorizedItems"]
    assert group["category"]["name"] == "Pizza"
    (line,) = group["items"]
    assert (line["quantity"], line["notes"]) == (2, "No onions, extra cheese")
    assert (line["unitPrice"], line["unitSurcharge"], line["total"]) == ("12", "0.75", "25.5")
    food = line["food"]
    assert (food["id"], food["name"], food["available"]) == (FOOD, "Pizza Margherita", True)
    assert food["description"] == "Classic pizza with tomato and mozzarella"
    assert [one["name"] for one in food["ingredients"]] == ["Mozzarella", "Tomato Sauce"]
    unknown = await operator.get("/v1/orders/42")  # the document's id; a number that is none here
    assert unknown.status_code == 404


async def test_confirm_answers_200_and_a_second_time_400(operator: httpx2.AsyncClient) -> None:
    await operator.post("/v1/orders", json=PENDING)
    answer = await operator.post("/v1/orders/1/confirm", json=CONFIRM)
    told = answer.json()
    assert answer.status_code == 200
    assert (told["status"], told["ticketNumber"], told["paymentMethod"]) == ("CONFIRMED", 1, "CASH")
    assert [line["food"]["id"] for line in told["orderItems"]] == [OTHER]
    assert (told["discount"], told["total"]) == ("5", "16.5")
    assert (await operator.post("/v1/orders/1/confirm", json=CONFIRM)).status_code == 400
    assert (await operator.post("/v1/orders/2/confirm", json=CONFIRM)).status_code == 404
    await operator.post("/v1/orders", json=PENDING)
    optional = await operator.post("/v1/orders/2/confirm", json=WITHOUT_REGISTER)
    assert optional.status_code == 200


async def test_reprint_takes_objects_with_an_id_as_well_as_ids(
    operator: httpx2.AsyncClient,
) -> None:
    made = (await operator.post("/v1/orders", json=CREATE)).json()
    line = made["orderItems"][0]["id"]
    for items in ([{"id": line}], [line]):
        body = {"orderItems": items, "reprintReceipt": False}
        answer = await operator.post("/v1/orders/1/reprint", json=body)
        told = answer.json()
        assert answer.status_code == 200
        assert [one["id"] for one in told["reprintOrderItems"]] == [line]
        assert told["reprintReceipt"] is False
        assert len(told["orderItems"]) == 1
    unknown = {"orderItems": [{"id": "clx0abc0001mx01example"}], "reprintReceipt": False}
    assert (await operator.post("/v1/orders/1/reprint", json=unknown)).status_code == 400


async def test_patch_and_delete_by_number(operator: httpx2.AsyncClient) -> None:
    await operator.post("/v1/orders", json=CREATE)
    for word in ("PENDING", "CONFIRMED", "COMPLETED", "PICKED_UP"):
        answer = await operator.patch("/v1/orders/1", json={"status": word})
        assert (answer.status_code, answer.json()["status"]) == (200, word)
    assert (await operator.patch("/v1/orders/1", json={"status": "READY"})).status_code == 400
    assert (await operator.delete("/v1/orders/1")).status_code == 204
    assert (await operator.delete("/v1/orders/1")).status_code == 404
    assert (await operator.get("/v1/orders/1")).status_code == 404


async def test_without_a_token_every_documented_route_is_401(stall: Stall) -> None:
    client = stall.client()
    for method, path in (
        ("GET", "/v1/orders"),
        ("GET", "/v1/orders/1"),
        ("POST", "/v1/orders"),
        ("POST", "/v1/orders/1/confirm"),
        ("POST", "/v1/orders/1/reprint"),
        ("PATCH", "/v1/orders/1"),
        ("DELETE", "/v1/orders/1"),
    ):
        assert (await client.request(method, path, json={})).status_code == 401
