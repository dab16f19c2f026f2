"""The SQLite store: one writer that commits many changes at once, one reader beside it.

A write is acknowledged only after COMMIT with synchronous=FULL in WAL mode, so neither a killed
process nor a power cut loses it.
"""

import asyncio
import logging
import re
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache, partial
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from app.domain.events import Event
from app.domain.orders import Order
from app.domain.problems import Problem, Unavailable, WrongDatabase
from app.domain.times import utc_now, whole_ms
from app.domain.venues import Venue
from app.store import events, orders, venues
from app.store.database import Change, Outcome, Reading, Refused, Row, Unchanged
from app.store.migrate import migrate

T = TypeVar("T")

FILE_NAME = "readyboard.db"
MOST_CHANGES = 256
LOOK_SECONDS = 0.25
BUSY_SECONDS = 5.0
DISK_TROUBLE = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_READONLY,
}
QUOTED_OR_PARAMETER = re.compile(r"'[^']*'|:(\w+)")
Clock = Callable[[], datetime]

log = logging.getLogger(__name__)


class SqliteTransaction:
    """An open transaction; see database.Transaction."""

    def __init__(
        self, connection: sqlite3.Connection, clock: Clock, kept: dict[str, Order] | None = None
    ) -> None:
        """`kept`: the orders that the writer keeps from one commit to the next."""
        self._connection = connection
        self._cursor = connection.cursor()
        self._clock = clock
        self.orders = {} if kept is None else kept
        self.events: list[Event] = []
        self.seqs: dict[str, int] = {}
        self.venues: dict[str, Venue] = {}
        self.credentials_changed = False

    @cached_property
    def now(self) -> datetime:
        return whole_ms(self._clock())

    def one(self, sql: str, **params: Any) -> Row | None:
        row: Row | None = self._execute(sql, params).fetchone()
        return row

    def all(self, sql: str, **params: Any) -> list[Row]:
        return self._execute(sql, params).fetchall()

    def run(self, sql: str, row: dict[str, Any] | None = None, /, **params: Any) -> int:
        assert row is None or not params
        return self._execute(sql, params if row is None else row).rowcount

    def _execute(self, sql: str, params: dict[str, Any]) -> sqlite3.Cursor:
        by_place, values = _by_place(sql)
        return self._cursor.execute(by_place, values(params))

    def attempt(self, change: Change[T]) -> Outcome[T]:
        self._cursor.execute("SAVEPOINT change")
        kept, credentials = len(self.events), self.credentials_changed
        written = self._connection.total_changes
        try:
            outcome = change(self)
        except Exception:
            # A full disk ends the whole transaction: then there is no savepoint to go back to.
            if self._connection.in_transaction:
                self._undo(kept, credentials, written)
            raise
        if isinstance(outcome, Unchanged):
            self._undo(kept, credentials, written)
        else:
            self._cursor.execute("RELEASE change")
        return outcome

    def commit(self) -> None:
        for venue, seq in self.seqs.items():
            venues.count_on(self, venue, seq)
        self._cursor.execute("COMMIT")

    def rollback(self) -> None:
        # On the cursor, because a SELECT that was read in part would keep its moment for ever.
        self._cursor.execute("ROLLBACK")

    def _undo(self, kept: int, credentials: bool, written: int) -> None:
        if self._connection.total_changes != written:  # most refusals come before anything is
            self.venues.clear()
            self.orders.clear()
        self._cursor.execute("ROLLBACK TO change")
        self._cursor.execute("RELEASE change")
        if len(self.events) > kept:
            del self.events[kept:]
            self.seqs = {event.venue: event.seq for event in self.events}
        self.credentials_changed = credentials


