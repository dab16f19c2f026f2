"""Days and times as words of a search, by the venue's own clock."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.problems import Invalid
from app.domain.times import DAY, day_start, to_ms

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YEARS = range(1970, 9999)
Span = tuple[int, int]  # milliseconds: the first one, and the one after the last


def span_of_day(text: str, zone: ZoneInfo, now: datetime) -> Span | None:
    """A calendar day of the venue: YYYY-MM-DD, today or yesterday."""
    day = _day(text.casefold(), now.astimezone(zone).date())
    if day is None or day.year not in YEARS:
        return None
    start, end = (day_start(one, zone, time()) for one in (day, day + DAY))
    return to_ms(start), to_ms(end)


def span_of(text: str, zone: ZoneInfo, now: datetime) -> Span:
    """A day, or the one millisecond of an ISO time (the venue's where it names no zone). Raises
    Invalid."""
    span = span_of_day(text, zone, now)
    if span is not None:
        return span
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.year not in YEARS:
        raise Invalid(f"'{text[:40]}' is no day and no time; write 2026-11-21.")
    start = to_ms(at if at.tzinfo else at.replace(tzinfo=zone))
    return start, start + 1


def _day(text: str, today: date) -> date | None:
    if text in ("today", "yesterday"):
        return today if text == "today" else today - timedelta(days=1)
    try:
        return date.fromisoformat(text) if DATE.fullmatch(text) else None
    except ValueError:
        return None
