"""A venue's working day: its bounds, what was done on it in numbers, and its orders as a CSV."""

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from statistics import median
from typing import Any

from app.domain.orders import Order, Status
from app.domain.problems import Invalid
from app.domain.times import DAY, day_start
from app.domain.venues import Venue

HEADS = (
    "number", "status", "cancelled_by", "fulfilment", "channel", "placed", "wanted", "accepted",
    "preparing", "ready", "collected", "cancelled", "prep_minutes", "pieces", "items", "total",
    "currency", "source", "ref", "serial", "id",
)  # fmt: skip
FIRST = date(2000, 1, 1)  # the calendar itself ends some way before
# A spreadsheet takes a cell that begins with one of these for a formula, and runs it.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class Step(StrEnum):
    """What is done at the end of a day, in this order."""

    CSV = "csv"
    BACKUP = "backup"
    ANONYMISE = "anonymise"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Bounds:
    """A working day from `start` up to `end`, which is the start of the next one."""

    day: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A day in numbers. `prep_minutes`: the median from acceptance to ready, `slowest_minutes` the
    longest; None before any order was ready. `amount`: of orders that were not cancelled."""

    day: str
    orders: int
    collected: int
    cancelled: int
    open: int
    pieces: int
    amount: Decimal
    prep_minutes: float | None
    slowest_minutes: float | None


def bounds(venue: Venue, day: str, now: datetime) -> Bounds:
    """`day` is YYYY-MM-DD, or empty for the one that runs. Raises Invalid for one to come."""
    today = venue.day(now)
    try:
        wanted = date.fromisoformat(day or today)
        start = day_start(wanted, venue.zone, venue.day_starts)
        end = day_start(wanted + DAY, venue.zone, venue.day_starts)
    except (ValueError, OverflowError):
        raise _no_day(f"'{day[:40]}' is no day; write it like {today}.") from None
    if wanted < FIRST:
        raise _no_day(f"There is no working day before {FIRST}.")
    if wanted.isoformat() > today:
        raise _no_day(f"{wanted} has not begun at {venue.name}; its day is {today}.")
    return Bounds(wanted.isoformat(), start, end)


def wanted_at(order: Order) -> datetime:
    """When the order was to be made: it belongs to the working day of that moment."""
    return order.scheduled_at or order.placed_at


def prep_minutes(order: Order) -> float | None:
    """Minutes from acceptance to ready, with one decimal."""
    begun = order.confirmed_at or order.placed_at
    if order.ready_at is None or order.ready_at < begun:
        return None
    return round((order.ready_at - begun).total_seconds() / 60, 1)


def report_of(day: str, orders: Iterable[Order]) -> Report:
    orders = list(orders)
    kept = [order for order in orders if order.status != Status.CANCELLED]
    waits = [minutes for order in kept if (minutes := prep_minutes(order)) is not None]
    return Report(
        day=day,
        orders=len(orders),
        collected=sum(order.status == Status.COLLECTED for order in orders),
        cancelled=len(orders) - len(kept),
        open=sum(order.live for order in orders),
        pieces=sum(item.quantity for order in kept for item in order.items),
        amount=sum((order.amount for order in kept), Decimal(0)),
        prep_minutes=round(median(waits), 1) if waits else None,
        slowest_minutes=max(waits, default=None),
    )


def report_body(report: Report) -> dict[str, Any]:
    """As it is kept in the log; money is a decimal string."""
    return asdict(report) | {"amount": f"{report.amount:.2f}"}


def csv_of(orders: Iterable[Order], venue: Venue) -> str:
    """One line an order, without any guest's name. Times are local with their offset from UTC."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADS)
    writer.writerows(_cells(order, venue) for order in orders)
    return text.getvalue()


def harmless(text: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _cells(order: Order, venue: Venue) -> list[object]:
    minutes = prep_minutes(order)
    times = (
        order.placed_at, order.scheduled_at, order.confirmed_at, order.preparing_at,
        order.ready_at, order.collected_at, order.cancelled_at,
    )  # fmt: skip
    return [
        harmless(order.number or ""),
        order.status,
        order.cancelled_by or "",
        order.fulfilment,
        harmless(order.channel),
        *(_local(at, venue) for at in times),
        "" if minutes is None else minutes,
        sum(item.quantity for item in order.items),
        harmless("; ".join(f"{item.quantity} × {item.name}" for item in order.items)),
        f"{order.amount:.2f}",
        venue.currency,
        order.source,
        harmless(order.ref or ""),
        order.serial,
        order.id,
    ]


def _local(at: datetime | None, venue: Venue) -> str:
    return "" if at is None else at.astimezone(venue.zone).isoformat(timespec="seconds")


def _no_day(message: str) -> Invalid:
    return Invalid(message, errors=[{"path": "day", "message": message}])
