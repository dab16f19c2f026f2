"""A waiting time you can believe: hand-made histories, and the one query beneath."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.orders import Status
from app.domain.waiting import (
    HOUR,
    LEAST_JUDGED,
    LEAST_SAMPLES,
    MINUTE,
    Making,
    Outlook,
    still_to_go,
)
from app.store import tickets
from tests.clock import Clock
from tests.guest import path
from tests.kitchen import Kitchen
from tests.venue_server import VenueServer

GRILL = frozenset({"Grill"})
NOW = 1_800_000_000_000


def made(ago: float, took: float, *stations: str) -> Making:
    """Placed so many minutes ago, and ready so many minutes later."""
    placed = NOW - int(ago * MINUTE)
    ready = placed + int(took * MINUTE)
    return Making(stations=frozenset(stations or GRILL), placed=placed, left=ready, ready=True)


def cooking(ago: float) -> Making:
    return Making(stations=GRILL, placed=NOW - int(ago * MINUTE), left=None, ready=False)


def steady(count: int, minutes: float = 8, every: float = 10) -> list[Making]:
    """One order at a time, the last of them just done; each is placed in an empty kitchen."""
    return [made(minutes + every * turn, minutes) for turn in range(count)]


def one_after_another(minutes: list[float]) -> list[Making]:
    """The last is just done; half a minute between one and the next."""
    history, ago = list[Making](), 0.0
    for took in reversed(minutes):
        ago += took
        history.append(made(ago, took))
        ago += 0.5
    return history


EMPTY = NOW - int(8.5 * MINUTE)  # between two orders of a steady kitchen


def band(history: list[Making], placed: int = NOW) -> tuple[int, int] | None:
    return Outlook(history, NOW).band(GRILL, placed)


def test_a_steady_kitchen_is_told_as_it_is() -> None:
    assert band(steady(40, 8.5, every=9)) == (8, 9)


def test_the_band_runs_from_the_median_to_the_eightieth_percentile() -> None:
    """As many each of 2, 3, 4, 5 and 6 minutes: the middle is 4, four of five took up to 5."""
    assert band(one_after_another([2, 3, 4, 5, 6] * 10)) == (4, 5)
    assert band(one_after_another([2, 2, 2, 9, 9] * 9)) == (2, 9)


def test_nothing_is_said_before_there_are_twenty_samples() -> None:
    """The last hour's bands must each have had twenty before them, too."""
    assert band([]) is None
    enough = LEAST_SAMPLES + LEAST_JUDGED
    assert band(steady(enough - 1, every=9)) is None
    assert band(steady(enough, every=9)) is not None


def test_old_samples_are_forgotten() -> None:
    long_ago = [
        Making(
            stations=GRILL, placed=m.placed - 5 * HOUR, left=(m.left or 0) - 5 * HOUR, ready=True
        )
        for m in steady(60, every=9)
    ]
    assert band(long_ago) is None


def test_a_kitchen_that_has_just_become_slow_is_not_believed() -> None:
    """Five hours of 8 minutes, then an hour of 20: the bands of that hour did not come true."""
    slow = [made(20 + 9.9 * turn, 9.8 if turn > 2 else 9.9) for turn in range(5)]
    before = [made(62 + 9 * turn + 8, 8) for turn in range(30)]
    assert band(before + slow) is None
    assert band(before + [made(8.5 + 9 * turn, 8) for turn in range(5)]) == (8, 9)


def test_seventy_percent_are_not_enough() -> None:
    """Seven of ten in time is 70 %, and more than that is asked for."""
    before = [made(65 + 5 * turn + 4, 4) for turn in range(30)]

    def last_hour(late: int) -> list[Making]:
        return [made(6 * turn + 5.9, 5.8 if turn < late else 4) for turn in range(10)]

    assert band(before + last_hour(late=3)) is None
    assert band(before + last_hour(late=2)) is not None


def test_sooner_than_said_is_no_miss() -> None:
    before = [made(65 + 9 * turn + 8, 8) for turn in range(30)]
    quick = [made(9 * turn + 3, 2) for turn in range(6)]
    assert band(before + quick) is not None


def test_orders_that_are_overdue_count_against_it() -> None:
    """A kitchen that stands still finishes nothing, and must not live on its good name. Four old
    orders nobody closed keep the load within one doubling."""
    forgotten = [cooking(350)] * 4
    good = [made(25 + 5 * turn + 4, 4) for turn in range(40)]  # seven of them in the last hour
    kitchen = [*forgotten, *good]
    placed = NOW - 24 * MINUTE
    assert band(kitchen, placed) == (4, 5)
    assert band([*kitchen, *[cooking(20)] * 2], placed) == (4, 5)
    assert band([*kitchen, *[cooking(20)] * 3], placed) is None


def test_what_is_still_in_time_is_not_judged() -> None:
    good = steady(30, every=9)
    assert band([*good, cooking(0.5)], EMPTY) == band(good, EMPTY) == (8, 9)


def test_stations_and_loads_are_told_apart() -> None:
    bar = [made(9 * turn + 2, 2, "Bar") for turn in range(40)]
    outlook = Outlook([*steady(40, every=9), *bar], NOW)
    assert outlook.band(GRILL, NOW) == (8, 9)
    assert outlook.band(frozenset({"Bar"}), NOW - 2 * MINUTE) == (2, 3)
    assert outlook.band(frozenset({"Bar", "Grill"}), NOW) is None


