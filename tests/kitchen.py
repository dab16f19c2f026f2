"""A store with short words for what a kitchen does; time stands still until it is moved."""

import sqlite3
from functools import partial
from typing import Any

from app.commands import orders as order_commands, venues as venue_commands
from app.commands.clockwork import release_due
from app.commands.orders import NewOrder
from app.commands.status import Move, change_status, recall
from app.domain.events import Actor, Event
from app.domain.orders import LineItem, Order, Status, new_id
from app.domain.venues import PickupPoint, Venue
from app.store import events, orders, venues
from app.store.database import Outcome, Transaction
from app.store.sqlite import SqliteStore
from tests.clock import Clock

COOK = Actor(kind="person", id="anna", name="Anna")


def lose_the_transaction(tx: Transaction) -> Outcome[None]:
    """As a full disk does in the middle of a change."""
    tx.run("ROLLBACK")
    raise sqlite3.OperationalError("database or disk is full")


class Kitchen:
    def __init__(self, store: SqliteStore, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.told: list[Event] = []
        store.on_commit = lambda news, _credentials: self.told.extend(news)

    async def place(self, *stations: str, **fields: Any) -> Order:
        """`stations`: one line for each."""
        items = fields.pop("items", tuple(self.line(station) for station in stations))
        new = NewOrder(items=items, **fields)
        change = partial(order_commands.place, venue="main", new=new, actor=COOK)
        return (await self.store.write(change)).order

    def line(self, station: str, name: str = "Dish") -> LineItem:
        return LineItem(id=new_id(self.clock()), name=name, station=station)

    async def move(self, order: Order, status: str, **more: Any) -> Order:
        move = Move(status=Status(status), **more)
        change = partial(change_status, venue="main", order=order.id, move=move, actor=COOK)
        return await self.store.write(change)

    async def edit(self, order: Order, **changes: Any) -> Order:
        return await self.store.write(
            partial(order_commands.edit, venue="main", order=order.id, changes=changes, actor=COOK)
        )

    async def delete(self, order: Order) -> Order:
        change = partial(order_commands.delete, venue="main", order=order.id, actor=COOK)
        return await self.store.write(change)

    async def recall(self, order: Order, if_seq: int | None = None) -> Order:
        change = partial(recall, venue="main", order=order.id, actor=COOK, if_seq=if_seq)
        return await self.store.write(change)

    async def set(self, **changes: Any) -> Venue:
        """Change the venue's settings."""
        change = partial(venue_commands.change_venue, venue="main", changes=changes, actor=COOK)
        return await self.store.write(change)

    async def add_point(self, name: str) -> PickupPoint:
        change = partial(venue_commands.add_point, venue="main", name=name, actor=COOK)
        return await self.store.write(change)

    async def change_point(self, point: str, **changes: Any) -> PickupPoint:
        return await self.store.write(
            partial(venue_commands.change_point, venue="main", point=point, actor=COOK, **changes)
        )

    async def time_passes(self, **delta: float) -> None:
        self.clock.forward(**delta)
        await release_due(self.store)

    async def venue(self) -> Venue:
        found = await self.store.read(partial(venues.by_slug, slug="main"))
        assert found is not None
        return found

    async def order(self, order: Order) -> Order:
        found = await self.store.read(lambda tx: orders.find(tx, order.venue, order.id))
        assert found is not None
        return found

    async def history(self, order: Order) -> list[Event]:
        return await self.store.read(lambda tx: events.history(tx, order.venue, order.id))

    async def points(self) -> list[PickupPoint]:
        venue = await self.venue()
        return await self.store.read(lambda tx: venues.points(tx, venue.id))
