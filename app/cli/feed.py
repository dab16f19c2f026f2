"""`readyboard feed`: the event log as it grows."""

import asyncio
import json
from collections.abc import Sequence
from functools import partial

import click

from app.cli import database
from app.cli.options import data_option
from app.domain.venues import Venue
from app.store.database import Reading
from app.store.sqlite import SqliteStore

LAST = 10  # events shown before following, as tail(1) shows lines
PAGE = 500


@click.group()
def feed() -> None:
    """The event log: everything that happened, in order."""


@feed.command()
@click.option("--venue", metavar="SLUG", help="only this venue  [every venue]")
@click.option("--after", type=click.IntRange(min=0), metavar="SEQ", help="start after this event")
@click.option("--follow/--once", default=True, help="wait for more, or stop at the end  [follow]")
@data_option
def tail(venue: str | None, after: int | None, follow: bool, data: str | None) -> None:
    """Print the last events and then each new one, one JSON object a line.

    \b
    readyboard feed tail --venue main
    readyboard feed tail --after 0 --once > events.jsonl
    """
    try:
        database.run(data, lambda store: _tail(store, venue, after, follow))
    except KeyboardInterrupt:
        return


async def _tail(store: SqliteStore, slug: str | None, after: int | None, follow: bool) -> None:
    news = asyncio.Event()
    news.set()
    store.on_commit = lambda _events, _credentials: news.set()
    cursors: dict[str, int] = {}
    while True:
        await news.wait()
        news.clear()
        for venue in await store.read(lambda db: _venues(db, slug)):
            start = max(venue.seq - LAST, 0) if after is None else after
            cursors[venue.id] = await _print_after(store, venue, cursors.get(venue.id, start))
        if not follow:
            return


def _venues(db: Reading, slug: str | None) -> Sequence[Venue]:
    from app.store import venues

    if slug is None:
        return venues.all_venues(db)
    return [venues.open_by_slug(db, slug)]


async def _print_after(store: SqliteStore, venue: Venue, seq: int) -> int:
    """Print what came after `seq`, a page at a time; the last seq printed."""
    from app.domain.native import event_answer
    from app.store.events import events_after

    while found := await store.read(partial(events_after, venue=venue.id, seq=seq, limit=PAGE)):
        for event in found:
            click.echo(json.dumps({"venue": venue.slug} | event_answer(event)))
        seq = found[-1].seq
    return seq
