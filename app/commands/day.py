"""The end of a working day: what is still open, which step was done by whom, and the close."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from app.commands.ledger import Ledger
from app.commands.status import Move, change_status
from app.domain.day import Bounds, Report, Step, bounds, report_body, report_of
from app.domain.events import Actor, Kind
from app.domain.orders import CancelledBy, Order, Status
from app.domain.problems import OrdersOpen
from app.domain.venues import Venue
from app.store import days, events, venues
from app.store.database import Change, Done, Outcome, Reading, Transaction

MOST_NAMED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A step of a day's end as it was last done; `body` tells what came of it."""

    at: datetime
    actor: Actor
    body: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """A working day as its close sees it: its orders, those still open, the steps that are done."""

    venue: Venue
    day: Bounds
    report: Report
    orders: list[Order]
    open: list[Order]
    steps: dict[Step, Taken]
    named: int


def evening(db: Reading, *, venue: str, day: str = "") -> Evening:
    """`day` is YYYY-MM-DD, or empty for the one that runs. `named`: how many ended orders, of
    earlier days too, still hold a guest's name. Raises VenueNotFound, Invalid."""
    found = venues.open_by_slug(db, venue)
    of = bounds(found, day, db.now)
    orders = days.orders_of(db, found.id, of)
    return Evening(
        venue=found,
        day=of,
        report=report_of(of.day, orders),
        orders=orders,
        open=days.open_orders(db, found.id, of),
        steps=steps_of(db, found.id, of.day),
        named=days.count_named(db, found.id, days.span(None, of.end)),
    )


def open_day(db: Reading, venue: str, day: str) -> Bounds:
    """The bounds of a venue's working day. Raises VenueNotFound, Invalid."""
    found = venues.open_by_slug(db, venue)
    return bounds(found, day, db.now)


def steps_of(db: Reading, venue_id: str, day: str) -> dict[Step, Taken]:
    told = events.history(db, venue_id, subject(day))
    return {
        Step(one.body["step"]): Taken(at=one.at, actor=one.actor, body=one.body) for one in told
    }


def note_step(
    tx: Transaction, *, venue: str, day: str, step: Step, actor: Actor, told: dict[str, Any]
) -> Outcome[None]:
    """Keep that a step was done. Raises VenueNotFound, Invalid."""
    ledger = Ledger(tx, venue, actor)
    of = bounds(ledger.venue, day, tx.now)
    ledger.record(Kind.DAY, subject(of.day), {"day": of.day, "step": step} | told)
    return Done(None)


def close_day(tx: Transaction, *, venue: str, day: str, actor: Actor) -> Outcome[Report]:
    """Keep the day's report. Raises VenueNotFound, Invalid, and OrdersOpen while work is left."""
    ledger = Ledger(tx, venue, actor)
    of = bounds(ledger.venue, day, tx.now)
    check_done(days.open_orders(tx, ledger.venue.id, of))
    report = report_of(of.day, days.orders_of(tx, ledger.venue.id, of))
    body = {"day": of.day, "step": Step.CLOSE} | report_body(report)
    ledger.record(Kind.DAY, subject(of.day), body)
    return Done(report)


def check_done(left: list[Order]) -> None:
    """Raises OrdersOpen, naming the first of them."""
    if not left:
        return
    called = [f"#{order.number}" if order.number else order.id for order in left]
    more = f" and {len(left) - MOST_NAMED} more" if len(left) > MOST_NAMED else ""
    verb = "order is" if len(left) == 1 else "orders are"
    raise OrdersOpen(
        f"{len(left)} {verb} still open: {', '.join(called[:MOST_NAMED])}{more}. "
        "Collect or cancel them first."
    )


def endings(left: list[Order], status: Status, *, venue: str, actor: Actor) -> list[Change[Order]]:
    """The moves that end open orders, each as if pressed by hand; one that somebody else moves in
    between is refused with SeqMismatch."""
    by = CancelledBy.ATTENDANT if status == Status.CANCELLED else None
    return [
        partial(
            change_status,
            venue=venue,
            order=order.id,
            move=Move(status=status, cancelled_by=by, if_seq=order.seq),
            actor=actor,
        )
        for order in left
    ]


def subject(day: str) -> str:
    return f"day:{day}"
