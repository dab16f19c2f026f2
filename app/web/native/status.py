"""Moving orders: one, many in one commit, and undoing the last move."""

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.commands.status import change_status, recall
from app.domain.native import order_answer
from app.domain.orders import Order
from app.domain.problems import Problem, VenueNotFound
from app.web.context import caller, house
from app.web.errors import problem_body
from app.web.native.answering import json_answer, write
from app.web.native.answers import BulkAnswer, OrderAnswer
from app.web.native.bodies import BulkBody, RecallBody, StatusBody
from app.web.native.orders import ORDER
from app.web.table import Entry, Who


async def change_order_status(request: Request) -> Response:
    body: StatusBody = request.state.body
    change = partial(
        change_status,
        venue=request.path_params["venue"],
        order=request.path_params["order"],
        move=body.move(),
        actor=caller(request).actor,
    )
    return await write(request, change, lambda order: (200, order_answer(order)))


async def recall_order(request: Request) -> Response:
    body: RecallBody = request.state.body
    change = partial(
        recall,
        venue=request.path_params["venue"],
        order=request.path_params["order"],
        actor=caller(request).actor,
        if_seq=body.if_seq,
    )
    return await write(request, change, lambda order: (200, order_answer(order)))


async def change_many(request: Request) -> Response:
    """All in one commit; each is answered for itself, so one refusal does not undo the others."""
    body: BulkBody = request.state.body
    venue, actor = request.path_params["venue"], caller(request).actor
    changes = [
        partial(change_status, venue=venue, order=change.order, move=change.move(), actor=actor)
        for change in body.changes
    ]
    results = await house(request).store.write_all(changes)
    if isinstance(results[0], VenueNotFound):
        raise results[0]
    pairs = zip(body.changes, results, strict=True)
    return json_answer({"results": [_result(change.order, result) for change, result in pairs]})


def _result(order_id: str, result: Order | Problem) -> dict[str, Any]:
    if isinstance(result, Problem):
        return {"order": order_id, "code": result.status, "problem": problem_body(result)}
    return {"order": order_id, "code": 200, "seq": result.seq}


ROUTES = (
    Entry(
        method="POST", path=ORDER + "/status", handler=change_order_status, who=Who.WRITE,
        summary="Move an order, or one station's part of it",
        body=StatusBody, answer=OrderAnswer, problems=(404, 409),
    ),
    Entry(
        method="POST", path=ORDER + "/recall", handler=recall_order, who=Who.WRITE,
        summary="Undo the last move", body=RecallBody, body_optional=True, answer=OrderAnswer,
        problems=(404, 409),
    ),
    Entry(
        method="POST", path="/api/v1/venues/{venue}/status", handler=change_many, who=Who.WRITE,
        summary="Move many orders in one commit", body=BulkBody, answer=BulkAnswer,
        problems=(404,),
    ),
)  # fmt: skip
