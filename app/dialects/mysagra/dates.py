"""Dates as JavaScript reads them: clients send whatever `new Date(…)` takes."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

ISO = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+ -]\d\d:?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)
WORDY = ("%Y/%m/%d", "%m/%d/%Y", "%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y")
YEARS = range(1970, 9999)


def instant(text: str, zone: ZoneInfo) -> datetime | None:
    """A date alone is midnight UTC, a time without an offset is local; None if it is neither."""
    try:
        found = _iso(text.strip(), zone) or _wordy(text.strip(), zone)
        return found.astimezone(UTC) if found and found.year in YEARS else None
    except (ValueError, OverflowError):
        return None


def _iso(text: str, zone: ZoneInfo) -> datetime | None:
    match = ISO.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    at = datetime(
        int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0),
        int(second or 0), int((fraction or "0")[:6].ljust(6, "0")), tzinfo=UTC,
    )  # fmt: skip
    if hour is None or offset in ("Z", "z"):
        return at
    if offset is None:
        return at.replace(tzinfo=zone)
    # A plus that nobody encoded arrives as a blank.
    digits = offset[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return at + ahead if offset[0] == "-" else at - ahead


def _wordy(text: str, zone: ZoneInfo) -> datetime | None:
    for form in WORDY:
        try:
            return datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
    found = parsedate_to_datetime(text)
    return found if found.tzinfo else found.replace(tzinfo=zone)
