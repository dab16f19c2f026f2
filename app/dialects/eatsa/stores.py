"""Stores: their data, open orders, menus and timeslots."""

from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.dialects.eatsa.answers import cents, order_body
from app.dialects.eatsa.asking import (
    eta_of,
    preparation_time,
    settings_of,
    store_of,
    stores_of,
)
from app.dialects.eatsa.bodies import StoresQuery
from app.dialects.eatsa.errors import ErrorAnswer
from app.dialects.eatsa.orders import answer
from app.dialects.reading import validated
from app.domain.menu import Category, MenuItem
from app.domain.times import iso
from app.domain.venues import Venue
from app.store import menu, orders, venues
from app.store.database import Reading
from app.store.orders import Search
from app.web.context import house
from app.web.table import Entry

STORE = "/v1/stores/{id}"
DAYS = {
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday",
    "sat": "Saturday", "sun": "Sunday",
}  # fmt: skip
MOST_ORDERS = 500  # of one store's list, which has no pages
SLOTS = 16


async def list_stores(request: Request) -> Response:
    """No total_pages here: clients take that word as "there are more"."""
    query = validated(StoresQuery, dict(request.query_params))
    found = await stores_of(request)
    size = query.page_size or max(1, len(found))
    page = found[(query.page - 1) * size : query.page * size]
    now = house(request).clock()
    return answer({"count": len(found), "stores": [_store(venue, now) for venue in page]})


async def find_store(request: Request) -> Response:
    venue = await store_of(request, request.path_params["id"])
    return answer(_store(venue, house(request).clock()))


async def list_store_orders(request: Request) -> Response:
    venue = await store_of(request, request.path_params["id"])
    told = await house(request).store.read(partial(_orders, venue=venue))
    return answer({"count": len(told), "orders": told})


async def list_menus(request: Request) -> Response:
    venue = await store_of(request, request.path_params["id"])
    return answer({"menus": await house(request).store.read(partial(_menus, venue=venue))})


async def list_timeslots(request: Request) -> Response:
    venue = await store_of(request, request.path_params["id"])
    return answer(await house(request).store.read(partial(_timeslots, venue=venue)))


def _store(venue: Venue, now: datetime) -> dict[str, Any]:
    own = settings_of(venue)
    return {
        "id": own.store_id,
        "created_at": iso(venue.made_at),
        "updated_at": iso(venue.made_at),
        "status": "open" if _is_open(venue, now) else "closed",
        "phone_number": venue.phone,
        "address": venue.address,
        "locality": own.locality,
        "region": own.region,
        "postcode": own.postcode,
        "country": own.country,
        "latitude": own.latitude,
        "longitude": own.longitude,
        "timezone": venue.time_zone,
        "mobile_orders_disabled": False,
        "business_page_url": own.business_page_url,
        "store_hours": [
            {"day_of_week": DAYS[day], "open_time": _clock(start), "close_time": _clock(end)}
            for day, times in venue.opening_hours.items()
            for start, end in times
        ],
    }


def _clock(time: str) -> str:
    return time if time.count(":") == 2 else f"{time}:00"


def _is_open(venue: Venue, now: datetime) -> bool:
    """A store that tells no hours is open."""
    if not venue.opening_hours:
        return True
    here = now.astimezone(venue.zone)
    today = venue.opening_hours.get(list(DAYS)[here.weekday()], [])
    clock = here.strftime("%H:%M:%S")
    return any(_clock(start) <= clock < _clock(end) for start, end in today)


def _orders(tx: Reading, venue: Venue) -> list[dict[str, Any]]:
    """All that is open, and the newest of what is done."""
    own = settings_of(venue)
    recent = orders.search(tx, venue.id, Search(limit=MOST_ORDERS))
    known = {order.id for order in recent}
    found = recent + [order for order in orders.live(tx, venue.id) if order.id not in known]
    usual = preparation_time(tx, venue, own.default_eta_minutes)
    points = {point.order: point for point in venues.points(tx, venue.id) if point.order}
    return [
        order_body(order, own.store_id, points.get(order.id), eta_of(order, usual))
        for order in found
    ]


def _menus(tx: Reading, venue: Venue) -> list[dict[str, Any]]:
    items = [item for item in menu.items(tx, venue.id) if item.available]
    return [
        {
            "id": category.id,
            "name": category.name,
            "description": "",
            "start_time": "00:00:00",
            "end_time": "23:59:59",
            "items": [_item(item) for item in items if _is_of(item, category)],
        }
        for category in menu.categories(tx, venue.id)
        if category.available
    ]


def _is_of(item: MenuItem, category: Category) -> bool:
    return item.category == category.id


def _item(item: MenuItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "name": item.name,
        "description": item.description or "",
        "base_price": cents(item.price),
        "modifiers_groups": [],
    }


def _timeslots(tx: Reading, venue: Venue) -> dict[str, Any]:
    """The next slots in which an order could be ready, and how many more each of them takes."""
    own = settings_of(venue)
    length = timedelta(minutes=own.slot_minutes)
    usual = preparation_time(tx, venue, own.default_eta_minutes)
    first = _next_full(tx.now + usual, length)
    taken = Counter(
        _next_full(order.scheduled_at - length, length)
        for order in orders.live(tx, venue.id)
        if order.scheduled_at is not None
    )
    starts = (first + length * index for index in range(SLOTS))
    return {
        "estimated_time_now": int(usual.total_seconds()),
        "timeslot_duration": int(length.total_seconds()),
        "reservable_timeslots": [
            {"start_time": iso(at), "count_available": max(0, own.slot_orders - taken[at])}
            for at in starts
            if _is_open(venue, at)
        ],
    }


def _next_full(at: datetime, length: timedelta) -> datetime:
    """The start of the first slot after `at`, counted from midnight UTC."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + ((at - midnight) // length + 1) * length


def _row(path: str, handler: Any, summary: str, **more: Any) -> Entry:
    return Entry(
        method="GET", path=path, handler=handler, who="token", summary=summary,
        refusal=ErrorAnswer, **more,
    )  # fmt: skip


ROUTES = (
    _row("/v1/orders/stores/{id}", find_store, "Find a store, at its misprinted address"),
    _row("/v1/stores", list_stores, "List the stores of this token", query=StoresQuery),
    _row(STORE, find_store, "Find a store"),
    _row(STORE + "/orders", list_store_orders, "A store's orders, newest first"),
    _row(STORE + "/menus", list_menus, "A store's menus"),
    _row(STORE + "/reservable_timeslots", list_timeslots, "Times an order can be scheduled for"),
)
