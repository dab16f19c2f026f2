"""A venue's working day, also in the nights when its clocks are changed."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from app.domain.times import from_ms, iso, service_day, service_day_end, to_ms

HOUR = timedelta(hours=1)
# Zone, hour the day starts, and a night in which the clocks are changed.
NIGHTS = [
    ("Europe/Rome", time(2, 30), datetime(2026, 3, 28, 12, tzinfo=UTC)),
    ("Europe/Rome", time(2, 30), datetime(2026, 10, 24, 12, tzinfo=UTC)),
    ("Europe/Rome", time(6, 0), datetime(2026, 10, 24, 12, tzinfo=UTC)),
    ("America/Havana", time(0, 0), datetime(2026, 3, 7, 12, tzinfo=UTC)),
    ("America/Havana", time(0, 30), datetime(2026, 10, 31, 12, tzinfo=UTC)),
    ("Australia/Lord_Howe", time(1, 45), datetime(2026, 4, 4, 0, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "starts", "eve"), NIGHTS)
def test_a_day_begins_once_and_ends_where_the_next_begins(
    zone: str, starts: time, eve: datetime
) -> None:
    home = ZoneInfo(zone)
    instants = [eve + timedelta(minutes=10 * step) for step in range(6 * 30)]
    days = [service_day(at, home, starts) for at in instants]
    assert days == sorted(days)
    for (at, day), (after, next_day) in pairwise(zip(instants, days, strict=True)):
        end = service_day_end(at, home, starts)
        assert (at < end <= after) == (day != next_day)


def test_an_autumn_day_has_25_hours() -> None:
    rome, starts = ZoneInfo("Europe/Rome"), time(6, 0)
    noon = datetime(2026, 10, 24, 12, tzinfo=UTC)
    end = service_day_end(noon, rome, starts)
    assert service_day_end(end - 26 * HOUR, rome, starts) == end - 25 * HOUR
    assert service_day_end(end - HOUR, rome, starts) == end


def test_the_day_before_dawn_is_yesterdays() -> None:
    rome = ZoneInfo("Europe/Rome")
    at = datetime(2026, 11, 21, 4, 59, tzinfo=UTC)
    assert service_day(at, rome, time(6, 0)).isoformat() == "2026-11-20"
    assert service_day(at + timedelta(minutes=1), rome, time(6, 0)).isoformat() == "2026-11-21"


@pytest.mark.parametrize("ms", [0, 1, 999, 1_795_262_645_123, 253_370_764_799_999])
def test_a_stored_time_comes_back_exactly(ms: int) -> None:
    assert to_ms(from_ms(ms)) == ms
    assert iso(from_ms(ms)).endswith(f".{ms % 1000:03d}Z")


def test_the_hour_a_clock_shows_twice_is_told_apart() -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Rome"))
    second = first.replace(fold=1)
    assert to_ms(second) - to_ms(first) == 3_600_000
    assert [iso(first), iso(second)] == ["2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"]
