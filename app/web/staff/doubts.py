"""What is not believable of the last hours, told on the pad and in an order's history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from app.domain.believable import AT_ONCE, Doubt, doubts
from app.domain.events import Event, Kind
from app.domain.venues import Venue
from app.store import events, orders, venues
from app.store.database import Reading
from app.web.context import house
from app.web.staff.bar import called
from app.web.staff.forms import is_live, page
from app.web.staff.words import clock_time

LOOK_BACK = timedelta(hours=4)
MOST_EVENTS = 3000  # of the newest, so that a look stays cheap on the busiest evening
MOST_TOLD = 20
NEIGHBOURS = 300  # events on each side of a move, more than ten seconds ever hold


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtView:
    """`order` is the id to look at, empty for a row of orders."""

    at: str
    reason: str
    order: str
    called: str


async def show_doubts(request: Request) -> Response:
    """The list by itself for staff.js, else as a page."""
    slug = request.path_params["venue"]
    venue, told = await house(request).store.read(partial(_look, slug=slug))
    template = "doubts" if is_live(request) else "doubts_page"
    return page(request, template, venue=venue, doubts=told)


def recent_doubts(db: Reading, venue: Venue) -> list[DoubtView]:
    span, since = (venue.seq - MOST_EVENTS, venue.seq), db.now - LOOK_BACK
    moves = events.moves_between(db, venue.id, span, since, db.now)
    return [_view(db, venue, doubt) for doubt in doubts(moves)[:MOST_TOLD]]


def doubts_of(db: Reading, venue: Venue, history: Sequence[Event]) -> dict[int, list[str]]:
    """The reasons to doubt each of an order's moves, by the move's seq."""
    mine = [event for event in history if event.kind in (Kind.STATUS, Kind.PART)]
    moves = {event.seq: event for event in mine}
    for event in mine:
        span = (event.seq - NEIGHBOURS, event.seq + NEIGHBOURS)
        around = events.moves_between(db, venue.id, span, event.at - AT_ONCE, event.at + AT_ONCE)
        moves |= {one.seq: one for one in around}
    found: dict[int, list[str]] = {}
    for doubt in doubts(moves[seq] for seq in sorted(moves)):
        upto = [event.seq for event in mine if event.seq <= doubt.seq]
        if upto and mine[0].subject in doubt.orders:
            found.setdefault(upto[-1], []).append(doubt.reason)
    return found


def _look(db: Reading, slug: str) -> tuple[Venue, list[DoubtView]]:
    venue = venues.open_by_slug(db, slug)
    return venue, recent_doubts(db, venue)


def _view(db: Reading, venue: Venue, doubt: Doubt) -> DoubtView:
    one = doubt.orders[0] if len(doubt.orders) == 1 else ""
    order = orders.find(db, venue.id, one) if one else None
    return DoubtView(
        at=clock_time(doubt.at, venue.zone),
        reason=doubt.reason,
        order=order.id if order else "",
        called=called(order) if order else "",
    )
