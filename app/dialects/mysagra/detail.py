"""One order in detail: its lines by category, each with its food as the menu has it."""

from typing import Any

from app.dialects.mysagra.ids import shown_id
from app.dialects.mysagra.payloads import (
    category_of,
    food_id,
    item_fields,
    list_fields,
    money,
    station_states,
    unit_price,
)
from app.domain.orders import LineItem, Order
from app.store import menu
from app.store.database import Reading


def detail(tx: Reading, order: Order) -> dict[str, Any]:
    return list_fields(order) | {
        "orderStationStates": station_states(order, whole=True),
        "categorizedItems": _by_category(tx, order),
    }


def _by_category(tx: Reading, order: Order) -> list[dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    for line in order.items:
        category = category_of(order, line)
        group = groups.setdefault(category["id"], {"category": category, "items": []})
        group["items"].append(item_fields(line) | {"food": _food(tx, order, line)})
    return list(groups.values())


def _food(tx: Reading, order: Order, line: LineItem) -> dict[str, Any]:
    """The menu's food of today; of one that is on no menu, or no more, what the line says."""
    known = menu.item(tx, order.venue, line.menu_item) if line.menu_item else None
    named = (menu.ingredient(tx, order.venue, one) for one in known.ingredients) if known else ()
    return {
        "id": food_id(line),
        "name": line.name,
        "description": known.description if known else None,
        "price": money(known.price if known else unit_price(line)),
        "available": known.available if known else True,
        "printerId": shown_id(line.printer) if line.printer else None,
        "ingredients": [
            {"id": shown_id(one.id), "name": one.name, "surcharge": "0"} for one in named if one
        ],
    }
