"""Orders: create, find, move, and when they will be ready."""

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.dialects.eatsa import changes
from app.dialects.eatsa.answers import human_time, order_body
from app.dialects.eatsa.asking import look_at, order_of, settings_of, store_of
from app.dialects.eatsa.bodies import CancelBody, OrderBody, StatusBody
from app.dialects.eatsa.errors import MEDIA, ErrorAnswer
from app.dialects.reading import json_body, validated
from app.dialects.writing import write
from app.domain.events import Actor
from app.domain.orders import Order
from app.domain.venues import Venue
from app.store.database import Change
from app.web.context import caller, house
from app.web.model import WireModel
from app.web.native.answering import json_answer
from app.web.table import Entry

ORDER = "/v1/orders/{id}"


class EtaAnswer(WireModel):
    estimated_time_remaining: int


def answer(body: Any, status: int = 200) -> Response:
    return json_answer(body, status, {"Content-Type": MEDIA})


async def sent_body(request: Request) -> Any:
    return await json_body(request, house(request).settings.body_limit_bytes)


def actor(request: Request) -> Actor:
    return caller(request).actor


async def create_order(request: Request) -> Response:
    sent = await sent_body(request)
    body = validated(OrderBody, sent)
    venue = await store_of(request, body.store_id)
    change = partial(changes.create, venue=venue.slug, body=body, actor=actor(request))
    return await _changed(request, venue, change, 201, sent)


async def find_order(request: Request) -> Response:
    order, venue = await order_of(request)
    return answer(await _told(request, order, venue))


async def put_order(request: Request) -> Response:
    return await _put(request, validated(StatusBody, await sent_body(request)).status)


async def mark_ready(request: Request) -> Response:
    return await _put(request, "ready_for_pickup")


async def cancel_order(request: Request) -> Response:
    who = validated(CancelBody, await sent_body(request)).type
    return await _put(request, f"{who}_canceled")


async def time_remaining(request: Request) -> Response:
    order, venue = await order_of(request)
    _, _, eta = await house(request).store.read(partial(look_at, order_id=order.id, venue=venue))
    return answer(human_time(eta - house(request).clock()))


async def _put(request: Request, word: str) -> Response:
    order, venue = await order_of(request)
    who = actor(request)
    change = partial(changes.put_status, venue=venue.slug, order=order.id, word=word, actor=who)
    return await _changed(request, venue, change, 200, {"status": word})


async def _changed(
    request: Request, venue: Venue, change: Change[Order], status: int, sent: Any
) -> Response:
    """What was done, answered from the database as it is after it."""
    _, text = await write(request, venue.slug, change, lambda order: (status, order.id), sent)
    order_id = text.strip('"')
    look = partial(look_at, order_id=order_id, venue=venue)
    order, point, eta = await house(request).store.read(look)
    return answer(order_body(order, settings_of(venue).store_id, point, eta), status)


async def _told(request: Request, order: Order, venue: Venue) -> dict[str, Any]:
    look = partial(look_at, order_id=order.id, venue=venue)
    found, point, eta = await house(request).store.read(look)
    return order_body(found, settings_of(venue).store_id, point, eta)


def _row(method: str, path: str, handler: Any, summary: str, **more: Any) -> Entry:
    return Entry(
        method=method, path=path, handler=handler, who="token", summary=summary,
        refusal=ErrorAnswer, **more,
    )  # fmt: skip


ROUTES = (
    _row("POST", "/v1/orders", create_order, "Create an order", body=OrderBody, status=201),
    _row("GET", ORDER, find_order, "Find an order"),
    _row("PUT", ORDER, put_order, "Change an order's status", body=StatusBody),
    _row("POST", ORDER + "/ready", mark_ready, "Mark the whole order ready"),
    _row("POST", ORDER + "/cancel", cancel_order, "Cancel an order", body=CancelBody),
    _row("GET", ORDER + "/eta", time_remaining, "Seconds until it is ready", answer=EtaAnswer),
    _row(
        "GET",
        ORDER + "/estimated_time_remaining",
        time_remaining,
        "Seconds until it is ready, by its older name",
        answer=EtaAnswer,
    ),
)
