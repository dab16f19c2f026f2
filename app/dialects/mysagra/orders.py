"""Orders: list, detail, create, confirm, patch, delete, stations."""

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.dialects.mysagra import confirming, moving
from app.dialects.mysagra.answering import actor, answer, asked, no_cuid, row, sent_body
from app.dialects.mysagra.asking import kind_of
from app.dialects.mysagra.bodies import ConfirmBody, OrderBody, OrdersQuery, StatusBody
from app.dialects.mysagra.detail import detail
from app.dialects.mysagra.errors import MEDIA, Refusal
from app.dialects.mysagra.finding import order_at
from app.dialects.mysagra.ids import CUID
from app.dialects.mysagra.listing import orders_page
from app.dialects.mysagra.payloads import confirm_items, create_items, list_fields, station_states
from app.dialects.reading import validated
from app.dialects.writing import write
from app.domain.orders import Order
from app.store.database import Change, Reading
from app.web.context import caller, house

ORDER = "/v1/orders/{id}"
STATION = "/v1/orders/{orderId}/stations/{stationId}"


async def list_orders(request: Request) -> Response:
    query, venue = asked(request, OrdersQuery), request.state.venue
    return answer(await house(request).store.read(lambda tx: orders_page(tx, venue, query)))


async def find_order(request: Request) -> Response:
    venue, shown = request.state.venue, request.path_params["id"]

    def look(tx: Reading) -> dict[str, Any]:
        return detail(tx, order_at(tx, venue.id, shown))

    return answer(await house(request).store.read(look))


async def create_order(request: Request) -> Response:
    sent = await sent_body(request)
    by_web = kind_of(caller(request)) == "web"
    if by_web and isinstance(sent, dict) and sent.get("confirm"):
        raise Refusal(403, "API key cannot confirm orders", "ForbiddenError")
    body = validated(OrderBody, sent)
    change = partial(
        confirming.create,
        venue=request.state.venue,
        body=body,
        actor=actor(request),
        surcharges=not by_web,
    )
    return await _changed(request, change, _created, sent)


async def confirm_order(request: Request) -> Response:
    sent = await sent_body(request)
    body = validated(ConfirmBody, sent)
    change = partial(
        confirming.confirm,
        venue=request.state.venue,
        shown=request.path_params["id"],
        body=body,
        actor=actor(request),
    )
    return await _changed(request, change, _confirmed, sent)


async def patch_order(request: Request) -> Response:
    sent = await sent_body(request)
    change = partial(
        moving.patch,
        venue=request.state.venue,
        shown=request.path_params["id"],
        word=validated(StatusBody, sent).status,
        actor=actor(request),
    )
    return await _changed(request, change, _patched, sent)


async def patch_station(request: Request) -> Response:
    sent, station = await sent_body(request), request.path_params["stationId"]
    if not CUID.fullmatch(station):
        raise no_cuid("stationId")
    change = partial(
        moving.patch_station,
        venue=request.state.venue,
        shown=request.path_params["orderId"],
        station=station,
        word=validated(StatusBody, sent).status,
        actor=actor(request),
    )
    return await _changed(request, change, partial(_station_patched, station=station), sent)


async def delete_order(request: Request) -> Response:
    change = partial(
        moving.remove,
        venue=request.state.venue,
        shown=request.path_params["id"],
        actor=actor(request),
    )
    await house(request).store.write(change)
    return Response(status_code=204)


async def _changed(request: Request, change: Change[Any], told: Any, sent: Any) -> Response:
    status, text = await write(request, request.state.venue.slug, change, told, sent)
    return Response(text, status, {"Content-Type": MEDIA})


def _created(order: Order) -> tuple[int, Any]:
    return 201, list_fields(order) | {"orderItems": create_items(order)}


def _confirmed(order: Order) -> tuple[int, Any]:
    return 200, list_fields(order) | {"orderItems": confirm_items(order)}


def _patched(order: Order | None) -> tuple[int, Any]:
    return 200, order and list_fields(order)


def _station_patched(order: Order, station: str) -> tuple[int, Any]:
    states = station_states(order, whole=True)
    return 200, next(state for state in states if state["stationId"] == station)


ROUTES = (
    row("GET", "/v1/orders", list_orders, "staff", "List orders", query=OrdersQuery),
    row(
        "POST", "/v1/orders", create_order, "staff+web", "Create an order", body=OrderBody,
        status=201,
    ),
    row("GET", ORDER, find_order, "staff", "One order, its lines by category"),
    row("PATCH", ORDER, patch_order, "staff", "Change an order's status", body=StatusBody),
    row("DELETE", ORDER, delete_order, "staff", "Delete an order", status=204),
    row("POST", ORDER + "/confirm", confirm_order, "staff", "Confirm an order", body=ConfirmBody),
    row(
        "PATCH", STATION, patch_station, "staff", "Change one station's status", body=StatusBody
    ),
)  # fmt: skip
