"""What a move does to an order: pure functions from (order, request, time) to the order after it.

The core is free: any status to any other. Doors with stricter rules check them before they call.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.orders import (
    BEFORE_READY,
    ENDED,
    UNRELEASED,
    CancelledBy,
    LineItem,
    Native,
    Order,
    Part,
    Status,
)
from app.domain.problems import StationNotFound
from app.domain.venues import Venue

# Past the kitchen, the least finished first.
WEAKEST_FIRST = (
    Status.READY,
    Status.HELD,
    Status.RESERVING,
    Status.OUT_FOR_DELIVERY,
    Status.COLLECTED,
)


def move_whole(
    order: Order,
    status: Status,
    at: datetime,
    *,
    cancelled_by: CancelledBy | None = None,
    native: Native | None = None,
) -> Order:
    """The order with `status`, every part with it."""
    parts = tuple(replace(part, status=status, native=native) for part in order.parts)
    moved = order.but(parts=parts)
    by = (cancelled_by or CancelledBy.ATTENDANT) if status == Status.CANCELLED else None
    if (status, by) == (order.status, order.cancelled_by):
        # Another word of a foreign system for the same thing: no time of the order changes.
        return moved.but(native=native, updated_at=at)
    return _enter(moved, status, at, cancelled_by, native)


def move_part(
    order: Order,
    station: str,
    status: Status,
    at: datetime,
    *,
    cancelled_by: CancelledBy | None = None,
    native: Native | None = None,
    native_of: Callable[[Sequence[Part]], Native] | None = None,
) -> Order:
    """The order with one station's part moved and its own status derived from all parts.

    `native` is the part's word; `native_of` makes the order's own word of all parts, for a dialect
    that derives it by a rule of its own.
    """
    if all(part.station != station for part in order.parts):
        raise StationNotFound(f"The order has no part at the station '{station}'.")
    parts = tuple(
        replace(part, status=status, native=native) if part.station == station else part
        for part in order.parts
    )
    word = native_of(parts) if native_of else native
    moved = order.but(parts=parts, native=word)
    derived = status_of(parts)
    if derived == order.status:
        return moved.but(updated_at=at)
    return _enter(moved, derived, at, cancelled_by, word)


def status_of(parts: Sequence[Part]) -> Status:
    """Cancelled parts are left out unless all are; all equal counts as that status; any part
    still in the kitchen makes the order `preparing`; else the least finished part decides."""
    counted = {part.status for part in parts if part.status != Status.CANCELLED}
    if not counted:
        return Status.CANCELLED
    if len(counted) == 1:
        return counted.pop()
    if counted & BEFORE_READY:
        return Status.PREPARING
    return min(counted, key=WEAKEST_FIRST.index)


def recalled(order: Order, prior: Order, at: datetime) -> Order:
    """The order with everything a move sets put back as in `prior`; edits made since stay, the
    parts they added included."""
    before = {part.station: part for part in prior.parts}
    restored = order.but(
        status=prior.status,
        cancelled_by=prior.cancelled_by,
        native=prior.native,
        parts=tuple(before.get(part.station, part) for part in order.parts),
        preparing_at=prior.preparing_at,
        ready_at=prior.ready_at,
        collected_at=prior.collected_at,
        cancelled_at=prior.cancelled_at,
        pickup_confirmed=prior.pickup_confirmed,
        customer_here=prior.customer_here,
        moved_at=at,
        updated_at=at,
    )
    if restored.parts == prior.parts or status_of(restored.parts) == prior.status:
        return restored
    return _enter(restored, status_of(restored.parts), at, prior.cancelled_by, prior.native)


def due(order: Order, venue: Venue) -> tuple[Status, datetime] | None:
    """What time alone will do to an order, and when: release a scheduled one at the venue's lead
    time, collect one that has been ready for longer than the venue waits. None: nothing."""
    if order.status == Status.SCHEDULED and order.scheduled_at:
        release = order.scheduled_at - venue.lead
        # Somebody put it back after it had been released: it now waits for a hand, or else the
        # clock would release it again within the second.
        put_back = order.confirmed_at is not None and release <= order.moved_at
        return None if put_back else (Status.QUEUED, release)
    if order.status == Status.READY and venue.auto_collect_minutes:
        # moved_at and not ready_at, so that a recalled one is given its time again.
        wait = timedelta(minutes=venue.auto_collect_minutes)
        return Status.COLLECTED, order.moved_at + wait
    return None


def parts_for(items: Sequence[LineItem], default_station: str, status: Status) -> tuple[Part, ...]:
    """One part per station in the order the lines name them; at least the default station's. A
    line whose place on the menu names no station makes nobody any work while another does."""
    at_work = (item for item in items if item.station or not item.menu_item)
    stations = dict.fromkeys(item.station or default_station for item in at_work)
    return tuple(Part(station=station, status=status) for station in stations or [default_station])


def with_items(
    order: Order, items: tuple[LineItem, ...], default_station: str, at: datetime
) -> Order:
    """The order with other lines; a line that is as before keeps its id. A station that is new to
    it adds a queued part, one left without a line and not done goes; the other parts stay as they
    are, though an order that was ready may have work to do again."""
    order = order.but(items=_with_known_ids(items, order.items))
    start = order.status if order.status in UNRELEASED | ENDED else Status.QUEUED
    wanted = {part.station: part for part in parts_for(items, default_station, start)}
    stays = tuple(p for p in order.parts if p.station in wanted or p.status not in BEFORE_READY)
    known = {part.station for part in stays}
    parts = stays + tuple(part for part in wanted.values() if part.station not in known)
    if parts == order.parts:
        return order
    order = order.but(parts=parts)
    derived = status_of(parts)
    return order if derived == order.status else _enter(order, derived, at, None, None)


def _with_known_ids(
    items: tuple[LineItem, ...], known: tuple[LineItem, ...]
) -> tuple[LineItem, ...]:
    ids: dict[LineItem, list[str]] = {}
    for item in reversed(known):
        ids.setdefault(replace(item, id=""), []).append(item.id)
    same = (ids.get(replace(item, id=""), []) for item in items)
    return tuple(
        replace(item, id=left.pop()) if left else item
        for item, left in zip(items, same, strict=True)
    )


def _enter(
    order: Order,
    status: Status,
    at: datetime,
    cancelled_by: CancelledBy | None,
    native: Native | None,
) -> Order:
    cancelled = status == Status.CANCELLED
    in_kitchen = status in BEFORE_READY
    return order.but(
        status=status,
        native=native,
        cancelled_by=(cancelled_by or CancelledBy.ATTENDANT) if cancelled else None,
        customer_here=_still_here(order, status),
        pickup_confirmed=False,
        moved_at=at,
        updated_at=at,
        confirmed_at=order.confirmed_at or (None if status in UNRELEASED or cancelled else at),
        preparing_at=at if status == Status.PREPARING else order.preparing_at,
        ready_at=at if status == Status.READY else None if in_kitchen else order.ready_at,
        collected_at=at if status == Status.COLLECTED else None,
        cancelled_at=at if cancelled else None,
    )


def _still_here(order: Order, status: Status) -> bool:
    """Whether the guest is at the counter after the move: one who was asked there has come, and
    one who said so stays there while the kitchen works."""
    if order.status == Status.HELD:
        return status == Status.RESERVING
    waits = order.status in BEFORE_READY and status not in ENDED | {Status.HELD}
    return order.customer_here and waits
