"""Times are aware UTC datetimes in code and integer milliseconds wherever they are kept or sent."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time as clock_time, timedelta
from functools import lru_cache, wraps
from typing import TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
DAY = timedelta(days=1)
# An order's times are read and shown again with each of its changes.
remembered = lru_cache(maxsize=4096)


def remembered_of_times(say: Callable[[datetime], T]) -> Callable[[datetime], T]:
    """In an autumn night a zone shows an hour twice, and Python takes the two for equal: only the
    first may be remembered."""
    known = remembered(say)
    return wraps(say)(lambda at: say(at) if at.fold else known(at))


@remembered_of_times
def to_ms(at: datetime) -> int:
    """Milliseconds since 1970-01-01 UTC, rounded down."""
    return (at - EPOCH) // MILLISECOND


@remembered
def from_ms(ms: int) -> datetime:
    """The aware UTC datetime of a stored millisecond count; exact, unlike fromtimestamp."""
    return EPOCH + ms * MILLISECOND


def whole_ms(at: datetime) -> datetime:
    """The instant as it is kept: UTC, without the part of a millisecond."""
    return from_ms(to_ms(at))


def opt_ms(at: datetime | None) -> int | None:
    return None if at is None else to_ms(at)


def opt_from_ms(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)


def utc_now() -> datetime:
    """The only clock; everything below takes `now` as a parameter so that tests can set it."""
    return datetime.now(UTC)


@remembered_of_times
def iso(at: datetime) -> str:
    """RFC 3339 with three-digit milliseconds and Z: 2026-11-21T18:04:05.123Z."""
    at = at if at.tzinfo is UTC else at.astimezone(UTC)
    return at.isoformat(timespec="milliseconds")[:-6] + "Z"


def service_day(at: datetime, zone: ZoneInfo, starts: clock_time) -> date:
    """The venue's working day an instant belongs to; a day runs from `starts`, local wall-clock
    time, to the same time on the next date."""
    # Instants are compared and not clock faces: in an autumn night a clock shows `starts` twice,
    # and the day must not begin twice.
    today = at.astimezone(zone).date()
    return today if day_start(today, zone, starts) <= at else today - DAY


def service_day_end(at: datetime, zone: ZoneInfo, starts: clock_time) -> datetime:
    """The instant the venue's working day of `at` ends."""
    return day_start(service_day(at, zone, starts) + DAY, zone, starts)


def day_start(day: date, zone: ZoneInfo, starts: clock_time) -> datetime:
    """The instant a working day begins: the first time the clock shows `starts` on that date."""
    return datetime.combine(day, starts, tzinfo=zone).astimezone(UTC)
