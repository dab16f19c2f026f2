"""What may go wrong around the writer, and that it goes on afterwards."""

import asyncio
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from app.domain.events import Event
from app.domain.problems import OrderNotFound, Unavailable, WrongDatabase
from app.store import sqlite
from app.store.database import Outcome, Transaction
from app.store.sqlite import FILE_NAME, SqliteStore, open_store
from tests.clock import Clock
from tests.kitchen import Kitchen, lose_the_transaction


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


async def fail(store: SqliteStore) -> None:
    with pytest.raises(Unavailable):
        await store.write(lose_the_transaction)


async def test_a_failing_batch_does_not_swallow_what_others_wrote(
    kitchen: Kitchen, tmp_path: Path, clock: Clock
) -> None:
    other = Kitchen(await open_store(tmp_path, clock=clock), clock)
    await other.place()
    await fail(kitchen.store)
    await kitchen.place()
    assert [event.seq for event in kitchen.told] == [1, 2]
    await other.store.close()


async def test_a_reopened_writer_still_sees_what_others_write(
    kitchen: Kitchen, tmp_path: Path, clock: Clock
) -> None:
    other = Kitchen(await open_store(tmp_path, clock=clock), clock)
    for turn in range(3):
        await fail(kitchen.store)
        await other.place()
        await kitchen.place()
        assert len(kitchen.told) == 2 * turn + 2
    assert [event.seq for event in kitchen.told] == [1, 2, 3, 4, 5, 6]
    await other.store.close()


async def test_a_file_locked_for_too_long_refuses_and_recovers(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    kitchen = Kitchen(await open_store(tmp_path, clock=clock), clock)
    with locked(tmp_path):
        answers = await asyncio.gather(kitchen.place(), kitchen.place(), return_exceptions=True)
    assert [type(answer) for answer in answers] == [Unavailable] * 2
    assert (await kitchen.place()).seq == 1
    await kitchen.store.close()


async def test_a_file_locked_for_a_moment_is_waited_for(kitchen: Kitchen, tmp_path: Path) -> None:
    with locked(tmp_path):
        placing = asyncio.create_task(kitchen.place())
        done, _ = await asyncio.wait({placing}, timeout=0.05)
        assert not done
    assert (await placing).seq == 1


async def test_trouble_in_publishing_does_not_stop_the_writer(kitchen: Kitchen) -> None:
    def stumble(news: list[Event], credentials: bool) -> None:
        raise ZeroDivisionError

    kitchen.store.on_commit = stumble
    assert [(await kitchen.place()).seq for _ in range(2)] == [1, 2]


async def test_even_a_stray_stop_iteration_reaches_its_caller(kitchen: Kitchen) -> None:
    def stray(tx: Transaction) -> Outcome[None]:
        raise StopIteration

    with pytest.raises(RuntimeError):
        await kitchen.store.write(stray)
    assert (await kitchen.place()).seq == 1


async def test_a_refusal_keeps_nothing_of_its_change_in_memory(kitchen: Kitchen) -> None:
    gone = await kitchen.place()
    await kitchen.delete(gone)
    with pytest.raises(OrderNotFound) as refusal:
        await kitchen.move(gone, "ready")
    assert not [entry for entry in refusal.traceback if "commands" in str(entry.path)]


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"a shopping list " * 1000)
    with pytest.raises(WrongDatabase, match="not a database"):
        await open_store(tmp_path)


async def test_a_refused_file_leaves_no_thread_behind(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"a shopping list " * 1000)
    script = f"import asyncio; from app.store.sqlite import *; from pathlib import Path; \
asyncio.run(open_store(Path({str(tmp_path)!r})))"
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, stderr=asyncio.subprocess.PIPE
    )
    _, said = await asyncio.wait_for(child.communicate(), 20)
    assert b"WrongDatabase" in said
