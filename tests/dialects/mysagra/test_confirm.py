"""Section 3.4: one confirm of many wins, and what it takes and answers."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.commands.menu import save_thing
from app.store import menu, venues
from app.store.database import Outcome, Transaction
from tests.clock import Clock
from tests.dialects.mysagra.stall import BAR, CAKE, OVEN, PIZZA, REGISTER, WINE, Stall, stall_at
from tests.venue_server import TILL, serving

CASH = {"paymentMethod": "CASH"}
CONFIRMED = {"message": "Order is already confirmed", "error": "BadRequestError"}


def path(order: dict[str, Any]) -> str:
    return f"/v1/orders/{order['id']}/confirm"


async def raise_price(stall: Stall, food: str, price: str) -> None:
    def change(tx: Transaction) -> Outcome[menu.Thing]:
        venue = venues.by_slug(tx, "main")
        assert venue is not None
        known = menu.item(tx, venue.id, food)
        assert known is not None
        dearer = replace(known, price=Decimal(price))
        return save_thing(tx, venue="main", thing=dearer, actor=TILL)

    await stall.server.store.write(change)


async def test_of_eight_parallel_confirms_exactly_one_wins(stall: Stall) -> None:
    made = await stall.order()
    answers = await asyncio.gather(*(stall.till.post(path(made), json=CASH) for _ in range(8)))
    assert sorted(one.status_code for one in answers) == [200] + [400] * 7
    assert [one.json() for one in answers if one.status_code == 400] == [CONFIRMED] * 7
    won = next(one.json() for one in answers if one.status_code == 200)
    assert won["ticketNumber"] == 1
    assert (await stall.confirmed())["ticketNumber"] == 2
    history = await stall.server.http.get(f"/api/v1/venues/main/orders/{made['id'][1:]}/history")
    assert [event["kind"] for event in history.json()["events"]] == ["placed", "status"]


async def test_a_create_with_confirm_is_one_event(stall: Stall) -> None:
    made = await stall.confirmed()
    history = await stall.server.http.get(f"/api/v1/venues/main/orders/{made['id'][1:]}/history")
    (event,) = history.json()["events"]
    assert (event["kind"], event["dialect"]) == ("placed", "mysagra")
    assert event["order"]["native"] == {"dialect": "mysagra", "value": "CONFIRMED"}


async def test_a_confirm_answers_the_lines_with_their_food(stall: Stall) -> None:
    made = await stall.order(PIZZA, CAKE)
    body = CASH | {"discount": 0.75, "userId": "cuser0000001", "cashRegisterId": REGISTER}
    done = (await stall.till.post(path(made), json=body)).json()
    picked = ("status", "ticketNumber", "paymentMethod", "discount", "total", "userId")
    assert tuple(done[name] for name in picked) == (
        "CONFIRMED", 1, "CASH", "0.75", "10", "cuser0000001",
    )  # fmt: skip
    assert done["cashRegisterId"] == REGISTER
    pizza, cake = done["orderItems"]
    assert pizza == {
        "id": made["orderItems"][0]["id"], "orderId": made["id"], "quantity": 1, "notes": None,
        "unitPrice": "8.5", "unitSurcharge": "0", "total": "8.5",
        "food": {
            "id": PIZZA, "name": "Margherita", "printerId": "cprinter01",
            "category": {
                "id": "ccategory1", "name": "Pizza", "station": {"id": OVEN, "name": "Oven"},
            },
        },
    }  # fmt: skip
    assert cake["food"]["category"]["station"] is None
    assert cake["food"]["printerId"] is None


async def test_the_first_register_counts_where_none_is_said(stall: Stall) -> None:
    done = await stall.till.post(path(await stall.order()), json=CASH)
    assert done.json()["cashRegisterId"] == REGISTER


async def test_confirmed_without_lines_prices_are_todays(stall: Stall) -> None:
    made = await stall.order(PIZZA)
    await raise_price(stall, PIZZA, "9")
    done = (await stall.till.post(path(made), json=CASH)).json()
    assert (done["total"], done["orderItems"][0]["unitPrice"]) == ("9", "9")
    assert done["orderItems"][0]["id"] == made["orderItems"][0]["id"]
    await raise_price(stall, PIZZA, "10")
    assert (await stall.read(made))["total"] == "9"


async def test_replaced_lines_bring_their_own_stations(stall: Stall) -> None:
    made = await stall.order(PIZZA)
    body = CASH | {"orderItems": [{"foodId": WINE, "quantity": 2, "surcharge": 1}]}
    done = (await stall.till.post(path(made), json=body)).json()
    assert [line["food"]["id"] for line in done["orderItems"]] == [WINE]
    assert (done["subTotal"], done["surcharge"], done["total"]) == ("6", "1", "7")
    states = (await stall.read(made))["orderStationStates"]
    assert [(state["stationId"], state["status"]) for state in states] == [(BAR, "CONFIRMED")]


async def test_an_order_put_back_to_pending_is_confirmed_anew(stall: Stall) -> None:
    made = await stall.confirmed()
    await stall.patch(made, "PENDING")
    done = (await stall.till.post(path(made), json=CASH)).json()
    assert (done["status"], done["ticketNumber"]) == ("CONFIRMED", made["ticketNumber"])
    assert done["confirmedAt"] >= made["confirmedAt"]


async def test_an_order_of_another_door_may_be_confirmed(stall: Stall) -> None:
    placed = await stall.server.place(status="placed", total=Decimal("12.5"), first_name="Ada")
    shown = {"id": f"c{placed.id}"}
    done = await stall.till.post(path(shown), json=CASH | {"customer": "Ada Byron"})
    assert (done.status_code, done.json()["status"]) == (200, "CONFIRMED")
    assert (done.json()["customer"], done.json()["ticketNumber"]) == ("Ada Byron", 1)
    assert done.json()["total"] == "12.5"
    placed = await stall.server.place(status="placed", total=Decimal("12.5"), first_name="Ada")
    shown = {"id": f"c{placed.id}"}
    cheaper = (await stall.till.post(path(shown), json=CASH | {"discount": 2})).json()
    assert (cheaper["discount"], cheaper["total"], cheaper["customer"]) == ("2", "10.5", "Ada")


REFUSED: list[tuple[Any, int, str]] = [
    ({}, 400, "errors"),
    ({"paymentMethod": "cash"}, 400, "errors"),
    (CASH | {"discount": -1}, 400, "errors"),
    (CASH | {"orderItems": []}, 400, "errors"),
    (CASH | {"userId": "5"}, 400, "errors"),
    (CASH | {"cashRegisterId": "cunknown0001"}, 400, "ForeignKeyConstraintViolation"),
    (CASH | {"orderItems": [{"foodId": "cunknown0001", "quantity": 1}]}, 400, "BadRequestError"),
    (CASH | {"customer": "x" * 192}, 400, "InputTooLong"),
]


async def test_a_refused_confirm_changes_nothing(stall: Stall) -> None:
    made = await stall.order()
    before = await stall.read(made)
    for body, status, error in REFUSED:
        answer = await stall.till.post(path(made), json=body)
        assert answer.status_code == status, body
        assert error in (answer.json().get("error"), *answer.json())
    assert await stall.read(made) == before
    unknown = await stall.till.post(path({"id": "c" + "0" * 24}), json=CASH)
    assert unknown.status_code == 404
    assert unknown.json() == {"message": "Order not found", "error": "NotFoundError"}
    assert (await stall.till.post("/v1/orders/1/confirm", json=CASH)).status_code == 200
    assert (await stall.till.post("/v1/orders/1/confirm", json=CASH)).json() == CONFIRMED


async def test_tickets_restart_at_six_local_time_without_a_gap(tmp_path: Path) -> None:
    clock = Clock()
    clock.now = datetime(2026, 7, 4, 3, 58, tzinfo=UTC)  # 05:58 in Rome
    async with serving(tmp_path, clock=clock) as server:
        await server.http.patch("/api/v1/venues/main", json={"time_zone": "Europe/Rome"})
        async with stall_at(server) as stall:
            assert [(await stall.confirmed())["ticketNumber"] for _ in range(2)] == [1, 2]
            refused = {"paymentMethod": "CASH", "cashRegisterId": "cunknown0001"}
            await stall.till.post(path(await stall.order()), json=refused)
            assert (await stall.confirmed())["ticketNumber"] == 3
            clock.forward(minutes=2)
            assert (await stall.confirmed())["ticketNumber"] == 1


async def test_a_confirm_repeated_under_one_idempotency_key_answers_the_same(
    stall: Stall,
) -> None:
    made = await stall.order()
    headers = {"Idempotency-Key": "once"}
    answers = [await stall.till.post(path(made), json=CASH, headers=headers) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].text == answers[1].text
