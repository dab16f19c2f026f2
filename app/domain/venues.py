"""A venue: its clock, its money, its numbers and the places where food is handed out."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.times import from_ms, service_day, service_day_end

# /staff/{venue} shares its place with these pages.
RESERVED_SLUGS = frozenset({"account", "keys", "pair", "people", "pin", "sign-in", "sign-out"})
# /b/{venue}/{board} shares its place with these.
RESERVED_BOARDS = frozenset(
    {"", "board", "call", "default", "feed", "logo", "order", "point", "preview", "screen", "ws"}
)


class Numbering(StrEnum):
    """Where order numbers come from: the next free of 1-999, a count from the day's first order,
    or the venue's order serial (what TastyIgniter calls order_id)."""

    DRAWN = "drawn"
    COUNTED = "counted"
    SERIAL = "serial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """`id` never changes, `slug` is its name in addresses. `seq` counts its events without gaps;
    `epoch` is raised by restore, so that a stream position of the old life is never mistaken.
    `dialects`: the foreign systems it was connected to, each with its settings; `on` says whether
    it is now. From `slow_minutes` and `late_minutes` on the pad calls a waiting order so."""

    id: str
    slug: str
    name: str
    seq: int = 0
    epoch: int = 1
    time_zone: str = "UTC"
    currency: str = "EUR"
    address: str = ""
    phone: str = ""
    opening_hours: dict[str, Any] = field(default_factory=dict)
    lead_minutes: int = 15
    day_starts: time = time(6, 0)
    numbering: Numbering = Numbering.DRAWN
    default_station: str = "Kitchen"
    auto_collect_minutes: int | None = None
    slow_minutes: int = 5
    late_minutes: int = 8
    dialects: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def made_at(self) -> datetime:
        """Ids begin with the milliseconds of their making."""
        return from_ms(int(self.id[:12], 16))

    @property
    def lead(self) -> timedelta:
        return timedelta(minutes=self.lead_minutes)

    def day(self, at: datetime) -> str:
        """The working day (YYYY-MM-DD) an instant belongs to."""
        return service_day(at, self.zone, self.day_starts).isoformat()

    def day_end(self, at: datetime) -> datetime:
        return service_day_end(at, self.zone, self.day_starts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PickupPoint:
    """A window, shelf or cubby; it holds at most one order (`order` is that order's id)."""

    id: str
    venue: str
    name: str
    position: int
    disabled: bool = False
    reserved: bool = False
    order: str | None = None

    @property
    def free(self) -> bool:
        return not self.disabled and self.order is None

    @property
    def state(self) -> str:
        if self.disabled:
            return "disabled"
        if self.order is None:
            return "free"
        return "reserved" if self.reserved else "occupied"
