"""What a guest without a number still knows: about when they ordered and about how much it was."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.domain.problems import Invalid
from app.domain.times import DAY

AROUND = timedelta(minutes=15)
MINUTES_AGO = re.compile(r"([0-9]{1,3})\s*(?:m|min|minutes?)?(?:\s+ago)?", re.IGNORECASE)
CLOCK = re.compile(r"([0-9]{1,2})[:.h]([0-9]{2})")
AMOUNT = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class About:
    """A value and how far from it is still near enough."""

    value: Decimal
    within: Decimal


def moment(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """`20` is twenty minutes ago, `14:30` the last time the clock showed that. Raises Invalid."""
    ago, clock = MINUTES_AGO.fullmatch(text), CLOCK.fullmatch(text)
    if ago:
        return now - timedelta(minutes=int(ago[1]))
    if clock and int(clock[1]) < 24 and int(clock[2]) < 60:
        local = now.astimezone(zone)
        at = datetime.combine(local.date(), time(int(clock[1]), int(clock[2])), tzinfo=zone)
        # A guest's watch may be some minutes ahead of ours.
        return at if at <= now + AROUND else at - DAY
    raise _unread("when", "When: write 20 for twenty minutes ago, or a time like 14:30.")


def sum_about(text: str) -> About:
    """`12`, `12.50` or `12,50`, give or take 5 %, half a unit at least. Raises Invalid."""
    bare = re.sub(r"[^0-9.,]", "", text)
    if not AMOUNT.fullmatch(bare):
        raise _unread("amount", "Amount: write it like 12.50.")
    value = Decimal(bare.replace(",", "."))
    return About(value, max(value * Decimal("0.05"), Decimal("0.5")))


def _unread(field: str, message: str) -> Invalid:
    return Invalid(message, errors=[{"path": field, "message": message}])
