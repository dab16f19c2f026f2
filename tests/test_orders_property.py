"""Whatever a kitchen does, in whatever order: its books are right."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings, strategies as st

from app.domain.events import ORDER_KINDS, Kind
from app.domain.lifecycle import status_of
from app.domain.orders import Order, Status, order_body
from app.domain.problems import Problem
from app.domain.venues import Numbering
from app.store import events, orders
from app.store.database import Reading
from app.store.order_row import columns
from app.store.sqlite import open_store
from tests.clock import Clock
from tests.kitchen import Kitchen

Act = Callable[[Kitchen, Order], Awaitable[Any]]
STATIONS = st.lists(st.sampled_from(["", "Grill", "Bar"]), max_size=3)
WORDS = st.sampled_from(list(Status))
NUMBERS = st.sampled_from(["1", "2", "A7"])
POINTS = st.sampled_from(["A", "B", "C"])


def placing(stations: list[str], number: str | None, status: Status | None) -> Act:
    return lambda kitchen, _: kitchen.place(*stations, number=number, status=status)


def editing(stations: list[str], number: str) -> Act:
    async def edit(kitchen: Kitchen, order: Order) -> None:
        lines = tuple(kitchen.line(station) for station in stations)
        await kitchen.edit(order, items=lines, number=number, first_name="Ada", last_name="Bell")

    return edit


ACTS: st.SearchStrategy[Act] = st.one_of(
    st.builds(placing, STATIONS, st.none() | NUMBERS, st.none() | WORDS),
    st.builds(editing, STATIONS, NUMBERS),
    WORDS.map(lambda word: lambda kitchen, order: kitchen.move(order, word)),
    WORDS.map(lambda word: lambda kitchen, order: kitchen.move(order, word, part="Grill")),
    POINTS.map(lambda p: lambda kitchen, order: kitchen.move(order, "ready", pickup_point=p)),
    st.just(lambda kitchen, order: kitchen.recall(order)),
    st.just(lambda kitchen, order: kitchen.delete(order)),
    st.booleans().map(lambda off: lambda kitchen, _: kitchen.change_point("A", disabled=off)),
    POINTS.map(lambda name: lambda kitchen, _: kitchen.add_point(name)),
    st.sampled_from(Numbering).map(lambda word: lambda kitchen, _: kitchen.set(numbering=word)),
    st.just(lambda kitchen, _: kitchen.time_passes(hours=7)),
)
SERVICES = st.lists(st.tuples(ACTS, st.integers(0, 9)), min_size=5, max_size=40)


@settings(max_examples=60, deadline=None)
@given(SERVICES)
def test_the_books_are_right_after_any_service(service: list[tuple[Act, int]]) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(serve(Path(folder), service))


async def serve(folder: Path, service: list[tuple[Act, int]]) -> None:
    clock = Clock()
    kitchen = Kitchen(await open_store(folder, clock=clock), clock)
    try:
        await kitchen.add_point("A")
        known = [await kitchen.place("Grill", "Bar")]
        for act, which in service:
            try:
                answer = await act(kitchen, known[which % len(known)])
            except Problem:
                continue
            if isinstance(answer, Order):
                known.append(answer)
        venue = await kitchen.venue()
        stored = await kitchen.store.read(lambda tx: all_orders(tx, venue.id))
        log = await kitchen.store.read(lambda tx: events.events_after(tx, venue.id, 0))
        assert [event.seq for event in log] == list(range(1, venue.seq + 1))
        assert [event.seq for event in kitchen.told] == [event.seq for event in log]
        replayed = {event.subject: event for event in log if event.kind in ORDER_KINDS}
        assert {id: order_body(order) for id, order in stored.items()} == {
            id: event.body for id, event in replayed.items() if event.kind != Kind.DELETED
        }
        rows = await kitchen.store.read(lambda tx: tx.all("SELECT * FROM orders"))
        for row in rows:
            order = stored[row["id"]]
            fresh = columns(order, order_body(order), venue)
            assert {name: row[name] for name in fresh} == fresh
        check_numbers(stored)
        await check_points(kitchen, stored)
        assert all(order.status == status_of(order.parts) for order in stored.values())
    finally:
        await kitchen.store.close()


def all_orders(tx: Reading, venue_id: str) -> dict[str, Order]:
    found = orders.search(tx, venue_id, orders.Search(limit=1000))
    return {order.id: order for order in found}


def check_numbers(stored: dict[str, Order]) -> None:
    held = [(order.day, order.number) for order in stored.values() if order.live and order.number]
    assert len(held) == len(set(held))


async def check_points(kitchen: Kitchen, stored: dict[str, Order]) -> None:
    """Each point and its order know of each other; nobody waits beside a free point."""
    points = await kitchen.points()
    holding = {point.order: point.id for point in points if point.order}
    assert holding == {order.id: order.point for order in stored.values() if order.point}
    assert all(stored[order].status == Status.READY for order in holding)
    if any(point.free for point in points):
        assert not any(order.wants_point for order in stored.values())
