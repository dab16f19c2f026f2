"""Orders as MySagra's clients and streams carry them; made from an order alone, so that any frame
can be made from an event alone."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.codes import display_code
from app.dialects.mysagra.ids import name_id, shown_id
from app.dialects.mysagra.words import NAME, WORDS
from app.domain.names import shown_name
from app.domain.orders import LineItem, Order
from app.domain.times import iso

CENT = Decimal("0.01")
ZERO = Decimal(0)
NO_TABLE = ("NO_TABLE", "NO_TABLE_PRESET")


def money(amount: Decimal) -> str:
    """Trailing zeros stripped: "44.5", "31", "0"."""
    text = f"{amount:.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def said(order: Order) -> dict[str, Any]:
    """What MySagra's own clients were told that is not modelled here."""
    found: dict[str, Any] = order.extras.get(NAME, {})
    return found


def unit_price(item: LineItem) -> Decimal:
    """What one piece costs with its modifiers, which MySagra does not know."""
    return item.unit_price + sum((m.price * m.quantity for m in item.modifiers), ZERO)


def sub_total(order: Order) -> Decimal:
    return sum((unit_price(item) * item.quantity for item in order.items), ZERO)


def surcharge(order: Order) -> Decimal:
    return sum((item.surcharge for item in order.items), ZERO)


def discount(order: Order) -> Decimal:
    return Decimal(said(order).get("discount", "0"))


def total(order: Order) -> Decimal:
    """Another door's total is taken as it was sent; MySagra's own is always made anew."""
    if order.total is not None and order.source != NAME:
        return order.total
    return max(ZERO, sub_total(order) + surcharge(order) - discount(order))


def ticket_number(order: Order) -> int | None:
    number = order.number or ""
    return int(number) if order.confirmed_at and number.isdecimal() else None


def list_fields(order: Order) -> dict[str, Any]:
    """The members every order answer has."""
    own, word = said(order), WORDS.word_of(order)
    completed = order.ready_at if word == "COMPLETED" else None
    return {
        "id": shown_id(order.id),
        "displayCode": display_code(order.serial),
        "table": own.get("table", order.table),
        "customer": own.get("customer", _customer(order)),
        "createdAt": iso(order.placed_at),
        "updatedAt": iso(order.updated_at),
        "confirmedAt": order.confirmed_at and iso(order.confirmed_at),
        "completedAt": completed and iso(completed),
        "ticketNumber": ticket_number(order),
        "status": word,
        "paymentMethod": own.get("paymentMethod"),
        "subTotal": money(sub_total(order)),
        "discount": money(discount(order)),
        "surcharge": money(surcharge(order)),
        "total": money(total(order)),
        "userId": own.get("userId"),
        "cashRegisterId": own.get("cashRegisterId"),
    }


def short_fields(order: Order) -> dict[str, Any]:
    return {
        "displayCode": display_code(order.serial),
        "ticketNumber": ticket_number(order),
        "id": shown_id(order.id),
    }


def food_id(item: LineItem) -> str:
    """A line that is on no menu has an id of its own, which the food address answers too."""
    return shown_id(item.menu_item or item.id)


def station_id(order: Order, name: str) -> str:
    """As the menu lists the station, else one made from its name."""
    listed = (i.station_id for i in order.items if i.station == name and i.station_id)
    found = next(listed, None)
    return shown_id(found) if found else name_id(order.venue, "station", name)


def station_ids(order: Order) -> list[str]:
    return [station_id(order, part.station) for part in order.parts]


def station_states(order: Order, *, whole: bool) -> list[dict[str, Any]]:
    """One for each station; `whole` with the ids that the detail has."""
    states = []
    for part in order.parts:
        station = station_id(order, part.station)
        state: dict[str, Any] = {"stationId": station, "status": WORDS.part_word(part)}
        if whole:
            state |= {
                "id": name_id(order.id, "state", part.station),
                "orderId": shown_id(order.id),
            }
        states.append(state)
    return states


def item_fields(item: LineItem) -> dict[str, Any]:
    price = unit_price(item)
    extra = (item.surcharge / item.quantity).quantize(CENT, ROUND_HALF_UP)
    return {
        "id": shown_id(item.id),
        "quantity": item.quantity,
        "notes": item.notes or None,
        "unitPrice": money(price),
        "unitSurcharge": money(extra),
        "total": money(price * item.quantity + item.surcharge),
    }


def create_items(order: Order) -> list[dict[str, Any]]:
    """As the answer to a create has them."""
    return [
        item_fields(item) | {"orderId": shown_id(order.id), "foodId": food_id(item)}
        for item in order.items
    ]


def confirm_items(order: Order, only: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """As confirm and the streams have them; `only`: lines with these ids."""
    return [
        item_fields(item) | {"orderId": shown_id(order.id), "food": _food(order, item)}
        for item in order.items
        if only is None or item.id in only
    ]


def reprint_items(order: Order, only: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """As reprint has them: with foodId beside the food."""
    return [line | {"foodId": line["food"]["id"]} for line in confirm_items(order, only)]


def full_order(order: Order) -> dict[str, Any]:
    return list_fields(order) | {"orderItems": confirm_items(order)}


def printers(order: Order) -> list[str]:
    """The distinct printers of this order's own items."""
    return list(dict.fromkeys(shown_id(item.printer) for item in order.items if item.printer))


def category_of(order: Order, item: LineItem) -> dict[str, Any]:
    """A line that is on no menu stands in a category named after its station."""
    if item.category:
        return {"id": shown_id(item.category), "name": item.category_name}
    name = item.station or "Other"
    return {"id": name_id(order.venue, "category", name), "name": name}


def _food(order: Order, item: LineItem) -> dict[str, Any]:
    station = None
    if item.station:
        station = {"id": station_id(order, item.station), "name": item.station}
    return {
        "id": food_id(item),
        "name": item.name,
        "printerId": shown_id(item.printer) if item.printer else None,
        "category": category_of(order, item) | {"station": station},
    }


def _customer(order: Order) -> str:
    full = f"{order.first_name} {order.last_name}".strip()
    return full or shown_name(order) or ""
