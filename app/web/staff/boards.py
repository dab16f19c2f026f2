"""The venue's boards: their list, the editor with its live preview, and their logos."""

import asyncio
import re
from dataclasses import replace
from functools import partial
from typing import Any

from pydantic import Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from app.commands.snapshots import cards_on
from app.commands.venues import add_board, change_board, remove_board, set_logo
from app.domain.board import Board
from app.domain.menu import Station
from app.domain.orders import Fulfilment
from app.domain.problems import BoardNotFound, Invalid
from app.domain.times import to_ms
from app.domain.venues import PickupPoint, Venue
from app.feed.hub import BoardState
from app.store import menu, orders, venues
from app.store.database import Reading
from app.web.board_pages import style_sheet
from app.web.board_style import weak_pairs
from app.web.board_view import view_of
from app.web.body import wrong_fields
from app.web.context import caller, house
from app.web.native.boards import refuse_weak_colours
from app.web.staff.board_form import BoardForm, form_of
from app.web.staff.forms import POLICY, Form, Line, gather, go, page, read_file, read_form
from app.web.staff.logos import small_png
from app.web.staff.sample_orders import sample_cards

DEFAULT = "default"  # stands for the venue's first board, whose slug is empty
LANGUAGES = (
    ("en", "English"),
    ("it", "Italiano"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("es", "Español"),
    ("ar", "العربية"),
    ("he", "עברית"),
)
LARGEST_LOGO = 4 * 2**20
FULFILMENTS = {
    Fulfilment.PICKUP: "Pickup",
    Fulfilment.DELIVERY: "Delivery",
    Fulfilment.DINE_IN: "At the table",
}


class NewBoardForm(Form):
    slug: Line = Field(min_length=1, max_length=40)
    title: Line = Field("", max_length=60)


async def show_boards(request: Request) -> Response:
    look = partial(_venue_and_boards, slug=request.path_params["venue"])
    venue, boards = await house(request).store.read(look)
    done = request.query_params.get("done", "")[:200]
    return page(request, "boards", venue=venue, boards=boards, done=done, default=DEFAULT)


async def take_new_board(request: Request) -> Response:
    form = await read_form(request, NewBoardForm)
    if not re.fullmatch(r"[a-z0-9-]{1,40}", form.slug):
        message = "small letters, digits and hyphens only"
        raise Invalid(f"The address: {message}.", errors=[{"path": "slug", "message": message}])
    change = partial(add_board, board=form.slug, settings={"title": form.title})
    await house(request).store.write(partial(change, **_where(request)))
    return go(request, f"/staff/{request.path_params['venue']}/boards/{form.slug}")


async def take_removed_board(request: Request) -> Response:
    change = partial(remove_board, board=_slug(request), **_where(request))
    gone = await house(request).store.write(change)
    done = f"The board {gone.title or gone.slug} is removed."
    return go(request, f"/staff/{request.path_params['venue']}/boards", done=done)


async def show_editor(request: Request) -> Response:
    look = partial(_editor, slug=request.path_params["venue"], board=_slug(request))
    venue, board, stations, points = await house(request).store.read(look)
    answer = page(
        request,
        "board",
        venue=venue,
        board=board,
        slug_shown=board.slug or DEFAULT,
        stations=stations,
        points=points,
        fulfilments=FULFILMENTS,
        languages=LANGUAGES,
        saved="saved" in request.query_params,
        **form_of(board),
    )
    answer.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return answer


async def take_board(request: Request) -> Response:
    form = await read_form(request, BoardForm)
    change = partial(
        change_board,
        board=_slug(request),
        changes=form.changes(),
        check=refuse_weak_colours,
        **_where(request),
    )
    await house(request).store.write(change)
    return _back(request)


async def take_logo(request: Request) -> Response:
    given, _, fields = await read_file(request, LARGEST_LOGO)
    image = None if "remove" in fields else await asyncio.to_thread(small_png, given)
    change = partial(set_logo, board=_slug(request), image=image, **_where(request))
    await house(request).store.write(change)
    return _back(request)


async def show_preview(request: Request) -> Response:
    """The board as the form in the query would make it; nothing is saved."""
    state = await _previewed(request)
    rooms, at = house(request), request.path_params
    view = replace(
        view_of(state, plain=True, turn=0), base=f"{rooms.settings.root_path}/b/{at['venue']}"
    )
    rules = ["default-src 'none'", "style-src 'self'", "img-src 'self'", "frame-ancestors 'self'"]
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": "; ".join(rules)}
    query = request.scope["query_string"].decode("ascii", "replace")
    weak = weak_pairs(state.board) if state.board.theme == "own" else []
    return rooms.page("board_preview.html", headers=headers, view=view, query=query, weak=weak)


async def show_preview_style(request: Request) -> Response:
    state = await _previewed(request)
    text = style_sheet(house(request).templates, state.board)
    return Response(text, media_type="text/css", headers={"Cache-Control": "no-store"})


async def _previewed(request: Request) -> BoardState:
    """Raises Invalid, VenueNotFound, BoardNotFound."""
    try:
        asked = gather(request.scope["query_string"], BoardForm)
        form = BoardForm.model_validate(asked)
    except ValidationError as error:
        wrong = wrong_fields(error)
        told = "; ".join(f"{item['path']}: {item['message']}" for item in wrong)
        raise Invalid(told, errors=wrong) from None
    look = partial(_preview, venue=request.path_params["venue"], board=_slug(request), form=form)
    return await house(request).store.read(look)


def _preview(tx: Reading, venue: str, board: str, form: BoardForm) -> BoardState:
    found, _ = _venue_and_boards(tx, venue)
    before = venues.board(tx, found.id, board)
    if before is None:
        raise BoardNotFound(f"{found.name} has no board '{board[:40]}'.")
    after = replace(before, **form.changes())
    if form.sample == "live":
        cards = cards_on(tx, found, after)
    else:
        cards = sample_cards(after, int(form.sample), tx.now, found)
    return BoardState(
        venue=found,
        board=after,
        seq=0,
        at=to_ms(tx.now),
        position="",
        cards=cards,
        hello={"build": ""},
    )


def _editor(
    tx: Reading, slug: str, board: str
) -> tuple[Venue, Board, list[str], list[PickupPoint]]:
    venue, _ = _venue_and_boards(tx, slug)
    found = venues.board(tx, venue.id, board)
    if found is None:
        raise BoardNotFound(f"{venue.name} has no board '{board[:40]}'.")
    names = {station.name for station in menu.every(tx, venue.id, Station)}
    names |= {part.station for order in orders.live(tx, venue.id) for part in order.parts}
    names |= {venue.default_station, *found.stations}
    return venue, found, sorted(names), venues.points(tx, venue.id)


def _venue_and_boards(tx: Reading, slug: str) -> tuple[Venue, list[Board]]:
    venue = venues.open_by_slug(tx, slug)
    return venue, venues.boards(tx, venue.id)


def _slug(request: Request) -> str:
    board: str = request.path_params["board"]
    return "" if board == DEFAULT else board


def _where(request: Request) -> dict[str, Any]:
    return {"venue": request.path_params["venue"], "actor": caller(request).actor}


def _back(request: Request) -> Response:
    at = request.path_params
    return go(request, f"/staff/{at['venue']}/boards/{at['board']}", saved="1")
