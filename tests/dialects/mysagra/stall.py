"""A stall at a village feast: a menu of its own, and clients that know MySagra's addresses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

import httpx2

from app.commands.menu import save_thing
from app.commands.passwords import hash_password
from app.commands.people import add_user
from app.domain.menu import CashRegister, Category, MenuItem, Printer, Station
from app.domain.people import Role
from app.store.menu import Thing
from tests.dialects.doors import connect, credential, door
from tests.venue_server import TILL, VenueServer

PIZZA = "cfood0000001pizza"
WINE = "cfood0000002wine"
CAKE = "cfood0000003cake"
REGISTER = "cregister00001"
OVEN, BAR = "cstation0001oven", "cstation0002bar"
MENU = (
    Printer(id="cprinter01", venue="", name="Oven printer"),
    Printer(id="cprinter02", venue="", name="Desk printer"),
    CashRegister(id=REGISTER, venue="", name="Desk", printer="cprinter02"),
    Station(id=OVEN, venue="", name="Oven"),
    Station(id=BAR, venue="", name="Bar"),
    Category(id="ccategory1", venue="", name="Pizza", station=OVEN, printer="cprinter01"),
    Category(id="ccategory2", venue="", name="Drinks", station=BAR, position=1),
    Category(id="ccategory3", venue="", name="Sweets", position=2),
    MenuItem(
        id=PIZZA, venue="", name="Margherita", category="ccategory1", price=Decimal("8.50"),
        description="Tomato and mozzarella",
    ),
    MenuItem(id=WINE, venue="", name="Wine", category="ccategory2", price=Decimal(3)),
    MenuItem(id=CAKE, venue="", name="Cake", category="ccategory3", price=Decimal("2.25")),
)  # fmt: skip
PASSWORD = "a long enough secret"
HASHED = hash_password(PASSWORD)


@dataclass
class Stall:
    server: VenueServer
    till: httpx2.AsyncClient
    clients: list[httpx2.AsyncClient] = field(default_factory=list)

    def client(self, **headers: str) -> httpx2.AsyncClient:
        """Somebody else at the same address; header names with _ for -."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        made = door(self.server, "mysagra", **named)
        self.clients.append(made)
        return made

    async def with_key(self, kind: str) -> httpx2.AsyncClient:
        """`printer` or `web`."""
        return self.client(X_API_KEY=await credential(self.server, f"mysagra-{kind}"))

    async def user(self, name: str, role: Role) -> None:
        change = partial(add_user, name=name, role=role, password_hash=HASHED)
        await self.server.store.write(change)

    async def log_in(self, name: str) -> str:
        """The token of a fresh log-in."""
        body = {"username": name, "password": PASSWORD}
        answer = await self.client().post("/auth/login", json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["token"])

    async def order(self, *foods: str, **fields: Any) -> dict[str, Any]:
        """Create an order with one line for each food; PENDING unless `confirm` is given."""
        items = [{"foodId": food, "quantity": 1} for food in foods or (PIZZA,)]
        body = {"table": "5", "customer": "Mario Rossi", "orderItems": items} | fields
        answer = await self.till.post("/v1/orders", json=body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def confirmed(self, *foods: str, **fields: Any) -> dict[str, Any]:
        return await self.order(*foods, confirm={"paymentMethod": "CASH"}, **fields)

    async def patch(self, order: dict[str, Any], word: str) -> Any:
        answer = await self.till.patch(f"/v1/orders/{order['id']}", json={"status": word})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def read(self, order: dict[str, Any]) -> dict[str, Any]:
        answer = await self.till.get(f"/v1/orders/{order['id']}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


async def add(server: VenueServer, *things: Thing) -> None:
    """Put things on the venue's menu."""
    for thing in things:
        change = partial(save_thing, venue="main", thing=thing, actor=TILL, create=True)
        await server.store.write(change)


@asynccontextmanager
async def stall_at(server: VenueServer, **settings: Any) -> AsyncIterator[Stall]:
    """The till is one of our own keys: `readyboard key create --scope admin`."""
    await connect(server, "mysagra", **settings)
    await add(server, *MENU)
    till = door(server, "mysagra", Authorization=f"Bearer {server.key}")
    stall = Stall(server, till, [till])
    try:
        yield stall
    finally:
        for client in stall.clients:
            await client.aclose()
