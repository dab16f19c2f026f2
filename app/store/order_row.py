"""What an order's row holds beside its body: the columns it is looked up by."""

from datetime import timedelta
from typing import Any

from app.codes import display_code
from app.domain import lifecycle
from app.domain.day import wanted_at
from app.domain.faces import face_word
from app.domain.names import shown_name
from app.domain.orders import Order, money_body
from app.domain.times import to_ms
from app.domain.venues import Venue

NUMBER_RESTS = timedelta(hours=2)  # after its order ended
NEVER = 2**53 - 1  # number_free_at of a live order
Body = dict[str, Any]  # an order in its stored form, whose times are milliseconds already


def seldom(order: Order) -> tuple[object, ...]:
    """What those columns of a live order depend on that only change once or twice."""
    return order.live, order.number, order.day, order.confirmed_at


def told(order: Order) -> tuple[object, ...]:
    """What its other columns depend on, moves aside. Some hold the number, too: with another
    number all columns are saved."""
    return (
        order.name, order.first_name, order.last_name, order.name_letters,
        order.fulfilment, order.table, order.channel, order.note, order.phone, order.email,
        order.total, order.items, order.tags, order.scheduled_at,
    )  # fmt: skip


def moved_columns(order: Order, body: Body, venue: Venue) -> dict[str, Any]:
    return {
        "id": order.id,
        "seq": order.seq,
        "status": order.status,
        "moved_at": body["moved_at"],
        "updated_at": body["updated_at"],
        "due_at": None if (due := lifecycle.due(order, venue)) is None else to_ms(due[1]),
        "wants_point": int(order.wants_point),
        "face": face_word(order),
        "native_dialect": order.native.dialect if order.native else "",
        "native_value": order.native.value if order.native else "",
        "ready_at": body["ready_at"],
    }


def columns(order: Order, body: Body, venue: Venue) -> dict[str, Any]:
    return told_columns(order, body, venue) | {
        "live": int(order.live),
        "number": order.number,
        "number_free_at": _number_free_at(order),
        "day": order.day,
        "confirmed_at": body["confirmed_at"],
    }


def told_columns(order: Order, body: Body, venue: Venue) -> dict[str, Any]:
    code, guest = display_code(order.serial), _guest(order)
    return moved_columns(order, body, venue) | {
        "shown": (shown_name(order) or "").casefold(),
        "search": _search_text(order, code, guest),
        "code": code,
        "fulfilment": order.fulfilment,
        "amount": money_body(order.amount),
        "wanted_at": to_ms(wanted_at(order)),
        "guest": "\n".join(guest).casefold(),
        "contact": f"{order.email}\n{order.phone}".strip().casefold(),
        "seat": order.table.casefold(),
        "channel": order.channel,
        "dishes": "\n".join([item.name for item in order.items]).casefold(),
        "tags": "".join([f"\n{tag}\n" for tag in order.tags]),
    }


def _number_free_at(order: Order) -> int:
    if order.number is None:
        return 0
    return NEVER if order.live else to_ms(order.moved_at + NUMBER_RESTS)


def _guest(order: Order) -> list[str]:
    words = (order.name, f"{order.first_name} {order.last_name}".strip())
    return [word for word in words if word]


def _search_text(order: Order, code: str, guest: list[str]) -> str:
    words = [order.number, code, order.ref, *guest]
    words += [order.table, order.phone, order.email, order.note, order.channel]
    words += [item.name for item in order.items]
    return "\n".join([word for word in words if word]).casefold()
