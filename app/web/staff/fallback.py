"""The list for a power cut: every open order on paper, or blank lines to write on by hand."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from app.domain.day import wanted_at
from app.domain.names import shown_name
from app.domain.orders import LineItem, Order
from app.domain.venues import Venue
from app.store import orders, venues
from app.store.database import Reading
from app.web.context import house
from app.web.staff.forms import page
from app.web.staff.words import clock_time, day_time, status_word

REFRESH_SECONDS = 30
BLANK_LINES = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An open order as it is written on paper."""

    number: str
    name: str
    items: tuple[LineItem, ...]
    note: str
    word: str
    place: str
    time: str


async def show_fallback(request: Request) -> Response:
    look = partial(_look, slug=request.path_params["venue"])
    venue, found, now = await house(request).store.read(look)
    return page(
        request,
        "fallback",
        venue=venue,
        rows=[_row(order, venue, now) for order in found],
        blank=BLANK_LINES,
        refresh=REFRESH_SECONDS,
        time=clock_time(now, venue.zone),
        date=now.astimezone(venue.zone).strftime("%d %b %Y"),
    )


def _look(db: Reading, slug: str) -> tuple[Venue, list[Order], datetime]:
    venue = venues.open_by_slug(db, slug)
    found = sorted(orders.live(db, venue.id), key=wanted_at)
    return venue, found, db.now


def _row(order: Order, venue: Venue, now: datetime) -> Row:
    return Row(
        number=order.number or "",
        name=shown_name(order) or "",
        items=order.items,
        note=order.note,
        word=status_word(order),
        place=f"Table {order.table}" if order.table else order.place,
        time=day_time(wanted_at(order), venue, now),
    )
