"""The link to an order's ticket, as an address and as a QR code: for staff, slips and tills."""

from starlette.requests import Request

from app.domain.orders import Order
from app.domain.tickets import is_open, token_of
from app.web.context import house
from app.web.hosts import home_of


def link_of(request: Request, order: Order) -> str | None:
    """The whole address of the order's ticket; None once it has ended."""
    here = house(request)
    if not is_open(order, here.clock()):
        return None
    return f"{home_of(request)}/o/{token_of(here.tickets.key, order.venue, order.id)}"
