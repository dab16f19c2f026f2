"""Orders with an unlock code are handed over to who knows it."""

from functools import partial
from typing import Any

import pytest

from app.commands.handing_over import hand_over, wrong_codes
from app.commands.status import Move
from app.domain.orders import Order, Status
from app.domain.problems import OrderNotFound, SeqMismatch, UnlockCodeNeeded, WrongUnlockCode
from app.domain.unlocking import code_fits, unlock_code_of
from tests.kitchen import COOK, Kitchen

CODE = {"eatsa": {"unlock_code": "Ab12", "payments": []}}


async def handed(kitchen: Kitchen, order: Order, **more: Any) -> Order:
    move = Move(status=Status(more.pop("status", "collected")), if_seq=more.pop("if_seq", None))
    return await kitchen.store.write(
        partial(hand_over, venue="main", order=order.id, move=move, actor=COOK, **more)
    )


async def locked(kitchen: Kitchen) -> Order:
    return await kitchen.move(await kitchen.place(extras=CODE), "ready")


async def test_the_code_is_found_whichever_system_sent_it(kitchen: Kitchen) -> None:
    assert unlock_code_of(await kitchen.place(extras=CODE)) == "Ab12"
    assert unlock_code_of(await kitchen.place(extras={"other": {"unlock_code": "7"}})) == "7"
    without: list[dict[str, Any]] = [{}, {"eatsa": {"unlock_code": ""}}, {"hash": "Ab12"}]
    for extras in without:
        assert unlock_code_of(await kitchen.place(extras=extras)) is None


@pytest.mark.parametrize("given", ["Ab12", " ab12 ", "AB12"])
def test_a_code_fits_in_any_case_and_with_blanks(given: str) -> None:
    assert code_fits("Ab12", given)


@pytest.mark.parametrize("given", ["", "Ab1", "Ab123", "Äb12"])
def test_no_other_code_fits(given: str) -> None:
    assert not code_fits("Ab12", given)


async def test_an_order_without_a_code_is_just_collected(kitchen: Kitchen) -> None:
    order = await handed(kitchen, await kitchen.place())
    assert (order.status, order.pickup_confirmed) == (Status.COLLECTED, False)


async def test_without_a_code_it_stays(kitchen: Kitchen) -> None:
    order = await locked(kitchen)
    with pytest.raises(UnlockCodeNeeded):
        await handed(kitchen, order)
    assert (await kitchen.order(order)).seq == order.seq


async def test_the_right_code_confirms_the_pick_up(kitchen: Kitchen) -> None:
    order = await handed(kitchen, await locked(kitchen), code="ab12")
    assert (order.status, order.pickup_confirmed) == (Status.COLLECTED, True)
    [*_, last] = await kitchen.history(order)
    assert (last.detail["handed_over"], last.actor.name) == ("with_code", "Anna")


async def test_a_wrong_code_is_counted_and_moves_nothing(kitchen: Kitchen) -> None:
    order = await locked(kitchen)
    for _ in range(2):
        with pytest.raises(WrongUnlockCode):
            await handed(kitchen, order, code="0000")
    assert (await kitchen.order(order)).status == Status.READY
    assert await kitchen.store.read(partial(wrong_codes, order=order)) == 2
    told = await kitchen.history(order)
    assert [event.seq for event in told] == list(range(told[0].seq, told[0].seq + len(told)))


async def test_handing_over_anyway_is_told_with_who_did_it(kitchen: Kitchen) -> None:
    order = await handed(kitchen, await locked(kitchen), anyway=True)
    assert (order.status, order.pickup_confirmed) == (Status.COLLECTED, False)
    [*_, last] = await kitchen.history(order)
    assert (last.detail["handed_over"], last.actor.name) == ("without_code", "Anna")


async def test_every_other_move_needs_no_code(kitchen: Kitchen) -> None:
    assert (await handed(kitchen, await locked(kitchen), status="held")).status == Status.HELD


async def test_a_code_for_what_changed_since_is_not_looked_at(kitchen: Kitchen) -> None:
    order = await locked(kitchen)
    await kitchen.edit(order, note="new")
    with pytest.raises(SeqMismatch):
        await handed(kitchen, order, code="0000", if_seq=order.seq)
    assert await kitchen.store.read(partial(wrong_codes, order=order)) == 0


async def test_what_was_collected_meanwhile_is_no_second_hand_over(kitchen: Kitchen) -> None:
    order = await handed(kitchen, await locked(kitchen), code="Ab12")
    again = await handed(kitchen, order)
    assert again.seq == order.seq


async def test_an_unknown_order_is_told(kitchen: Kitchen) -> None:
    order = await locked(kitchen)
    await kitchen.delete(order)
    with pytest.raises(OrderNotFound):
        await handed(kitchen, order, code="Ab12")
