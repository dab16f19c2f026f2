"""A guest at a phone: where their ticket is, and what must never stand on it."""

from typing import Any

from app.domain.orders import LineItem, Order
from app.domain.tickets import token_of
from tests.staff_browser import item
from tests.venue_server import VenueServer

# Every field of an order that is nobody's business but the guest's and the staff's.
POISON: dict[str, Any] = {
    "first_name": "Zoe",
    "last_name": "Poisonsurname",
    "phone": "+39 333 666 0000",
    "email": "poison@example.com",
    "note": "Poisonnote",
    "table": "Poisontable",
    "channel": "Poisonchannel",
    "ref": "poison-ref",
    "extras": {"eatsa": {"code": "poison-unlock"}},
}
NEVER = ("poison", "333 666", "17.50")


def poisoned_line() -> LineItem:
    return item("Poisondish", notes="Poisonwish", customer_name="Poisonfriend", station="Grill")


def token(server: VenueServer, order: Order) -> str:
    return token_of(server.house.tickets.key, order.venue, order.id)


def path(server: VenueServer, order: Order) -> str:
    return f"/o/{token(server, order)}"
