"""Closing the day, step by step on one page: nothing open, CSV, backup, anonymise, close."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from app.commands.closing import FOLDER, Closing, anonymise_day, save_backup
from app.commands.day import Evening, close_day, endings, evening, note_step
from app.domain.day import Step, csv_of
from app.domain.names import shown_name
from app.domain.orders import Order, Status
from app.domain.problems import Forbidden, Invalid, NotFound, OrdersOpen
from app.domain.times import DAY
from app.web.context import caller, house
from app.web.staff.forms import Form, Line, go, page, read_form
from app.web.staff.words import actor_name, clock_time, day_time, status_word

NO_STORE = {"Cache-Control": "no-store"}


class DayForm(Form):
    """`sure`: the box that has to be ticked before names are taken out."""

    do: Literal["collect", "cancel", "csv", "backup", "anonymise", "close"]
    day: Line = Field("", max_length=10)
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """An order that is still open, as the page lists it."""

    id: str
    number: str
    name: str
    word: str
    placed: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A step that was done: when and by whom."""

    at: str
    who: str
    told: dict[str, object]


async def show_day(request: Request) -> Response:
    seen = await _evening(request, request.query_params.get("day", ""))
    return _day_page(request, seen)


async def take_step(request: Request) -> Response:
    """What may not be done yet is answered on the page itself, with words."""
    form = await read_form(request, DayForm)
    seen = await _evening(request, form.day)
    try:
        told = await STEPS[form.do](request, seen, form)
    except (OrdersOpen, Invalid) as problem:
        return _day_page(request, seen, problem.status, wrong=problem.detail)
    path = f"/staff/{seen.venue.slug}/day"
    return go(request, path, day=seen.day.day, **told)


async def send_csv(request: Request) -> Response:
    seen = await _evening(request, request.query_params.get("day", ""))
    name = f"{seen.venue.slug}-{seen.day.day}.csv"
    return Response(
        csv_of(seen.orders, seen.venue).encode("utf-8-sig"),
        headers=NO_STORE | {"Content-Disposition": f'attachment; filename="{name}"'},
        media_type="text/csv",
    )


async def send_backup(request: Request) -> Response:
    _check_whole(request)
    seen = await _evening(request, request.query_params.get("day", ""))
    file = house(request).settings.data / FOLDER / f"readyboard-{seen.day.day}.db"
    if not file.is_file():
        raise NotFound("There is no backup of that day.")
    return FileResponse(file, headers=NO_STORE, filename=file.name)


async def _end_open(request: Request, seen: Evening, form: DayForm) -> dict[str, str]:
    status = Status.COLLECTED if form.do == "collect" else Status.CANCELLED
    venue, actor = seen.venue.slug, caller(request).actor
    changes = endings(seen.open, status, venue=venue, actor=actor)
    answers = await house(request).store.write_all(changes)
    ended = sum(isinstance(answer, Order) for answer in answers)
    return {"done": f"{ended} {'order is' if ended == 1 else 'orders are'} {status} now."}


async def _note_csv(request: Request, seen: Evening, form: DayForm) -> dict[str, str]:
    told = {"orders": len(seen.orders)}
    note = partial(note_step, venue=seen.venue.slug, day=seen.day.day, step=Step.CSV, told=told)
    await house(request).store.write(partial(note, actor=caller(request).actor))
    return {"csv": "1"}


async def _back_up(request: Request, seen: Evening, form: DayForm) -> dict[str, str]:
    _check_whole(request)
    await save_backup(house(request).store, _closing(request, seen))
    return {}


async def _anonymise(request: Request, seen: Evening, form: DayForm) -> dict[str, str]:
    if not form.sure:
        message = "Tick the box first: names that are taken out do not come back."
        raise Invalid(message, errors=[{"path": "sure", "message": message}])
    await anonymise_day(house(request).store, _closing(request, seen))
    return {}


async def _close(request: Request, seen: Evening, form: DayForm) -> dict[str, str]:
    close = partial(close_day, venue=seen.venue.slug, day=seen.day.day)
    await house(request).store.write(partial(close, actor=caller(request).actor))
    return {}


Act = Callable[[Request, Evening, DayForm], Awaitable[dict[str, str]]]
STEPS: dict[str, Act] = {
    "collect": _end_open,
    "cancel": _end_open,
    "csv": _note_csv,
    "backup": _back_up,
    "anonymise": _anonymise,
    "close": _close,
}


def _check_whole(request: Request) -> None:
    if caller(request).venues is not None:
        raise Forbidden("A backup holds every venue; this key is bound to some.")


def _closing(request: Request, seen: Evening) -> Closing:
    return Closing(
        data=house(request).settings.data,
        venue=seen.venue.slug,
        day=seen.day.day,
        actor=caller(request).actor,
    )


async def _evening(request: Request, day: str) -> Evening:
    look = partial(evening, venue=request.path_params["venue"], day=day)
    return await house(request).store.read(look)


def _day_page(request: Request, seen: Evening, status: int = 200, wrong: str = "") -> Response:
    venue, day = seen.venue, date.fromisoformat(seen.day.day)
    today = venue.day(house(request).clock())
    return page(
        request,
        "day",
        status,
        venue=venue,
        day=seen.day.day,
        title=f"{day:%A}, {day.day} {day:%B %Y}",
        span=(clock_time(seen.day.start, venue.zone), clock_time(seen.day.end, venue.zone)),
        is_today=seen.day.day == today,
        earlier=(day - DAY).isoformat(),
        later=(day + DAY).isoformat() if seen.day.day < today else "",
        report=seen.report,
        left=[_left(order, seen) for order in seen.open],
        named=seen.named,
        ticks=_ticks(seen),
        download="csv" in request.query_params,
        wrong=wrong,
        done=request.query_params.get("done", "")[:200],
    )


def _left(order: Order, seen: Evening) -> Left:
    return Left(
        id=order.id,
        number=order.number or "",
        name=shown_name(order) or "",
        word=status_word(order),
        placed=clock_time(order.placed_at, seen.venue.zone),
    )


def _ticks(seen: Evening) -> dict[str, Tick]:
    return {
        step: Tick(
            at=day_time(taken.at, seen.venue, seen.day.start),
            who=actor_name(taken.actor),
            told=taken.body,
        )
        for step, taken in seen.steps.items()
    }
