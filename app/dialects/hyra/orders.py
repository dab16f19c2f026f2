"""Hyra-style routes: log an order, change its status, list orders, one with its history."""

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.commands.orders import Placed
from app.dialects.hyra import answers
from app.dialects.hyra.asking import Workspace, workspace
from app.dialects.hyra.bodies import HyraChangeBody, HyraOrderBody, ListQuery, asked, sent_object
from app.dialects.hyra.changes import log_order, move_order
from app.dialects.hyra.errors import HyraErrorAnswer
from app.dialects.hyra.pace import pace_headers
from app.dialects.hyra.searching import search_for
from app.dialects.reading import validated
from app.dialects.writing import write
from app.domain.orders import Order
from app.domain.problems import OrderNotFound
from app.store import events, orders
from app.store.database import Reading
from app.store.rows import dump
from app.web.context import caller, house
from app.web.table import Entry

KEY = "a key of the workspace"
ALL = "/players/orders/{workspace_id}"
ONE = ALL + "/{id}"


async def create_order(request: Request) -> Response:
    at = await workspace(request)
    body = validated(HyraOrderBody, await sent_object(request))
    change = partial(log_order, at=at, body=body)

    def answer(placed: Placed) -> tuple[int, Any]:
        return 201, answers.logged(placed.order)

    status, text = await write(request, at.venue.slug, change, answer, body.model_dump(mode="json"))
    return told(request, text, status)


async def update_order(request: Request) -> Response:
    at = await workspace(request)
    body = validated(HyraChangeBody, await sent_object(request))
    actor, order_id = caller(request).actor, request.path_params["id"]
    change = partial(move_order, at=at, order_id=order_id, body=body, actor=actor)

    def answer(order: Order) -> tuple[int, Any]:
        status = at.vocabulary.words.word_of(order)
        return 200, answers.logged(order) | {"status": status}

    status, text = await write(request, at.venue.slug, change, answer, body.model_dump(mode="json"))
    return told(request, text, status)


async def list_orders(request: Request) -> Response:
    at = await workspace(request)
    query = validated(ListQuery, asked(request))
    body = await house(request).store.read(partial(_page, at=at, query=query))
    return told(request, dump(body))


async def show_order(request: Request) -> Response:
    at = await workspace(request)
    look = partial(_with_history, at=at, order_id=request.path_params["id"])
    return told(request, dump(await house(request).store.read(look)))


def told(request: Request, text: str, status: int = 200) -> Response:
    return Response(text, status, pace_headers(request), "application/json")


def _page(tx: Reading, at: Workspace, query: ListQuery) -> dict[str, Any]:
    words = at.vocabulary.words
    wanted = search_for(query, words, at.venue.zone, tx.now)
    total = orders.count(tx, at.venue.id, wanted)
    return {
        "orders": [answers.row(order, words) for order in orders.search(tx, at.venue.id, wanted)],
        "page": query.page,
        "page_size": query.page_size,
        "pages": -(-total // query.page_size),
        "total": total,
    }


def _with_history(tx: Reading, at: Workspace, order_id: str) -> dict[str, Any]:
    order = orders.find(tx, at.venue.id, order_id)
    if order is None:
        raise OrderNotFound("There is no such order in this workspace.")
    words = at.vocabulary.words
    happened = events.history(tx, at.venue.id, order.id)
    return answers.row(order, words) | {"history": answers.history(happened, words)}


ROUTES = (
    Entry(
        method="POST", path=ALL, handler=create_order, who=KEY, summary="Log an order",
        body=HyraOrderBody, answer=answers.HyraLoggedAnswer, status=201, refusal=HyraErrorAnswer,
    ),
    Entry(
        method="GET", path=ALL, handler=list_orders, who=KEY,
        summary="Orders, the latest first", query=ListQuery, answer=answers.HyraPageAnswer,
        refusal=HyraErrorAnswer,
    ),
    Entry(
        method="PATCH", path=ONE, handler=update_order, who=KEY, summary="Change an order's status",
        body=HyraChangeBody, answer=answers.HyraMovedAnswer, refusal=HyraErrorAnswer,
    ),
    Entry(
        method="GET", path=ONE, handler=show_order, who=KEY,
        summary="One order with every change of its status", answer=answers.HyraOrderAnswer,
        refusal=HyraErrorAnswer,
    ),
)  # fmt: skip