def test_a_full_kitchen_is_not_told_by_an_empty_ones_times() -> None:
    rush = [cooking(0.5 + turn / 100) for turn in range(16)]
    outlook = Outlook([*steady(40, every=9), *rush], NOW)
    assert outlook.load(NOW) == 16
    assert outlook.band(GRILL, NOW) is None
    assert outlook.band(GRILL, EMPTY) == (8, 9)


def test_cancelled_orders_are_no_samples_but_were_work() -> None:
    gone = [
        Making(stations=GRILL, placed=m.placed, left=m.left, ready=False)
        for m in steady(40, every=9)
    ]
    assert band(gone) is None
    assert Outlook(gone, NOW).load(gone[3].placed + 1) == 1


def test_what_was_never_cooked_is_no_sample() -> None:
    assert band([made(9 * turn, 0) for turn in range(60)]) is None


@pytest.mark.parametrize(
    ("minutes", "left"),
    [(0, (8, 12)), (0.9, (8, 12)), (3, (5, 9)), (9, (1, 3)), (11, (1, 1)), (12, None)],
)
def test_minutes_that_have_passed_are_taken_off(
    minutes: float, left: tuple[int, int] | None
) -> None:
    assert still_to_go((8, 12), NOW, NOW + int(minutes * MINUTE)) == left
    assert still_to_go(None, NOW, NOW) is None


# ---- from the orders -----------------------------------------------------------------------------


async def test_makings_are_read_from_the_orders(kitchen: Kitchen) -> None:
    start = kitchen.clock()
    ready = await kitchen.place("Grill", "Bar")
    kitchen.clock.forward(minutes=7)
    await kitchen.move(ready, "ready")
    await kitchen.move(ready, "collected")
    gone = await kitchen.place("Bar")
    kitchen.clock.forward(minutes=2)
    await kitchen.move(gone, "cancelled")
    await kitchen.place("Grill")
    await kitchen.place("Grill", scheduled_at=kitchen.clock() + timedelta(hours=1))
    ms = int(start.timestamp() * 1000)
    found = await kitchen.store.read(lambda tx: tickets.makings(tx, ready.venue, ms))
    told = [
        (sorted(m.stations), (m.placed - ms) // MINUTE, m.left and (m.left - ms) // MINUTE, m.ready)
        for m in reversed(found)
    ]
    assert told == [
        (["Bar", "Grill"], 0, 7, True),
        (["Bar"], 7, 9, False),
        (["Grill"], 9, None, False),
    ]


async def test_the_query_has_its_index(kitchen: Kitchen) -> None:
    sql = f"EXPLAIN QUERY PLAN {tickets.MAKINGS}"
    plan = await kitchen.store.read(lambda tx: tx.all(sql, venue="x", since=0, limit=1))
    assert "USING INDEX orders_placed" in plan[0]["detail"]
    assert len(plan) == 1  # no sorting


@pytest.fixture
async def evening(tmp_path: Path) -> AsyncIterator[tuple[VenueServer, Clock]]:
    """A kitchen that has made 30 orders in 9 minutes each, one after the other."""
    clock = Clock()
    server = VenueServer(tmp_path, clock)
    await server.start()
    for _ in range(30):
        order = await server.place()
        clock.forward(minutes=9)
        await server.move(order.id, Status.READY)
        await server.move(order.id, Status.COLLECTED)
    yield server, clock
    await server.stop()


async def test_the_ticket_says_how_long_and_counts_it_down(
    evening: tuple[VenueServer, Clock],
) -> None:
    server, clock = evening
    order = await server.place()
    at = path(server, order)

    async def wait() -> Any:
        return (await server.http.get(f"{at}.json")).json()["ticket"]["wait"]

    assert await wait() == [9, 10]
    assert "About 9–10 min to go" in (await server.http.get(at)).text
    clock.forward(minutes=4)
    assert await wait() == [5, 6]
    clock.forward(minutes=5)
    assert await wait() == [1, 1]
    clock.forward(minutes=1)
    assert await wait() is None
    assert 'id="wait" class="off"' in (await server.http.get(at)).text


async def test_nothing_is_said_once_it_is_ready_or_when_it_is_for_later(
    evening: tuple[VenueServer, Clock],
) -> None:
    server, clock = evening
    order = await server.place()
    await server.move(order.id, Status.READY)
    later = await server.place(scheduled_at=clock() + timedelta(hours=1))
    for one in (order, later):
        ticket = (await server.http.get(f"{path(server, one)}.json")).json()["ticket"]
        assert ticket["wait"] is None


async def test_the_outlook_is_made_once_for_all_who_look(
    evening: tuple[VenueServer, Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, clock = evening
    orders, read, real = [await server.place() for _ in range(3)], 0, tickets.makings

    def counted(*args: Any) -> Any:
        nonlocal read
        read += 1
        return real(*args)

    monkeypatch.setattr(tickets, "makings", counted)
    for _ in range(4):
        for order in orders:
            await server.http.get(f"{path(server, order)}.json")
    assert read == 1
    clock.forward(seconds=31)
    await server.http.get(f"{path(server, orders[0])}.json")
    assert read == 2
