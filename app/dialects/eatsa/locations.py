"""Pickup locations ("cubbies"), as two generations of clients list, switch and reserve them."""

from functools import partial
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import Response

from app.commands.venues import change_point
from app.dialects.eatsa import changes
from app.dialects.eatsa.asking import settings_of, store_of, stores_of
from app.dialects.eatsa.bodies import AssignBody, DisableBody, EnableBody
from app.dialects.eatsa.errors import ErrorAnswer
from app.dialects.eatsa.orders import actor, answer, sent_body
from app.dialects.reading import validated
from app.domain.orders import Order
from app.domain.problems import NotFound
from app.domain.times import iso
from app.domain.venues import PickupPoint, Venue
from app.store import orders, venues
from app.store.database import Reading
from app.web.context import house
from app.web.table import Entry

STORE = "/v1/stores/{id}"


async def list_locations(request: Request) -> Response:
    venue = await store_of(request, request.path_params["id"])
    held = await house(request).store.read(partial(_held, venue=venue))
    store_id = settings_of(venue).store_id
    return answer({"store_id": store_id, "locations": [_location(store_id, *one) for one in held]})


async def list_pickup_locations(request: Request) -> Response:
    venue = await store_of(request, request.path_params["id"])
    held = await house(request).store.read(partial(_held, venue=venue))
    told = [_pickup_location(point, order, venue) for point, order in held]
    return answer({"store_id": settings_of(venue).store_id, "pickup_locations": told})


async def enable_location(request: Request) -> Response:
    venue = await store_of(request, request.path_params["id"])
    body = validated(EnableBody, await sent_body(request))
    point, order = await _switch(request, venue, body.location, disabled=not body.enabled)
    return answer(_location(settings_of(venue).store_id, point, order))


async def change_location(request: Request) -> Response:
    venue, point, order = await _disabled(request)
    return answer(_location(settings_of(venue).store_id, point, order))


async def change_pickup_location(request: Request) -> Response:
    venue, point, order = await _disabled(request)
    return answer(_pickup_location(point, order, venue))


async def assign_location(request: Request) -> Response:
    body = validated(AssignBody, await sent_body(request))
    order, venue = await _order_of_line(request, body.line_item_id)
    change = partial(
        changes.assign_location, venue=venue.slug, order=order.id, actor=actor(request)
    )
    point = await house(request).store.write(change)
    return answer(
        {
            "location_id": point.id,
            "location_name": point.name,
            "enabled": not point.disabled,
            "line_items": [{"id": item.id} for item in order.items],
        }
    )


async def _disabled(request: Request) -> tuple[Venue, PickupPoint, Order | None]:
    venue = await store_of(request, request.path_params["id"])
    body = validated(DisableBody, await sent_body(request))
    point = request.path_params["location"]
    return venue, *await _switch(request, venue, point, disabled=body.disabled)


async def _switch(
    request: Request, venue: Venue, point: str, *, disabled: bool
) -> tuple[PickupPoint, Order | None]:
    """Raises PointNotFound, PointInUse."""
    change = partial(
        change_point, venue=venue.slug, point=point, disabled=disabled, actor=actor(request)
    )
    changed = await house(request).store.write(change)
    held = await house(request).store.read(partial(_held, venue=venue))
    return next(one for one in held if one[0].id == changed.id)


async def _order_of_line(request: Request, line: str) -> tuple[Order, Venue]:
    """The live order with this line; a location is of no use to any other."""
    stores = await stores_of(request)

    def look(tx: Reading) -> tuple[Order, Venue] | None:
        for venue in stores:
            for order in orders.live(tx, venue.id):
                if any(item.id == line for item in order.items):
                    return order, venue
        return None

    found = await house(request).store.read(look)
    if found is None:
        raise NotFound(f"No open order has the line item '{line[:80]}'.")
    return found


def _held(tx: Reading, venue: Venue) -> list[tuple[PickupPoint, Order | None]]:
    """Every point with the order it holds or is kept for."""
    return [
        (point, orders.find(tx, venue.id, point.order) if point.order else None)
        for point in venues.points(tx, venue.id)
    ]


def _location(store_id: str, point: PickupPoint, order: Order | None) -> dict[str, Any]:
    return {
        "id": point.id,
        "store_id": store_id,
        "name": point.name,
        "enabled": not point.disabled,
        "line_items": [{"id": item.id} for item in order.items] if order else [],
    }


def _pickup_location(point: PickupPoint, order: Order | None, venue: Venue) -> dict[str, Any]:
    state: Literal["assigned", "not_assigned", "order_unassigned"] = "not_assigned"
    if order is not None:
        state = "order_unassigned" if point.reserved else "assigned"
    return {
        "id": point.id,
        "name": point.name,
        "order_id": order.id if order else None,
        "updated_at": iso(order.updated_at if order else venue.made_at),
        "disabled": point.disabled,
        "state": state,
    }


def _row(method: str, path: str, handler: Any, summary: str, **more: Any) -> Entry:
    return Entry(
        method=method, path=path, handler=handler, who="token", summary=summary,
        refusal=ErrorAnswer, **more,
    )  # fmt: skip


ROUTES = (
    _row("GET", STORE + "/locations", list_locations, "A store's locations"),
    _row(
        "PUT",
        STORE + "/locations/enable",
        enable_location,
        "Enable or disable a location",
        body=EnableBody,
    ),
    _row(
        "PUT",
        STORE + "/locations/{location}",
        change_location,
        "Disable or enable a location",
        body=DisableBody,
    ),
    _row(
        "GET", STORE + "/pickup-locations", list_pickup_locations, "The same, by their older name"
    ),
    _row(
        "PUT",
        STORE + "/pickup-locations/{location}",
        change_pickup_location,
        "Disable or enable one, by its older name",
        body=DisableBody,
    ),
    _row(
        "POST",
        "/v1/location/assign",
        assign_location,
        "Reserve a location before the order is ready",
        body=AssignBody,
    ),
)
