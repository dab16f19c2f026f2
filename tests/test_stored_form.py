"""The stored form of an order: what is written is what is read, field by field."""

from dataclasses import MISSING, fields
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.faces import face_word
from app.domain.orders import (
    CancelledBy,
    Fulfilment,
    LineItem,
    Modifier,
    Native,
    Order,
    Part,
    Status,
    Tax,
    order_body,
    order_from,
)
from app.domain.times import EPOCH
from app.store.rows import dump, load

AT = EPOCH + timedelta(days=20_000, milliseconds=123)
FULL = Order(
    id="a" * 24,
    venue="b" * 24,
    serial=7,
    key="0123abcd",
    status=Status.CANCELLED,
    placed_at=AT,
    moved_at=AT + timedelta(seconds=1),
    updated_at=AT + timedelta(seconds=2),
    parts=(
        Part(station="Grill", status=Status.CANCELLED, native=Native(dialect="hyra", value="9")),
        Part(station="Bar", status=Status.COLLECTED),
    ),
    seq=12,
    source="eatsa",
    ref="r-1",
    number="17",
    day="2026-11-21",
    name="Ada",
    first_name="Ada",
    last_name="Byron",
    name_letters=2,
    cancelled_by=CancelledBy.ATTENDANT,
    fulfilment=Fulfilment.DINE_IN,
    native=Native(dialect="eatsa", value="CANCELED"),
    table="4",
    channel="kiosk",
    note="no onions",
    phone="555",
    email="ada@example.org",
    total=Decimal("8.5"),
    items=(
        LineItem(
            id="i",
            name="Soup",
            quantity=2,
            unit_price=Decimal("4.25"),
            modifiers=(Modifier(name="Bread", price=Decimal("0.5")),),
            taxes=(Tax(name="VAT", amount=Decimal("0.3333")),),
        ),
    ),
    point="p",
    place="A",
    wants_point=True,
    pickup_confirmed=True,
    customer_here=True,
    scheduled_at=EPOCH,
    confirmed_at=AT,
    preparing_at=AT,
    ready_at=AT,
    collected_at=AT,
    cancelled_at=AT,
    off_board_at=AT,
    tags=("hyra.actor:4",),
    extras={"eatsa": {"a": [1]}},
)

DEFAULTS: dict[str, Any] = {f.name: f.default for f in fields(Order) if f.default is not MISSING}
DEFAULTS |= {f.name: f.default_factory() for f in fields(Order) if callable(f.default_factory)}


def test_every_field_comes_back_as_it_was() -> None:
    blank = [f.name for f in fields(Order) if getattr(FULL, f.name) == f.default]
    assert blank == []
    back = order_from(load(dump(order_body(FULL))))
    assert back == FULL
    assert back.__dict__.keys() == {field.name for field in fields(Order)}


@pytest.mark.parametrize("name", DEFAULTS)
def test_an_order_stored_before_there_was_a_field_has_its_default(name: str) -> None:
    body = load(dump(order_body(FULL)))
    del body[name]
    back = order_from(body)
    assert back == FULL.but(**{name: DEFAULTS[name]})
    assert order_body(back).keys() == order_body(FULL).keys()


def test_a_stored_order_without_what_every_order_has_is_damaged() -> None:
    body = load(dump(order_body(FULL)))
    del body["key"]
    with pytest.raises(AssertionError):
        order_from(body)


def test_the_word_of_an_orders_face_is_what_was_always_stored() -> None:
    assert face_word(FULL) == "cancelled.0.attendant.dine_in"
    cooking = FULL.but(status=Status.PREPARING, cancelled_by=None, fulfilment=Fulfilment.PICKUP)
    assert face_word(cooking) == "preparing.1..pickup"
