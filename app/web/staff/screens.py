"""The screens of a venue: which are live, late or asleep, and what staff can do about it."""

from functools import partial
from typing import Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.commands.screens import change_screen, revoke_screen, screen_of
from app.domain.problems import BoardNotFound, Invalid
from app.domain.screens import Duty, Screen
from app.domain.venues import Venue
from app.store import screens, venues
from app.store.database import Reading
from app.web.context import house
from app.web.staff.forms import Form, Line, go, page, read_form
from app.web.staff.screen_view import ScreenView, screen_view
from app.web.staff.walls import Wall, walls_of

TOLD = {
    "identify": "{name} shows its name for ten seconds.",
    "reload": "{name} loads its page anew.",
    "test-sound": "{name} plays its sound, if it may.",
}
UNHEARD = "{name} is {duty} and may not hear this."


class ScreenForm(Form):
    do: Literal["identify", "reload", "test-sound", "save", "revoke"]
    name: Line = Field("", max_length=80)
    board: Line = Field("", max_length=120)


async def show_screens(request: Request) -> Response:
    look = partial(_screens, slug=request.path_params["venue"])
    venue, walls, found = await house(request).store.read(look)
    rows = [_view(request, screen, venue, walls) for screen in found]
    done = request.query_params.get("done", "")[:200]
    return page(request, "screens", venue=venue, rows=rows, done=done)


async def show_screen(request: Request) -> Response:
    at = request.path_params
    look = partial(_screen, slug=at["venue"], screen=at["screen"])
    venue, walls, screen = await house(request).store.read(look)
    row = _view(request, screen, venue, walls)
    return page(request, "screen", venue=venue, walls=walls, row=row)


async def take_screen(request: Request) -> Response:
    form, at = await read_form(request, ScreenForm), request.path_params
    look = partial(screen_of, venue=at["venue"], screen=at["screen"])
    screen = await house(request).store.read(look)
    match form.do:
        case "save":
            done = await _save(request, screen, form)
        case "revoke":
            done = await _revoke(request, screen)
        case _:
            done = await _tell(request, screen, form.do)
    return go(request, f"/staff/{screen.venue}/screens", done=done)


async def _save(request: Request, screen: Screen, form: ScreenForm) -> str:
    venue, slash, board = form.board.partition("/")
    if not slash or venue != screen.venue:
        raise Invalid("Choose a board of this venue.")
    change = partial(
        change_screen, venue=screen.venue, screen=screen.id, name=form.name, board=board
    )
    after = await house(request).store.write(change)
    if after.board != screen.board:
        await say(request, screen, "move")
        return f"{after.name} goes to its new board."
    return f"{after.name} is saved."


async def _revoke(request: Request, screen: Screen) -> str:
    here = house(request)
    await here.store.write(partial(revoke_screen, screen=screen.id))
    await say(request, screen, "move")  # it asks where it belongs, and learns that it is nowhere
    here.roll.forget(screen.id)
    return f"{screen.name} is no longer paired; it shows a code again."


async def _tell(request: Request, screen: Screen, code: str) -> str:
    here = house(request)
    await say(request, screen, code)
    duty = here.roll.duty(screen, here.clock())
    told = TOLD[code] if duty in (Duty.LIVE, Duty.EXPECTED) else UNHEARD
    return told.format(name=screen.name, duty=duty)


async def say(request: Request, screen: Screen, code: str) -> None:
    """A fleeting notice on the board's stream. Everybody there hears it, so it names the screen
    only by its id."""
    try:
        channel = await house(request).hub.board(screen.venue, screen.board)
    except BoardNotFound:  # it was removed; the screen learns its place with its next report
        return
    channel.say("notice", {"at": channel.now(), "code": code, "text": screen.id})


def _view(request: Request, screen: Screen, venue: Venue, walls: list[Wall]) -> ScreenView:
    here = house(request)
    return screen_view(screen, venue, walls, here.roll, now=here.clock(), build=here.build)


def _screens(db: Reading, slug: str) -> tuple[Venue, list[Wall], list[Screen]]:
    venue = venues.open_by_slug(db, slug)
    return venue, walls_of(db, venue), screens.screens_of(db, venue.id)


def _screen(db: Reading, slug: str, screen: str) -> tuple[Venue, list[Wall], Screen]:
    venue = venues.open_by_slug(db, slug)
    return venue, walls_of(db, venue), screen_of(db, slug, screen)
