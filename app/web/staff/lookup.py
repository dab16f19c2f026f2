"""Looking back: what is finished, and one order with all that was done to it."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from app.domain.events import Event
from app.domain.names import shown_name
from app.domain.orders import Order, Status
from app.domain.problems import OrderNotFound, VenueNotFound
from app.domain.venues import Venue
from app.store import events, orders, venues
from app.store.database import Reading
from app.web.context import house
from app.web.staff.bar import asked_bar
from app.web.staff.forms import page
from app.web.staff.view import CardView, card_view
from app.web.staff.words import STATUS_WORDS, clock_time, history_lines, status_word

LOOK_BACK = timedelta(hours=18)
MOST_FOUND = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One finished order, as the recall list shows it."""

    id: str
    seq: int
    live: bool
    number: str
    name: str
    word: str
    when: str
    placed: str
    amount: str
    items: str


async def show_finished(request: Request) -> Response:
    """Also finds the guest who lost the number: by name, item, table or telephone."""
    slug, text = request.path_params["venue"], request.query_params.get("q", "")[:80]
    venue, found = await house(request).store.read(partial(_finished, slug=slug, text=text))
    rows = [_row(order, venue) for order in found]
    return page(request, "finished", venue=venue, rows=rows, q=text, bar=await asked_bar(request))


async def show_order(request: Request) -> Response:
    slug, order_id = request.path_params["venue"], request.path_params["order"]
    look = partial(_detail, slug=slug, order_id=order_id)
    venue, order, card, history = await house(request).store.read(look)
    return page(
        request,
        "order",
        venue=venue,
        order=order,
        card=card,
        times=_times(order, venue),
        lines=history_lines(history, venue.zone),
        statuses=STATUS_WORDS,
        bar=await asked_bar(request),
    )


def _venue(db: Reading, slug: str) -> Venue:
    venue = venues.by_slug(db, slug)
    if venue is None:
        raise VenueNotFound(f"There is no venue '{slug[:40]}'.")
    return venue


def _finished(db: Reading, slug: str, text: str) -> tuple[Venue, list[Order]]:
    venue = _venue(db, slug)
    if not text.strip():
        return venue, orders.recent_ended(db, venue.id, db.now - LOOK_BACK, MOST_FOUND)
    wanted = orders.Search(text=text.strip(), sort="updated_at", limit=MOST_FOUND)
    return venue, orders.search(db, venue.id, wanted)


def _detail(db: Reading, slug: str, order_id: str) -> tuple[Venue, Order, CardView, list[Event]]:
    venue = _venue(db, slug)
    order = orders.find(db, venue.id, order_id)
    if order is None:
        raise OrderNotFound("This order is not here. It may have been deleted.")
    free = tuple(point for point in venues.points(db, venue.id) if point.free)
    history = events.history(db, venue.id, order.id)
    return venue, order, card_view(order, venue, free, db.now), history


def _row(order: Order, venue: Venue) -> Row:
    return Row(
        id=order.id,
        seq=order.seq,
        live=order.live,
        number=order.number or "",
        name=shown_name(order) or "",
        word=status_word(order),
        when=clock_time(order.moved_at, venue.zone),
        placed=clock_time(order.placed_at, venue.zone),
        amount=f"{order.amount:.2f} {venue.currency}" if order.amount else "",
        items=", ".join(f"{item.quantity} × {item.name}" for item in order.items[:5]),
    )


def _times(order: Order, venue: Venue) -> list[tuple[str, str]]:
    """What happened when, for the order's page."""
    named = [
        ("Placed", order.placed_at),
        ("Wanted for", order.scheduled_at),
        (STATUS_WORDS[Status.PREPARING], order.preparing_at),
        (STATUS_WORDS[Status.READY], order.ready_at),
        (STATUS_WORDS[Status.COLLECTED], order.collected_at),
        (STATUS_WORDS[Status.CANCELLED], order.cancelled_at),
    ]
    return [(name, clock_time(at, venue.zone)) for name, at in named if at is not None]
