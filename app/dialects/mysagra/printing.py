"""Reprints: slips of some lines of an order again, its receipt, or both."""

from functools import partial
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from starlette.requests import Request
from starlette.responses import Response

from app.commands.printing import reprint
from app.dialects.mysagra.answering import Sent, actor, answer, row, sent_body
from app.dialects.mysagra.errors import Refusal
from app.dialects.mysagra.finding import order_of
from app.dialects.mysagra.ids import stored_ids
from app.dialects.mysagra.payloads import list_fields, reprint_items
from app.dialects.mysagra.words import NAME, WORDS
from app.dialects.reading import validated
from app.domain.orders import Order
from app.web.context import house
from app.web.native.types import Ref

MOST_LINES = 200


def _bare_id(value: Any) -> Any:
    """The documents say [{"id": …}], running clients send the ids themselves."""
    return value.get("id") if isinstance(value, dict) else value


LineId = Annotated[Ref, BeforeValidator(_bare_id, json_schema_input_type=str | dict[str, str])]


class ReprintBody(Sent):
    orderItems: Annotated[list[LineId], Field(max_length=MOST_LINES)] = Field([])
    reprintReceipt: bool = False


async def reprint_order(request: Request) -> Response:
    body = validated(ReprintBody, await sent_body(request))
    if not body.orderItems and not body.reprintReceipt:
        message = "Say which items to print again, or reprintReceipt."
        raise Refusal(400, message, "BadRequestError")
    order = await order_of(request)
    items = _lines(order, body.orderItems)
    change = partial(
        reprint,
        venue=request.state.venue.slug,
        order=order.id,
        items=items,
        receipt=body.reprintReceipt,
        actor=actor(request),
        dialect=NAME,
        check=_check_confirmed,
    )
    order = await house(request).store.write(change)
    told = {"orderItems": reprint_items(order), "reprintOrderItems": reprint_items(order, items)}
    return answer(list_fields(order) | told | {"reprintReceipt": body.reprintReceipt})


def _lines(order: Order, given: list[str]) -> list[str]:
    """Our ids of the lines that are meant."""
    known = {item.id for item in order.items}
    found = []
    for shown in given:
        line = next((one for one in stored_ids(shown) if one in known), None)
        if line is None:
            raise Refusal(400, f"The order has no item {shown[:80]}.", "BadRequestError")
        found.append(line)
    return found


def _check_confirmed(order: Order) -> None:
    if WORDS.word_of(order) == "PENDING":
        raise Refusal(400, "Pending orders can't be reprinted", "BadRequestError")


ROUTES = (
    row(
        "POST",
        "/v1/orders/{id}/reprint",
        reprint_order,
        "staff+printer",
        "Print slips or the receipt again",
        body=ReprintBody,
    ),
)
