"""Asking for slips again; what is to print goes out on events?kind=print."""

from functools import partial
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.commands.printing import reprint
from app.domain.native import order_answer
from app.domain.problems import Invalid
from app.web.context import caller
from app.web.native.answering import write
from app.web.native.answers import OrderAnswer
from app.web.native.orders import ORDER
from app.web.native.types import Ref, Said
from app.web.table import Entry, Who


class ReprintBody(Said):
    """At least one of the two."""

    items: Annotated[list[Ref], Field(max_length=200, description="ids of the order's lines")] = []
    receipt: Annotated[bool, Field(strict=True)] = False


async def reprint_order(request: Request) -> Response:
    body: ReprintBody = request.state.body
    if not body.items and not body.receipt:
        message = "Say which items to print again, or receipt."
        raise Invalid(message, errors=[{"path": "items", "message": message}])
    change = partial(
        reprint,
        venue=request.path_params["venue"],
        order=request.path_params["order"],
        items=body.items,
        receipt=body.receipt,
        actor=caller(request).actor,
    )
    return await write(request, change, lambda order: (200, order_answer(order)))


ROUTES = (
    Entry(
        method="POST", path=ORDER + "/reprint", handler=reprint_order, who=Who.WRITE,
        summary="Print slips of some items again, or the receipt", body=ReprintBody,
        answer=OrderAnswer, problems=(404,),
    ),
)  # fmt: skip
