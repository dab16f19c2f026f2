"""Section 3: creating orders, reading them, moving and deleting them."""

from itertools import product
from typing import Any

from app.domain.orders import LineItem, new_id
from tests.dialects.mysagra.stall import BAR, CAKE, OVEN, PIZZA, REGISTER, WINE, Stall

LIST_FIELDS = {
    "id", "displayCode", "table", "customer", "createdAt", "updatedAt", "confirmedAt",
    "completedAt", "ticketNumber", "status", "paymentMethod", "subTotal", "discount", "surcharge",
    "total", "userId", "cashRegisterId",
}  # fmt: skip
WORDS = ("PENDING", "CONFIRMED", "PARTIAL", "COMPLETED", "PICKED_UP", "CANCELLED")
UNKNOWN = "c" + "0" * 24


def ours(order: dict[str, Any]) -> str:
    """Readyboard's own id of an order."""
    return str(order["id"])[1:]


async def test_an_order_has_every_list_field(stall: Stall) -> None:
    made = await stall.order(PIZZA, WINE)
    assert set(made) == LIST_FIELDS | {"orderItems"}
    assert {name: made[name] for name in ("table", "customer", "status", "displayCode")} == {
        "table": "5",
        "customer": "Mario Rossi",
        "status": "PENDING",
        "displayCode": "94J",
    }
    assert (made["subTotal"], made["surcharge"], made["total"]) == ("11.5", "0", "11.5")
    assert (made["ticketNumber"], made["confirmedAt"], made["paymentMethod"]) == (None, None, None)
    line = made["orderItems"][0]
    assert line == {
        "id": line["id"], "orderId": made["id"], "quantity": 1, "notes": None, "unitPrice": "8.5",
        "unitSurcharge": "0", "total": "8.5", "foodId": PIZZA,
    }  # fmt: skip
    found = await stall.till.get("/v1/orders")
    assert found.json()["data"] == [{k: v for k, v in made.items() if k != "orderItems"}]
    assert found.headers["content-type"] == "application/json; charset=utf-8"


# quantity, surcharge, discount: subTotal, surcharge, total, unitSurcharge, line total
PRICES: list[tuple[int, Any, Any, tuple[str, str, str, str, str]]] = [
    (1, 0, 0, ("8.5", "0", "8.5", "0", "8.5")),
    (2, 1.5, 2.5, ("17", "1.5", "16", "0.75", "18.5")),
    (3, 1, 0, ("25.5", "1", "26.5", "0.33", "26.5")),
    (1, -2, 0, ("8.5", "-2", "6.5", "-2", "6.5")),
    (1, -20, 0, ("8.5", "-20", "0", "-20", "-11.5")),
    (1, 0, 100, ("8.5", "0", "0", "0", "8.5")),
    (2, 0.30000000000000004, 0.1, ("17", "0.3", "17.2", "0.15", "17.3")),
]


async def test_prices_are_the_menus_and_add_up(stall: Stall) -> None:
    for quantity, surcharge, discount, expected in PRICES:
        item = {"foodId": PIZZA, "quantity": quantity, "surcharge": surcharge}
        confirm = {"paymentMethod": "CARD", "discount": discount}
        made = await stall.order(orderItems=[item], confirm=confirm)
        line = made["orderItems"][0]
        money = tuple(made[name] for name in ("subTotal", "surcharge", "total"))
        assert (*money, line["unitSurcharge"], line["total"]) == expected
        native = await stall.server.http.get(f"/api/v1/venues/main/orders/{ours(made)}")
        assert float(native.json()["amount"]) == float(made["total"])


async def test_the_surcharge_of_a_pending_order_is_kept(stall: Stall) -> None:
    made = await stall.order(orderItems=[{"foodId": PIZZA, "quantity": 1, "surcharge": 1}])
    done = await stall.till.post(f"/v1/orders/{made['id']}/confirm", json={"paymentMethod": "CASH"})
    assert (done.json()["surcharge"], done.json()["total"]) == ("1", "9.5")


async def test_created_with_confirm_it_is_confirmed_at_once(stall: Stall) -> None:
    confirm = {
        "paymentMethod": "CARD", "discount": 1, "userId": "cuser0000001", "customer": "Anna Bo",
        "cashRegisterId": REGISTER, "orderItems": [{"foodId": CAKE, "quantity": 2}],
    }  # fmt: skip
    made = await stall.order(PIZZA, confirm=confirm)
    picked = ("status", "ticketNumber", "paymentMethod", "discount", "userId", "customer", "total")
    assert tuple(made[name] for name in picked) == (
        "CONFIRMED", 1, "CARD", "1", "cuser0000001", "Anna Bo", "3.5",
    )  # fmt: skip
    assert made["confirmedAt"] == made["createdAt"]
    assert made["cashRegisterId"] == REGISTER
    assert [line["foodId"] for line in made["orderItems"]] == [CAKE]


async def test_no_table_is_answered_as_sent_and_shown_to_nobody(stall: Stall) -> None:
    for word in ("NO_TABLE", "NO_TABLE_PRESET"):
        made = await stall.order(table=word)
        assert (await stall.read(made))["table"] == word
        native = await stall.server.http.get(f"/api/v1/venues/main/orders/{ours(made)}")
        assert native.json()["table"] == ""
        assert "NO_TABLE" not in native.text


NAMES = [
    ("Mario Rossi", "Mario R."),
    ("Anna Maria Bo", "Anna Maria B."),
    ("Cher", "Cher"),
    (" Ugo  Po ", "Ugo P."),
]


async def test_the_customer_is_kept_whole_and_shortened_on_the_board(stall: Stall) -> None:
    for customer, shown in NAMES:
        made = await stall.order(customer=customer)
        assert made["customer"] == customer
        native = await stall.server.http.get(f"/api/v1/venues/main/orders/{ours(made)}")
        assert native.json()["shown_name"] == shown


