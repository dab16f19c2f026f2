"""The order or thing in the address: by MySagra's id; an order also by its serial, digits alone."""

from typing import Any

from starlette.requests import Request

from app.dialects.mysagra.answering import no_cuid, path_ids
from app.dialects.mysagra.errors import no_record
from app.dialects.mysagra.ids import CUID, stored_ids
from app.domain.orders import Order
from app.domain.problems import OrderNotFound
from app.store import menu, orders
from app.store.database import Reading
from app.web.context import house

LONGEST_SERIAL = 15  # digits; that many the database's integers hold for sure


async def order_of(request: Request, name: str = "id") -> Order:
    """Raises OrderNotFound; Wrong for what can be no id."""
    venue, shown = request.state.venue, request.path_params[name]
    return await house(request).store.read(lambda tx: order_at(tx, venue.id, shown, name))


def order_at(tx: Reading, venue_id: str, shown: str, name: str = "id") -> Order:
    """`name`: the address's field, for the refusal. Raises OrderNotFound, Wrong."""
    if shown.isascii() and shown.isdigit():
        serial = int(shown) if len(shown) <= LONGEST_SERIAL else 0
        found = orders.by_serial(tx, venue_id, serial)
    elif CUID.fullmatch(shown):
        tried = (orders.find(tx, venue_id, one) for one in stored_ids(shown))
        found = next((order for order in tried if order is not None), None)
    else:
        raise no_cuid(name)
    if found is None:
        raise OrderNotFound("Order not found")
    return found


async def thing_of(request: Request, kind: type[Any]) -> Any:
    """The thing of the menu in the address. Raises Wrong, and Refusal for one that is not there."""
    ids, venue = path_ids(request), request.state.venue.id

    def look(tx: Reading) -> Any:
        return next((one for i in ids if (one := menu.one(tx, venue, kind, i))), None)

    found = await house(request).store.read(look)
    if found is None:
        raise no_record()
    return found
