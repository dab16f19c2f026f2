"""What the streams read from the store: a moment of a board, and the events a viewer missed."""

from datetime import timedelta
from functools import partial

from app.domain.board import PublicCard, card
from app.domain.events import Event
from app.domain.problems import BoardNotFound, VenueNotFound
from app.domain.times import to_ms
from app.feed.channel import Snapshot
from app.feed.encodings import BoardMoment
from app.store import events, orders, venues
from app.store.database import Reading, Store

# Ended orders stay on a board for some minutes at most (dwell time, See Host).
LONGEST_AFTERMATH = timedelta(hours=24)


class StoreSource:
    """The hub's way to the store; each answer is read in one transaction."""

    def __init__(self, store: Store, replay_events: int, replay_hours: float) -> None:
        self._store = store
        self._most = replay_events
        self._oldest = timedelta(hours=replay_hours)

    async def board(self, venue: str, board: str) -> Snapshot:
        return await self._store.read(partial(board_moment, venue=venue, board=board))

    async def events(self, venue: str) -> Snapshot:
        return await self._store.read(partial(event_moment, venue=venue))

    async def missed(self, venue_id: str, after: int, up_to: int) -> list[Event] | None:
        if up_to - after > self._most:
            return None
        return await self._store.read(
            partial(missed, venue_id=venue_id, after=after, up_to=up_to, oldest=self._oldest)
        )


def board_moment(tx: Reading, *, venue: str, board: str) -> Snapshot:
    """Raises VenueNotFound, BoardNotFound."""
    found = venues.by_slug(tx, venue)
    if found is None:
        raise VenueNotFound(f"There is no venue '{venue}'.")
    settings = venues.board(tx, found.id, board)
    if settings is None:
        raise BoardNotFound(f"Venue '{venue}' has no board '{board}'.")
    recent = orders.recent_ended(tx, found.id, tx.now - LONGEST_AFTERMATH, limit=1000)
    cards = (card(order, settings) for order in orders.live(tx, found.id) + recent)
    now = to_ms(tx.now)
    shown: list[PublicCard] = [c for c in cards if c and (c.until is None or c.until > now)]
    moment = BoardMoment(venue=found, board=settings, cards=shown)
    return Snapshot(venue=found.id, slug=found.slug, epoch=found.epoch, seq=found.seq, state=moment)


def event_moment(tx: Reading, *, venue: str) -> Snapshot:
    """Raises VenueNotFound."""
    found = venues.by_slug(tx, venue)
    if found is None:
        raise VenueNotFound(f"There is no venue '{venue}'.")
    return Snapshot(venue=found.id, slug=found.slug, epoch=found.epoch, seq=found.seq, state=None)


def missed(
    tx: Reading, *, venue_id: str, after: int, up_to: int, oldest: timedelta
) -> list[Event] | None:
    """The events after one seq up to another; None when some of them are gone or too old."""
    found = events.events_after(tx, venue_id, after, up_to - after)
    complete = len(found) == up_to - after
    recent = not found or found[0].at > tx.now - oldest
    return found if complete and recent else None
