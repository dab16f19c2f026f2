"""An order's attributes as TastyIgniter's clients read them."""

import hashlib
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from app.dialects.tastyigniter.settings import Settings
from app.dialects.tastyigniter.words import NAME, Table, words_of
from app.domain.orders import Fulfilment, LineItem, Modifier, Order
from app.domain.venues import Venue

ROOM = 1000  # ids of an order's lines, options and totals follow its own
TYPES = {Fulfilment.PICKUP: "collection", Fulfilment.DELIVERY: "delivery"}
TYPE_NAMES = {"delivery": "Delivery", "collection": "Pick-up", "dine_in": "Dine-in"}


def said(order: Order) -> dict[str, Any]:
    """What TastyIgniter's own clients were told that is not modelled here."""
    found: dict[str, Any] = order.extras.get(NAME, {})
    return found


def number(amount: Decimal) -> int | float:
    """A JSON number: 24, 15.0449."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def six_digits(at: datetime | None) -> str | None:
    """The one form field clients take apart: 2025-06-04T23:00:00.000000Z"""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def order_type(order: Order) -> str:
    return str(said(order).get("order_type") or TYPES.get(order.fulfilment, "dine_in"))


def status_id(order: Order, settings: Settings) -> int:
    return int(words_of(settings).word_of(order))


def customer_id(order: Order) -> int | None:
    found: int | None = said(order).get("customer_id")
    return found


def attributes(order: Order, venue: Venue, settings: Settings) -> dict[str, Any]:
    own, status = said(order), status_id(order, settings)
    row, kind = Table(settings).row(status), order_type(order)
    wanted = (order.scheduled_at or order.placed_at).astimezone(venue.zone)
    return {
        "order_id": order.serial,
        "customer_id": customer_id(order),
        "first_name": order.first_name or order.name or "",
        "last_name": order.last_name,
        "email": order.email,
        "telephone": order.phone,
        "location_id": settings.location_id,
        "address_id": own.get("address_id"),
        "total_items": sum(item.quantity for item in order.items),
        "comment": order.note or None,
        "delivery_comment": own.get("delivery_comment"),
        "payment": own.get("payment"),
        "order_type": kind,
        "order_time": wanted.strftime("%H:%M"),
        "order_date": wanted.strftime("%Y-%m-%dT00:00:00.000000Z"),
        "order_date_time": six_digits(order.scheduled_at or order.placed_at),
        "order_time_is_asap": order.scheduled_at is None,
        "order_total": number(order.amount),
        "status_id": status,
        "status_name": row.status_name if row else None,
        "status_updated_at": six_digits(order.moved_at),
        "assignee_id": own.get("assignee_id"),
        "assignee_group_id": own.get("assignee_group_id"),
        "assignee_updated_at": own.get("assignee_updated_at"),
        "invoice_prefix": own.get("invoice_prefix"),
        "invoice_date": own.get("invoice_date"),
        "notify": own.get("notify"),
        "processed": own.get("processed"),
        "ip_address": own.get("ip_address", ""),
        "user_agent": own.get("user_agent", ""),
        "hash": own.get("hash") or hashlib.sha256(order.id.encode()).hexdigest()[:32],
        "created_at": six_digits(order.placed_at),
        "updated_at": six_digits(order.updated_at),
        "customer_name": f"{order.first_name} {order.last_name}".strip() or order.name or "",
        "order_type_name": TYPE_NAMES.get(kind, kind.replace("_", " ").title()),
        "formatted_address": own.get("formatted_address"),
        "currency": venue.currency,
        "order_totals": totals(order),
        "order_menus": [_menu(order, i, item) for i, item in enumerate(order.items)],
    }


def totals(order: Order) -> list[dict[str, Any]]:
    """By priority; subtotal and total are always made anew from the lines."""
    rows = {row["code"]: row for row in said(order).get("totals", [])}
    sub = sum((item.total for item in order.items), Decimal(0))
    fixed = {
        "subtotal": {"code": "subtotal", "title": "Sub Total", "priority": 0},
        "total": {"code": "total", "title": "Order Total", "priority": 127},
    }
    for code, row in fixed.items():
        rows[code] = row | rows.get(code, {}) | {"is_summable": False}
    rows["subtotal"]["value"] = str(sub)
    rows["total"]["value"] = str(order.amount)
    sorted_rows = sorted(rows.values(), key=lambda row: (row["priority"], row["code"]))
    return [
        {
            "order_total_id": order.serial * ROOM + index + 1,
            "order_id": order.serial,
            "code": row["code"],
            "title": row["title"],
            "value": number(Decimal(row["value"])),
            "priority": row["priority"],
            "is_summable": row["is_summable"],
        }
        for index, row in enumerate(sorted_rows)
    ]


def flat(order: Order, venue: Venue, settings: Settings) -> dict[str, Any]:
    """The row of the system's first generation, with the status nested in it."""
    row = Table(settings).row(status_id(order, settings))
    nested: dict[str, Any] = {"status_id": status_id(order, settings), "status_name": ""}
    if row is not None:
        nested |= {
            "status_name": row.status_name,
            "status_comment": row.status_comment,
            "status_color": row.status_color,
            "notify_customer": row.notify_customer,
            "status_for": row.status_for,
        }
    return attributes(order, venue, settings) | {"status": nested}


def _menu(order: Order, index: int, item: LineItem) -> dict[str, Any]:
    kept = said(order).get("lines", {}).get(item.id, {})
    line = order.serial * ROOM + index + 1
    return {
        "order_menu_id": line,
        "order_id": order.serial,
        "menu_id": kept.get("menu_id", 0),
        "name": item.name,
        "quantity": item.quantity,
        "price": number(item.unit_price),
        "subtotal": number(item.total),
        "comment": item.notes or None,
        "option_values": ", ".join(modifier.name for modifier in item.modifiers),
        "menu_options": [
            _option(line, place, one, kept.get("options", []))
            for place, one in enumerate(item.modifiers)
        ],
    }


def _option(line: int, place: int, one: Modifier, kept: list[dict[str, Any]]) -> dict[str, Any]:
    ids = kept[place] if place < len(kept) else {}
    return {
        "order_option_id": line * 100 + place + 1,
        "order_menu_id": line,
        "menu_option_id": ids.get("option", 0),
        "menu_option_value_id": ids.get("value", 0),
        "order_option_name": one.name,
        "order_option_price": number(one.price),
        "quantity": one.quantity,
        "order_option_category": ids.get("category", ""),
    }
