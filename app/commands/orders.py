"""Place, edit and delete an order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.commands import numbers, points
from app.commands.ledger import Ledger
from app.commands.menu import known_items
from app.commands.settle import settle
from app.domain import lifecycle
from app.domain.events import Actor, Kind
from app.domain.orders import (
    NATIVE,
    CancelledBy,
    Fulfilment,
    LineItem,
    Native,
    Order,
    Status,
    new_id,
    new_key,
)
from app.domain.problems import RefTaken
from app.domain.times import whole_ms
from app.store import orders, venues
from app.store.database import Done, Outcome, Transaction, Unchanged

EDITABLE = (
    "number", "name", "first_name", "last_name", "fulfilment", "table", "channel", "scheduled_at",
    "note", "phone", "email", "total", "items", "tags", "extras",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """What may be said of an order when it is placed. `fingerprint`: a hash of the body as it was
    sent, so that the same ref with another body can be told from a repeat. `number_base`: the
    number is this plus the order's serial. `status_note` stands in the history only. Line items
    need an `id` each (see `new_id`)."""

    ref: str | None = None
    fingerprint: str = ""
    status: Status | None = None
    cancelled_by: CancelledBy | None = None
    number: str | None = None
    name: str | None = None
    first_name: str = ""
    last_name: str = ""
    fulfilment: Fulfilment = Fulfilment.PICKUP
    table: str = ""
    channel: str = ""
    scheduled_at: datetime | None = None
    note: str = ""
    phone: str = ""
    email: str = ""
    total: Decimal | None = None
    items: tuple[LineItem, ...] = ()
    native: Native | None = None
    number_base: int | None = None
    status_note: str = ""
    tags: tuple[str, ...] = ()
    extras: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """`created` is False when the same ref and body had been placed before."""

    order: Order
    created: bool


def place(
    tx: Transaction, *, venue: str, new: NewOrder, actor: Actor, dialect: str = NATIVE
) -> Outcome[Placed]:
    """Raises VenueNotFound, RefTaken, NumberInUse."""
    ledger = Ledger(tx, venue, actor, dialect)
    if new.ref is not None:
        known = orders.by_ref(tx, ledger.venue.id, dialect, new.ref)
        if known is not None and known[1] == new.fingerprint:
            return Unchanged(Placed(known[0], created=False))
        if known is not None:
            raise RefTaken(f"Another order of this venue carries the ref '{new.ref}'.")
    order = _order_of(ledger, new)
    order = numbers.with_letters(ledger, order)
    if new.number is not None:
        order = numbers.with_own_number(ledger, order, new.number)
    elif new.number_base is not None:
        order = numbers.with_serial_number(ledger, order, new.number_base)
    order = numbers.with_number(ledger, order)
    order, _ = points.settle(ledger, order, None)
    detail = {"note": new.status_note} if new.status_note else {}
    return Done(Placed(ledger.place(order, new.fingerprint, detail), created=True))


def edit(
    tx: Transaction,
    *,
    venue: str,
    order: str,
    changes: dict[str, Any],
    actor: Actor,
    dialect: str = NATIVE,
) -> Outcome[Order]:
    """Change fields of an order (those of NewOrder less ref, status and fingerprint).

    Raises OrderNotFound, NumberInUse. What is already so makes no event.
    """
    ledger = Ledger(tx, venue, actor, dialect)
    before = ledger.order(order)
    after = with_changes(ledger, before, changes)
    if after == before:
        return Unchanged(before)
    after = after.but(updated_at=ledger.now)
    return Done(settle(ledger, Kind.EDITED, before, after, None, changed_fields(before, after)))


def with_changes(ledger: Ledger, order: Order, changes: Mapping[str, Any]) -> Order:
    """The order with fields changed, not yet stored. `extras` and `tags` replace only what this
    ledger's dialect said before. Raises NumberInUse."""
    if not changes:
        return order
    plain = {k: v for k, v in changes.items() if k not in ("items", "number", "extras", "tags")}
    if plain.get("scheduled_at"):
        plain["scheduled_at"] = whole_ms(plain["scheduled_at"])
    after = order.but(**plain)
    if "extras" in changes:
        after = after.but(extras=order.extras | changes["extras"])
    if "tags" in changes:
        others = tuple(t for t in order.tags if not t.startswith(f"{ledger.dialect}."))
        after = after.but(tags=others + tuple(changes["tags"]))
    if "items" in changes:
        station = ledger.venue.default_station
        items = known_items(ledger.tx, order.venue, changes["items"])
        after = lifecycle.with_items(after, items, station, ledger.now)
    if {"name", "first_name", "last_name"} & changes.keys():
        after = numbers.with_letters(ledger, after)
    if changes.get("number") not in (None, order.number):
        after = numbers.with_own_number(ledger, after, changes["number"])
    return after


def changed_fields(before: Order, after: Order) -> dict[str, Any]:
    """For the event: the names of the fields a person could have edited that differ."""
    was, now = before.__dict__, after.__dict__
    return {"changed": sorted([name for name in EDITABLE if was[name] != now[name]])}


def delete(
    tx: Transaction,
    *,
    venue: str,
    order: str,
    actor: Actor,
    dialect: str = NATIVE,
    check: Callable[[Order], None] | None = None,
) -> Outcome[Order]:
    """The order is gone from everywhere; its history stays. Raises OrderNotFound, and what
    `check` raises on the order as it is."""
    ledger = Ledger(tx, venue, actor, dialect)
    found = ledger.order(order)
    if check is not None:
        check(found)
    gone, freed = points.release_all(ledger, found)
    gone = ledger.delete(gone)
    if freed:
        points.hand_on(ledger)
    return Done(gone)


def _order_of(ledger: Ledger, new: NewOrder) -> Order:
    venue, now = ledger.venue, ledger.now
    items = known_items(ledger.tx, venue.id, new.items)
    status = _first_status(ledger, new)
    blank = Order(
        id=new_id(now),
        venue=venue.id,
        serial=venues.next_serial(ledger.tx, venue.id),
        key=new_key(),
        status=Status.PLACED,
        placed_at=now,
        moved_at=now,
        updated_at=now,
        parts=lifecycle.parts_for(items, venue.default_station, status),
        source=ledger.dialect,
        ref=new.ref,
        name=new.name,
        first_name=new.first_name,
        last_name=new.last_name,
        fulfilment=new.fulfilment,
        table=new.table,
        channel=new.channel,
        note=new.note,
        phone=new.phone,
        email=new.email,
        total=new.total,
        items=items,
        scheduled_at=new.scheduled_at and whole_ms(new.scheduled_at),
        tags=new.tags,
        extras=new.extras or {},
    )
    return lifecycle.move_whole(
        blank, status, now, cancelled_by=new.cancelled_by, native=new.native
    )


def _first_status(ledger: Ledger, new: NewOrder) -> Status:
    """As was said; else `queued`, or for a later time `scheduled` until the venue's lead time."""
    if new.scheduled_at is None or new.status not in (None, Status.SCHEDULED):
        return new.status or Status.QUEUED
    released = new.scheduled_at - ledger.venue.lead <= ledger.now
    return Status.QUEUED if released else Status.SCHEDULED
