"""Looking back: what is finished, and one order with all that was done to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from app.domain import lost
from app.domain.names import shown_name
from app.domain.orders import Order, Status, money_body
from app.domain.problems import Invalid, OrderNotFound
from app.domain.times import to_ms
from app.domain.venues import Venue
from app.store import events, orders, venues
from app.store.database import Reading
from app.store.orders import Match
from app.web.context import house
from app.web.staff.bar import asked_bar
from app.web.staff.doubts import doubts_of
from app.web.staff.forms import page
from app.web.staff.view import CardView, card_view
from app.web.staff.words import (
    STATUS_WORDS,
    Line,
    clock_time,
    day_time,
    history_lines,
    status_word,
)
from app.web.ticket_links import link_of

LOOK_BACK = timedelta(hours=18)
CLUES = ("q", "when", "amount")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What is known of an order whose number is lost, as it was typed."""

    text: str = ""
    when: str = ""
    amount: str = ""

    @property
    def any(self) -> bool:
        return bool(self.text or self.when or self.amount)


async def show_finished(request: Request) -> Response:
    """Also finds the guest who lost the number: by name, item, table or telephone, by about when
    they ordered, and by about how much it was."""
    given = {name: request.query_params.get(name, "")[:80].strip() for name in CLUES}
    clues = Clues(text=given["q"], when=given["when"], amount=given["amount"])
    look = partial(_finished, slug=request.path_params["venue"])
    try:
        venue, found = await house(request).store.read(partial(look, clues=clues))
        wrong = ""
    except Invalid as problem:
        venue, found = await house(request).store.read(partial(look, clues=Clues()))
        found, wrong = [], problem.detail
    return page(
        request,
        "finished",
        422 if wrong else 200,
        venue=venue,
        rows=[_row(order, venue, house(request).clock()) for order in found],
        clues=clues,
        q=clues.text,
        wrong=wrong,
        bar=await asked_bar(request),
    )


async def show_order(request: Request) -> Response:
    slug, order_id = request.path_params["venue"], request.path_params["order"]
    look = partial(_detail, slug=slug, order_id=order_id)
    venue, order, card, lines = await house(request).store.read(look)
    return page(
        request,
        "order",
        venue=venue,
        order=order,
        card=card,
        times=_times(order, venue),
        lines=lines,
        statuses=STATUS_WORDS,
        ticket=link_of(request, order),
        bar=await asked_bar(request),
    )


def _finished(db: Reading, slug: str, clues: Clues) -> tuple[Venue, list[Order]]:
    """Raises VenueNotFound, and Invalid for a time or an amount that cannot be read."""
    venue = venues.open_by_slug(db, slug)
    if not clues.any:
        return venue, orders.recent_ended(db, venue.id, db.now - LOOK_BACK, MOST_FOUND)
    bounds: list[tuple[Match, ...]] = []
    at = lost.moment(clues.when, db.now, venue.zone) if clues.when else None
    if at is not None:
        bounds += _between("placed_at", to_ms(at - lost.AROUND), to_ms(at + lost.AROUND))
    if clues.amount:
        about = lost.sum_about(clues.amount)
        least, most = about.value - about.within, about.value + about.within
        bounds += _between("amount", money_body(least), money_body(most))
    wanted = orders.Search(
        text=clues.text, sort="updated_at", limit=MOST_FOUND, all_of=tuple(bounds)
    )
    found = orders.search(db, venue.id, wanted)
    # The likeliest first: at the right time, else the latest.
    return venue, found if at is None else sorted(found, key=lambda o: abs(o.placed_at - at))


def _between(column: str, least: int, most: int) -> list[tuple[Match, ...]]:
    return [(Match(column, ">=", least),), (Match(column, "<=", most),)]


def _detail(db: Reading, slug: str, order_id: str) -> tuple[Venue, Order, CardView, list[Line]]:
    venue = venues.open_by_slug(db, slug)
    order = orders.find(db, venue.id, order_id)
    if order is None:
        raise OrderNotFound("This order is not here. It may have been deleted.")
    free = tuple(point for point in venues.points(db, venue.id) if point.free)
    history = events.history(db, venue.id, order.id)
    lines = history_lines(history, venue.zone, doubts_of(db, venue, history))
    return venue, order, card_view(order, venue, free, db.now), lines


def _row(order: Order, venue: Venue, now: datetime) -> Row:
    return Row(
        id=order.id,
        seq=order.seq,
        live=order.live,
        number=order.number or "",
        name=shown_name(order) or "",
        word=status_word(order),
        when=day_time(order.moved_at, venue, now),
        placed=day_time(order.placed_at, venue, now),
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
