"""Contract: 200 rounds of kill -9 against the store, ten through HTTP."""

import asyncio
import os
import random
import re
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from app.commands.keys import create_key
from app.domain.people import Scope
from app.store.sqlite import FILE_NAME, open_store
from tests.bench.talking import Caller

ROUNDS = 200
SIDE_BY_SIDE = 2
HTTP_ROUNDS = 10
ORDERS = "/api/v1/venues/main/orders"


def check(folder: Path, acknowledged: set[tuple[str, int]]) -> None:
    """Everything acknowledged is there, seqs have no gap, and orders agree with the log."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        events = file.execute("SELECT subject, seq FROM events ORDER BY seq").fetchall()
        counter = file.execute("SELECT seq FROM venues").fetchone()
        last = dict(file.execute("SELECT subject, MAX(seq) FROM events GROUP BY subject"))
        stored = dict(file.execute("SELECT id, seq FROM orders"))
    assert [seq for _, seq in events] == list(range(1, len(events) + 1))
    assert counter == (len(events),)
    assert acknowledged <= set(events)
    assert stored == last


async def store_round(folder: Path, chance: random.Random) -> set[tuple[str, int]]:
    """Let a child write, kill it after some of its answers, and read what it had acknowledged."""
    command = (sys.executable, "-m", "tests.crash.child", str(folder), "6")
    child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert child.stdout is not None
    said = b""
    for _ in range(chance.randint(1, 40)):
        said += await asyncio.wait_for(child.stdout.readline(), 20)
    child.kill()
    said += await child.stdout.read()
    await child.wait()
    whole = [line.split() for line in said.decode().splitlines() if re.fullmatch(r"\w+ \d+", line)]
    return {(order, int(seq)) for order, seq in whole}


async def store_rounds(folder: Path, seed: int) -> None:
    chance, acknowledged = random.Random(seed), set[tuple[str, int]]()
    for _ in range(ROUNDS // SIDE_BY_SIDE):
        acknowledged |= await store_round(folder, chance)
        check(folder, acknowledged)


async def test_two_hundred_kills_of_the_store_lose_nothing_acknowledged(tmp_path: Path) -> None:
    folders = [tmp_path / str(seed) for seed in range(SIDE_BY_SIDE)]
    await asyncio.gather(*(store_rounds(folder, seed) for seed, folder in enumerate(folders)))


async def make_key(folder: Path) -> str:
    store = await open_store(folder)
    scopes = (Scope.ORDERS_READ, Scope.ORDERS_WRITE)
    made = await store.write(lambda tx: create_key(tx, name="Till", scopes=scopes))
    await store.close()
    return made.secret


async def http_till(port: int, key: str, pid: int, told: set[tuple[str, int]], enough: int) -> None:
    talk = await Caller.connect(port, key)
    try:
        while True:
            placed = await talk.ask("POST", ORDERS, {"first_name": "Ada"})
            told.add((placed["id"], placed["seq"]))
            moved = await talk.ask("POST", f"{ORDERS}/{placed['id']}/status", {"status": "ready"})
            told.add((moved["id"], moved["seq"]))
            if len(told) >= enough:
                os.kill(pid, signal.SIGKILL)
    except (OSError, asyncio.IncompleteReadError):
        talk.close()


async def test_ten_kills_of_the_server_lose_nothing_it_answered(tmp_path: Path) -> None:
    key, told, chance = await make_key(tmp_path), set[tuple[str, int]](), random.Random(1)
    command = (sys.executable, "-m", "app", "serve", "--port", "0", "--data", str(tmp_path))
    for _ in range(HTTP_ROUNDS):
        child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        assert child.stdout is not None
        line = await asyncio.wait_for(child.stdout.readuntil(b"/docs"), 20)
        port = int(line.rpartition(b":")[2].partition(b"/")[0])
        enough = len(told) + chance.randint(1, 60)
        await asyncio.gather(*(http_till(port, key, child.pid, told, enough) for _ in range(4)))
        await child.communicate()
        check(tmp_path, told)
