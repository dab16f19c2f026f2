"""The live pad: its page, its refreshable middle, and the moves made on it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.commands.orders import NewOrder, place
from app.commands.status import Move, change_status, recall
from app.domain.orders import CancelledBy, Order, Status
from app.domain.problems import Invalid, Problem, SeqMismatch, VenueNotFound
from app.domain.venues import Venue
from app.store import orders, venues
from app.store.database import Change, Reading
from app.web.context import caller, house
from app.web.staff.bar import NOTHING, Moved, asked_bar, bar_view, moved_from, moved_text
from app.web.staff.forms import LIVE, Form, Line, Text, go, is_live, page, read_form
from app.web.staff.view import LATE_MINUTES, SLOW_MINUTES, PadView, pad_view, see_host
from app.web.staff.words import next_part_step, next_step, share_of


class MoveForm(Form):
    """`do` is the button that was pressed: a status, `recall`, `cancel:customer`, `cancel:staff`,
    `point:<id>` or `part:<status>:<station>`."""

    do: Line = Field(max_length=120)
    if_seq: int | None = Field(None, ge=0, le=2**53)
    note: Text = Field("", max_length=500)


class NewForm(Form):
    name: Line | None = Field(None, max_length=80)
    note: Text = Field("", max_length=500)


class BulkForm(Form):
    """`order` holds `<id>.<seq>` of each order, as the undo bar does."""

    do: Literal["bump", "recall"]
    order: list[str] = Field([], max_length=200)


async def show_pad(request: Request) -> Response:
    pad, venue = await _pad(request)
    bar, ages = await asked_bar(request), {"slow": SLOW_MINUTES, "late": LATE_MINUTES}
    return page(request, "pad", venue=venue, pad=pad, bar=bar, **ages)


async def show_middle(request: Request) -> Response:
    """What staff.js swaps in after every event."""
    pad, venue = await _pad(request)
    return page(request, "middle", venue=venue, pad=pad)


async def move_order(request: Request) -> Response:
    """The second of two people who press at once is told who was first."""
    form, order = await read_form(request, MoveForm), request.path_params["order"]
    venue, actor = request.path_params["venue"], caller(request).actor
    change: Change[Order]
    if form.do == "recall":
        change = partial(recall, venue=venue, order=order, actor=actor, if_seq=form.if_seq)
    else:
        move = replace(_pressed(form.do), note=form.note, if_seq=form.if_seq)
        change = partial(change_status, venue=venue, order=order, move=move, actor=actor)
    try:
        moved = await house(request).store.write(change)
    except SeqMismatch:
        return await _answer(request, [], late=order)
    return await _answer(request, [Moved(moved.id, moved.seq)])


async def new_order(request: Request) -> Response:
    """A walk-up order: a number, and a name if one was given."""
    form = await read_form(request, NewForm)
    new = NewOrder(name=form.name, note=form.note, channel="Counter")
    venue = request.path_params["venue"]
    change = partial(place, venue=venue, new=new, actor=caller(request).actor)
    placed = await house(request).store.write(change)
    return await _answer(request, [Moved(placed.order.id, placed.order.seq)])


async def move_many(request: Request) -> Response:
    """Bump each of the selected orders to its own next step, or take such bumps back. What
    someone else moved in between is left alone."""
    form = await read_form(request, BulkForm)
    chosen = moved_from(",".join(form.order))
    moves = [_one_of_many(request, form, moved) for moved in chosen]
    answers = await asyncio.gather(*moves, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, Problem):
            raise answer
    done = [Moved(order.id, order.seq) for order in answers if isinstance(order, Order)]
    return await _answer(request, done, late="" if done else NOTHING)


async def _one_of_many(request: Request, form: BulkForm, moved: Moved) -> Order:
    store, venue = house(request).store, request.path_params["venue"]
    at = {"venue": venue, "order": moved.order, "actor": caller(request).actor}
    if form.do == "recall":
        return await store.write(partial(recall, **at, if_seq=moved.seq))
    station = request.query_params.get("station", "")
    step = await store.read(partial(_step_of, venue=venue, moved=moved, station=station))
    return await store.write(partial(change_status, **at, move=step))


def _step_of(db: Reading, venue: str, moved: Moved, station: str) -> Move:
    found = venues.by_slug(db, venue)
    order = orders.find(db, found.id, moved.order) if found else None
    if order is None or order.seq != moved.seq:
        raise SeqMismatch("The order has changed.")
    part = share_of(order, station)
    step = next_part_step(part.status) if part else next_step(order)
    if step is None:
        raise SeqMismatch("The order is done.")
    return Move(status=step.status, part=part.station if part else None, if_seq=moved.seq)


def _pressed(do: str) -> Move:
    """Raises Invalid for a word that is on no button."""
    word, _, rest = do.partition(":")
    try:
        match word:
            case "cancel":
                by = {"customer": CancelledBy.CUSTOMER, "staff": CancelledBy.ATTENDANT}[rest]
                return Move(status=Status.CANCELLED, cancelled_by=by)
            case "point":
                return Move(status=Status.READY, pickup_point=rest)
            case "part":
                status, _, station = rest.partition(":")
                return Move(status=Status(status), part=station)
            case _:
                return Move(status=Status(do))
    except (KeyError, ValueError):
        message = "That is no move."
        raise Invalid(message, errors=[{"path": "do", "message": message}]) from None


async def _answer(request: Request, moved: list[Moved], late: str = "") -> Response:
    """A bar for staff.js; for a plain form post the page it came from, which shows the bar."""
    venue, query = request.path_params["venue"], request.query_params
    if is_live(request):
        look = partial(bar_view, venue=venue, undo=moved, late=late)
        bar = await house(request).store.read(look)
        answer = page(request, "bar", 409 if late else 200, slug=venue, bar=bar)
        answer.headers[LIVE] = "1"  # a proxy's own page, which might also be a 200, has none
        return answer
    told = {"undo": moved_text(moved), "late": late, "station": query.get("station", "")}
    path = f"/staff/{venue}"
    if query.get("back") == "finished":
        path += "/finished"
    if query.get("back") == "order":
        path += f"/orders/{request.path_params.get('order', '')}"
    return go(request, path, q=query.get("q", ""), **told)


async def _pad(request: Request) -> tuple[PadView, Venue]:
    look = partial(
        _look,
        slug=request.path_params["venue"],
        station=request.query_params.get("station", "")[:80],
        text=request.query_params.get("q", "")[:80],
    )
    return await house(request).store.read(look)


def _look(db: Reading, slug: str, station: str, text: str) -> tuple[PadView, Venue]:
    venue = venues.by_slug(db, slug)
    if venue is None:
        raise VenueNotFound(f"There is no venue '{slug[:40]}'.")
    board = venues.board(db, venue.id)
    sent_away = timedelta(minutes=board.host_minutes if board else 0)
    ended = orders.recent_ended(db, venue.id, db.now - sent_away)
    shown = orders.live(db, venue.id) + [order for order in ended if see_host(order)]
    return pad_view(venue, shown, venues.points(db, venue.id), db.now, station, text), venue
