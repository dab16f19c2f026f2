"""A server whose venue is connected to foreign systems, and keys in their formats."""

from functools import partial
from typing import Any

import httpx2

from app.commands.keys import create_key
from app.dialects.systems import CREDENTIALS, DIALECTS, change_system
from app.domain.orders import Order
from app.domain.venues import Venue
from app.store import orders, venues
from tests.venue_server import TILL, VenueServer


async def connect(
    server: VenueServer, *systems: str, venue: str = "main", **settings: Any
) -> Venue:
    """Connect a venue to the systems (all four if none is named), with these settings."""
    for system in systems or DIALECTS:
        change = partial(
            change_system, venue=venue, system=system, changes={"on": True} | settings, actor=TILL
        )
        connected = await server.store.write(change)
    return connected


async def credential(server: VenueServer, name: str, venue: str | None = "main") -> str:
    """A fresh key as `readyboard key create --for <name>` prints it."""
    dialect, made_for = CREDENTIALS[name]
    change = partial(
        create_key,
        name=f"Test {name}",
        scopes=(),
        venues=None if venue is None else [venue],
        secret=made_for.secret(),
        dialect=dialect.name,
        kind=made_for.kind,
        abilities=made_for.abilities,
    )
    made = await server.store.write(change)
    return made_for.shown(made.key.serial, made.secret)


def door(server: VenueServer, system: str, **headers: str) -> httpx2.AsyncClient:
    """A client whose paths are the system's own."""
    url = f"{server.url}/{system}"
    return httpx2.AsyncClient(base_url=url, headers=headers, timeout=10, verify=False)


async def stored(server: VenueServer, order_id: str, venue: str = "main") -> Order:
    """The order as it lies in the database, by our own id."""

    def look(tx: Any) -> Order | None:
        found = venues.by_slug(tx, venue)
        return orders.find(tx, found.id, order_id) if found else None

    order = await server.store.read(look)
    assert order is not None
    return order