async def test_the_detail_groups_lines_by_category(stall: Stall) -> None:
    made = await stall.confirmed(PIZZA, WINE, PIZZA)
    found = await stall.read(made)
    assert set(found) == LIST_FIELDS | {"orderStationStates", "categorizedItems"}
    pizza, wine = found["categorizedItems"]
    assert pizza["category"] == {"id": "ccategory1", "name": "Pizza"}
    assert [len(pizza["items"]), len(wine["items"])] == [2, 1]
    line = pizza["items"][0]
    assert line == {
        "id": made["orderItems"][0]["id"], "quantity": 1, "notes": None, "total": "8.5",
        "unitPrice": "8.5", "unitSurcharge": "0",
        "food": {
            "id": PIZZA, "name": "Margherita", "description": "Tomato and mozzarella",
            "price": "8.5", "available": True, "printerId": "cprinter01", "ingredients": [],
        },
    }  # fmt: skip
    states = found["orderStationStates"]
    assert [(s["stationId"], s["status"]) for s in states] == [
        (OVEN, "CONFIRMED"),
        (BAR, "CONFIRMED"),
    ]
    assert {s["orderId"] for s in states} == {made["id"]}
    assert all(set(s) == {"id", "status", "orderId", "stationId"} for s in states)


async def test_an_order_of_another_door_has_every_field(stall: Stall) -> None:
    placed = await stall.server.place(first_name="Ada", last_name="Lo", items=(
        LineItem(id=new_id(stall.server.house.clock()), name="Soup", station="Pot"),
    ))  # fmt: skip
    found = await stall.read({"id": f"c{placed.id}"})
    assert set(found) == LIST_FIELDS | {"orderStationStates", "categorizedItems"}
    assert (found["customer"], found["table"], found["status"]) == ("Ada Lo", "", "CONFIRMED")
    assert found["ticketNumber"] == 1
    (group,) = found["categorizedItems"]
    assert group["items"][0]["food"]["name"] == "Soup"
    nameless = await stall.server.place()
    assert (await stall.read({"id": f"c{nameless.id}"}))["customer"] == ""


async def test_an_id_is_a_cuid_or_the_number_of_the_order(stall: Stall) -> None:
    made = await stall.order()
    for path, status in (
        (made["id"], 200),
        ("1", 200),
        ("01", 200),
        ("2", 404),
        ("9" * 40, 404),
        (UNKNOWN, 404),
        ("C" + made["id"][1:], 404),
        ("x", 400),
        ("c-1234567890", 400),
        ("c1", 400),
        ("²", 400),
    ):
        answer = await stall.till.get(f"/v1/orders/{path}")
        assert answer.status_code == status, path
        if status == 200:
            assert answer.json()["id"] == made["id"]
        if status == 404:
            assert answer.json() == {"message": "Order not found", "error": "NotFoundError"}
        if status == 400:
            assert answer.json()["errors"][0]["path"] == ["id"]


async def test_any_status_may_follow_any_other(stall: Stall) -> None:
    for before, sent in product(WORDS, (*WORDS, "completed", "Picked_Up")):
        if (before, sent) == ("PENDING", "CANCELLED"):
            continue
        made, word = await stall.confirmed(), sent.upper()
        await stall.patch(made, before)
        done = await stall.patch(made, sent)
        assert (set(done), done["status"]) == (LIST_FIELDS, word)
        assert (done["completedAt"] is not None) == (word == "COMPLETED")
        for name in ("ticketNumber", "confirmedAt"):
            assert done[name] == made[name]
        (state,) = (await stall.read(made))["orderStationStates"]
        assert state["status"] == word


async def test_a_patch_draws_no_ticket(stall: Stall) -> None:
    made = await stall.order()
    done = await stall.patch(made, "COMPLETED")
    assert (done["ticketNumber"], done["confirmedAt"]) == (None, None)
    assert (await stall.confirmed())["ticketNumber"] == 1


async def test_cancelling_a_pending_order_deletes_it(stall: Stall) -> None:
    made = await stall.order()
    assert await stall.patch(made, "CANCELLED") is None
    assert (await stall.till.get(f"/v1/orders/{made['id']}")).status_code == 404


async def test_a_cancelled_order_stays_and_may_come_back(stall: Stall) -> None:
    made = await stall.confirmed()
    assert (await stall.patch(made, "CANCELLED"))["status"] == "CANCELLED"
    assert (await stall.patch(made, "CONFIRMED"))["ticketNumber"] == made["ticketNumber"]


async def test_a_deleted_order_is_gone_everywhere(stall: Stall) -> None:
    for word in WORDS:
        made = await stall.confirmed()
        await stall.patch(made, word)
        gone = await stall.till.delete(f"/v1/orders/{made['id']}")
        assert (gone.status_code, gone.content) == (204, b"")
        assert (await stall.till.get(f"/v1/orders/{made['id']}")).status_code == 404
        native = await stall.server.http.get(f"/api/v1/venues/main/orders/{ours(made)}")
        assert native.status_code == 404
        again = await stall.till.delete(f"/v1/orders/{made['id']}")
        assert again.status_code == 404
        assert again.json() == {"message": "Order not found", "error": "NotFoundError"}


async def test_display_codes_are_never_used_twice(stall: Stall) -> None:
    first = await stall.order()
    await stall.till.delete(f"/v1/orders/{first['id']}")
    await stall.till.post("/v1/orders", json={})
    codes = [(await stall.order())["displayCode"] for _ in range(4)]
    assert (first["displayCode"], codes[0], codes[3]) == ("94J", "8C4", "TV6")
    assert len({first["displayCode"], *codes}) == 5
