"""A guest's own view of one order, the link that opens it, and how long it does.

Whatever a guest's page, its streams or a message to a phone say is made from a Ticket alone.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.domain.board import Board, called
from app.domain.orders import ENDED, CancelledBy, Fulfilment, Order, Status
from app.domain.times import to_ms

LINK_LASTS = timedelta(hours=1)  # after the order was collected or cancelled
KEY_BYTES = 32
ID_BYTES = 12  # an order's id is 24 hex characters
MARK_BYTES = 16
TOKEN = re.compile(r"[A-Za-z0-9_-]{38}")


class State(StrEnum):
    """HOST: the guest is asked to the counter. AWAY: on its way to the guest."""

    RECEIVED = "received"
    PREPARING = "preparing"
    READY = "ready"
    HOST = "host"
    AWAY = "away"
    COLLECTED = "collected"
    CANCELLED = "cancelled"


STATES = {
    Status.SCHEDULED: State.RECEIVED,
    Status.PLACED: State.RECEIVED,
    Status.QUEUED: State.PREPARING,
    Status.PREPARING: State.PREPARING,
    Status.REASSIGNING: State.PREPARING,
    Status.READY: State.READY,
    Status.HELD: State.HOST,
    Status.RESERVING: State.PREPARING,
    Status.OUT_FOR_DELIVERY: State.AWAY,
    Status.COLLECTED: State.COLLECTED,
    Status.CANCELLED: State.CANCELLED,
}
WAITING = frozenset({State.RECEIVED, State.PREPARING})
CALLING = frozenset({State.READY, State.HOST})  # what a guest is called for


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Everything a guest's page may say. `number` and `name` are as on the venue's board.

    `here`: the guest said so; `may_arrive`: it would be news. `until`: the server millisecond the
    link ends at, None while the order lives. `wait`: minutes [from, to] still to go, or None.
    """

    number: str | None
    name: str | None
    state: State
    place: str
    here: bool
    may_arrive: bool
    until: int | None
    wait: tuple[int, int] | None


def ticket(order: Order, board: Board, wait: tuple[int, int] | None = None) -> Ticket:
    """`board` is the venue's default one, which says what guests are called."""
    number, name = called(order, board)
    state, end = state_of(order), ends_at(order)
    return Ticket(
        number=number,
        name=name,
        state=state,
        place=order.place if state == State.READY else "",
        here=order.customer_here,
        may_arrive=may_arrive(order),
        until=None if end is None else to_ms(end),
        wait=wait if state in WAITING else None,
    )


def ticket_body(ticket: Ticket) -> dict[str, Any]:
    """The ticket as JSON carries it."""
    return asdict(ticket)


def state_of(order: Order) -> State:
    """As on the board, one whom the staff cancelled is asked to the counter."""
    if order.status == Status.CANCELLED and order.cancelled_by == CancelledBy.ATTENDANT:
        return State.HOST
    return STATES[order.status]


def may_arrive(order: Order) -> bool:
    """Whether "I'm here" tells the staff anything. One who is held is asked for again."""
    if order.status == Status.HELD:
        return True
    to_come = order.live and order.fulfilment != Fulfilment.DELIVERY
    return to_come and order.status != Status.OUT_FOR_DELIVERY and not order.customer_here


def ends_at(order: Order) -> datetime | None:
    """When the order's link stops working; None while the order lives."""
    if order.status not in ENDED:
        return None
    return (order.collected_at or order.cancelled_at or order.moved_at) + LINK_LASTS


def is_open(order: Order, at: datetime) -> bool:
    end = ends_at(order)
    return end is None or at < end


def token_of(key: bytes, venue: str, order: str) -> str:
    """The unguessable part of an order's link: 38 URL-safe characters, made of the ids alone."""
    mark = _mark(key, "ticket", venue, order)[:MARK_BYTES]
    return urlsafe_b64encode(bytes.fromhex(order) + mark).decode().rstrip("=")


def order_in(token: str) -> str | None:
    """The order a token claims to be of, still to be held against `fits`; None for garbage."""
    if not TOKEN.fullmatch(token):
        return None
    return urlsafe_b64decode(token + "==")[:ID_BYTES].hex()


def fits(token: str, key: bytes, venue: str, order: str) -> bool:
    """Whether the token is the order's. Takes as long for a wrong one as for a right one."""
    return hmac.compare_digest(token.encode(), token_of(key, venue, order).encode())


def topic_of(key: bytes, venue: str, order: str) -> str:
    """The order's topic on an ntfy server: known to nobody who was not told it."""
    return urlsafe_b64encode(_mark(key, "topic", venue, order)[:18]).decode()


def _mark(key: bytes, use: str, venue: str, order: str) -> bytes:
    return hmac.digest(key, f"{use}:{venue}:{order}".encode(), hashlib.sha256)
