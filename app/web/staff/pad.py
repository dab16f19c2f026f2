"""The live pad: its page and its refreshable middle."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from app.domain.people import Caller
from app.domain.venues import Venue
from app.store import orders, venues
from app.store.database import Reading
from app.web.context import caller, house
from app.web.staff.bar import asked_bar
from app.web.staff.doubts import recent_doubts
from app.web.staff.forms import page
from app.web.staff.presence import others
from app.web.staff.view import PadView, pad_view, see_host


async def show_pad(request: Request) -> Response:
    pad, venue = await _pad(request)
    bar = await asked_bar(request)
    doubts = await house(request).store.read(partial(recent_doubts, venue=venue))
    return page(request, "pad", venue=venue, pad=pad, bar=bar, doubts=doubts)


async def show_middle(request: Request) -> Response:
    """What pad.js swaps in after every event."""
    pad, venue = await _pad(request)
    return page(request, "middle", venue=venue, pad=pad)


async def _pad(request: Request) -> tuple[PadView, Venue]:
    slug = request.path_params["venue"]
    look = partial(
        _look,
        slug=slug,
        station=request.query_params.get("station", "")[:80],
        text=request.query_params.get("q", "")[:80],
        watching=house(request).hub.watching(slug),
        me=caller(request),
    )
    return await house(request).store.read(look)


def _look(
    db: Reading, slug: str, station: str, text: str, watching: Iterable[str], me: Caller
) -> tuple[PadView, Venue]:
    venue = venues.open_by_slug(db, slug)
    board = venues.board(db, venue.id)
    sent_away = timedelta(minutes=board.host_minutes if board else 0)
    ended = orders.recent_ended(db, venue.id, db.now - sent_away)
    shown = orders.live(db, venue.id) + [order for order in ended if see_host(order)]
    pad = pad_view(venue, shown, venues.points(db, venue.id), db.now, station, text)
    return replace(pad, others=others(db, watching, me)), venue
