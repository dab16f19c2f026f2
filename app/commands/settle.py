"""What every change of an order brings with it, whoever made it: number, pickup point, event."""

from typing import Any

from app.commands import numbers, points
from app.commands.ledger import Ledger
from app.domain.events import Kind
from app.domain.faces import face_word
from app.domain.orders import Order
from app.store import orders


def settle(
    ledger: Ledger,
    kind: Kind,
    before: Order,
    after: Order,
    wanted_point: str | None,
    detail: dict[str, Any],
    recalled_point: str | None = None,
) -> Order:
    """Store the order with its number and pickup point and record the event; `detail` adds to it.

    `wanted_point`: a point that was asked for. `recalled_point`: the one it had before, if free.
    """
    after = numbers.with_number(ledger, after, before)
    if recalled_point:
        after, freed = points.retake(ledger, after, recalled_point)
    else:
        after, freed = points.settle(ledger, after, wanted_point)
    if after.number != before.number and before.number is not None:
        detail = detail | {"number_was": before.number}
        orders.let_rest(ledger.tx, before.venue, before.number)
    after = ledger.save(kind, after, _from_to(before, after) | detail)
    if freed:
        points.hand_on(ledger)
    return after


def _from_to(before: Order, after: Order) -> dict[str, Any]:
    confirmed = after.confirmed_at not in (None, before.confirmed_at)
    return {
        "from": before.status,
        "to": after.status,
        "native_from": before.native and before.native.value,
        "native_to": after.native and after.native.value,
        # With these two a foreign system's word from before can be told from the event alone.
        "dialect_from": before.native and before.native.dialect,
        "face_from": face_word(before),
    } | ({"confirmed": True} if confirmed else {})
