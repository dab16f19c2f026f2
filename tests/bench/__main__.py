"""Write rate and fan-out of the real server, printed: python -m tests.bench [--viewers N]."""

import argparse
import asyncio
import os
import platform
import sqlite3
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path

import click

from app.commands.orders import NewOrder, place
from app.commands.status import Move, change_status
from app.domain.events import SYSTEM
from app.domain.orders import Status
from app.store.sqlite import open_store
from tests.bench.serving import Serving, cpu_seconds, private_kilobytes, serving
from tests.bench.talking import Caller, open_feed

CALLERS = 64
ORDERS = "/api/v1/venues/main/orders"
MOVES = (Status.PREPARING, Status.READY)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=500, help="screens on the board")
    parser.add_argument("--seconds", type=float, default=3, help="how long each figure is taken")
    asked = parser.parse_args()
    click.echo(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    click.echo(f"raw sqlite3, one durable commit each    {raw_commits(asked.seconds):9,.0f} /s")
    asyncio.run(measure(asked.viewers, asked.seconds))


async def measure(viewers: int, seconds: float) -> None:
    rate = await store_moves(seconds)
    click.echo(f"store, durable moves, {CALLERS} callers         {rate:9,.0f} /s")
    async with serving() as served:
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        rate = await http_moves(served, seconds)
        click.echo(f"HTTP, durable moves, {CALLERS} callers          {rate:9,.0f} /s")
        await fan_out(served, viewers, seconds)


def raw_commits(seconds: float) -> float:
    """What the disk alone allows: one small row and one fsync at a time."""
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "raw.db", isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE t (text TEXT)")
        count, end = 0, time.perf_counter() + seconds
        while time.perf_counter() < end:
            connection.execute("INSERT INTO t VALUES (:text)", {"text": "x" * 600})
            count += 1
        connection.close()
    return count / seconds


async def store_moves(seconds: float) -> float:
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(Path(folder))
        end = time.perf_counter() + seconds

        async def caller() -> int:
            new = NewOrder(first_name="Ada", last_name="Byron")
            placed = await store.write(partial(place, venue="main", new=new, actor=SYSTEM))
            count = 0
            while time.perf_counter() < end:
                move = Move(status=MOVES[count % 2])
                order = placed.order.id
                await store.write(
                    partial(change_status, venue="main", order=order, move=move, actor=SYSTEM)
                )
                count += 1
            return count

        counts = await asyncio.gather(*(caller() for _ in range(CALLERS)))
        await store.close()
    return sum(counts) / seconds


async def http_moves(served: Serving, seconds: float) -> float:
    end = time.perf_counter() + seconds

    async def caller() -> int:
        talk = await Caller.connect(served.port, served.key)
        order = (await talk.ask("POST", ORDERS, {"first_name": "Ada"}))["id"]
        count = 0
        while time.perf_counter() < end:
            body = {"status": MOVES[count % 2].value}
            await talk.ask("POST", f"{ORDERS}/{order}/status", body)
            count += 1
        await talk.ask("POST", f"{ORDERS}/{order}/status", {"status": "cancelled"})
        talk.close()
        return count

    return sum(await asyncio.gather(*(caller() for _ in range(CALLERS)))) / seconds


async def fan_out(served: Serving, viewers: int, seconds: float) -> None:
    """One change at a time: from the start of its request until the last screen has it."""
    before = private_kilobytes(served.pid)
    feeds = [await open_feed(served.port) for _ in range(viewers)]
    each = (private_kilobytes(served.pid) - before) / viewers
    talk = await Caller.connect(served.port, served.key)
    order = (await talk.ask("POST", ORDERS, {"name": "~0~"}))["id"]
    times: list[float] = []
    cpu, end = cpu_seconds(served.pid), time.perf_counter() + seconds
    while time.perf_counter() < end:
        mark = f"~{len(times) + 1}~"
        started = time.perf_counter()
        arrivals = [asyncio.create_task(reader.readuntil(mark.encode())) for reader, _ in feeds]
        await talk.ask("PATCH", f"{ORDERS}/{order}", {"name": mark})
        await asyncio.gather(*arrivals)
        times.append(time.perf_counter() - started)
    used = (cpu_seconds(served.pid) - cpu) / (len(times) * viewers)
    click.echo(
        f"fan-out to {viewers} screens, last has it   {statistics.median(times) * 1e3:9.1f} ms"
    )
    click.echo(f"  server CPU for one delivery           {used * 1e6:9.1f} µs")
    click.echo(f"  private memory for one viewer         {each:9.1f} KB")
    for _, writer in feeds:
        writer.close()
    talk.close()


if __name__ == "__main__":
    main()
