"""Undoing the last move."""

import pytest

from app.domain.orders import Status
from app.domain.problems import NothingToRecall, SeqMismatch
from tests.kitchen import Kitchen


async def test_recall_puts_the_order_back(kitchen: Kitchen) -> None:
    order = await kitchen.move(await kitchen.place("Grill", "Bar"), "ready", part="Bar")
    before = await kitchen.order(order)
    await kitchen.move(order, "collected")
    back = await kitchen.recall(order)
    assert (back.status, back.parts) == (before.status, before.parts)
    assert (back.preparing_at, back.collected_at) == (before.preparing_at, None)


async def test_recall_undoes_a_part(kitchen: Kitchen) -> None:
    order = await kitchen.place("Grill", "Bar")
    await kitchen.move(order, "ready", part="Bar")
    back = await kitchen.recall(order)
    assert (back.status, back.some_ready) == (Status.QUEUED, False)


async def test_a_recall_is_not_recalled(kitchen: Kitchen) -> None:
    order = await kitchen.move(await kitchen.place(), "ready")
    await kitchen.recall(order)
    with pytest.raises(NothingToRecall):
        await kitchen.recall(order)


async def test_an_unmoved_order_has_nothing_to_recall(kitchen: Kitchen) -> None:
    with pytest.raises(NothingToRecall):
        await kitchen.recall(await kitchen.place())


async def test_recall_of_what_changed_since_is_refused(kitchen: Kitchen) -> None:
    order = await kitchen.move(await kitchen.place(), "ready")
    await kitchen.edit(order, note="new")
    with pytest.raises(SeqMismatch):
        await kitchen.recall(order, if_seq=order.seq)


async def test_edits_made_since_stay(kitchen: Kitchen) -> None:
    order = await kitchen.move(await kitchen.place("Grill"), "collected")
    await kitchen.edit(order, note="new")
    back = await kitchen.recall(order)
    assert (back.status, back.note) == (Status.QUEUED, "new")


async def test_recall_takes_the_point_back_if_it_is_free(kitchen: Kitchen) -> None:
    for name in ("Left", "Right"):
        await kitchen.add_point(name)
    order = await kitchen.move(await kitchen.place(), "ready")
    await kitchen.move(order, "collected")
    assert (await kitchen.recall(order)).place == "Left"


async def test_recall_takes_another_point_if_not(kitchen: Kitchen) -> None:
    for name in ("Left", "Right"):
        await kitchen.add_point(name)
    order = await kitchen.move(await kitchen.place(), "ready")
    await kitchen.move(order, "collected")
    await kitchen.move(await kitchen.place(), "ready", pickup_point="Left")
    assert (await kitchen.recall(order)).place == "Right"


async def test_recalling_ready_frees_the_point(kitchen: Kitchen) -> None:
    await kitchen.add_point("Left")
    order = await kitchen.move(await kitchen.place(), "ready")
    assert (await kitchen.recall(order)).point is None
    assert [point.state for point in await kitchen.points()] == ["free"]


async def test_history_tells_of_the_recall(kitchen: Kitchen) -> None:
    order = await kitchen.move(await kitchen.place(), "ready")
    await kitchen.recall(order)
    [*_, last] = await kitchen.history(order)
    assert (last.detail["recall"], last.detail["from"], last.detail["to"]) == (
        True,
        "ready",
        "queued",
    )
    assert last.actor.name == "Anna"


async def test_a_line_added_since_still_has_to_be_made(kitchen: Kitchen) -> None:
    order = await kitchen.move(await kitchen.place("Grill"), "ready")
    await kitchen.move(order, "held")
    await kitchen.edit(order, items=(*order.items, kitchen.line("Bar")))
    back = await kitchen.recall(order)
    assert [part.status for part in back.parts] == [Status.READY, Status.QUEUED]
    assert back.status == Status.PREPARING


async def test_recall_gives_the_number_on_the_slip_back(kitchen: Kitchen) -> None:
    order = await kitchen.move(await kitchen.place(number="41"), "collected")
    await kitchen.place(number="41")
    assert (await kitchen.move(order, "ready")).number != "41"
    assert (await kitchen.recall(order)).number == "41"


async def test_a_recalled_order_is_given_its_time_again(kitchen: Kitchen) -> None:
    await kitchen.set(auto_collect_minutes=30)
    order = await kitchen.move(await kitchen.place(), "ready")
    await kitchen.time_passes(minutes=30)
    assert (await kitchen.recall(order)).status == Status.READY
    await kitchen.time_passes(minutes=29)
    assert (await kitchen.order(order)).status == Status.READY
    await kitchen.time_passes(minutes=1)
    assert (await kitchen.order(order)).status == Status.COLLECTED
