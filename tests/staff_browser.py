"""A browser without scripts at the staff pages, and people to sit at it."""

from functools import partial
from typing import Any

import httpx2

from app.commands.people import add_user, sign_in
from app.domain.events import Kind
from app.domain.orders import LineItem, Order, new_id
from app.domain.people import Role
from app.domain.times import utc_now
from app.store import events, orders
from app.store.database import Reading
from app.web.auth import COOKIE
from tests.venue_server import VenueServer

PAD = "/staff/main"
NO_HASH = "nobody can type this"


async def session_of(server: VenueServer, name: str, role: Role) -> str:
    """Adds a user and signs them in without the time a real password takes; their cookie."""
    await server.store.write(partial(add_user, name=name, role=role, password_hash=NO_HASH))
    entered = await server.store.write(
        partial(sign_in, name=name, checked_hash=NO_HASH, fits=True, agent="Test browser")
    )
    return entered.secret


def browser(server: VenueServer, session: str) -> httpx2.AsyncClient:
    """Posts like a browser on plain HTTP: with Origin, and following to the page it is sent to."""
    return httpx2.AsyncClient(
        base_url=server.url,
        verify=False,
        headers={"Origin": server.url},
        cookies={COOKIE: session},
        follow_redirects=True,
        timeout=10,
    )


def item(name: str, **more: Any) -> LineItem:
    return LineItem(id=new_id(utc_now()), name=name, **more)


def in_column(html: str, column: str) -> str:
    """The markup of one column of the pad."""
    return html.split(f'id="{column}"')[1].split("</section>")[0]


async def press(
    client: httpx2.AsyncClient, order: Order, do: str, *, seq: int | None = None, query: str = ""
) -> httpx2.Response:
    data = {"do": do, "if_seq": str(order.seq if seq is None else seq)}
    return await client.post(f"{PAD}/orders/{order.id}{query}", data=data)


async def now(server: VenueServer, order: Order) -> Order:
    found = await server.store.read(lambda db: orders.find(db, order.venue, order.id))
    assert found is not None
    return found


async def moves_of(server: VenueServer, order: Order) -> list[str]:
    """Who moved it, in turn."""

    def look(db: Reading) -> list[str]:
        history = events.history(db, order.venue, order.id)
        return [event.actor.name for event in history if event.kind != Kind.PLACED]

    return await server.store.read(look)
