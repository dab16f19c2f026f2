"""One accepted change, as kept in the event log and sent to every stream."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.domain.orders import Order, order_from


class Kind(StrEnum):
    PLACED = "placed"
    STATUS = "status"
    PART = "part"
    EDITED = "edited"
    DELETED = "deleted"
    PRINT = "print"
    DRAWER = "drawer"
    CLOSURE = "closure"
    MENU = "menu"
    PRINTER = "printer"
    BOARD = "board"
    NOTICE = "notice"
    DAY = "day"


ORDER_KINDS = frozenset({Kind.PLACED, Kind.STATUS, Kind.PART, Kind.EDITED, Kind.DELETED})
ANONYMISED = "anonymised"  # subject of DAY events that took the guests' names out of the log
ABOUT_AN_ORDER = ORDER_KINDS | {Kind.PRINT}  # those that carry one, changed or not


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who did it. `kind` is person, key, kiosk, guest or system; `id` is theirs, or None for the
    last two."""

    kind: str
    id: str | None = None
    name: str = ""


SYSTEM = Actor(kind="system", name="Readyboard")


@dataclass(slots=True, kw_only=True)  # a frozen one takes several times as long to make
class Event:
    """`body` is the whole subject after the change, as stored (an order's body for ABOUT_AN_ORDER).

    `detail` says what changed: for moves `from`, `to`, `native_from`, `native_to`, and where they
    apply `note`, `station`, `cancelled_by`, `recall`. Any frame of any stream is made from these
    fields alone, so what a screen missed cannot differ from what it would have seen live.
    """

    venue: str
    seq: int
    kind: Kind
    at: datetime
    actor: Actor
    dialect: str
    subject: str
    body: dict[str, Any]
    detail: dict[str, Any]
    known: Order | None = field(default=None, compare=False, repr=False)

    def order(self) -> Order:
        """The order after the change, for ABOUT_AN_ORDER; decoded unless it was at hand."""
        return self.known or order_from(self.body)
