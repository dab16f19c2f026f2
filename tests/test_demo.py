"""The make-believe service, step by step."""

import asyncio
from collections import Counter
from functools import partial
from pathlib import Path
from random import Random

import pytest

from app.commands.orders import delete
from app.demo import ACTOR, FEWEST, MOST, Demo, empty, prepare
from app.domain.events import Event, Kind
from app.domain.orders import Status
from app.domain.people import Role
from app.domain.problems import WrongDatabase
from app.store import orders, people, venues
from app.store.database import Reading
from app.store.sqlite import FILE_NAME, SqliteStore, open_store
from tests.clock import Clock


def live(db: Reading) -> list[Status]:
    venue = venues.by_slug(db, "main")
    assert venue is not None
    return [order.status for order in orders.live(db, venue.id)]


async def test_a_long_evening_goes_through_every_state_and_never_fills_the_board(
    store: SqliteStore, clock: Clock
) -> None:
    events: list[Event] = []
    store.on_commit = lambda news, _credentials: events.extend(news)
    demo, most = Demo(store, Random(7), 1.5), 0
    for _ in range(600):
        clock.forward(seconds=1.5)
        await demo.step()
        most = max(most, len(await store.read(live)))
    assert FEWEST < most <= MOST
    assert {event.actor.name for event in events} == {ACTOR.name}
    reached = Counter(str(event.detail["to"]) for event in events if event.kind == Kind.STATUS)
    assert reached.keys() == {"preparing", "ready", "held", "cancelled", "collected"}
    assert any(event.kind == Kind.PART for event in events)


async def test_a_move_that_staff_made_impossible_is_left_alone(
    store: SqliteStore, clock: Clock
) -> None:
    demo = Demo(store, Random(7), 1.5)
    await demo.place(Status.READY)
    found = await store.read(lambda db: venues.by_slug(db, "main"))
    assert found is not None
    [order] = await store.read(lambda db: orders.live(db, found.id))
    await store.write(partial(delete, venue="main", order=order.id, actor=ACTOR))
    await demo.move(order)
    assert await store.read(live) == []


def test_the_folder_starts_with_orders_under_way_and_an_admin(tmp_path: Path) -> None:
    async def look() -> tuple[list[Status], list[Role]]:
        store = await open_store(tmp_path)
        found = await store.read(live), [u.role for u in await store.read(people.all_users)]
        await store.close()
        return found

    password = prepare(tmp_path)
    statuses, roles = asyncio.run(look())
    assert len(password) == 8
    assert set(statuses) == {Status.QUEUED, Status.PREPARING, Status.READY}
    assert roles == [Role.ADMIN]


def test_only_its_own_folder_is_emptied(tmp_path: Path) -> None:
    empty(tmp_path)
    (tmp_path / FILE_NAME).touch()
    (tmp_path / "notes.txt").touch()
    empty(tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {"demo-folder", "notes.txt"}
    (tmp_path / "demo-folder").unlink()
    (tmp_path / FILE_NAME).touch()
    with pytest.raises(WrongDatabase, match="needs a folder of its own"):
        empty(tmp_path)
