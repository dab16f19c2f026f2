"""The steps of a day's end that take their time: the backup, and taking out all the names."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from app.commands.anonymise import Anonymised, anonymise
from app.commands.day import Evening, check_done, close_day, evening, note_step
from app.domain.day import Step, csv_of
from app.domain.events import Actor
from app.store import backup as backups
from app.store.overwriting import overwrite_old_copies
from app.store.sqlite import SqliteStore

FOLDER = "backups"
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Whose day is ended by whom; `data` is the data folder. `day` as in `evening`."""

    data: Path
    venue: str
    day: str
    actor: Actor


async def save_backup(store: SqliteStore, closing: Closing) -> Path:
    """A whole copy of the database; a later one of the same day takes its place. It still holds
    the names. Raises WrongDatabase where it cannot be written."""
    seen = await _evening(store, closing)
    file = _folder(closing.data) / f"readyboard-{seen.day.day}.db"
    await asyncio.to_thread(backups.backup, closing.data, file)
    told = {"file": file.name, "bytes": file.stat().st_size}
    await _note(store, closing, seen, Step.BACKUP, told)
    return file


async def anonymise_day(
    store: SqliteStore, closing: Closing, *, told: Told | None = None, rewrite: bool = True
) -> Anonymised:
    """Of the orders of the day and of all days before."""
    seen = await _evening(store, closing)
    change = partial(anonymise, venue=closing.venue, before=seen.day.end, actor=closing.actor)
    done = await in_rounds(store, change, told=told, rewrite=rewrite)
    counted = {"orders": done.orders, "events": done.events, "guests": done.guests}
    await _note(store, closing, seen, Step.ANONYMISE, counted)
    return done


async def in_rounds(
    store: SqliteStore, change: partial[Any], *, told: Told | None = None, rewrite: bool = True
) -> Anonymised:
    """`change`: anonymise with all it needs, run until nothing is left. `told` hears how many
    orders are done and how many are left. `rewrite`: leave no old copy in the file either."""
    orders = events = guests = 0
    while True:
        done: Anonymised = await store.write(change)
        orders, events, guests = orders + done.orders, events + done.events, guests + done.guests
        if told is not None:
            told(orders, done.left)
        if not done.left:
            break
    if rewrite:
        await store.on_writer(overwrite_old_copies)
    return Anonymised(orders=orders, events=events, guests=guests)


async def close_all(
    store: SqliteStore,
    closing: Closing,
    *,
    csv_file: Path | None = None,
    keep_names: bool = False,
    told: Told | None = None,
    rewrite: bool = True,
) -> tuple[Evening, list[str]]:
    """Every step in turn; the day as it was before, and a line for each step. Raises OrdersOpen
    before anything is done."""
    seen = await _evening(store, closing)
    closing = replace(closing, day=seen.day.day)  # another one may begin meanwhile
    check_done(seen.open)
    file = csv_file or _folder(closing.data) / f"{closing.venue}-{seen.day.day}.csv"
    await asyncio.to_thread(write_csv, file, seen)
    await _note(store, closing, seen, Step.CSV, {"file": file.name, "orders": len(seen.orders)})
    saved = await save_backup(store, closing)
    lines = [f"CSV:     {file}", f"Backup:  {saved}"]
    if not keep_names:
        done = await anonymise_day(store, closing, told=told, rewrite=rewrite)
        lines.append(f"Names:   taken out of {done.orders} orders")
    close = partial(close_day, venue=closing.venue, day=seen.day.day, actor=closing.actor)
    await store.write(close)
    return seen, [*lines, f"The day {seen.day.day} is closed."]


def write_csv(file: Path, seen: Evening) -> None:
    """With a byte order mark, without which spreadsheets misread what is not ASCII."""
    file.write_text(csv_of(seen.orders, seen.venue), "utf-8-sig", newline="")


def _folder(data: Path) -> Path:
    folder = data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


async def _evening(store: SqliteStore, closing: Closing) -> Evening:
    return await store.read(partial(evening, venue=closing.venue, day=closing.day))


async def _note(
    store: SqliteStore, closing: Closing, seen: Evening, step: Step, told: dict[str, Any]
) -> None:
    note = partial(note_step, venue=closing.venue, day=seen.day.day, step=step, told=told)
    await store.write(partial(note, actor=closing.actor))
