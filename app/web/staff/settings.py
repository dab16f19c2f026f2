"""What an admin sets for a venue: its numbers and clock, its pickup points."""

from datetime import time
from functools import partial
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field
from starlette.requests import Request
from starlette.responses import Response

from app.commands.venues import add_point, change_point, change_venue
from app.domain.venues import Numbering, PickupPoint, Venue
from app.store import venues
from app.store.database import Reading
from app.web.context import caller, house
from app.web.staff.forms import Form, Line, go, page, read_form


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is no time zone; write it like Europe/Berlin") from None
    return name


class VenueForm(Form):
    name: Line = Field(min_length=1, max_length=80)
    time_zone: Annotated[Line, AfterValidator(_known_zone)] = Field(max_length=64)
    day_starts: time
    numbering: Numbering
    lead_minutes: int = Field(ge=0, le=600)
    default_station: Line = Field(min_length=1, max_length=40)
    auto_collect_minutes: int | None = Field(None, ge=1, le=1440)
    slow_minutes: int = Field(5, ge=1, le=1440)
    late_minutes: int = Field(8, ge=1, le=1440)


class PointForm(Form):
    name: Line = Field(min_length=1, max_length=40)


class PointChangeForm(Form):
    do: Literal["enable", "disable"]


async def show_settings(request: Request) -> Response:
    look = partial(_look, slug=request.path_params["venue"])
    venue, points = await house(request).store.read(look)
    return page(
        request,
        "settings",
        venue=venue,
        points=points,
        saved="saved" in request.query_params,
    )


async def take_venue(request: Request) -> Response:
    form = await read_form(request, VenueForm)
    return await _change(request, partial(change_venue, changes=form.model_dump()))


async def take_new_point(request: Request) -> Response:
    form = await read_form(request, PointForm)
    return await _change(request, partial(add_point, name=form.name))


async def take_point(request: Request) -> Response:
    form, point = await read_form(request, PointChangeForm), request.path_params["point"]
    disabled = form.do == "disable"
    return await _change(request, partial(change_point, point=point, disabled=disabled))


async def _change(request: Request, change: partial[Any]) -> Response:
    venue = request.path_params["venue"]
    await house(request).store.write(partial(change, venue=venue, actor=caller(request).actor))
    return go(request, f"/staff/{venue}/settings", saved="1")


def _look(db: Reading, slug: str) -> tuple[Venue, list[PickupPoint]]:
    venue = venues.open_by_slug(db, slug)
    return venue, venues.points(db, venue.id)