@dataclass(frozen=True, slots=True)
class News:
    """Events that other processes committed, up to a `data_version` of the file."""

    data_version: int
    events: list[Event]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one commit brought: per change its value or exception, and the events in order."""

    results: list[Any]
    events: list[Event]
    credentials_changed: bool


class SqliteStore:
    """See database.Store. Make one with `open_store`."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self.on_commit: Callable[[list[Event], bool], None] = lambda _events, _credentials: None
        self._clock = clock
        self._writer: aiosqlite.Connection
        self._reader: aiosqlite.Connection
        self._queue: deque[list[tuple[Change[Any], asyncio.Future[Any]]]] = deque()
        self._awake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._closing = False
        self._damaged = False
        # Last seq seen per venue and the file's data_version: what other processes committed
        # is everything above. With the orders changed lately they belong to the writer's thread.
        self._known: dict[str, int] = {}
        self._data_version = 0
        self._orders: dict[str, Order] = {}

    async def open(self) -> None:
        self._writer = await self._connect(self._prepare_writer)
        try:
            self._reader = await self._connect(self._prepare_reader)
        except BaseException:
            await self._writer.close()
            raise
        self._tasks = [
            asyncio.create_task(self._write_batches(), name="store writer"),
            asyncio.create_task(self._look_for_others(), name="store look-out"),
        ]

    async def write(self, change: Change[T]) -> T:
        # No name for the future: a refusal's traceback would hold it, and it the refusal.
        answer: T = await self._enqueue([change])[0]
        return answer

    async def write_all(self, changes: Sequence[Change[T]]) -> list[T | Problem]:
        """Many changes in one commit, answered one by one; a refused one by its Problem."""
        answers: list[T | Problem] = []
        for answer in await asyncio.gather(*self._enqueue(changes), return_exceptions=True):
            if isinstance(answer, BaseException) and not isinstance(answer, Problem):
                raise answer
            answers.append(answer)
        return answers

    async def read(self, look: Callable[[Reading], T]) -> T:
        return await self._in_thread(self._reader, lambda c: self._run_read(c, look))

    async def on_writer(self, ask: Callable[[sqlite3.Connection], T]) -> T:
        """Run a function on the live writer connection (its settings are asked for in /readyz).
        It may change no order: the writer keeps some."""
        return await self._in_thread(self._writer, ask)

    async def close(self) -> None:
        """Finish what is queued, then close the file. What comes later is refused."""
        self._closing = True
        self._awake.set()
        writer, look_out = self._tasks
        await writer
        look_out.cancel()
        await asyncio.gather(look_out, return_exceptions=True)
        await self._reader.close()
        await self._writer.close()

    # ---- the writer, on the event loop -------------------------------------------------------

    def _enqueue(self, changes: Sequence[Change[Any]]) -> list[asyncio.Future[Any]]:
        loop = asyncio.get_running_loop()
        pairs = [(change, loop.create_future()) for change in changes]
        if self._closing:
            for _, future in pairs:
                _answer(future, Unavailable("The server is stopping; send it again."))
        else:
            self._queue.append(pairs)
            self._awake.set()
        return [future for _, future in pairs]

    async def _write_batches(self) -> None:
        while True:
            await self._awake.wait()
            self._awake.clear()
            while pairs := await self._gather():
                await self._commit(pairs)
            if self._closing:
                return

    async def _gather(self) -> list[tuple[Change[Any], asyncio.Future[Any]]]:
        # Requests that came together are read over a few turns of the loop. Who waits for them
        # has one commit for all, and one round to every viewer.
        waiting = 0
        while waiting < len(self._queue) < MOST_CHANGES:
            waiting = len(self._queue)
            await asyncio.sleep(0)
        gathered: list[tuple[Change[Any], asyncio.Future[Any]]] = []
        while self._queue and len(gathered) < MOST_CHANGES:
            gathered += self._queue.popleft()
        return gathered

    async def _commit(self, pairs: list[tuple[Change[Any], asyncio.Future[Any]]]) -> None:
        changes = [change for change, _ in pairs]
        try:
            if self._damaged:
                await self._reopen_writer()
            batch = await self._in_thread(self._writer, lambda c: self._run_batch(c, changes))
        except Exception as error:
            # The whole transaction is gone (disk full ends it; so does a failed COMMIT): nothing
            # of it was kept, so nobody in it may be told otherwise.
            log.error("A commit failed and nothing of it was kept: %s", error)
            self._damaged = True
            for _, future in pairs:
                _answer(future, Unavailable("The change could not be stored. Try again."))
            return
        for (_, future), result in zip(pairs, batch.results, strict=True):
            _answer(future, result)
        self._tell(batch.events, batch.credentials_changed)

    def _tell(self, news: list[Event], credentials_changed: bool) -> None:
        if not news and not credentials_changed:
            return
        try:
            self.on_commit(news, credentials_changed)
        except Exception:  # the writer must go on, or every later change would wait for ever
            log.exception("What was committed could not be published")

    async def _look_for_others(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self._queue:  # the next batch looks first anyhow
                continue
            try:
                news = await self._in_thread(self._writer, self._look_between)
            except sqlite3.Error:
                continue
            if news is not None:
                self._tell(news.events, True)

    async def _reopen_writer(self) -> None:
        """The new connection comes first, so that at no time there is none."""
        damaged, self._writer = self._writer, await self._connect(self._set_pragmas)
        self._damaged = False
        # Each connection counts the file's versions for itself. What the lost batch said of orders
        # is forgotten with the next look.
        self._data_version = 0
        with suppress(sqlite3.Error):
            await damaged.close()

    async def _connect(self, prepare: Callable[[sqlite3.Connection], None]) -> aiosqlite.Connection:
        connection = await aiosqlite.connect(self.path, isolation_level=None, timeout=BUSY_SECONDS)
        try:
            await self._in_thread(connection, prepare)
        except BaseException:
            await connection.close()  # else its thread keeps the process from ending
            raise
        return connection

    @staticmethod
    async def _in_thread(
        connection: aiosqlite.Connection, act: Callable[[sqlite3.Connection], T]
    ) -> T:
        # aiosqlite runs one statement a hop; its private _execute runs a whole function in its
        # thread in one hop (35 times the changes a second). tests/test_store.py pins both names.
        result: T = await connection._execute(  # type: ignore[no-untyped-call]
            lambda: act(connection._conn)
        )
        return result

    # ---- in the writer's thread --------------------------------------------------------------

    def _prepare_writer(self, connection: sqlite3.Connection) -> None:
        self._set_pragmas(connection)
        migrate(connection)
        connection.execute("BEGIN IMMEDIATE")
        tx = SqliteTransaction(connection, self._clock)
        venues.seed(tx)
        orders.fill_columns(tx, partial(_known_venue, tx))
        self._known = venues.seqs(tx)
        tx.commit()
        self._data_version = _data_version(connection)

    @staticmethod
    def _set_pragmas(connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        if mode != "wal":
            raise WrongDatabase(f"The data folder cannot hold a write-ahead log (it has '{mode}').")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @staticmethod
    def _prepare_reader(connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA query_only = ON")

    def _run_read(self, connection: sqlite3.Connection, look: Callable[[Reading], T]) -> T:
        connection.execute("BEGIN")
        tx = SqliteTransaction(connection, self._clock)
        try:
            return look(tx)
        finally:
            tx.rollback()

    def _run_batch(self, connection: sqlite3.Connection, changes: list[Change[Any]]) -> Batch:
        tx = SqliteTransaction(connection, self._clock, self._orders)
        connection.execute("BEGIN IMMEDIATE")
        try:
            news = self._look(connection)
            results = [self._run_change(connection, tx, change) for change in changes]
            tx.commit()
        except BaseException:
            if connection.in_transaction:
                tx.rollback()
            raise
        self._remember(news, tx.seqs)
        if news is None:
            return Batch(results, tx.events, tx.credentials_changed)
        return Batch(results, news.events + tx.events, True)

    @staticmethod
    def _run_change(
        connection: sqlite3.Connection, tx: SqliteTransaction, change: Change[Any]
    ) -> Any:
        """The change's value, or the exception its caller gets."""
        try:
            outcome = tx.attempt(change)
        except Exception as error:
            if not connection.in_transaction or _is_of_the_disk(error):
                raise
            # A refusal needs no traceback, and it would keep the whole change in memory.
            return error.with_traceback(None) if isinstance(error, Problem) else error
        return outcome.problem if isinstance(outcome, Refused) else outcome.value

    def _look_between(self, connection: sqlite3.Connection) -> News | None:
        """The look-out's look, while no batch is under way."""
        if _data_version(connection) == self._data_version:
            return None
        connection.execute("BEGIN")  # seqs and events of one moment
        try:
            news = self._look(connection)
        finally:
            connection.execute("ROLLBACK")
        self._remember(news, {})
        return news

    def _look(self, connection: sqlite3.Connection) -> News | None:
        """What other processes committed since the last look; None when none did. It counts as
        seen only once `_remember` is told: a batch that fails must not swallow it."""
        version = _data_version(connection)
        if version == self._data_version:
            return None
        self._orders.clear()  # any of them may have been changed
        tx = SqliteTransaction(connection, self._clock)
        found: list[Event] = []
        for venue, seq in venues.seqs(tx).items():
            known = self._known.get(venue, 0)
            if seq > known:
                found += events.events_after(tx, venue, known)
        return News(version, found)

    def _remember(self, news: News | None, own: dict[str, int]) -> None:
        if news is not None:
            self._data_version = news.data_version
            self._known.update((event.venue, event.seq) for event in news.events)
        self._known.update(own)


@lru_cache(maxsize=256)  # some searches are put together as they are asked for
def _by_place(sql: str) -> tuple[str, Callable[[dict[str, Any]], tuple[Any, ...]]]:
    """A statement with `?` for each `:name`, and what puts the values in that order. sqlite3 looks
    every name up anew each time, which took a twentieth of a change."""
    names = [found[1] for found in QUOTED_OR_PARAMETER.finditer(sql) if found[1]]
    by_place = QUOTED_OR_PARAMETER.sub(lambda found: "?" if found[1] else found[0], sql)
    if len(names) < 2:  # of one name itemgetter makes no tuple
        return by_place, lambda params: tuple([params[name] for name in names])
    return by_place, itemgetter(*names)


def _answer(future: asyncio.Future[Any], result: Any) -> None:
    if future.done():  # its caller left; the change was made all the same
        return
    if not isinstance(result, BaseException):
        future.set_result(result)
        return
    # A future cannot carry a StopIteration.
    future.set_exception(RuntimeError(result) if isinstance(result, StopIteration) else result)


def _is_of_the_disk(error: Exception) -> bool:
    """Full, failing, read-only or damaged: nothing to do with the change itself."""
    return isinstance(error, sqlite3.Error) and (
        getattr(error, "sqlite_errorcode", 0) & 0xFF in DISK_TROUBLE
    )


def _data_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


async def open_store(folder: Path, *, clock: Clock = utc_now) -> SqliteStore:
    """Open (or make) the database in a data folder. Raises WrongDatabase."""
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 once, before anything runs
    store = SqliteStore(folder / FILE_NAME, clock)
    try:
        await store.open()
    except sqlite3.Error as error:
        raise WrongDatabase(f"The database cannot be used: {error} ({store.path}).") from error
    return store


def _known_venue(tx: SqliteTransaction, venue_id: str) -> Venue:
    found = venues.by_id(tx, venue_id)
    assert found is not None
    return found
