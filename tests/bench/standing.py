"""A kitchen with orders on its board, made in the store before its server starts."""

import asyncio
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.commands.keys import create_key
from app.commands.orders import NewOrder, place
from app.domain.events import SYSTEM
from app.domain.people import Scope
from app.domain.problems import Problem
from app.store.sqlite import SqliteStore, open_store


@dataclass(frozen=True, slots=True)
class Standing:
    """A key that may read and write orders, and the orders' ids."""

    key: str
    orders: list[str]


def prepare(folder: Path, count: int) -> Standing:
    """Open a data folder and put `count` live orders in it."""
    return asyncio.run(_prepare(folder, count))


async def _prepare(folder: Path, count: int) -> Standing:
    store = await open_store(folder)
    scopes = (Scope.ORDERS_READ, Scope.ORDERS_WRITE)
    made = await store.write(partial(create_key, name="Bench", scopes=scopes))
    orders = await place_orders(store, count)
    await store.close()
    return Standing(made.secret, orders)


async def place_orders(store: SqliteStore, count: int) -> list[str]:
    placed = await store.write_all(
        [
            partial(place, venue="main", new=NewOrder(name=f"Guest {number}"), actor=SYSTEM)
            for number in range(1, count + 1)
        ]
    )
    return [answer.order.id for answer in placed if not isinstance(answer, Problem)]
