"""Move an order, a part of it, or undo the last move."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.commands import points
from app.commands.ledger import Ledger
from app.commands.orders import changed_fields, with_changes
from app.commands.settle import settle
from app.domain import lifecycle
from app.domain.events import SYSTEM, Actor, Kind
from app.domain.orders import NATIVE, CancelledBy, Native, Order, Part, Status, order_from
from app.domain.problems import NothingToRecall, SeqMismatch
from app.store import events, venues
from app.store.database import Done, Outcome, Transaction, Unchanged


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """`part`: a station's name, to move only its share. `if_seq`: refuse unless this is still the
    order's last event. `pickup_point`: a point's id or name. `pickup_confirmed`: the guest proved
    who they are, so a collected order may leave the wall at once. `handed_over`: for the history,
    whether with the guest's code (see handing_over). `changes`: fields to edit in the same event,
    as in `orders.edit`.

    For the doors of other systems: `native` is the word that was written and `seen` the word a
    reader of that system sees now; where they are equal the status stays as it is. `sent`: the
    spelling that came in, where it was an older alias. `check` may refuse the order as it is, in
    the same transaction. `confirms=False`: the move draws no counted number and does not count as
    the order's confirmation. `native_of`: see lifecycle.move_part."""

    status: Status
    note: str = ""
    cancelled_by: CancelledBy | None = None
    pickup_point: str | None = None
    part: str | None = None
    if_seq: int | None = None
    pickup_confirmed: bool = False
    handed_over: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    native: Native | None = None
    seen: Callable[[Order], str] | None = None
    sent: str = ""
    check: Callable[[Order], None] | None = None
    confirms: bool = True
    native_of: Callable[[Sequence[Part]], Native] | None = None


def change_status(
    tx: Transaction, *, venue: str, order: str, move: Move, actor: Actor, dialect: str = NATIVE
) -> Outcome[Order]:
    """The same status again is no move and makes no event; side data that came with it (a pickup
    point, who cancelled) makes an `edited` one.

    Raises OrderNotFound, SeqMismatch, StationNotFound, PointNotFound, PointInUse.
    """
    ledger = Ledger(tx, venue, actor, dialect)
    before = ledger.order(order)
    check_seq(before, move.if_seq)
    if move.check is not None:
        move.check(before)
    edited = with_changes(ledger, before, move.changes)
    after = _moved(edited, move, ledger)
    if after is edited:
        return _add_side_data(ledger, before, edited, move)
    kind = Kind.STATUS if move.part is None else Kind.PART
    return Done(settle(ledger, kind, before, after, move.pickup_point, _detail(move)))


def recall(
    tx: Transaction, *, venue: str, order: str, actor: Actor, if_seq: int | None = None
) -> Outcome[Order]:
    """Undo the order's last move, with its parts and, if still free, its pickup point.

    Raises OrderNotFound, SeqMismatch, NothingToRecall (also when the last move was a recall).
    """
    ledger = Ledger(tx, venue, actor)
    before = ledger.order(order)
    check_seq(before, if_seq)
    last = events.last_move(tx, ledger.venue.id, order)
    if last is None or last.detail.get("recall"):
        raise NothingToRecall("The order has no move that could be undone.")
    earlier = events.event_before(tx, ledger.venue.id, order, last.seq)
    if earlier is None:
        raise NothingToRecall("The order's history no longer holds what was before its last move.")
    prior = order_from(earlier.body)
    after = lifecycle.recalled(before, prior, ledger.now)
    if "number_was" in last.detail and before.number == last.body["number"]:
        # The move brought it back to life under a new number; the guest's slip has the old one.
        after = after.but(number=prior.number, day=prior.day)
    detail = {"recall": True, "undone": last.seq}
    return Done(settle(ledger, Kind.STATUS, before, after, None, detail, prior.point))


def let_time_pass(tx: Transaction, *, venue: str, order: str) -> Outcome[Order]:
    """Release a scheduled order, or collect one that has been ready long enough, if it is time."""
    found = venues.by_id(tx, venue)
    assert found is not None
    ledger = Ledger(tx, found.slug, SYSTEM)
    before = ledger.order(order)
    due = lifecycle.due(before, ledger.venue)
    if due is None or due[1] > ledger.now:
        return Unchanged(before)
    after = lifecycle.move_whole(before, due[0], ledger.now)
    return Done(settle(ledger, Kind.STATUS, before, after, None, {}))


def check_seq(order: Order, if_seq: int | None) -> None:
    """Raises SeqMismatch."""
    if if_seq is not None and if_seq != order.seq:
        raise SeqMismatch(f"The order is at seq {order.seq}, not {if_seq}.", seq=order.seq)


def _moved(order: Order, move: Move, ledger: Ledger) -> Order:
    by, native = move.cancelled_by, move.native
    if move.part is not None:
        after = lifecycle.move_part(
            order,
            move.part,
            move.status,
            ledger.now,
            cancelled_by=by,
            native=native,
            native_of=move.native_of,
        )
        if after.parts == order.parts:
            return order
    elif _says_nothing_new(order, move):
        return order
    else:
        after = lifecycle.move_whole(order, move.status, ledger.now, cancelled_by=by, native=native)
    if not move.confirms:
        after = after.but(confirmed_at=order.confirmed_at)
    confirmed = move.pickup_confirmed and after.status == Status.COLLECTED
    return after.but(pickup_confirmed=confirmed or after.pickup_confirmed)


def _says_nothing_new(order: Order, move: Move) -> bool:
    """A client that repeats the word it reads must not knock an order back: to a till that knows
    no "preparing", such an order still reads as confirmed."""
    if move.seen is not None and move.native is not None:
        return move.seen(order) == move.native.value
    return move.status == order.status


def _add_side_data(ledger: Ledger, before: Order, edited: Order, move: Move) -> Outcome[Order]:
    after, freed = edited, False
    if move.seen is None and move.cancelled_by and before.status == Status.CANCELLED:
        after = after.but(cancelled_by=move.cancelled_by)
    if move.pickup_confirmed and before.status == Status.COLLECTED:
        after = after.but(pickup_confirmed=True)
    if move.pickup_point is not None and before.status == Status.READY:
        after, freed = points.settle(ledger, after, move.pickup_point)
    if after == before and not _says_something(ledger, before, move):
        return Unchanged(before)
    after = after.but(updated_at=ledger.now)
    detail = _detail(move) | (changed_fields(before, after) if move.changes else {})
    after = settle(ledger, Kind.EDITED, before, after, None, detail)
    if freed:
        points.hand_on(ledger)
    return Done(after)


def _says_something(ledger: Ledger, order: Order, move: Move) -> bool:
    """Whether the move's note is news; a request that was merely sent twice is not."""
    if not move.note:
        return False
    last = events.event_before(ledger.tx, ledger.venue.id, order.id, order.seq + 1)
    return last is None or last.detail.get("note") != move.note


def _detail(move: Move) -> dict[str, Any]:
    said = {
        "note": move.note,
        "station": move.part,
        "cancelled_by": move.cancelled_by,
        "pickup_point": move.pickup_point,
        "sent": move.sent,
        "handed_over": move.handed_over,
    }
    return {name: value for name, value in said.items() if value}
