"""What the streams read from the store: a moment of a board, and the events a viewer missed."""

from datetime import timedelta
from functools import partial

from app.domain.board import Board, PublicCard, card
from app.domain.events import Event
from app.domain.point_screen import asked_point, point_screen, stored_slug
from app.domain.problems import BoardNotFound, PointNotFound
from app.domain.times import to_ms
from app.domain.venues import PickupPoint, Venue
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
    """Raises VenueNotFound, BoardNotFound, PointNotFound."""
    found = venues.open_by_slug(tx, venue)
    settings, point = _settings(tx, found, board)
    cards = cards_on(tx, found, settings)
    moment = BoardMoment(venue=found, board=settings, cards=cards, point=point)
    return Snapshot(venue=found.id, slug=found.slug, epoch=found.epoch, seq=found.seq, state=moment)


def cards_on(tx: Reading, venue: Venue, board: Board) -> list[PublicCard]:
    """What a board of the venue shows now."""
    recent = orders.recent_ended(tx, venue.id, tx.now - LONGEST_AFTERMATH, limit=1000)
    cards = (card(order, board) for order in orders.live(tx, venue.id) + recent)
    now = to_ms(tx.now)
    return [c for c in cards if c and (c.until is None or c.until > now)]


def _settings(tx: Reading, venue: Venue, slug: str) -> tuple[Board, PickupPoint | None]:
    """A board's settings; of a pickup point's screen also the point."""
    board = venues.board(tx, venue.id, stored_slug(slug))
    if board is None:
        raise BoardNotFound(f"Venue '{venue.slug}' has no board '{slug}'.")
    asked = asked_point(slug)
    if asked is None:
        return board, None
    point = venues.point(tx, venue.id, asked)
    if point is None:
        raise PointNotFound(f"There is no pickup point '{asked}'.")
    return point_screen(board, point), point


def event_moment(tx: Reading, *, venue: str) -> Snapshot:
    """Raises VenueNotFound."""
    found = venues.open_by_slug(tx, venue)
    return Snapshot(venue=found.id, slug=found.slug, epoch=found.epoch, seq=found.seq, state=None)


def missed(
    tx: Reading, *, venue_id: str, after: int, up_to: int, oldest: timedelta
) -> list[Event] | None:
    """The events after one seq up to another; None when some of them are gone or too old."""
    found = events.events_after(tx, venue_id, after, up_to - after)
    complete = len(found) == up_to - after
    recent = not found or found[0].at > tx.now - oldest
    return found if complete and recent else None
