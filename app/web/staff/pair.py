"""Approve the code on a TV: which board it shows, and what the screen is called."""

from functools import partial

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.commands.screens import Size, pair_screen, shown_by
from app.domain.problems import BoardNotFound, CodeNotFound, Invalid
from app.domain.screens import Screen
from app.web.context import caller, house
from app.web.staff.forms import Form, Line, go, page, read_form
from app.web.staff.walls import Wall, walls


class PairForm(Form):
    """`board` is a Wall's value. The two sizes are asked for once a board."""

    code: Line = Field("", max_length=40)
    board: Line = Field("", max_length=120)
    name: Line = Field("", max_length=80)
    tv_inches: int | None = Field(None, ge=10, le=120)
    distance_m: float | None = Field(None, ge=0.5, le=30, allow_inf_nan=False)


async def show_pairing(request: Request) -> Response:
    given = PairForm(code=request.query_params.get("code", "")[:40])
    return await _page(request, given, asking=False)


async def take_pairing(request: Request) -> Response:
    form = await read_form(request, PairForm)
    wall = next((w for w in await _walls(request) if w.value == form.board), None)
    try:
        if wall is None:
            raise BoardNotFound("Choose a board for the screen.")
        if not wall.sized and (form.tv_inches is None or form.distance_m is None):
            await house(request).store.read(partial(shown_by, code=form.code))
            return await _page(request, form, asking=True)
        screen = await _pair(request, form, wall)
    except (BoardNotFound, CodeNotFound, Invalid) as problem:
        return await _page(request, form, status=problem.status, wrong=problem.detail)
    done = f"{screen.name} is paired and shows its board in a moment."
    return go(request, f"/staff/{screen.venue}/screens", done=done)


async def _pair(request: Request, form: PairForm, wall: Wall) -> Screen:
    size = None
    if form.tv_inches is not None and form.distance_m is not None:
        size = Size(inches=form.tv_inches, distance=form.distance_m)
    change = partial(
        pair_screen,
        code=form.code,
        venue=wall.venue.slug,
        board=wall.board,
        name=form.name,
        actor=caller(request).actor,
        size=size,
    )
    return await house(request).store.write(change)


async def _walls(request: Request) -> list[Wall]:
    return await house(request).store.read(partial(walls, caller=caller(request)))


async def _page(
    request: Request, form: PairForm, asking: bool = False, status: int = 200, wrong: str = ""
) -> Response:
    """The sizes are asked for at once where there is only one board, else after it was chosen."""
    known = await _walls(request)
    chosen = next((wall for wall in known if wall.value == form.board), None)
    if chosen is None and len(known) == 1:
        chosen = known[0]
    return page(
        request,
        "pair",
        status,
        form=form,
        walls=known,
        chosen=chosen,
        ask_size=chosen is not None and not chosen.sized,
        asking=asking,
        many=len({wall.venue.id for wall in known}) > 1,
        wrong=wrong,
    )
