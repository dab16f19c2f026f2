"""Orders as eatsa's clients read them: every name of every generation that they may look for."""

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from app.codes import display_code
from app.dialects.eatsa.words import WORDS
from app.domain.names import shown_name
from app.domain.orders import Fulfilment, LineItem, Order
from app.domain.times import iso
from app.domain.venues import PickupPoint

CENT = Decimal("0.01")


def cents(amount: Decimal) -> int:
    return int((amount / CENT).to_integral_value())


def user_id(ref: str) -> str:
    """The same partner's user always has the same id here."""
    return hashlib.sha256(f"eatsa user {ref}".encode()).hexdigest()[:24]


def said(order: Order) -> dict[str, Any]:
    """What eatsa's own clients were told that is not modelled here."""
    found: dict[str, Any] = order.extras.get("eatsa", {})
    return found


def order_body(
    order: Order, store_id: str, point: PickupPoint | None, eta: datetime
) -> dict[str, Any]:
    own = said(order)
    location = None if point is None else {"id": point.id, "name": point.name}
    placed = order.point is not None
    body: dict[str, Any] = {
        "id": order.id,
        "ref_id": order.ref or "",
        "store_id": store_id,
        "pickup_location_id": order.point,
        "pickup_location_display_name": order.place if placed else None,
        "status_board_display_location": order.place if placed else "",
        "created_at": iso(order.placed_at),
        "updated_at": iso(order.updated_at),
        "eta": iso(eta),
        "status": WORDS.word_of(order),
        "human_readable_id": order.number or display_code(order.serial),
        "user_id": own.get("user_id", ""),
        "user_ref_id": own.get("user_ref_id", ""),
        "status_board_display_name": shown_name(order) or "",
        "special_instructions": order.note,
        "service_type": "dine_in" if order.fulfilment == Fulfilment.DINE_IN else "take_out",
        "line_items": [line_body(item, own, location) for item in order.items],
    }
    if order.scheduled_at is not None:
        body["scheduled_time"] = iso(order.scheduled_at)
    if order.channel:
        body["channel"] = order.channel
    if order.total is not None:
        body["total"] = cents(order.total)
    if own.get("payments"):
        body["payments"] = own["payments"]
    if "unlock_code" in own:
        body["unlock_code"] = own["unlock_code"]
        body["authorization"] = {"unlock_code": own["unlock_code"]}
    return body


def line_body(
    item: LineItem, own: dict[str, Any], location: dict[str, str] | None
) -> dict[str, Any]:
    sent = own.get("lines", {}).get(item.id)
    line = dict(sent) if sent is not None else _foreign_line(item)
    return line | {
        "id": item.id,
        "item_name": _counted(item),
        "ref_item_name": _counted(item),
        "status": "unstarted",
        "is_customized": bool(line["modifications"]),
        "location_id": location and location["id"],
        "location_name": location and location["name"],
    }


def human_time(left: timedelta) -> dict[str, int]:
    """Whole seconds, never below none."""
    return {"estimated_time_remaining": max(0, int(left.total_seconds()))}


def _counted(item: LineItem) -> str:
    """eatsa's lines have no quantity; another door's may have."""
    return item.name if item.quantity == 1 else f"{item.quantity} × {item.name}"


def _foreign_line(item: LineItem) -> dict[str, Any]:
    """A line of an order that came in by another door; its price is that of the whole line."""
    return {
        "item_id": item.menu_item or item.id,
        "customer_name": item.customer_name or None,
        "special_instructions": item.notes or None,
        "modifications": [_modification(index, m) for index, m in enumerate(item.modifiers)],
        "total_price": cents(item.total),
        "price": cents(item.total),
        "taxes": [tax_body(str(i), t.name, cents(t.amount)) for i, t in enumerate(item.taxes)],
    }


def _modification(index: int, modifier: Any) -> dict[str, Any]:
    price = cents(modifier.price)
    return {
        "modifier_id": str(index),
        "modifier_name": modifier.name,
        "price": price,
        "modifier_price": price,
    }


def tax_body(tax_id: str, name: str, amount: int) -> dict[str, Any]:
    """Tables and examples name these differently; both are sent."""
    return {
        "id": tax_id, "name": name, "amount": amount,
        "tax_id": tax_id, "tax_name": name, "total": amount,
    }  # fmt: skip
