"""What time alone does."""

import asyncio
from datetime import timedelta
from functools import partial

from app.commands.clockwork import forget_old, pass_time
from app.domain.orders import Status
from tests.kitchen import Kitchen


async def test_a_scheduled_order_releases_itself_at_the_lead_time(kitchen: Kitchen) -> None:
    order = await kitchen.place(scheduled_at=kitchen.clock() + timedelta(hours=1))
    await kitchen.time_passes(minutes=44)
    assert (await kitchen.order(order)).status == Status.SCHEDULED
    await kitchen.time_passes(minutes=1)
    assert (await kitchen.order(order)).status == Status.QUEUED
    [*_, last] = await kitchen.history(order)
    assert (last.actor.kind, last.detail["from"]) == ("system", "scheduled")


async def test_a_longer_lead_time_releases_earlier(kitchen: Kitchen) -> None:
    order = await kitchen.place(scheduled_at=kitchen.clock() + timedelta(hours=1))
    await kitchen.set(lead_minutes=60)
    await kitchen.time_passes(minutes=0)
    assert (await kitchen.order(order)).status == Status.QUEUED


async def test_an_order_put_back_by_hand_waits_for_a_hand(kitchen: Kitchen) -> None:
    order = await kitchen.place(scheduled_at=kitchen.clock() + timedelta(hours=1))
    await kitchen.time_passes(minutes=50)
    await kitchen.recall(order)
    await kitchen.time_passes(minutes=1)
    assert (await kitchen.order(order)).status == Status.SCHEDULED


async def test_a_forgotten_order_is_collected_if_the_venue_says_so(kitchen: Kitchen) -> None:
    await kitchen.set(auto_collect_minutes=30)
    order = await kitchen.move(await kitchen.place(), "ready")
    await kitchen.time_passes(minutes=29)
    assert (await kitchen.order(order)).status == Status.READY
    await kitchen.time_passes(minutes=1)
    assert (await kitchen.order(order)).status == Status.COLLECTED


async def test_a_deleted_order_stops_nothing(kitchen: Kitchen) -> None:
    at = kitchen.clock() + timedelta(hours=1)
    first, second = await kitchen.place(scheduled_at=at), await kitchen.place(scheduled_at=at)
    await kitchen.delete(first)
    await kitchen.time_passes(hours=1)
    assert (await kitchen.order(second)).status == Status.QUEUED


async def test_the_loop_does_it_by_itself(kitchen: Kitchen) -> None:
    order = await kitchen.place(scheduled_at=kitchen.clock() + timedelta(hours=1))
    kitchen.clock.forward(hours=1)
    moved = asyncio.Event()
    kitchen.store.on_commit = lambda _news, _credentials: moved.set()
    loop = asyncio.create_task(pass_time(kitchen.store, every=0.01))
    await asyncio.wait_for(moved.wait(), 5)
    loop.cancel()
    assert (await kitchen.order(order)).status == Status.QUEUED


async def test_only_what_is_older_than_the_retention_time_is_forgotten(kitchen: Kitchen) -> None:
    old = await kitchen.move(await kitchen.place(), "collected")
    open_still = await kitchen.place()
    kitchen.clock.forward(days=401)
    young = await kitchen.place()
    await kitchen.store.write(partial(forget_old, days=400))
    assert await kitchen.history(old) == []
    assert len(await kitchen.history(young)) == 1
    assert (await kitchen.order(open_still)).live
