"""Foods that are on no menu: lines of other doors' orders, which printers ask for all the same."""

from datetime import timedelta
from typing import Any

from app.dialects.mysagra.ids import OURS, shown_id
from app.dialects.mysagra.payloads import category_of, money, unit_price
from app.domain.orders import LineItem, Order
from app.domain.times import from_ms, to_ms
from app.domain.venues import Venue
from app.store import orders
from app.store.database import Reading
from app.store.orders import Match, Search

AROUND = timedelta(minutes=1)
MOST = 500


def food_of_line(tx: Reading, venue: Venue, line_id: str) -> dict[str, Any] | None:
    """A line's id begins with the milliseconds of its making, so its order was placed then; or it
    was added to one that is still open."""
    if not OURS.fullmatch(line_id):
        return None
    made = from_ms(int(line_id[:12], 16))
    near = (
        (Match("placed_at", ">=", to_ms(made - AROUND)),),
        (Match("placed_at", "<=", to_ms(made + AROUND)),),
    )
    placed = orders.search(tx, venue.id, Search(all_of=near, limit=MOST))
    return _find(placed, line_id) or _find(orders.live(tx, venue.id), line_id)


def _find(found: list[Order], line_id: str) -> dict[str, Any] | None:
    for order in found:
        for item in order.items:
            if item.id == line_id:
                return _food(order, item)
    return None


def _food(order: Order, item: LineItem) -> dict[str, Any]:
    category = category_of(order, item)
    printer = shown_id(item.printer) if item.printer else None
    return {
        "id": shown_id(item.id),
        "name": item.name,
        "description": None,
        "price": money(unit_price(item)),
        "available": True,
        "categoryId": category["id"],
        "printerId": printer,
        "category": category
        | {
            "available": True, "position": 0, "image": None, "printerId": printer,
            "stationId": None,
        },
        "ingredients": [],
    }  # fmt: skip
