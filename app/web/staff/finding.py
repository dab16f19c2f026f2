"""From what a scanner read or a hand typed to the order it names."""

import re
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.domain import tickets
from app.domain.orders import Order
from app.domain.problems import OrderNotFound
from app.store import orders, venues
from app.store.database import Reading
from app.web.context import house
from app.web.staff.forms import is_live, page

LONGEST = 500  # of an address in a QR code
PARTS = re.compile(r"[A-Za-z0-9_-]+")
AN_ID = re.compile(r"[0-9a-f]{24}")


async def find_order(request: Request) -> Response:
    """Leads to the order's card on the pad, or to its own page if it is not there any more. For
    staff.js only says which order it is."""
    venue, code = request.path_params["venue"], request.query_params.get("code", "")[:LONGEST]
    order = await house(request).store.read(partial(_find, slug=venue, code=code))
    path = f"{house(request).settings.root_path}/staff/{venue}"
    path += f"#order-{order.id}" if order.live else f"/orders/{order.id}"
    if is_live(request):
        return page(request, "found", order=order, path=path)
    return RedirectResponse(path, 303)


def _find(db: Reading, slug: str, code: str) -> Order:
    """Raises VenueNotFound, and OrderNotFound with the line that staff read."""
    venue = venues.open_by_slug(db, slug)
    word = "".join(letter for letter in code if letter.isprintable()).strip()
    found = order_named(db, venue.id, word) if word else None
    if found is None:
        raise OrderNotFound(f"Nothing found for “{word[:60]}”.")
    return found


def order_named(db: Reading, venue: str, word: str) -> Order | None:
    """By the address of its ticket or of its staff page, its id, its number (a live order before
    one that ended, the newest first), its ref in any system or its short code."""
    for part in PARTS.findall(word):
        order_id = tickets.order_in(part) or (part if AN_ID.fullmatch(part) else None)
        if order_id and (found := orders.find(db, venue, order_id)):
            return found
    word = word.removeprefix("#")
    return orders.live_by_number(db, venue, word) or _newest(db, venue, word)


def _newest(db: Reading, venue: str, word: str) -> Order | None:
    named = [orders.Match(column, "=", word) for column in ("number", "ref", "code")]
    found = orders.search(db, venue, orders.Search(limit=1, all_of=(tuple(named),)))
    return found[0] if found else None
