"""Orders: list, create, retrieve, update, delete."""

from functools import partial
from typing import Any

from pydantic import ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from app.commands.orders import delete
from app.dialects.tastyigniter import changes, fields
from app.dialects.tastyigniter.answering import (
    address_of,
    answer,
    asked_by,
    document,
    flat_order,
    order_resource,
    own_customer,
    row,
)
from app.dialects.tastyigniter.attributes import customer_id
from app.dialects.tastyigniter.bodies import read_attributes
from app.dialects.tastyigniter.errors import RecordNotFound
from app.dialects.tastyigniter.including import Companions
from app.dialects.tastyigniter.listing import check_single, included, listing, paging
from app.dialects.tastyigniter.profiles import Profile, profile_of
from app.dialects.tastyigniter.settings import settings_of
from app.dialects.tastyigniter.words import NAME
from app.dialects.writing import write
from app.domain.orders import Order
from app.store import orders
from app.store.database import Reading
from app.web.context import caller, house
from app.web.model import WireModel

LONGEST_ID = 15  # digits


class OrderBody(WireModel):
    """Flat, as most clients send it. All fields may be left out of an update."""

    model_config = ConfigDict(extra="allow")

    first_name: str | None = None
    last_name: str | None = None
    order_type: str | None = None
    email: str | None = None
    telephone: str | None = None
    comment: str | None = None
    payment: str | None = None
    status_id: int | str | None = None
    status_comment: str | None = None
    order_menus: list[dict[str, Any]] | None = None
    order_totals: list[dict[str, Any]] | None = None


class ListQuery(WireModel):
    page: int = 1
    pageLimit: int = 20
    sort: str | None = None
    customer: int | None = None
    location: int | None = None
    status: int | None = None
    search: str | None = None
    include: str | None = None


async def list_orders(request: Request) -> Response:
    venue = request.state.venue
    settings = settings_of(venue)
    asked = listing(request, venue, settings, await own_customer(request))

    def look(tx: Reading) -> tuple[int, list[Order], list[Any], Companions]:
        found = orders.search(tx, venue.id, asked.search)
        with_ = Companions(tx, venue, settings, asked.include)
        flatly = profile_of(request) == Profile.FLAT
        told = [] if flatly else [order_resource(tx, order, with_) for order in found]
        return orders.count(tx, venue.id, asked.search), found, told, with_

    total, found, told, with_ = await house(request).store.read(look)
    pages = paging(request, asked, total, len(found))
    if profile_of(request) == Profile.FLAT:
        return answer(request, {"data": [flat_order(request, one) for one in found]} | pages)
    body = document(request, told, with_, asked_include=asked.asked_include)
    return answer(request, body | pages)


async def create_order(request: Request) -> Response:
    asked = await asked_by(request)
    given = await read_attributes(request, "orders")
    fields.check(given, asked.settings, create=True)
    change = partial(changes.create, asked=asked, given=given)
    status, text = await write(
        request, asked.venue.slug, change, lambda order: (201, order.serial), given
    )
    made = await _find(request, text)
    headers = {}
    if profile_of(request) == Profile.STRICT:
        prefix = asked.settings.api_prefix
        headers["Location"] = address_of(request, prefix, "orders", made.serial)
    return await _told(request, made, status, headers)


async def read_order(request: Request) -> Response:
    return await _told(request, await _order(request))


async def change_order(request: Request) -> Response:
    order = await _order(request)
    asked = await asked_by(request)
    given = await read_attributes(request, "orders", str(order.serial))
    fields.check(given, asked.settings, create=False)
    change = partial(changes.update, asked=asked, serial=order.serial, given=given)
    await house(request).store.write(change)
    return await _told(request, await _order(request))


async def delete_order(request: Request) -> Response:
    order = await _order(request)
    change = partial(
        delete,
        venue=request.state.venue.slug,
        order=order.id,
        actor=caller(request).actor,
        dialect=NAME,
    )
    await house(request).store.write(change)
    if profile_of(request) == Profile.STRICT:
        return Response(status_code=204, headers={"Vary": "Accept"})
    return answer(request, {"id": order.serial, "object": "order", "deleted": True})


async def _order(request: Request) -> Order:
    """The order in the address; of others a customer's token sees nothing. Raises
    RecordNotFound."""
    given = request.path_params["id"]
    order = await _find(request, given)
    customer = await own_customer(request)
    if customer is not None and customer_id(order) != customer:
        raise RecordNotFound(given)
    return order


async def _find(request: Request, given: str) -> Order:
    venue = request.state.venue
    if not (given.isascii() and given.isdigit() and len(given) <= LONGEST_ID):
        raise RecordNotFound(given)
    look = partial(orders.by_serial, venue_id=venue.id, serial=int(given))
    order = await house(request).store.read(look)
    if order is None:
        raise RecordNotFound(given)
    return order


async def _told(
    request: Request, order: Order, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """One order in the profile's form, with what it is to bring along."""
    if request.method in ("GET", "HEAD"):
        check_single(request)
    if profile_of(request) == Profile.FLAT:
        return answer(request, flat_order(request, order), status)
    venue, (include, asked) = request.state.venue, included(request)

    def look(tx: Reading) -> dict[str, Any]:
        with_ = Companions(tx, venue, settings_of(venue), include)
        made = order_resource(tx, order, with_)
        return document(request, made, with_, asked_include=asked)

    return answer(request, await house(request).store.read(look), status, headers)


ORDERS, ORDER = "/{api}/orders", "/{api}/orders/{id}"
READ, CREATE = "list_orders:orders:read", "create_orders:orders:write"
CHANGE = "change_orders:orders:write"
ROUTES = (
    row("GET", ORDERS, list_orders, READ, "List orders", query=ListQuery),
    row("POST", ORDERS, create_order, CREATE, "Create an order", body=OrderBody, status=201),
    row("GET", ORDER, read_order, READ, "Retrieve an order"),
    row("PATCH", ORDER, change_order, CHANGE, "Change an order", body=OrderBody),
    row("PUT", ORDER, change_order, CHANGE, "Change an order, no less partially", body=OrderBody),
    row("DELETE", ORDER, delete_order, CHANGE, "Delete an order"),
)
