"""Order analytics: what every order was and when it passed each step, page by page."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.dialects.eatsa.answers import cents, line_body, said
from app.dialects.eatsa.asking import settings_of, store_of, stores_of
from app.dialects.eatsa.bodies import AnalyticsQuery, Bound
from app.dialects.eatsa.errors import ErrorAnswer
from app.dialects.eatsa.orders import answer
from app.dialects.eatsa.words import WORDS
from app.dialects.reading import validated
from app.domain.orders import LineItem, Order, Status
from app.domain.times import DAY, MILLISECOND, iso, to_ms
from app.domain.venues import Venue
from app.store import events, orders
from app.store.database import Reading
from app.store.events import Step
from app.store.orders import Match, Search
from app.web.context import house
from app.web.table import Entry


async def list_analytics(request: Request) -> Response:
    query = validated(AnalyticsQuery, dict(request.query_params))
    if query.store_id is None:
        stores = await stores_of(request)
    else:
        stores = [await store_of(request, query.store_id)]
    total, told = await house(request).store.read(partial(_page, stores=stores, query=query))
    return answer(
        {
            "total_count": total,
            "total_pages": -(-total // query.per_page),
            "page_number": query.page,
            "size": query.per_page,
            "orders": told,
        }
    )


def _page(
    tx: Reading, stores: Sequence[Venue], query: AnalyticsQuery
) -> tuple[int, list[dict[str, Any]]]:
    """Oldest first and ties by id: whoever joins the pages has every order once."""
    wanted = Search(
        all_of=tuple((match,) for match in matches(query)),
        descending=False,
        limit=query.per_page,
        offset=(query.page - 1) * query.per_page,
    )
    by_id = {venue.id: venue for venue in stores}
    found = orders.search(tx, list(by_id), wanted)
    steps: dict[str, list[Step]] = {}
    for venue in stores:
        ids = [order.id for order in found if order.venue == venue.id]
        steps |= events.steps(tx, venue.id, ids)
    told = [_order(order, by_id[order.venue], steps[order.id]) for order in found]
    return orders.count(tx, list(by_id), wanted), told


def matches(query: AnalyticsQuery) -> list[Match]:
    """The conditions a query sets, each of which must hold."""
    found = [
        Match("placed_at", ">=", _first_ms(query.created_at_after)),
        Match("placed_at", "<=", _last_ms(query.created_at_before)),
        Match("updated_at", ">=", _first_ms(query.updated_at_after)),
        Match("updated_at", "<=", _last_ms(query.updated_at_before)),
        Match("channel", "=", query.channel),
    ]
    return [match for match in found if match.value is not None]


def _first_ms(bound: Bound | None) -> int | None:
    """Rounded up: an order is stored with whole milliseconds."""
    return None if bound is None else to_ms(bound.at + MILLISECOND - timedelta(microseconds=1))


def _last_ms(bound: Bound | None) -> int | None:
    """A plain date takes in its whole day."""
    if bound is None:
        return None
    return to_ms(bound.at + DAY - MILLISECOND if bound.whole_day else bound.at)


def _order(order: Order, venue: Venue, steps: Sequence[Step]) -> dict[str, Any]:
    own, times = said(order), _times(steps)
    bodies = [line_body(item, own, None) for item in order.items]
    lines = [_line(item, body, times) for item, body in zip(order.items, bodies, strict=True)]
    return {
        "id": order.id,
        "ref_id": order.ref,
        "customer": {
            "id": own.get("user_id", ""),
            "user_ref_id": own.get("user_ref_id") or None,
            "first_name": order.first_name,
            "last_name": order.last_name,
            "marketing_opt_out": False,
            "in_store_receipt_email": order.email or None,
            "created_at": iso(order.placed_at),
        },
        "store": {
            "id": settings_of(venue).store_id,
            "address": venue.address,
            "timezone": venue.time_zone,
        },
        "created_at": iso(order.placed_at),
        "updated_at": iso(order.updated_at),
        "started_at": times["started"],
        "delivered_at": times["delivered"],
        "served_at": times["served"],
        "scheduled_time": order.scheduled_at and iso(order.scheduled_at),
        "currency": venue.currency,
        "status": WORDS.word_of(order),
        "special_instructions": order.note or None,
        "authorization": _authorization(own),
        "line_items": lines,
        "promo": None,
        "total": cents(order.amount),
        "gross_total": sum(line["line_item_gross_total"] for line in lines),
        "applied_taxes": _taxes(bodies),
        "is_refunded": None,
        "refunds": None,
        "channel": order.channel or None,
        "payment_transactions": _payments(order, own, venue),
    }


def _line(item: LineItem, line: dict[str, Any], times: dict[str, str | None]) -> dict[str, Any]:
    price = line.get("price", 0)
    return {
        "id": line["id"],
        "item_id": line["item_id"],
        "item_name": line["item_name"],
        "item_analytics_name": item.name,
        "line_item_total": price,
        "line_item_total_taxes": sum(tax["amount"] for tax in line.get("taxes", ())),
        "line_item_gross_total": price,
        "is_comped": False,
        "reorder_id": None,
        "customer_name": line["customer_name"],
        "special_instructions": line["special_instructions"],
        "location_reserved_at": times["reserved"],
        "location_placed_at": times["placed"],
        "location_cleared_at": times["cleared"],
        "modifications": line["modifications"],
    }


def _taxes(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Summed by id over all lines; a list also when there are none."""
    found: dict[str, dict[str, Any]] = {}
    for tax in (tax for line in lines for tax in line.get("taxes", ())):
        known = found.setdefault(tax["id"], {"id": tax["id"], "name": tax["name"], "amount": 0})
        known["amount"] += tax["amount"]
    return list(found.values())


def _payments(order: Order, own: dict[str, Any], venue: Venue) -> list[dict[str, Any]]:
    return [
        {
            "payment_type": paid["payment_type"],
            "transaction_amount": paid["amount"],
            "created_at": iso(order.placed_at),
            "currency": venue.currency,
        }
        for paid in own.get("payments", ())
    ]


def _authorization(own: dict[str, Any]) -> dict[str, str] | None:
    return {"unlock_code": own["unlock_code"]} if "unlock_code" in own else None


def _times(steps: Sequence[Step]) -> dict[str, str | None]:
    """When the order entered and left what eatsa asks about; None for what never happened."""
    told: dict[str, datetime] = {}
    for step in steps:
        before, after = step.detail.get("from"), step.detail.get("to")
        if "reserved" in step.detail:
            told["reserved"] = step.at
        if before == after:
            continue
        if after == Status.PREPARING:
            told.setdefault("started", step.at)
        if after == Status.READY:
            told["served"] = told["placed"] = step.at
        if before == Status.READY:
            told["cleared"] = step.at
        if after == Status.COLLECTED:
            told["delivered"] = step.at
    names = ("started", "reserved", "served", "placed", "cleared", "delivered")
    return {name: iso(told[name]) if name in told else None for name in names}


ROUTES = (
    Entry(
        method="GET", path="/v1/order-analytics", handler=list_analytics, who="token",
        summary="Orders of a time, with everything that happened to them", query=AnalyticsQuery,
        refusal=ErrorAnswer,
    ),
)  # fmt: skip
