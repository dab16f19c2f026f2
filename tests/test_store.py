"""The writer: one commit for many, savepoints, seqs without gaps, and other processes."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from app.commands.orders import NewOrder, place
from app.commands.venues import add_venue, change_venue
from app.domain.events import SYSTEM, Event, Kind
from app.domain.problems import NumberInUse, RefTaken, Unavailable, VenueNotFound, WrongDatabase
from app.store import venues
from app.store.database import Done, Outcome, Reading, Refused, Transaction, Unchanged
from app.store.migrate import newest_version
from app.store.orders import LIVE, WAITING_FOR_POINT
from app.store.sqlite import FILE_NAME, SqliteStore, open_store
from tests.kitchen import Kitchen, lose_the_transaction


def new(venue: str = "main", **fields: Any) -> Callable[[Transaction], Outcome[Any]]:
    return partial(place, venue=venue, new=NewOrder(**fields), actor=SYSTEM)


async def test_aiosqlite_still_has_what_the_writer_leans_on(store: SqliteStore) -> None:
    assert asyncio.iscoroutinefunction(aiosqlite.Connection._execute)
    assert isinstance(aiosqlite.Connection._conn, property)


async def test_the_live_writer_is_as_safe_as_promised(store: SqliteStore) -> None:
    def ask(connection: sqlite3.Connection) -> list[Any]:
        names = ("synchronous", "journal_mode", "foreign_keys")
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert await store.on_writer(ask) == [2, "wal", 1]


async def test_many_changes_at_once_are_numbered_without_gaps(kitchen: Kitchen) -> None:
    orders = await asyncio.gather(*(kitchen.place() for _ in range(100)))
    assert sorted(order.seq for order in orders) == list(range(1, 101))
    assert [event.seq for event in kitchen.told] == list(range(1, 101))


async def test_a_refused_change_rolls_back_alone(kitchen: Kitchen) -> None:
    wanted = [new(number="1"), new(number="1"), new(number="2")]
    first, refused, _ = await kitchen.store.write_all(wanted)
    assert isinstance(refused, NumberInUse)
    assert not isinstance(first, Exception)
    assert [event.seq for event in kitchen.told] == [1, 2]
    assert (await kitchen.venue()).seq == 2


async def test_a_change_that_fails_after_its_event_gives_the_number_back(kitchen: Kitchen) -> None:
    def failing(tx: Transaction) -> Outcome[Any]:
        new()(tx)
        raise NumberInUse("after all")

    await kitchen.store.write_all([new(), failing, new()])
    assert [event.seq for event in kitchen.told] == [1, 2]
    await kitchen.store.write_all([failing, new(), failing])
    assert [event.seq for event in kitchen.told] == [1, 2, 3]
    assert (await kitchen.venue()).seq == 3


async def test_one_commit_counts_the_events_of_each_venue(kitchen: Kitchen) -> None:
    await kitchen.store.write(partial(add_venue, slug="bar", name="Bar", settings={}))
    await kitchen.store.write_all([new(), new("bar"), new(), new(), new("bar")])
    known = {venue.slug: venue.seq for venue in await kitchen.store.read(venues.all_venues)}
    assert known == {"main": 3, "bar": 2}
    assert [event.seq for event in kitchen.told] == [1, 1, 2, 3, 2]


async def test_what_was_tried_within_a_change_gives_its_numbers_back(kitchen: Kitchen) -> None:
    def tries(tx: Transaction) -> Outcome[Any]:
        placed = new()(tx)
        tx.attempt(lambda inner: Unchanged(new()(inner)))
        new()(tx)
        return placed

    def for_nothing(tx: Transaction) -> Outcome[Any]:
        return Unchanged(tries(tx))

    await kitchen.store.write_all([for_nothing, tries, for_nothing, new()])
    assert [event.seq for event in kitchen.told] == [1, 2, 3]
    assert (await kitchen.venue()).seq == 3


async def test_a_changed_venue_holds_for_the_rest_of_the_commit(kitchen: Kitchen) -> None:
    def moved_to(station: str) -> Callable[[Transaction], Outcome[Any]]:
        changes = {"default_station": station}
        return partial(change_venue, venue="main", changes=changes, actor=SYSTEM)

    def failing(tx: Transaction) -> Outcome[Any]:
        moved_to("Nowhere")(tx)
        new()(tx)
        raise NumberInUse("after all")

    wanted = [new(), failing, new(), moved_to("Bar"), new()]
    await kitchen.store.write_all(wanted)
    placed = [event.order() for event in kitchen.told if event.kind == Kind.PLACED]
    assert [order.parts[0].station for order in placed] == ["Kitchen", "Kitchen", "Bar"]


async def test_parameters_are_found_by_name_and_nothing_else_is_one(store: SqliteStore) -> None:
    def look(tx: Reading) -> list[Any]:
        asked = [
            tx.one("SELECT ':b', :b, :a, :b", a=1, b="?"),
            tx.one("SELECT :a, ':a it''s :a'", a=":b"),
            tx.one("SELECT 1"),
        ]
        return [tuple(row) for row in asked if row is not None]

    found = await store.read(look)
    assert found == [(":b", "?", 1, "?"), (":b", ":a it's :a"), (1,)]


async def test_an_unchanged_outcome_uses_no_seq(kitchen: Kitchen) -> None:
    await kitchen.store.write(new(ref="r", fingerprint="f"))
    again = await kitchen.store.write(new(ref="r", fingerprint="f"))
    assert not again.created
    with pytest.raises(RefTaken):
        await kitchen.store.write(new(ref="r", fingerprint="g"))
    assert (await kitchen.venue()).seq == 1


async def test_a_refused_outcome_is_kept_and_answered_as_a_problem(store: SqliteStore) -> None:
    def count(tx: Transaction) -> Outcome[None]:
        tx.run("UPDATE venues SET name = 'changed'")
        return Refused(VenueNotFound("no"))

    with pytest.raises(VenueNotFound):
        await store.write(count)
    assert (await store.read(venues.all_venues))[0].name == "changed"


async def test_a_mistake_in_one_change_spares_the_others(kitchen: Kitchen) -> None:
    def mistaken(tx: Transaction) -> Outcome[None]:
        tx.run("UPDATE venues SET name = 'wrong'")
        raise ZeroDivisionError

    fine, wrong = await asyncio.gather(
        kitchen.place(), kitchen.store.write(mistaken), return_exceptions=True
    )
    assert isinstance(wrong, ZeroDivisionError)
    assert not isinstance(fine, BaseException)
    assert (await kitchen.venue()).name != "wrong"


async def test_when_the_transaction_is_lost_nobody_in_it_is_acknowledged(
    kitchen: Kitchen,
) -> None:
    await kitchen.place()

    answers = await asyncio.gather(
        kitchen.place(),
        kitchen.store.write(lose_the_transaction),
        kitchen.place(),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers] == [Unavailable] * 3
    assert len({id(answer) for answer in answers}) == 3
    assert (await kitchen.place()).seq == 2


async def test_a_full_disk_refuses_and_keeps_what_was(kitchen: Kitchen) -> None:
    await kitchen.place()

    def limit(pages: int) -> Callable[[sqlite3.Connection], Any]:
        return lambda connection: connection.execute(f"PRAGMA max_page_count = {pages}").fetchone()

    await kitchen.store.on_writer(limit(1))
    orders = [kitchen.place(note="x" * 2000) for _ in range(200)]
    answers = await asyncio.gather(*orders, return_exceptions=True)
    assert {type(answer) for answer in answers} == {Unavailable}
    assert (await kitchen.place()).seq == 2


async def test_a_change_runs_though_its_caller_left(kitchen: Kitchen) -> None:
    caller = asyncio.create_task(kitchen.place(first_name="Ada"))
    await asyncio.sleep(0)
    caller.cancel()
    assert (await kitchen.place()).seq == 2


async def test_a_closed_store_finishes_what_is_queued_and_refuses_more(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    queued = [asyncio.ensure_future(store.write(new())) for _ in range(5)]
    await asyncio.sleep(0)
    await store.close()
    assert [placed.order.seq for placed in await asyncio.gather(*queued)] == [1, 2, 3, 4, 5]
    with pytest.raises(Unavailable):
        await store.write(new())


async def test_what_another_process_writes_arrives_in_order(
    kitchen: Kitchen, tmp_path: Path
) -> None:
    other = await open_store(tmp_path)
    arrived: asyncio.Queue[Event] = asyncio.Queue()

    def tell(news: list[Event], credentials: bool) -> None:
        for event in news:
            arrived.put_nowait(event)

    kitchen.store.on_commit = tell
    for turn in range(20):
        await (other.write(new()) if turn % 2 else kitchen.place())
    seqs = [(await asyncio.wait_for(arrived.get(), 1)).seq for _ in range(20)]
    assert seqs == list(range(1, 21))
    await other.close()


async def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    await (await open_store(tmp_path)).close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as file:
        file.execute(f"PRAGMA user_version = {newest_version() + 1}")
    with pytest.raises(WrongDatabase, match="newer"):
        await open_store(tmp_path)


async def test_a_fresh_file_holds_one_venue_and_opens_again(tmp_path: Path) -> None:
    for _ in range(2):
        store = await open_store(tmp_path)
        assert [venue.slug for venue in await store.read(venues.all_venues)] == ["main"]
        await store.close()


async def test_reading_cannot_write(store: SqliteStore) -> None:
    def writes(tx: Any) -> Any:
        return tx.all("DELETE FROM venues")

    with pytest.raises(sqlite3.OperationalError):
        await store.read(writes)


async def test_a_read_that_broke_off_keeps_no_moment_for_the_next(kitchen: Kitchen) -> None:
    def breaks_off(tx: Reading) -> None:
        tx.one("SELECT id FROM orders")
        raise NumberInUse("half read")

    await kitchen.store.write_all([new(), new(), new()])
    with pytest.raises(NumberInUse) as kept:  # and with it the transaction
        await kitchen.store.read(breaks_off)
    await kitchen.store.write_all([new(), new()])
    count = await kitchen.store.read(lambda tx: tx.one("SELECT COUNT(*) AS n FROM orders"))
    assert count is not None
    assert count["n"] == 5
    assert kept.tb is not None


async def test_a_change_that_keeps_nothing_can_still_answer(store: SqliteStore) -> None:
    assert await store.write(lambda tx: Unchanged("read")) == "read"
    assert await store.write(lambda tx: Done("kept")) == "kept"


@pytest.mark.parametrize("sql", [LIVE, WAITING_FOR_POINT])
async def test_the_live_orders_are_found_without_reading_all(store: SqliteStore, sql: str) -> None:
    def plan(connection: sqlite3.Connection) -> str:
        return str(connection.execute(f"EXPLAIN QUERY PLAN {sql}", {"venue": ""}).fetchone()[3])

    assert "orders_live" in await store.on_writer(plan)
