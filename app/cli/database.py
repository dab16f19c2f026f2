"""Run one verb on the database of the data folder, also while the server runs on it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from app.cli.options import load
from app.domain.events import Actor
from app.domain.problems import WrongDatabase
from app.store import folder
from app.store.database import Change, Reading
from app.store.sqlite import FILE_NAME, SqliteStore, open_store

T = TypeVar("T")

# Whoever may open the file may do everything; the log says that it was done in the shell.
SHELL = Actor(kind="system", name="command line")


def write(data: str | None, change: Change[T]) -> T:
    return run(data, lambda store: store.write(change))


def read(data: str | None, look: Callable[[Reading], T]) -> T:
    return run(data, lambda store: store.read(look))


def run(data: str | None, job: Callable[[SqliteStore], Awaitable[T]]) -> T:
    """Open the database, do the job, close it. None is made: in a mistyped folder the verb would
    say that all is well and the server would know of nothing."""
    path = load(data=data).settings.data
    if not (path / FILE_NAME).is_file():
        raise WrongDatabase(
            f"There is no database in {path}. "
            "Name the server's folder with --data, or start the server first."
        )
    folder.prepare(path)
    with folder.using(path):
        return asyncio.run(_with_store(path, job))


async def _with_store(path: Path, job: Callable[[SqliteStore], Awaitable[T]]) -> T:
    store = await open_store(path)
    try:
        return await job(store)
    finally:
        await store.close()
