"""Orders changed lately are kept from one commit to the next, and never other than stored."""

import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.commands.orders import edit
from app.commands.venues import add_venue
from app.domain.events import Event
from app.domain.orders import Order
from app.domain.problems import NumberInUse, OrderNotFound, Unavailable
from app.store import orders
from app.store.database import Done, Outcome, Transaction, Unchanged
from app.store.orders import LONGEST_KEPT
from app.store.sqlite import open_store
from tests.clock import Clock
from tests.kitchen import COOK, Kitchen, lose_the_transaction


def renamed(order: Order, name: str, venue: str = "main") -> Any:
    return partial(edit, venue=venue, order=order.id, changes={"name": name}, actor=COOK)


async def kept(kitchen: Kitchen) -> set[str]:
    return await kitchen.store.write(lambda tx: Unchanged(set(tx.orders)))


async def test_an_order_changed_lately_is_not_read_again(kitchen: Kitchen) -> None:
    order = await kitchen.place()
    said: list[str] = []
    await kitchen.store.on_writer(lambda connection: connection.set_trace_callback(said.append))
    await kitchen.edit(order, name="Ada")
    await kitchen.move(order, "ready")
    assert any(sql.startswith("UPDATE orders") for sql in said)
    assert not [sql for sql in said if sql.startswith("SELECT body FROM orders WHERE id")]


@pytest.mark.parametrize("heard", [True, False])
async def test_what_another_process_changed_is_changed_further(
    kitchen: Kitchen, clock: Clock, tmp_path: Path, heard: bool
) -> None:
    """Whether or not this one has heard of the change by then."""
    order = await kitchen.place()
    arrived: asyncio.Queue[Event] = asyncio.Queue()

    def tell(news: list[Event], credentials: bool) -> None:
        for event in news:
            arrived.put_nowait(event)

    kitchen.store.on_commit = tell
    other = await open_store(tmp_path, clock=clock)
    await Kitchen(other, clock).edit(order, name="Ada")
    if heard:
        await asyncio.wait_for(arrived.get(), 2)
    await other.close()
    changed = await kitchen.edit(order, table="7")
    assert (changed.name, changed.table, changed.seq) == ("Ada", "7", 3)


@pytest.mark.parametrize("together", [True, False])
async def test_what_was_undone_is_not_kept(kitchen: Kitchen, together: bool) -> None:
    order = await kitchen.place(name="Ada")

    def refused(tx: Transaction) -> Outcome[Any]:
        renamed(order, "Nobody")(tx)
        raise NumberInUse("after all")

    def for_nothing(tx: Transaction) -> Outcome[Any]:
        return Unchanged(renamed(order, "Nobody")(tx))

    for undone in (refused, for_nothing):
        if together:
            await kitchen.store.write_all([undone, renamed(order, "Bob"), undone])
        else:
            await kitchen.store.write_all([undone])
    changed = await kitchen.edit(order, table="7")
    assert changed.name == ("Bob" if together else "Ada")


async def test_what_a_lost_commit_said_is_not_kept(kitchen: Kitchen) -> None:
    order = await kitchen.place(name="Ada")

    with pytest.raises(Unavailable):
        await asyncio.gather(
            kitchen.edit(order, name="Nobody"), kitchen.store.write(lose_the_transaction)
        )
    assert (await kitchen.edit(order, table="7")).name == "Ada"


async def test_a_refusal_that_wrote_nothing_forgets_nothing(kitchen: Kitchen) -> None:
    order = await kitchen.place(name="Ada")
    with pytest.raises(OrderNotFound):
        await kitchen.store.write(partial(edit, venue="main", order="0", changes={}, actor=COOK))
    await kitchen.edit(order, name="Ada")  # as it is already
    assert await kept(kitchen) == {order.id}


async def test_a_deleted_order_is_not_kept(kitchen: Kitchen) -> None:
    order = await kitchen.place()
    await kitchen.delete(order)
    with pytest.raises(OrderNotFound):
        await kitchen.edit(order, name="Ada")


async def test_a_forgotten_order_is_not_kept(kitchen: Kitchen) -> None:
    order = await kitchen.move(await kitchen.place(), "collected")

    assert await kitchen.store.write(lambda tx: Done(orders.forget(tx, 2**53))) == 1
    with pytest.raises(OrderNotFound):
        await kitchen.recall(order)


async def test_a_kept_order_is_not_found_from_another_venue(kitchen: Kitchen) -> None:
    order = await kitchen.place(name="Ada")
    await kitchen.store.write(partial(add_venue, slug="bar", name="Bar", settings={}))
    with pytest.raises(OrderNotFound):
        await kitchen.store.write(renamed(order, "Nobody", venue="bar"))


async def test_only_so_many_are_kept(kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "MOST_KEPT", 3)
    placed = [await kitchen.place(name=f"Guest {number}") for number in range(8)]
    for order in placed:
        changed = await kitchen.edit(order, table="7")
        assert (changed.name, changed.table) == (order.name, "7")
    assert 0 < len(await kept(kitchen)) <= 3


async def test_a_huge_order_is_not_kept(kitchen: Kitchen) -> None:
    order = await kitchen.place(name="Ada")
    changed = await kitchen.edit(order, note="x" * LONGEST_KEPT)
    assert not await kept(kitchen)
    assert (await kitchen.edit(order, name="Bob")).note == changed.note


async def test_a_wanted_time_is_kept_as_it_is_stored(kitchen: Kitchen) -> None:
    finer = kitchen.clock() + timedelta(hours=1, microseconds=1_999)
    order = await kitchen.place(scheduled_at=finer)
    assert order.scheduled_at == (await kitchen.order(order)).scheduled_at
    changed = await kitchen.edit(order, scheduled_at=finer + timedelta(hours=1))
    assert changed.scheduled_at == (await kitchen.order(order)).scheduled_at != order.scheduled_at
