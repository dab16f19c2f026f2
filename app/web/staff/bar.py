"""The bar under the pad: what was just done, by whom, and for five seconds a way to undo it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from starlette.requests import Request

from app.domain.events import Event, Kind
from app.domain.names import shown_name
from app.domain.orders import Order
from app.domain.venues import Venue
from app.store import events, orders, venues
from app.store.database import Reading
from app.web.context import house
from app.web.staff.words import actor_name, status_word

PAIR = re.compile(r"([0-9a-f]{24})\.([0-9]{1,15})")
MOST_MOVED = 200
COUNTS = {str(count) for count in range(1, MOST_MOVED + 1)}
NOTHING = "nothing"  # what `late` says when none of many orders moved
SHOWN_FOR = timedelta(seconds=30)  # without scripts nothing takes the bar away after five


@dataclass(frozen=True, slots=True)
class Moved:
    """An order as a move left it."""

    order: str
    seq: int


@dataclass(frozen=True, slots=True)
class Bar:
    """`undo`: what a press on Undo takes back, as `moved_text`; empty if nothing can be.
    `more`: what else is to be said."""

    text: str
    undo: str = ""
    late: bool = False
    more: str = ""


def moved_from(text: str) -> list[Moved]:
    """Reads `<id>.<seq>,<id>.<seq>`; what is not of that form is left out."""
    found = (PAIR.fullmatch(word) for word in text.split(","))
    return [Moved(match[1], int(match[2])) for match in found if match][:MOST_MOVED]


def moved_text(moved: Iterable[Moved]) -> str:
    return ",".join(f"{one.order}.{one.seq}" for one in moved)


async def asked_bar(request: Request) -> Bar | None:
    """The bar a redirect after a plain form post asked for."""
    query = request.query_params
    undo, late, locked = (query.get(name, "") for name in ("undo", "late", "locked"))
    if not undo and not late:
        return None
    look = partial(
        bar_view,
        venue=request.path_params["venue"],
        undo=moved_from(undo),
        late=late,
        locked=int(locked) if locked in COUNTS else 0,
    )
    return await house(request).store.read(look)


def bar_view(db: Reading, venue: str, undo: list[Moved], late: str, locked: int = 0) -> Bar | None:
    """`locked`: how many of many orders stayed because they are handed over by their code."""
    found = venues.open_by_slug(db, venue)
    if late == NOTHING and locked:
        return Bar(f"Nothing was moved. {_locked(locked)}", late=True)
    if late == NOTHING:
        return Bar("Nothing was moved: none is selected, or someone was first.", late=True)
    if late:
        return _late(db, found, late)
    bar = _one(db, found, undo[0]) if len(undo) == 1 else _many(db, found, undo)
    return replace(bar, more=_locked(locked)) if bar and locked else bar


def _locked(count: int) -> str:
    what = "1 order asks for its code" if count == 1 else f"{count} orders ask for their code"
    return f"{what}: hand over one by one."


def _late(db: Reading, venue: Venue, order_id: str) -> Bar:
    order = orders.find(db, venue.id, order_id)
    if order is None:
        return Bar("This order is no longer here.", late=True)
    last = _last(db, order)
    who = actor_name(last.actor) if last else "someone else"
    if last and last.kind == Kind.EDITED:
        return Bar(f"Changed by {who} meanwhile: look again at {called(order)}.", late=True)
    return Bar(f"Already done by {who}: {called(order)} is {status_word(order)}.", late=True)


def _one(db: Reading, venue: Venue, moved: Moved) -> Bar | None:
    order = orders.find(db, venue.id, moved.order)
    last = _last(db, order) if order else None
    if order is None or last is None or last.seq != moved.seq or _too_old(db, last):
        return None
    return Bar(f"{actor_name(last.actor)} {_what(last, order)}", _undo([moved], [last]))


def _many(db: Reading, venue: Venue, moved: list[Moved]) -> Bar | None:
    found = [orders.find(db, venue.id, one.order) for one in moved]
    last = [event for order in found if order and (event := _last(db, order))]
    if not last or _too_old(db, last[0]):
        return None
    taken_back = all(event.detail.get("recall") for event in last)
    verb = "took back" if taken_back else "moved"
    return Bar(f"{actor_name(last[0].actor)} {verb} {len(moved)} orders", _undo(moved, last))


def _what(event: Event, order: Order) -> str:
    it = called(order)
    if event.kind == Kind.PLACED:
        return f"placed {it}"
    if event.detail.get("recall"):
        return f"took back {it}: {status_word(order)}"
    if event.kind == Kind.PART:
        return f"moved {it} on at {event.detail['station']}: {status_word(order)}"
    if event.kind == Kind.STATUS:
        return f"moved {it} to {status_word(order)}"
    return f"put {it} at {order.place}" if order.place else f"changed {it}"


def _undo(moved: list[Moved], last: list[Event]) -> str:
    moves = (Kind.STATUS, Kind.PART)
    undoable = all(event.kind in moves and not event.detail.get("recall") for event in last)
    return moved_text(moved) if undoable else ""


def _last(db: Reading, order: Order) -> Event | None:
    history = events.events_after(db, order.venue, order.seq - 1, 1)
    return history[0] if history and history[0].subject == order.id else None


def called(order: Order) -> str:
    """How one speaks of an order."""
    number = f"#{order.number}" if order.number else ""
    return " ".join(word for word in (number, shown_name(order)) if word) or "the order"


def _too_old(db: Reading, event: Event) -> bool:
    return db.now - event.at > SHOWN_FOR
