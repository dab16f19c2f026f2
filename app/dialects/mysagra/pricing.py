"""Lines and their prices: always the menu's, never the client's."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from app.commands.menu import line_item
from app.dialects.mysagra.bodies import ItemBody
from app.dialects.mysagra.errors import Refusal
from app.dialects.mysagra.ids import stored_ids
from app.domain.orders import LineItem
from app.store import menu
from app.store.database import Reading

ZERO = Decimal(0)


def priced(
    tx: Reading, venue_id: str, items: Sequence[ItemBody], *, surcharges: bool
) -> tuple[LineItem, ...]:
    """The lines as the menu has them now; without `surcharges` those that were sent count for
    nothing. Raises Refusal for an unknown food, and for one twice with the same notes."""
    noted = [(item.foodId, item.said_notes) for item in items if item.said_notes is not None]
    if len(set(noted)) < len(noted):
        message = "The same food with the same notes stands there twice."
        raise Refusal(409, message, "UniqueConstraintViolation")
    return tuple(_line(tx, venue_id, item, surcharges) for item in items)


def repriced(tx: Reading, venue_id: str, items: Sequence[LineItem]) -> tuple[LineItem, ...]:
    """The same lines at today's prices; one that is on no menu keeps its own."""
    return tuple(_at_todays_price(tx, venue_id, item) for item in items)


def own_total(items: Sequence[LineItem], discount: Decimal) -> Decimal | None:
    """What the guest pays, where that is not just the sum of the lines."""
    total = sum((item.total for item in items), ZERO)
    return max(ZERO, total - discount) if discount or total < 0 else None


def _line(tx: Reading, venue_id: str, item: ItemBody, surcharges: bool) -> LineItem:
    for food in stored_ids(item.foodId):
        line = line_item(
            tx,
            venue_id,
            food,
            quantity=item.quantity,
            notes=item.notes,
            surcharge=item.surcharge if surcharges else ZERO,
        )
        if line is not None:
            return line
    raise Refusal(400, f"There is no food {item.foodId[:80]}.", "BadRequestError")


def _at_todays_price(tx: Reading, venue_id: str, line: LineItem) -> LineItem:
    food = menu.item(tx, venue_id, line.menu_item) if line.menu_item else None
    return replace(line, unit_price=food.price) if food else line
