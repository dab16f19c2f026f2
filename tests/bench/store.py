"""Durable status changes without HTTP, beside plain sqlite3: `python -m tests.bench.store`.

Plain is once by hand, which means the same rows in the same tables and nothing else: the venue's
next seq, the order read and written, one event; and once inline, which is our own change without
the store around it. Both commit each change. Prints one JSON object.
"""

import argparse
import asyncio
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import click

from app.commands.status import Move, change_status
from app.domain.events import SYSTEM
from app.domain.orders import Order, Status
from app.domain.times import utc_now
from app.store.database import Change
from app.store.sqlite import FILE_NAME, SqliteStore, SqliteTransaction, open_store
from tests.bench.standing import place_orders

CALLERS = 64
MOVES = (Status.PREPARING, Status.READY)
NEXT = "UPDATE venues SET seq = seq + 1 RETURNING id, seq"
READ = "SELECT body FROM orders WHERE id = :id"
SAVE = """UPDATE orders SET seq = :seq, status = :status, moved_at = :at, updated_at = :at,
body = :body WHERE id = :id"""
APPEND = """INSERT INTO events (venue, seq, kind, at, actor, dialect, subject, body, detail)
VALUES (:venue, :seq, 'status', :at, '{}', 'native', :id, :body, '{}')"""


@dataclass(frozen=True, slots=True)
class Rates:
    """Changes per second, and the median time of one in microseconds."""

    store_per_second: float
    store_one: float
    by_hand_per_second: float
    by_hand_one: float
    inline_per_second: float
    inline_one: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2, help="how long each is run")
    click.echo(json.dumps(asdict(measure(parser.parse_args().seconds))))


def measure(seconds: float) -> Rates:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one, per_second, orders = asyncio.run(_store(folder, seconds))
        hand = _one_commit_each(folder / FILE_NAME, partial(_by_hand, orders[0]), seconds)
        inline = _one_commit_each(folder / FILE_NAME, partial(_inline, orders[0]), seconds)
    return Rates(
        store_per_second=per_second,
        store_one=statistics.median(one) * 1e6,
        by_hand_per_second=len(hand) / sum(hand),
        by_hand_one=statistics.median(hand) * 1e6,
        inline_per_second=len(inline) / sum(inline),
        inline_one=statistics.median(inline) * 1e6,
    )


async def _store(folder: Path, seconds: float) -> tuple[list[float], float, list[str]]:
    """The times of one caller's changes, the changes per second of many, the orders moved."""
    store = await open_store(folder)
    orders = await place_orders(store, CALLERS)
    one = await _moves(store, orders[0], time.perf_counter() + seconds)
    started = time.perf_counter()
    callers = (_moves(store, order, started + seconds) for order in orders)
    counts = [len(taken) for taken in await asyncio.gather(*callers)]
    rate = sum(counts) / (time.perf_counter() - started)
    await store.close()
    return one, rate, orders


async def _moves(store: SqliteStore, order: str, end: float) -> list[float]:
    taken: list[float] = []
    while (started := time.perf_counter()) < end:
        await store.write(_move(order, len(taken)))
        taken.append(time.perf_counter() - started)
    return taken


def _one_commit_each(
    file: Path, change: Callable[[sqlite3.Connection, int], None], seconds: float
) -> list[float]:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA synchronous = FULL")
    taken: list[float] = []
    end = time.perf_counter() + seconds
    while (started := time.perf_counter()) < end:
        connection.execute("BEGIN IMMEDIATE")
        change(connection, len(taken))
        taken.append(time.perf_counter() - started)
    connection.close()
    return taken


def _by_hand(order: str, connection: sqlite3.Connection, count: int) -> None:
    at, status = int(time.time() * 1000), MOVES[count % 2].value
    venue, seq = connection.execute(NEXT).fetchone()
    [body] = connection.execute(READ, {"id": order}).fetchone()
    row = {"venue": venue, "seq": seq, "id": order, "status": status, "at": at, "body": body}
    connection.execute(SAVE, row)
    connection.execute(APPEND, row)
    connection.execute("COMMIT")


def _inline(order: str, connection: sqlite3.Connection, count: int) -> None:
    transaction = SqliteTransaction(connection, utc_now)
    _move(order, count)(transaction)
    transaction.commit()


def _move(order: str, count: int) -> Change[Order]:
    move = Move(status=MOVES[count % 2])
    return partial(change_status, venue="main", order=order, move=move, actor=SYSTEM)


if __name__ == "__main__":
    main()
