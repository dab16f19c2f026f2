"""Pickup points: given in turn, kept for an order, freed, handed on."""

from typing import Any

import pytest

from app.commands import points
from app.commands.ledger import Ledger
from app.domain.orders import Order
from app.domain.problems import NameTaken, PointInUse, PointNotFound
from app.domain.venues import PickupPoint
from app.store.database import Done, Outcome
from tests.kitchen import COOK, Kitchen


@pytest.fixture
async def two(kitchen: Kitchen) -> Kitchen:
    await kitchen.add_point("Left")
    await kitchen.add_point("Right")
    return kitchen


async def ready(kitchen: Kitchen) -> tuple[str, bool]:
    order = await kitchen.move(await kitchen.place(), "ready")
    return order.place, order.wants_point


async def test_a_venue_without_points_gives_none(kitchen: Kitchen) -> None:
    assert await ready(kitchen) == ("", False)


async def test_points_are_given_in_turn(two: Kitchen) -> None:
    first = await two.move(await two.place(), "ready")
    await two.move(first, "collected")
    assert await ready(two) == ("Right", False)
    assert await ready(two) == ("Left", False)


async def test_without_a_free_point_the_order_is_ready_all_the_same(two: Kitchen) -> None:
    assert [await ready(two) for _ in range(3)] == [("Left", False), ("Right", False), ("", True)]


async def test_a_freed_point_goes_to_who_waited_longest(two: Kitchen) -> None:
    orders = []
    for _ in range(4):
        two.clock.forward(seconds=1)
        orders.append(await two.move(await two.place(), "ready"))
    await two.move(orders[1], "collected")
    assert (await two.order(orders[2])).place == "Right"
    assert (await two.order(orders[3])).wants_point
    assert two.told[-1].detail["pickup_point"] == orders[1].point


async def test_a_disabled_point_is_passed_over(two: Kitchen) -> None:
    await two.change_point("Left", disabled=True)
    assert await ready(two) == ("Right", False)
    waiting = await two.move(await two.place(), "ready")
    await two.change_point("Left", disabled=False)
    assert (await two.order(waiting)).place == "Left"


async def test_of_those_ready_in_one_moment_the_one_placed_first_gets_it(two: Kitchen) -> None:
    at = two.clock()
    orders = [await two.move(await two.place(), "ready") for _ in range(8)]
    assert {order.moved_at for order in orders} == {at}
    for freed, served in zip(orders[:6], orders[2:], strict=True):
        await two.move(await two.order(freed), "collected")
        assert (await two.order(served)).place


async def test_a_point_that_holds_an_order_is_not_disabled(two: Kitchen) -> None:
    await ready(two)
    with pytest.raises(PointInUse):
        await two.change_point("Left", disabled=True)


async def test_a_point_may_be_chosen(two: Kitchen) -> None:
    order = await two.move(await two.place(), "ready", pickup_point="Right")
    assert order.place == "Right"
    moved = await two.move(order, "ready", pickup_point="Left")
    assert moved.place == "Left"
    assert [point.state for point in await two.points()] == ["occupied", "free"]
    with pytest.raises(PointInUse):
        await two.move(await two.place(), "ready", pickup_point="Left")
    with pytest.raises(PointNotFound):
        await two.move(await two.place(), "ready", pickup_point="Roof")


async def test_a_deleted_order_frees_its_point(two: Kitchen) -> None:
    order = await two.move(await two.place(), "ready")
    await two.delete(order)
    assert [point.state for point in await two.points()] == ["free", "free"]


async def test_two_points_never_share_a_name(two: Kitchen) -> None:
    with pytest.raises(NameTaken):
        await two.add_point("Left")
    with pytest.raises(NameTaken):
        await two.change_point("Left", name="Right")


async def test_an_order_placed_as_ready_gets_a_point(two: Kitchen) -> None:
    order = await two.place(status="ready")
    assert (await two.order(order)).place == "Left"


async def test_a_renamed_point_is_renamed_on_its_order(two: Kitchen) -> None:
    order = await two.move(await two.place(), "ready")
    await two.change_point("Left", name="Window 1")
    assert (await two.order(order)).place == "Window 1"


async def reserve(kitchen: Kitchen, order: Order) -> PickupPoint:
    def change(tx: Any) -> Outcome[PickupPoint]:
        return Done(points.reserve(Ledger(tx, "main", COOK), order))

    return await kitchen.store.write(change)


async def states(kitchen: Kitchen) -> list[str]:
    return [point.state for point in await kitchen.points()]


async def test_a_reserved_point_is_for_its_order_only(two: Kitchen) -> None:
    order = await two.place()
    assert (await reserve(two, order)).name == "Left"
    assert (await reserve(two, order)).name == "Left"
    assert await states(two) == ["reserved", "free"]
    assert [await ready(two) for _ in range(2)] == [("Right", False), ("", True)]
    with pytest.raises(PointInUse):
        await reserve(two, await two.place())
    with pytest.raises(PointInUse):
        await two.move(await two.place(), "ready", pickup_point="Left")
    assert (await two.move(order, "ready")).place == "Left"
    assert await states(two) == ["occupied", "occupied"]


@pytest.mark.parametrize("end", ["collected", "cancelled", "delete"])
async def test_a_reserved_point_is_handed_on_when_its_order_ends(two: Kitchen, end: str) -> None:
    order = await two.place()
    await reserve(two, order)
    _, waiting = [await two.move(await two.place(), "ready") for _ in range(2)]
    assert waiting.wants_point
    await (two.delete(order) if end == "delete" else two.move(order, end))
    assert (await two.order(waiting)).place == "Left"


async def test_a_reserved_point_outlives_steps_before_ready(two: Kitchen) -> None:
    order = await two.place()
    await reserve(two, order)
    for status in ("preparing", "held", "reserving"):
        await two.move(order, status)
        assert await states(two) == ["reserved", "free"]


async def test_an_order_put_elsewhere_gives_up_its_reserved_point(two: Kitchen) -> None:
    order = await two.place()
    await reserve(two, order)
    _, waiting = [await two.move(await two.place(), "ready") for _ in range(2)]
    await two.add_point("Window")  # goes to who waits
    assert (await two.order(waiting)).place == "Window"
    await two.add_point("Roof")
    assert (await two.move(order, "ready", pickup_point="Roof")).place == "Roof"
    assert await states(two) == ["free", "occupied", "occupied", "occupied"]


async def test_a_reserved_point_is_renamed_but_not_disabled(two: Kitchen) -> None:
    order = await two.place()
    await reserve(two, order)
    await two.change_point("Left", name="Window 1")
    assert (await two.order(order)).place == ""  # it is not there yet
    with pytest.raises(PointInUse):
        await two.change_point("Window 1", disabled=True)
    assert (await two.move(order, "ready")).place == "Window 1"
