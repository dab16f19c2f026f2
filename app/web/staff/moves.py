"""The moves made on the pad: one order, many at once, a walk-up order, and a hand-over by code."""

import asyncio
from dataclasses import replace
from functools import partial
from typing import Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.commands.handing_over import hand_over, wrong_codes
from app.commands.orders import NewOrder, place
from app.commands.status import Move, recall
from app.domain.orders import CancelledBy, Order, Status
from app.domain.problems import (
    Invalid,
    OrderNotFound,
    Problem,
    SeqMismatch,
    UnlockCodeNeeded,
    WrongUnlockCode,
)
from app.domain.unlocking import unlock_code_of
from app.domain.venues import Venue
from app.store import orders, venues
from app.store.database import Change, Reading
from app.web.context import caller, house
from app.web.staff.bar import NOTHING, Moved, bar_view, called, moved_from, moved_text
from app.web.staff.forms import LIVE, Form, Line, Text, go, is_live, page, read_form
from app.web.staff.words import next_part_step, next_step, share_of

ANYWAY = "collected:anyway"  # the button that hands over without the code
KEPT = ("station", "q", "back")  # of the pad's address: where a form post leads back to


class MoveForm(Form):
    """`do` is the button that was pressed: a status, `recall`, `cancel:customer`, `cancel:staff`,
    `point:<id>`, `part:<status>:<station>` or ANYWAY. `code` is what the guest showed."""

    do: Line = Field(max_length=120)
    if_seq: int | None = Field(None, ge=0, le=2**53)
    code: Line = Field("", max_length=80)
    note: Text = Field("", max_length=500)


class NewForm(Form):
    name: Line | None = Field(None, max_length=80)
    note: Text = Field("", max_length=500)


class BulkForm(Form):
    """`order` holds `<id>.<seq>` of each order, as the undo bar does."""

    do: Literal["bump", "recall"]
    order: list[str] = Field([], max_length=200)


async def move_order(request: Request) -> Response:
    """The second of two people who press at once is told who was first."""
    form, order = await read_form(request, MoveForm), request.path_params["order"]
    try:
        moved = await house(request).store.write(_change(request, form))
    except SeqMismatch:
        return await _answer(request, [], late=order)
    except UnlockCodeNeeded:
        return _ask_for_code(request)
    except WrongUnlockCode:
        return _ask_for_code(request, wrong="1")
    return await _answer(request, [Moved(moved.id, moved.seq)])


def _change(request: Request, form: MoveForm) -> Change[Order]:
    at = {"venue": request.path_params["venue"], "order": request.path_params["order"]}
    actor = caller(request).actor
    if form.do == "recall":
        return partial(recall, **at, actor=actor, if_seq=form.if_seq)
    anyway = form.do == ANYWAY
    move = replace(_pressed("collected" if anyway else form.do), note=form.note, if_seq=form.if_seq)
    return partial(hand_over, **at, move=move, actor=actor, code=form.code, anyway=anyway)


async def show_hand_over(request: Request) -> Response:
    """Asks for the code of an order that has one: a page, or for the pad the form alone."""
    slug, order_id = request.path_params["venue"], request.path_params["order"]
    venue, order, tried = await house(request).store.read(
        partial(_locked, slug=slug, order_id=order_id)
    )
    if not (order.live and unlock_code_of(order)):
        return go(request, f"/staff/{slug}/orders/{order.id}")
    query = {name: request.query_params.get(name, "")[:80] for name in KEPT}
    return page(
        request,
        "hand_over_form" if is_live(request) else "hand_over",
        venue=venue,
        order=order,
        called=called(order),
        tried=tried if "wrong" in request.query_params else 0,
        query={name: value for name, value in query.items() if value},
    )


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
    someone else moved in between is left alone, and what is handed over by its code stays."""
    form = await read_form(request, BulkForm)
    chosen = moved_from(",".join(form.order))
    moves = [_one_of_many(request, form, moved) for moved in chosen]
    answers = await asyncio.gather(*moves, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, Problem):
            raise answer
    done = [Moved(order.id, order.seq) for order in answers if isinstance(order, Order)]
    locked = sum(isinstance(answer, UnlockCodeNeeded) for answer in answers)
    return await _answer(request, done, late="" if done else NOTHING, locked=locked)


async def _one_of_many(request: Request, form: BulkForm, moved: Moved) -> Order:
    store, venue = house(request).store, request.path_params["venue"]
    at = {"venue": venue, "order": moved.order, "actor": caller(request).actor}
    if form.do == "recall":
        return await store.write(partial(recall, **at, if_seq=moved.seq))
    station = request.query_params.get("station", "")
    step = await store.read(partial(_step_of, venue=venue, moved=moved, station=station))
    return await store.write(partial(hand_over, **at, move=step))


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


def _ask_for_code(request: Request, **told: str) -> Response:
    at = request.path_params
    query = {name: request.query_params.get(name, "") for name in KEPT}
    return go(request, f"/staff/{at['venue']}/orders/{at['order']}/hand-over", **query, **told)


def _locked(db: Reading, slug: str, order_id: str) -> tuple[Venue, Order, int]:
    """The order with how many wrong codes were tried for it."""
    venue = venues.open_by_slug(db, slug)
    order = orders.find(db, venue.id, order_id)
    if order is None:
        raise OrderNotFound("This order is not here. It may have been deleted.")
    return venue, order, wrong_codes(db, order)


async def _answer(
    request: Request, moved: list[Moved], late: str = "", locked: int = 0
) -> Response:
    """A bar for staff.js; for a plain form post the page it came from, which shows the bar."""
    venue, query = request.path_params["venue"], request.query_params
    if is_live(request):
        look = partial(bar_view, venue=venue, undo=moved, late=late, locked=locked)
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
    return go(request, path, q=query.get("q", ""), locked=str(locked or ""), **told)
