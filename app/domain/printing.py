"""What a print agent prints: told from an event alone, for any agent on any venue."""

from typing import Any

from app.domain.events import ORDER_KINDS, Event, Kind
from app.domain.native import order_answer
from app.domain.orders import Status
from app.domain.times import to_ms


def slip(event: Event) -> dict[str, Any] | None:
    """`what`: order (just confirmed), reprint (of `items`, with or without the `receipt`),
    cancelled, drawer or closure. None for an event that prints nothing."""
    head = {"seq": event.seq, "at": to_ms(event.at)}
    match event.kind:
        case Kind.PRINT:
            order = order_answer(event.order())
            return head | {"what": "reprint", "order": order} | event.detail
        case Kind.DRAWER:
            return head | {"what": "drawer"} | event.body
        case Kind.CLOSURE:
            return head | {"what": "closure"} | event.body
    what = _what(event) if event.kind in ORDER_KINDS else None
    if what is None:
        return None
    return head | {"what": what, "order": order_answer(event.order())}


def confirms(event: Event) -> bool:
    """Whether the order was accepted by this very event: the one time its slips are printed."""
    if event.kind == Kind.PLACED:
        return event.body["confirmed_at"] is not None
    return bool(event.detail.get("confirmed"))


def _what(event: Event) -> str | None:
    order = event.order()
    if order.confirmed_at is None:
        return None
    if event.kind == Kind.DELETED:
        return None if order.status == Status.CANCELLED else "cancelled"
    if order.status == Status.CANCELLED:
        return "cancelled" if event.detail.get("from") != Status.CANCELLED else None
    return "order" if confirms(event) else None
