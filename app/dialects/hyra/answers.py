"""What a game and its orders page are told of orders."""

from collections.abc import Iterable
from typing import Any

from pydantic import Field

from app.dialects.hyra.people import actor_answer, customer_answer, involved_in, staff_answer
from app.dialects.hyra.searching import FIRST_NUMBER
from app.dialects.hyra.words import LABELS
from app.dialects.words import Words
from app.domain.events import Event, Kind
from app.domain.orders import LineItem, Order
from app.domain.times import iso
from app.web.model import WireModel


class HyraUserAnswer(WireModel):
    """`exists`: it is a user of the game. Others have no id, stand-ins for a cashier 1 to 4."""

    exists: bool
    id: int | None
    username: str
    display_name: str


class HyraLoggedAnswer(WireModel):
    error: bool
    id: str
    order_number: str


class HyraMovedAnswer(HyraLoggedAnswer):
    status: str


class HyraRowAnswer(WireModel):
    """`actor` is the cashier, `preparer` whoever prepares it now or did last."""

    mongo_id: str = Field(alias="_id")
    id: str
    order_number: str
    status: str
    status_label: str
    items: list[str]
    customer: HyraUserAnswer
    actor: HyraUserAnswer
    preparer: HyraUserAnswer | None
    createdAt: str
    updatedAt: str


class HyraStepAnswer(WireModel):
    status: str
    status_label: str
    actor: HyraUserAnswer
    preparer: HyraUserAnswer | None
    createdAt: str


class HyraOrderAnswer(HyraRowAnswer):
    history: list[HyraStepAnswer]


class HyraPageAnswer(WireModel):
    orders: list[HyraRowAnswer]
    page: int
    page_size: int
    pages: int
    total: int


class HyraCountAnswer(WireModel):
    """`orders` that this actor logged, `changes` of a status they made."""

    actor: HyraUserAnswer
    orders: int
    changes: int
    first: str
    last: str


class HyraCountsAnswer(WireModel):
    date_from: str
    date_to: str
    actors: list[HyraCountAnswer]


def order_number(order: Order) -> str:
    return str(FIRST_NUMBER + order.serial)


def logged(order: Order) -> dict[str, Any]:
    return {"error": False, "id": order.id, "order_number": order_number(order)}


def row(order: Order, words: Words) -> dict[str, Any]:
    word = words.word_of(order)
    involved = involved_in(order)
    return {
        "_id": order.id,
        "id": order.id,
        "order_number": order_number(order),
        "status": word,
        "status_label": LABELS[word],
        "items": [_item(item) for item in order.items],
        "customer": customer_answer(order),
        "actor": staff_answer(involved.actor),
        "preparer": staff_answer(involved.preparer) if involved.preparer else None,
        "createdAt": iso(order.placed_at),
        "updatedAt": iso(order.updated_at),
    }


def history(events: Iterable[Event], words: Words) -> list[dict[str, Any]]:
    """Every status change, of whatever door; also a new preparer and a station's share where
    they show here."""
    steps = []
    last: dict[str, Any] = {}
    for event in events:
        order = event.order()
        word, preparer = words.word_of(order), involved_in(order).preparer
        shown = {
            "status": word,
            "status_label": LABELS[word],
            "preparer": staff_answer(preparer) if preparer else None,
        }
        if event.kind in (Kind.PLACED, Kind.STATUS) or shown != last:
            actor = actor_answer(event.actor, event.dialect)
            steps.append(shown | {"actor": actor, "createdAt": iso(event.at)})
        last = shown
    return steps


def _item(item: LineItem) -> str:
    return item.name if item.quantity == 1 else f"{item.quantity} × {item.name}"
