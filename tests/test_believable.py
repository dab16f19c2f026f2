"""Moves that cannot be true are told, with the reason in words."""

from datetime import timedelta
from functools import partial

import pytest

from app.commands.status import Move, change_status
from app.domain.believable import Doubt, doubts
from app.domain.events import SYSTEM, Actor, Event
from app.domain.orders import LineItem, Order, Status, new_id
from app.store import events
from tests.kitchen import Kitchen

BEN = Actor(kind="person", id="ben", name="Ben")


async def log_of(kitchen: Kitchen) -> list[Event]:
    venue = await kitchen.venue()
    return await kitchen.store.read(partial(events.events_after, venue=venue.id, seq=0))


async def found(kitchen: Kitchen) -> list[Doubt]:
    return doubts(await log_of(kitchen))


async def reasons(kitchen: Kitchen) -> list[str]:
    return [doubt.reason for doubt in await found(kitchen)]


async def waiting(kitchen: Kitchen, count: int) -> list[Order]:
    """Orders that have been in the kitchen for a believable time."""
    placed = [await kitchen.place("Grill") for _ in range(count)]
    await kitchen.time_passes(minutes=6)
    return placed


async def moved_by(kitchen: Kitchen, actor: Actor, order: Order) -> None:
    move = Move(status=Status.READY)
    change = partial(change_status, venue="main", order=order.id, move=move, actor=actor)
    await kitchen.store.write(change)


async def test_an_honest_evening_holds_no_doubt(kitchen: Kitchen) -> None:
    for order in await waiting(kitchen, 12):
        await kitchen.time_passes(seconds=5)
        await kitchen.move(order, "ready")
        await kitchen.move(order, "collected")
    assert await reasons(kitchen) == []


@pytest.mark.parametrize(("status", "word"), [("ready", "ready"), ("collected", "gone")])
async def test_food_is_not_made_in_seconds(kitchen: Kitchen, status: str, word: str) -> None:
    order = await kitchen.place("Grill")
    await kitchen.time_passes(seconds=4)
    moved = await kitchen.move(order, status)
    [doubt] = await found(kitchen)
    assert doubt.reason == f"{word} 4 s after it was placed"
    assert (doubt.orders, doubt.seq, doubt.actor.name) == ((order.id,), moved.seq, "Anna")


async def test_from_the_floor_on_it_is_believed(kitchen: Kitchen) -> None:
    order = await kitchen.place("Grill")
    await kitchen.time_passes(seconds=20)
    await kitchen.move(order, "ready")
    assert await reasons(kitchen) == []


async def test_a_part_that_makes_the_order_ready_counts_too(kitchen: Kitchen) -> None:
    order = await kitchen.place("Grill", "Bar")
    await kitchen.move(order, "ready", part="Grill")
    await kitchen.move(order, "ready", part="Bar")
    assert await reasons(kitchen) == ["ready under a second after it was placed"]


async def test_what_nobody_has_to_make_may_be_ready_at_once(kitchen: Kitchen) -> None:
    handed_out = LineItem(id=new_id(kitchen.clock()), name="Water", menu_item="water")
    for order in (await kitchen.place(), await kitchen.place(items=(handed_out,))):
        await kitchen.move(order, "ready")
    assert await reasons(kitchen) == []


async def test_an_order_placed_as_ready_says_nothing_of_the_kitchen(kitchen: Kitchen) -> None:
    order = await kitchen.place("Grill", status=Status.READY)
    await kitchen.move(order, "collected")
    assert await reasons(kitchen) == []


async def test_six_orders_at_once_are_believed_and_seven_are_not(kitchen: Kitchen) -> None:
    *six, seventh = await waiting(kitchen, 7)
    for order in six:
        await kitchen.move(order, "ready")
    assert await reasons(kitchen) == []
    await kitchen.time_passes(seconds=3)
    await kitchen.move(seventh, "ready")
    [doubt] = await found(kitchen)
    assert doubt.reason == "7 orders finished by Anna in 3 s"
    assert doubt.orders == tuple(order.id for order in [*six, seventh])


async def test_one_sweep_is_one_doubt_and_a_later_one_another(kitchen: Kitchen) -> None:
    for order in await waiting(kitchen, 20):
        await kitchen.time_passes(seconds=1)
        await kitchen.move(order, "ready")
    for order in await waiting(kitchen, 8):
        await kitchen.move(order, "ready")
    assert await reasons(kitchen) == [
        "8 orders finished by Anna in under a second",
        "20 orders finished by Anna in 19 s",
    ]


async def test_more_than_ten_seconds_apart_is_no_sweep(kitchen: Kitchen) -> None:
    for order in await waiting(kitchen, 9):
        await kitchen.time_passes(seconds=2)
        await kitchen.move(order, "ready")
    assert await reasons(kitchen) == []


async def test_two_people_may_clear_a_counter_together(kitchen: Kitchen) -> None:
    for index, order in enumerate(await waiting(kitchen, 12)):
        if index % 2:
            await moved_by(kitchen, BEN, order)
        else:
            await kitchen.move(order, "ready")
    assert await reasons(kitchen) == []


async def test_ready_and_collected_of_one_order_count_once(kitchen: Kitchen) -> None:
    for order in await waiting(kitchen, 6):
        await kitchen.move(order, "ready")
        await kitchen.move(order, "collected")
    assert await reasons(kitchen) == []


async def test_what_was_taken_back_is_forgiven(kitchen: Kitchen) -> None:
    order = await kitchen.place("Grill")
    await kitchen.recall(await kitchen.move(order, "ready"))
    for one in await waiting(kitchen, 7):
        await kitchen.move(one, "ready")
    await kitchen.recall(one)
    assert await reasons(kitchen) == []


async def test_what_time_alone_did_is_nobodys_doing(kitchen: Kitchen) -> None:
    for order in await waiting(kitchen, 9):
        await moved_by(kitchen, SYSTEM, order)
    assert await reasons(kitchen) == []


async def test_bounds_are_the_callers(kitchen: Kitchen) -> None:
    for order in await waiting(kitchen, 3):
        await kitchen.move(order, "ready")
    log = await log_of(kitchen)
    assert [doubt.reason for doubt in doubts(log, most_at_once=2)] != []
    assert len(doubts(log, floor=timedelta(hours=1))) == 3
