"""Venues and their pickup points."""

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.commands import venues as commands
from app.domain.problems import Forbidden
from app.domain.venues import PickupPoint, Venue
from app.store import venues
from app.web.context import caller, house
from app.web.native.answering import json_answer
from app.web.native.answers import (
    PointAnswer,
    PointsAnswer,
    VenueAnswer,
    VenuesAnswer,
)
from app.web.native.bodies import NewVenueBody, PointBody, PointChangeBody, VenueBody
from app.web.table import Entry, Who

VENUES = "/api/v1/venues"
VENUE = VENUES + "/{venue}"


async def list_venues(request: Request) -> Response:
    found = await house(request).store.read(venues.all_venues)
    allowed = [venue for venue in found if caller(request).may_enter(venue.slug)]
    return json_answer({"venues": [venue_answer(venue) for venue in allowed]})


async def add_venue(request: Request) -> Response:
    if caller(request).venues is not None:
        raise Forbidden("This key is bound to its venues.")
    body: NewVenueBody = request.state.body
    settings = body.changes() | {"name": body.name}
    change = partial(
        commands.add_venue, slug=settings.pop("slug"), name=settings.pop("name"), settings=settings
    )
    return json_answer(venue_answer(await house(request).store.write(change)), 201)


async def read_venue(request: Request) -> Response:
    slug = request.path_params["venue"]
    return json_answer(
        venue_answer(await house(request).store.read(lambda tx: venues.open_by_slug(tx, slug)))
    )


async def change_venue(request: Request) -> Response:
    body: VenueBody = request.state.body
    change = partial(commands.change_venue, changes=body.changes(), **_where(request))
    return json_answer(venue_answer(await house(request).store.write(change)))


async def list_points(request: Request) -> Response:
    slug = request.path_params["venue"]
    found = await house(request).store.read(
        lambda tx: venues.points(tx, venues.open_by_slug(tx, slug).id)
    )
    return json_answer({"pickup_points": [point_answer(point) for point in found]})


async def add_point(request: Request) -> Response:
    body: PointBody = request.state.body
    change = partial(commands.add_point, name=body.name, **_where(request))
    return json_answer(point_answer(await house(request).store.write(change)), 201)


async def change_point(request: Request) -> Response:
    body: PointChangeBody = request.state.body
    change = partial(
        commands.change_point,
        point=request.path_params["point"],
        name=body.name,
        disabled=body.disabled,
        **_where(request),
    )
    return json_answer(point_answer(await house(request).store.write(change)))


def venue_answer(venue: Venue) -> dict[str, Any]:
    known = {"id": venue.id, "slug": venue.slug, "name": venue.name}
    return known | {"seq": venue.seq, "epoch": venue.epoch} | venues.venue_settings(venue)


def point_answer(point: PickupPoint) -> dict[str, Any]:
    return {"id": point.id, "name": point.name, "state": point.state, "order": point.order}


def _where(request: Request) -> dict[str, Any]:
    return {"venue": request.path_params["venue"], "actor": caller(request).actor}


ROUTES = (
    Entry(
        method="GET", path=VENUES, handler=list_venues, who=Who.READ,
        summary="List the venues this key may enter", answer=VenuesAnswer,
    ),
    Entry(
        method="POST", path=VENUES, handler=add_venue, who=Who.ADMIN, status=201,
        summary="Add a venue", body=NewVenueBody, answer=VenueAnswer, problems=(409,),
    ),
    Entry(
        method="GET", path=VENUE, handler=read_venue, who=Who.READ,
        summary="Read a venue", answer=VenueAnswer, problems=(404,),
    ),
    Entry(
        method="PATCH", path=VENUE, handler=change_venue, who=Who.ADMIN,
        summary="Change a venue", body=VenueBody, answer=VenueAnswer, problems=(404,),
    ),
    Entry(
        method="GET", path=VENUE + "/pickup-points", handler=list_points, who=Who.READ,
        summary="List pickup points", answer=PointsAnswer, problems=(404,),
    ),
    Entry(
        method="POST", path=VENUE + "/pickup-points", handler=add_point, who=Who.ADMIN,
        status=201, summary="Add a pickup point", body=PointBody, answer=PointAnswer,
        problems=(404, 409),
    ),
    Entry(
        method="PATCH", path=VENUE + "/pickup-points/{point}", handler=change_point,
        who=Who.ADMIN, summary="Rename, disable or enable a pickup point",
        body=PointChangeBody, answer=PointAnswer, problems=(404, 409),
    ),
)  # fmt: skip
