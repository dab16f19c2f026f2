"""Which stores a caller may see, and which of them a request is for."""

from datetime import datetime, timedelta
from functools import partial
from ipaddress import ip_address
from typing import Any

from starlette.requests import Request

from app.dialects.eatsa.settings import Settings
from app.dialects.shape import BOUND_TO, throttle
from app.domain.events import Actor
from app.domain.orders import Order
from app.domain.people import Caller
from app.domain.problems import Forbidden, NotConnected, NotFound, OrderNotFound, Unauthorized
from app.domain.venues import PickupPoint, Venue
from app.store import orders, venues
from app.store.database import Reading
from app.web.context import caller, house
from app.web.table import Entry

NAME = "eatsa"
RECENT_ORDERS = 50
RECENT = timedelta(hours=6)


async def admit(request: Request, entry: Entry) -> Caller:
    """By `x-authtoken`; without one only where a venue is open to its own network."""
    token = request.headers.get("x-authtoken")
    if token:
        return await house(request).auth.caller_of_secret(token.strip(), NAME)
    found = await house(request).store.read(partial(venues.connected, dialect=NAME))
    if not found:
        raise NotConnected("No store is connected to eatsa.")
    opened = frozenset(v.slug for v in found if settings_of(v).open and _is_near(request))
    if not opened:
        raise Unauthorized("Send your token as x-authtoken.")
    return Caller(actor=Actor(kind="key", name="eatsa without token"), venues=opened)


def settings_of(venue: Venue) -> Settings:
    return Settings.model_validate(venue.dialects.get(NAME, {"on": False}))


async def stores_of(request: Request) -> list[Venue]:
    """All stores of the caller, the oldest first."""
    found = await house(request).store.read(partial(venues.connected, dialect=NAME))
    seen = [venue for venue in found if _may_see(request, venue)]
    for venue in seen:
        enter(request, venue)
    return seen


async def store_of(request: Request, store_id: str) -> Venue:
    """Raises NotFound, also for a store of somebody else."""
    look = partial(venues.by_foreign_id, dialect=NAME, value=store_id)
    venue = await house(request).store.read(look)
    if venue is None or not _may_see(request, venue):
        raise NotFound(f"There is no store '{store_id[:80]}'.")
    enter(request, venue)
    return venue


async def order_of(request: Request) -> tuple[Order, Venue]:
    """The order in the address. Raises OrderNotFound."""
    order_id = request.path_params["id"]

    def look(tx: Reading) -> tuple[Order, Venue] | None:
        order = orders.find_anywhere(tx, order_id)
        venue = order and venues.by_id(tx, order.venue)
        return (order, venue) if order and venue else None

    found = await house(request).store.read(look)
    if found is None or not _may_see(request, found[1]):
        raise OrderNotFound(f"There is no order '{order_id[:80]}'.")
    enter(request, found[1])
    return found


def enter(request: Request, venue: Venue) -> None:
    """Raises Forbidden over plain HTTP where the venue wants HTTPS, TooManyRequests."""
    if settings_of(venue).https_only and request.url.scheme != "https":
        raise Forbidden("This store takes HTTPS only.")
    throttle(request, venue)


def eta_of(order: Order, usual: timedelta) -> datetime:
    """When the order is or was ready: its store's usual time after its acceptance; for a later
    time, that time."""
    done = order.ready_at or order.collected_at
    if done is not None:
        return done
    start = order.confirmed_at or order.placed_at
    if order.scheduled_at is not None and order.scheduled_at > start:
        return order.scheduled_at
    return start + usual


def preparation_time(tx: Reading, venue: Venue, default_minutes: int) -> timedelta:
    """What the store needed for its last orders, from acceptance to ready."""
    took = orders.usual_time(tx, venue.id, tx.now - RECENT, RECENT_ORDERS)
    return timedelta(minutes=default_minutes) if took is None else took


def look_at(tx: Reading, order_id: str, venue: Venue) -> tuple[Order, PickupPoint | None, datetime]:
    """An order as it is now, with its place and ETA."""
    order = orders.find(tx, venue.id, order_id)
    if order is None:
        raise OrderNotFound(f"There is no order '{order_id[:80]}'.")
    minutes = settings_of(venue).default_eta_minutes
    usual = preparation_time(tx, venue, minutes)
    return order, venues.point_of(tx, order.id), eta_of(order, usual)


def _may_see(request: Request, venue: Venue) -> bool:
    bound: Any = request.scope.get(BOUND_TO)
    connected = bool(venue.dialects.get(NAME, {}).get("on"))
    return connected and caller(request).may_enter(venue.slug) and bound in (None, venue.slug)


def _is_near(request: Request) -> bool:
    """From this machine or its network; a proxy's client counts, not the proxy."""
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    return address.is_loopback or address.is_private or address.is_link_local
