"""An order and an event as Readyboard's own API and streams show them to those who may read all."""

from dataclasses import asdict
from decimal import Decimal
from functools import lru_cache
from typing import Any

from app.domain.events import ABOUT_AN_ORDER, Event
from app.domain.names import shown_name
from app.domain.orders import LineItem, Order
from app.domain.times import iso, to_ms


def order_answer(order: Order) -> dict[str, Any]:
    """Times are RFC 3339 with milliseconds, money is a decimal string."""
    return {
        "id": order.id,
        "ref": order.ref,
        "serial": order.serial,
        "seq": order.seq,
        "number": order.number,
        "status": order.status,
        "cancelled_by": order.cancelled_by,
        "fulfilment": order.fulfilment,
        "name": order.name,
        "shown_name": shown_name(order),
        "first_name": order.first_name,
        "last_name": order.last_name,
        "table": order.table,
        "channel": order.channel,
        "note": order.note,
        "phone": order.phone,
        "email": order.email,
        "total": None if order.total is None else _money(order.total),
        "amount": _money(order.amount),
        "items": [_item_answer(item) for item in order.items],
        "parts": [{"station": part.station, "status": part.status} for part in order.parts],
        "some_ready": order.some_ready,
        "pickup_point": order.point,
        "place": order.place,
        "needs_point": order.wants_point,
        "customer_here": order.customer_here,
        "pickup_confirmed": order.pickup_confirmed,
        "placed_at": iso(order.placed_at),
        "moved_at": iso(order.moved_at),
        "updated_at": iso(order.updated_at),
        "scheduled_at": order.scheduled_at and iso(order.scheduled_at),
        "confirmed_at": order.confirmed_at and iso(order.confirmed_at),
        "preparing_at": order.preparing_at and iso(order.preparing_at),
        "ready_at": order.ready_at and iso(order.ready_at),
        "collected_at": order.collected_at and iso(order.collected_at),
        "cancelled_at": order.cancelled_at and iso(order.cancelled_at),
        "source": order.source,
        "native": order.native and asdict(order.native),
    }


def event_answer(event: Event) -> dict[str, Any]:
    """`order` is the whole order after the event; other subjects stand in `body`."""
    about_order = event.kind in ABOUT_AN_ORDER
    subject = order_answer(event.order()) if about_order else event.body
    return {
        "seq": event.seq,
        "kind": event.kind,
        "at": to_ms(event.at),
        "actor": asdict(event.actor),
        "dialect": event.dialect,
        "subject": event.subject,
        "order" if about_order else "body": subject,
        "detail": event.detail,
    }


def _item_answer(item: LineItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "name": item.name,
        "quantity": item.quantity,
        "unit_price": _money(item.unit_price),
        "surcharge": _money(item.surcharge),
        "notes": item.notes,
        "modifiers": [
            {"name": m.name, "quantity": m.quantity, "price": _money(m.price)}
            for m in item.modifiers
        ],
        "taxes": [{"name": t.name, "amount": _money(t.amount)} for t in item.taxes],
        "station": item.station,
        "menu_item": item.menu_item,
        "category": item.category_name,
        "printer": item.printer,
        "customer_name": item.customer_name,
        "total": _money(item.total),
    }


@lru_cache(maxsize=1024)  # a menu has few prices, and each change tells them again
def _money(amount: Decimal) -> str:
    """Two decimals, more only where the amount has them: "8.50", "0.3333"."""
    return f"{amount:z.2f}" if amount == round(amount, 2) else f"{amount.normalize():f}"
