"""A Readyboard of its own to measure: a child process on one core, its data in a new folder."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.commands.keys import create_key
from app.domain.people import Scope
from app.store.sqlite import open_store

READY = b"API "


@dataclass(frozen=True, slots=True)
class Serving:
    port: int
    key: str
    pid: int


@asynccontextmanager
async def serving() -> AsyncIterator[Serving]:
    with tempfile.TemporaryDirectory() as folder:
        key = await _make_key(Path(folder))
        command = [sys.executable, "-m", "app", "serve", "--port", "0", "--data", folder]
        child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        try:
            port = await _port_of(child)
            os.sched_setaffinity(child.pid, {0})
            yield Serving(port, key, child.pid)
        finally:
            child.terminate()
            await child.wait()


async def _make_key(folder: Path) -> str:
    store = await open_store(folder)
    scopes = (Scope.ORDERS_READ, Scope.ORDERS_WRITE)
    made = await store.write(partial(create_key, name="Bench", scopes=scopes))
    await store.close()
    return made.secret


async def _port_of(child: asyncio.subprocess.Process) -> int:
    assert child.stdout is not None
    async for line in child.stdout:
        if READY in line:
            return int(line.rpartition(b":")[2].partition(b"/")[0])
    raise RuntimeError("The server did not start.")


def cpu_seconds(pid: int) -> float:
    """User and system time a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def private_kilobytes(pid: int) -> int:
    """Memory that belongs to this process alone."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
