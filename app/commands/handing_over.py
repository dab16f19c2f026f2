"""Hand an order over at the counter: one with an unlock code only to who knows it."""

from dataclasses import replace

from app.commands.ledger import Ledger
from app.commands.status import Move, change_status, check_seq
from app.domain.events import Actor, Kind
from app.domain.orders import Order, Status
from app.domain.problems import OrderNotFound, UnlockCodeNeeded, WrongUnlockCode
from app.domain.unlocking import code_fits, unlock_code_of
from app.store import events, orders, venues
from app.store.database import Outcome, Reading, Refused, Transaction

WITH_CODE = "with_code"
WITHOUT_CODE = "without_code"


def hand_over(
    tx: Transaction,
    *,
    venue: str,
    order: str,
    move: Move,
    actor: Actor,
    code: str = "",
    anyway: bool = False,
) -> Outcome[Order]:
    """`change_status` for hands at a counter. The right code confirms the pick-up; `anyway` does
    without it, which the history tells; a wrong code is counted there.

    Raises UnlockCodeNeeded, WrongUnlockCode, and what change_status raises.
    """
    found = _order(tx, venue, order)
    wanted = unlock_code_of(found)
    if wanted is None or move.status != Status.COLLECTED or not found.live:
        return change_status(tx, venue=venue, order=order, move=move, actor=actor)
    check_seq(found, move.if_seq)
    if anyway:
        move = replace(move, handed_over=WITHOUT_CODE)
    elif not code:
        raise UnlockCodeNeeded("This order is handed over with the guest's code.")
    elif not code_fits(wanted, code):
        return _count_wrong(tx, venue, found, actor)
    else:
        move = replace(move, handed_over=WITH_CODE, pickup_confirmed=True)
    return change_status(tx, venue=venue, order=order, move=move, actor=actor)


def wrong_codes(db: Reading, order: Order) -> int:
    """How many wrong codes were tried for an order."""
    history = events.history(db, order.venue, order.id)
    return sum("wrong_code" in event.detail for event in history)


def _count_wrong(tx: Transaction, venue: str, order: Order, actor: Actor) -> Refused:
    Ledger(tx, venue, actor).save(Kind.EDITED, order, {"wrong_code": True})
    return Refused(WrongUnlockCode("That is not this order's code."))


def _order(tx: Reading, slug: str, order_id: str) -> Order:
    venue = venues.by_slug(tx, slug)
    found = venue and orders.find(tx, venue.id, order_id)
    if not found:
        raise OrderNotFound(f"There is no order '{order_id}' at this venue.")
    return found
