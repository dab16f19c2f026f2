"""The payloads as pure functions of an order: money, times, faces of other doors' orders."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from app.dialects.mysagra import payloads
from app.domain.orders import (
    LineItem,
    Modifier,
    Native,
    Order,
    Part,
    Status,
    new_id,
    order_body,
    order_from,
)
from tests.dialects.mysagra.listening import FULL, ITEM, LIST

AT = datetime(2026, 11, 21, 19, 30, 0, 250_000, tzinfo=UTC)
LINE = "0" * 23 + "1"
ORDER = Order(
    id="a" * 24, venue="v" * 24, serial=1225, key="k", status=Status.READY, placed_at=AT,
    moved_at=AT, updated_at=AT, parts=(Part(station="Kitchen", status=Status.READY),),
    source="native",
)  # fmt: skip


def line(price: str = "0", quantity: int = 1, surcharge: str = "0", **more: Any) -> LineItem:
    return LineItem(
        id=LINE, name="Soup", quantity=quantity, unit_price=Decimal(price),
        surcharge=Decimal(surcharge), **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("44.50", "44.5"), ("0", "0"), ("31.00", "31"), ("100", "100"), ("0.3333", "0.3333"),
        ("-2.50", "-2.5"), ("-0.00", "0"), ("1E+3", "1000"), ("0.00001", "0"),
    ],
)  # fmt: skip
def test_money_is_text_without_trailing_zeros(amount: str, text: str) -> None:
    assert payloads.money(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("items", "discount", "expected"),
    [
        ((), "0", ("0", "0", "0", "0")),
        ((line("8.50", 2, "1.50"),), "2.5", ("17", "1.5", "2.5", "16")),
        ((line("3"), line("3")), "0", ("6", "0", "0", "6")),
        ((line("5", 1, "-7"),), "0", ("5", "-7", "0", "0")),
        ((line("5"),), "50", ("5", "0", "50", "0")),
    ],
)
def test_totals_add_up(
    items: tuple[LineItem, ...], discount: str, expected: tuple[str, ...]
) -> None:
    order = replace(
        ORDER, items=items, source="mysagra", extras={"mysagra": {"discount": discount}}
    )
    told = payloads.list_fields(order)
    assert tuple(told[n] for n in ("subTotal", "surcharge", "discount", "total")) == expected


@pytest.mark.parametrize(
    ("item", "unit", "extra", "total"),
    [
        (line("8.50", 3, "1"), "8.5", "0.33", "26.5"),
        (line("8.50", 3, "2"), "8.5", "0.67", "27.5"),
        (line("8.50", 8, "0.10"), "8.5", "0.01", "68.1"),
        (line("4", 2, modifiers=(Modifier(name="Cheese", quantity=2, price=Decimal(1)),)),
         "6", "0", "12"),
    ],
)  # fmt: skip
def test_a_line_is_unit_price_times_quantity_and_its_surcharge(
    item: LineItem, unit: str, extra: str, total: str
) -> None:
    told = payloads.item_fields(item)
    assert (told["unitPrice"], told["unitSurcharge"], told["total"]) == (unit, extra, total)


def test_an_order_of_another_door_has_every_member() -> None:
    order = replace(
        ORDER, first_name="Mario", last_name="Rossi", table="7", total=Decimal("12.50"),
        items=(line("3", station="Bar"),), number="12", confirmed_at=AT, ready_at=AT,
    )  # fmt: skip
    told = payloads.full_order(order)
    assert set(told) == FULL
    assert set(told["orderItems"][0]) == ITEM
    assert told | {"orderItems": []} == {
        "id": "c" + "a" * 24, "displayCode": "9488", "table": "7", "customer": "Mario Rossi",
        "createdAt": "2026-11-21T19:30:00.250Z", "updatedAt": "2026-11-21T19:30:00.250Z",
        "confirmedAt": "2026-11-21T19:30:00.250Z", "completedAt": "2026-11-21T19:30:00.250Z",
        "ticketNumber": 12, "status": "COMPLETED", "paymentMethod": None, "subTotal": "3",
        "discount": "0", "surcharge": "0", "total": "12.5", "userId": None,
        "cashRegisterId": None, "orderItems": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ({}, "customer", ""),
        ({"name": "Team 4"}, "customer", "Team 4"),
        ({}, "table", ""),
        ({}, "ticketNumber", None),
        ({"number": "12"}, "ticketNumber", None),  # not confirmed yet
        ({"number": "A12", "confirmed_at": AT}, "ticketNumber", None),
        ({"number": "007", "confirmed_at": AT}, "ticketNumber", 7),
        ({"status": Status.COLLECTED, "ready_at": AT}, "completedAt", None),
        ({"native": Native(dialect="mysagra", value="PARTIAL")}, "status", "PARTIAL"),
        ({"native": Native(dialect="hyra", value="completed")}, "status", "COMPLETED"),
    ],
)
def test_what_a_door_did_not_say_is_empty_and_never_left_out(
    fields: dict[str, Any], name: str, value: Any
) -> None:
    told = payloads.list_fields(replace(ORDER, **fields))
    assert set(told) == LIST
    assert told[name] == value


def test_printers_are_the_orders_own_and_each_named_once() -> None:
    printers = ("c-oven-printer", "", "b" * 24, "c-oven-printer")
    items = tuple(replace(line(), id=str(i), printer=p) for i, p in enumerate(printers))
    told = payloads.printers(replace(ORDER, items=items))
    assert told == ["c-oven-printer", "c" + "b" * 24]


def test_a_line_on_no_menu_has_a_food_of_its_own() -> None:
    (told,) = payloads.confirm_items(replace(ORDER, items=(line(station="Bar"),)))
    assert told["food"]["id"] == "c" + LINE
    assert told["food"]["printerId"] is None
    assert told["food"]["category"]["station"]["name"] == "Bar"


def test_a_menu_line_carries_the_menus_ids() -> None:
    item = line(
        menu_item="cfood0001", category="ccat00001", category_name="Pizza", station="Oven",
        station_id="cstation1", printer="cprinter1",
    )  # fmt: skip
    order = replace(ORDER, items=(item,), parts=(Part(station="Oven", status=Status.QUEUED),))
    assert payloads.confirm_items(order)[0]["food"] == {
        "id": "cfood0001", "name": "Soup", "printerId": "cprinter1",
        "category": {
            "id": "ccat00001", "name": "Pizza", "station": {"id": "cstation1", "name": "Oven"}
        },
    }  # fmt: skip
    assert payloads.station_ids(order) == ["cstation1"]
    assert payloads.station_states(order, whole=False) == [
        {"stationId": "cstation1", "status": "CONFIRMED"}
    ]


def test_a_station_that_is_only_a_name_has_always_the_same_id() -> None:
    first = payloads.station_ids(ORDER)
    assert first == payloads.station_ids(replace(ORDER, id="b" * 24, serial=2))
    assert first != payloads.station_ids(replace(ORDER, venue="w" * 24))
    assert first[0].startswith("c")
    assert len(first[0]) == 25


AMOUNTS = st.integers(-10_000, 1_000_000).map(lambda units: Decimal(units) / 100)


@given(
    prices=st.lists(st.tuples(AMOUNTS.filter(lambda a: a >= 0), st.integers(1, 99), AMOUNTS)),
    discount=AMOUNTS.filter(lambda amount: amount >= 0),
)
def test_a_stored_order_says_the_same_as_the_one_it_was(
    prices: list[tuple[Decimal, int, Decimal]], discount: Decimal
) -> None:
    items = tuple(
        LineItem(id=new_id(AT), name="x", unit_price=price, quantity=count, surcharge=extra)
        for price, count, extra in prices
    )
    order = replace(
        ORDER, items=items, source="mysagra", extras={"mysagra": {"discount": str(discount)}}
    )
    told = payloads.full_order(order)
    assert told == payloads.full_order(order_from(order_body(order)))
    lines = sum((Decimal(item["total"]) for item in told["orderItems"]), Decimal(0))
    assert Decimal(told["subTotal"]) + Decimal(told["surcharge"]) == lines
    assert Decimal(told["total"]) == max(Decimal(0), lines - discount)
