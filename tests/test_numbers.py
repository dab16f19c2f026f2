"""Order numbers: short, never two alike among live orders, not again within two hours."""

from datetime import time, timedelta

import pytest

from app.domain.orders import Order, Status
from app.domain.problems import NumberInUse
from app.domain.venues import Numbering
from app.store.database import Done, Outcome, Transaction
from tests.kitchen import Kitchen


async def numbers(kitchen: Kitchen, count: int) -> list[str | None]:
    return [(await kitchen.place()).number for _ in range(count)]


async def start_after(kitchen: Kitchen, number: int) -> None:
    def jump(tx: Transaction) -> Outcome[None]:
        tx.run("UPDATE venues SET last_number = :number", number=number)
        return Done(None)

    await kitchen.store.write(jump)


async def test_numbers_are_drawn_in_turn(kitchen: Kitchen) -> None:
    assert await numbers(kitchen, 3) == ["1", "2", "3"]


async def test_after_999_comes_the_next_free_one(kitchen: Kitchen) -> None:
    await kitchen.place()
    await start_after(kitchen, 998)
    assert await numbers(kitchen, 2) == ["999", "2"]


async def test_a_number_rests_two_hours_after_its_order_ended(kitchen: Kitchen) -> None:
    order = await kitchen.place()
    await kitchen.move(order, "collected")
    kitchen.clock.forward(hours=1, minutes=59)
    await start_after(kitchen, 0)
    assert await numbers(kitchen, 1) == ["2"]
    kitchen.clock.forward(minutes=2)
    await start_after(kitchen, 0)
    assert await numbers(kitchen, 1) == ["1"]


async def test_the_number_of_a_deleted_order_rests_too(kitchen: Kitchen) -> None:
    await kitchen.delete(await kitchen.place())
    await kitchen.edit(await kitchen.place(), number="77")
    await start_after(kitchen, 0)
    assert await numbers(kitchen, 1) == ["3"]
    kitchen.clock.forward(hours=2)
    await start_after(kitchen, 0)
    assert await numbers(kitchen, 2) == ["1", "2"]


async def test_numbers_widen_while_few_are_free_and_narrow_again(kitchen: Kitchen) -> None:
    taken = [await kitchen.place(number=str(number)) for number in range(1, 951)]
    await start_after(kitchen, 950)
    assert await numbers(kitchen, 1) == ["951"]
    await start_after(kitchen, 999)
    assert await numbers(kitchen, 1) == ["1000"]
    for order in taken[:10]:
        await kitchen.move(order, "collected")
    kitchen.clock.forward(hours=2)
    assert await numbers(kitchen, 2) == ["1", "2"]


async def test_a_chosen_number_must_be_free(kitchen: Kitchen) -> None:
    order = await kitchen.place(number="41")
    with pytest.raises(NumberInUse):
        await kitchen.place(number="41")
    await kitchen.move(order, "collected")
    assert (await kitchen.place(number="41")).number == "41"


async def test_acceptance_item_7_two_live_orders_never_share_a_number(kitchen: Kitchen) -> None:
    order = await kitchen.place(number="41")
    await kitchen.move(order, "collected")
    other = await kitchen.place(number="41")
    back = await kitchen.move(order, "preparing")
    assert back.number not in (None, other.number)
    [*_, last] = await kitchen.history(order)
    assert last.detail["number_was"] == "41"


async def test_an_order_back_to_life_keeps_a_free_number(kitchen: Kitchen) -> None:
    order = await kitchen.place()
    await kitchen.move(order, "collected")
    assert (await kitchen.move(order, "ready")).number == order.number


class TestCounted:
    @pytest.fixture(autouse=True)
    async def counting(self, kitchen: Kitchen) -> None:
        await kitchen.set(numbering=Numbering.COUNTED, day_starts=time(6, 0))

    async def test_the_number_comes_when_the_order_is_accepted(self, kitchen: Kitchen) -> None:
        first, second = [await kitchen.place(status=Status.PLACED) for _ in range(2)]
        assert first.number is None
        assert (await kitchen.move(second, "queued")).number == "1"
        assert (await kitchen.move(first, "queued")).number == "2"

    async def test_a_new_day_begins_at_one(self, kitchen: Kitchen) -> None:
        yesterday: Order = await kitchen.place()
        kitchen.clock.forward(hours=18)
        today = await kitchen.place()
        assert (yesterday.number, today.number) == ("1", "1")
        assert yesterday.day != today.day

    async def test_the_count_has_no_gaps(self, kitchen: Kitchen) -> None:
        await kitchen.place(number="2")
        await kitchen.place(status=Status.CANCELLED)
        with pytest.raises(NumberInUse):
            await kitchen.place(number="2")
        assert await numbers(kitchen, 2) == ["1", "3"]

    async def test_a_chosen_number_counts_for_the_day_of_its_meal(self, kitchen: Kitchen) -> None:
        tomorrow = kitchen.clock() + timedelta(days=1)
        order = await kitchen.place(number="5", scheduled_at=tomorrow)
        assert order.off_board_at == tomorrow.replace(hour=6) + timedelta(days=1)

    async def test_yesterdays_order_leaves_the_board_at_the_boundary(
        self, kitchen: Kitchen
    ) -> None:
        order = await kitchen.place()
        assert order.off_board_at == kitchen.clock().replace(hour=6) + timedelta(days=1)


async def test_serial_numbers_are_the_orders_own(kitchen: Kitchen) -> None:
    await kitchen.place()
    await kitchen.set(numbering=Numbering.SERIAL)
    assert (await kitchen.place()).number == "2"
    await kitchen.place(number="4")
    assert (await kitchen.place()).number == "4-2"
