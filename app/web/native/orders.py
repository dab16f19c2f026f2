"""/api/v1/venues/{venue}/orders: place, list, read, edit, delete, and what happened to one."""

import base64
import json
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.commands import orders as commands
from app.domain.events import ORDER_KINDS
from app.domain.native import event_answer, order_answer
from app.domain.orders import Order
from app.domain.problems import Invalid, OrderNotFound
from app.domain.times import opt_ms, to_ms
from app.store import events, orders, venues
from app.store.database import Reading
from app.store.orders import Search
from app.web.context import asked, caller, house
from app.web.native.answering import json_answer, write
from app.web.native.answers import HistoryAnswer, OrderAnswer, OrdersAnswer
from app.web.native.bodies import EditBody, OrderBody, OrdersQuery
from app.web.table import Entry, Who

ORDERS = "/api/v1/venues/{venue}/orders"
ORDER = ORDERS + "/{order}"


async def place_order(request: Request) -> Response:
    body: OrderBody = request.state.body
    change = partial(
        commands.place,
        venue=request.path_params["venue"],
        new=body.new_order(),
        actor=caller(request).actor,
    )
    response = await write(
        request, change, lambda p: (201 if p.created else 200, order_answer(p.order))
    )
    path = house(request).settings.root_path + ORDERS.format(**request.path_params)
    response.headers["Location"] = f"{path}/{json.loads(bytes(response.body))['id']}"
    return response


async def list_orders(request: Request) -> Response:
    query: OrdersQuery = asked(request)
    wanted = Search(
        statuses=tuple(query.status),
        text=query.search,
        number=query.number,
        placed_after=opt_ms(query.placed_after),
        placed_before=opt_ms(query.placed_before),
        updated_after=opt_ms(query.updated_after),
        sort=query.sort.lstrip("-"),
        descending=query.sort.startswith("-"),
        limit=query.limit + 1,
        after=_read_cursor(query.cursor),
    )
    slug = request.path_params["venue"]
    found = await house(request).store.read(
        lambda tx: orders.search(tx, venues.open_by_slug(tx, slug).id, wanted)
    )
    page = found[: query.limit]
    more = _cursor(page[-1], wanted.sort) if len(found) > len(page) else None
    return json_answer({"orders": [order_answer(order) for order in page], "next": more})


async def read_order(request: Request) -> Response:
    slug, order_id = request.path_params["venue"], request.path_params["order"]
    return json_answer(
        order_answer(await house(request).store.read(lambda tx: open_order(tx, slug, order_id)))
    )


async def edit_order(request: Request) -> Response:
    body: EditBody = request.state.body
    change = partial(
        commands.edit,
        venue=request.path_params["venue"],
        order=request.path_params["order"],
        changes=body.changes(),
        actor=caller(request).actor,
    )
    return await write(request, change, lambda order: (200, order_answer(order)))


async def delete_order(request: Request) -> Response:
    change = partial(
        commands.delete,
        venue=request.path_params["venue"],
        order=request.path_params["order"],
        actor=caller(request).actor,
    )
    await house(request).store.write(change)
    return Response(status_code=204)


async def read_history(request: Request) -> Response:
    """Also of a deleted order: its events stay."""
    slug, order_id = request.path_params["venue"], request.path_params["order"]
    found = await house(request).store.read(
        lambda tx: events.history(tx, venues.open_by_slug(tx, slug).id, order_id)
    )
    # Events have other subjects too, such as the venue itself.
    told = [event_answer(event) for event in found if event.kind in ORDER_KINDS]
    if not told:
        raise OrderNotFound(f"There is no order '{order_id}' at this venue.")
    return json_answer({"events": told})


def open_order(tx: Reading, slug: str, order_id: str) -> Order:
    """Raises VenueNotFound, OrderNotFound."""
    order = orders.find(tx, venues.open_by_slug(tx, slug).id, order_id)
    if order is None:
        raise OrderNotFound(f"There is no order '{order_id}' at this venue.")
    return order


def _cursor(order: Order, sort: str) -> str:
    at = to_ms(order.placed_at if sort == "placed_at" else order.updated_at)
    return base64.urlsafe_b64encode(f"{at}.{order.id}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str | None) -> tuple[int, str] | None:
    if cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        at, _, order_id = text.partition(".")
        position = int(at)
    except ValueError:
        position, order_id = -1, ""
    if not (0 <= position < 2**53 and order_id):
        wrong: list[dict[str, Any]] = [{"path": "cursor", "message": "not a cursor of this list"}]
        raise Invalid("Some parameters are wrong.", errors=wrong)
    return position, order_id


ROUTES = (
    Entry(
        method="POST", path=ORDERS, handler=place_order, who=Who.WRITE, status=201,
        summary="Place an order; safe to repeat with the same ref or Idempotency-Key",
        body=OrderBody, answer=OrderAnswer, problems=(404, 409),
    ),
    Entry(
        method="GET", path=ORDERS, handler=list_orders, who=Who.READ,
        summary="List orders, newest first, page by page",
        query=OrdersQuery, answer=OrdersAnswer, problems=(404,),
    ),
    Entry(
        method="GET", path=ORDER, handler=read_order, who=Who.READ,
        summary="Read an order", answer=OrderAnswer, problems=(404,),
    ),
    Entry(
        method="PATCH", path=ORDER, handler=edit_order, who=Who.WRITE,
        summary="Change fields of an order", body=EditBody, answer=OrderAnswer,
        problems=(404, 409),
    ),
    Entry(
        method="DELETE", path=ORDER, handler=delete_order, who=Who.WRITE, status=204,
        summary="Remove an order everywhere; its history stays", problems=(404,),
    ),
    Entry(
        method="GET", path=ORDER + "/history", handler=read_history, who=Who.READ,
        summary="Who did what to an order, and when", answer=HistoryAnswer, problems=(404,),
    ),
)  # fmt: skip
