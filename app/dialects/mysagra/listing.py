"""The paged list of orders, with everything that narrows it."""

from typing import Any

from app.codes import display_code
from app.dialects.mysagra.bodies import OrdersQuery
from app.dialects.mysagra.confirming import DISCOUNTED
from app.dialects.mysagra.dates import instant
from app.dialects.mysagra.errors import Wrong
from app.dialects.mysagra.payloads import list_fields, reprint_items, station_states
from app.dialects.mysagra.words import WORDS
from app.domain.orders import Order
from app.domain.times import to_ms
from app.domain.venues import Venue
from app.store import orders
from app.store.database import Reading
from app.store.orders import Match, Search, tagged

SORTED = {"createdAt": "placed_at", "confirmedAt": "confirmed_at", "completedAt": "ready_at"}
SHORTEST_CODE = 3


def orders_page(tx: Reading, venue: Venue, query: OrdersQuery) -> dict[str, Any]:
    """Newest first. Raises Wrong."""
    wanted = Search(
        all_of=_conditions(tx, venue, query),
        placed_after=_milliseconds(query.dateFrom, "dateFrom", venue),
        placed_before=_milliseconds(query.dateTo, "dateTo", venue, after=1),
        sort=SORTED[query.sortBy],
        limit=query.limit,
        offset=(query.page - 1) * query.limit,
    )
    found = [_listed(order, query) for order in orders.search(tx, venue.id, wanted)]
    total = orders.count(tx, venue.id, wanted)
    return {"data": found, "orders": found, "pagination": _pagination(query, total)}


def _listed(order: Order, query: OrdersQuery) -> dict[str, Any]:
    listed = list_fields(order)
    if "ordersStationsStates" in query.include:
        listed["orderStationStates"] = station_states(order, whole=False)
    if "items" in query.include:
        lines = reprint_items(order)
        listed["orderItems"] = [{k: v for k, v in ln.items() if k != "orderId"} for ln in lines]
    return listed


def _conditions(tx: Reading, venue: Venue, query: OrdersQuery) -> tuple[tuple[Match, ...], ...]:
    groups: list[tuple[Match, ...]] = []
    if query.status:
        groups += WORDS.matching(query.status)
    if query.search:
        groups.append(_anywhere(query.search))
    if query.displayCode is not None:
        groups.append((Match("code", "=", _checked_code(tx, venue, query.displayCode)),))
    if query.onlyDiscounted == "true":
        groups.append((tagged(DISCOUNTED),))
    if query.ticketNumber is not None:
        # An order may hold a number before it is confirmed; to MySagra that is no ticket yet.
        groups += [(Match("number", "=", str(query.ticketNumber)),)]
        groups += [(Match("confirmed_at", ">=", 0),)]
    return tuple(groups)


def _anywhere(text: str) -> tuple[Match, ...]:
    folded = text.casefold()
    group = (
        Match("code", "contains", text.upper()),
        Match("seat", "contains", folded),
        Match("guest", "contains", folded),
    )
    is_number = text.isascii() and text.isdecimal()
    return (*group, Match("number", "=", text.lstrip("0") or "0")) if is_number else group


def _checked_code(tx: Reading, venue: Venue, code: str) -> str:
    last = orders.search(tx, venue.id, Search(sort="serial", limit=1))
    longest = len(display_code(last[0].serial)) if last else SHORTEST_CODE
    if len(code) < SHORTEST_CODE:
        raise _wrong_length("too_small", minimum=SHORTEST_CODE)
    if len(code) > longest:
        raise _wrong_length("too_big", maximum=longest)
    return code.upper()


def _wrong_length(code: str, **bound: int) -> Wrong:
    message = f"A display code has not so many characters: {bound}"
    return Wrong(code, ["displayCode"], message, origin="string", inclusive=True, **bound)


def _milliseconds(text: str | None, name: str, venue: Venue, after: int = 0) -> int | None:
    """Both ends of the span count, so that its end is the first millisecond `after` it."""
    if text is None:
        return None
    at = instant(text, venue.zone)
    if at is None:
        message = "Invalid input: expected date, received Date"
        raise Wrong("invalid_type", [name], message, expected="date")
    return to_ms(at) + after


def _pagination(query: OrdersQuery, total: int) -> dict[str, Any]:
    page, pages = query.page, -(-total // query.limit)
    return {
        "totalItems": total,
        "currentPage": page,
        "totalPages": pages,
        "totalOrdersPages": pages,
        "totalOrdersItems": total,
        "itemsPerPage": query.limit,
        "hasNextPage": page < pages,
        "hasPrevPage": page > 1,
        "nextPage": page + 1 if page < pages else None,
        "prevPage": page - 1 if page > 1 else None,
    }
