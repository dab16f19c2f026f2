"""Answers in the request's own profile."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.dialects.shape import base_url
from app.dialects.tastyigniter.attributes import attributes, flat
from app.dialects.tastyigniter.changes import Asked
from app.dialects.tastyigniter.errors import ErrorAnswer
from app.dialects.tastyigniter.including import Companions, Resource
from app.dialects.tastyigniter.profiles import JSON, JSON_API, Profile, profile_of
from app.dialects.tastyigniter.settings import settings_of
from app.domain.orders import Order
from app.store import guests
from app.store.database import Reading
from app.web.context import caller, house
from app.web.table import Entry


def answer(
    request: Request, body: Any, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    media = JSON_API if profile_of(request) == Profile.STRICT else JSON
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    told = {"Vary": "Accept", "Content-Type": media} | (headers or {})
    return Response(text, status, told)


def order_resource(tx: Reading, order: Order, with_: Companions) -> Resource:
    made: Resource = {
        "type": "orders",
        "id": str(order.serial),
        "attributes": attributes(order, with_.venue, with_.settings),
    }
    related = with_.relationships(order)
    return made | ({"relationships": related} if related else {})


def document(
    request: Request, data: Any, with_: Companions, *, asked_include: bool
) -> dict[str, Any]:
    told = {"data": data}
    strict = profile_of(request) == Profile.STRICT
    if with_.found or (strict and asked_include):
        told["included"] = list(with_.found.values())
    return told


def flat_order(request: Request, order: Order) -> dict[str, Any]:
    venue = request.state.venue
    return flat(order, venue, settings_of(venue))


async def asked_by(request: Request) -> Asked:
    """Who asks, as the changes want to know it."""
    venue, who = request.state.venue, caller(request)
    return Asked(
        venue=venue,
        settings=settings_of(venue),
        actor=who.actor,
        customer=await own_customer(request),
        address=request.client.host if request.client else "",
        agent=request.headers.get("user-agent", ""),
    )


async def own_customer(request: Request) -> int | None:
    """The customer a customer's token belongs to; 0 for one without a record here, who therefore
    sees nothing. None for everybody else."""
    key, venue = caller(request).key, request.state.venue
    if key is None or not key.kind.endswith("customer") or key.owner is None:
        return None
    owner = key.owner
    look = await house(request).store.read(lambda tx: guests.customer_of_user(tx, venue.id, owner))
    return look.serial if look else 0


def address_of(request: Request, *steps: object) -> str:
    return "/".join([base_url(request), *map(str, steps)])


def row(method: str, path: str, handler: Any, who: str, summary: str, **more: Any) -> Entry:
    return Entry(
        method=method, path=path, handler=handler, who=who, summary=summary,
        refusal=ErrorAnswer, **more,
    )  # fmt: skip
