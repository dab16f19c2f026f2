"""The same Idempotency-Key is answered the same, and done once."""

from functools import partial

import pytest

from app.commands.idempotency import once
from app.commands.orders import NewOrder, place
from app.commands.status import Move, change_status
from app.domain.orders import Order, Status
from app.domain.problems import IdempotencyKeyReused, NumberInUse
from app.store.idempotency import Asked
from tests.kitchen import COOK, Kitchen

SAID = {"venue": "main", "credential": "till", "method": "POST", "path": "/orders", "key": "k"}


async def ask(
    kitchen: Kitchen, fingerprint: str = "body", number: str | None = None, **other: str
) -> tuple[int, str]:
    """Place an order as a request with an Idempotency-Key would."""
    asked = Asked(fingerprint=fingerprint, **(SAID | other))
    change = partial(place, venue="main", new=NewOrder(number=number), actor=COOK)
    return await kitchen.store.write(
        partial(once, asked=asked, change=change, answer=lambda placed: (201, placed.order.id))
    )


async def ask_to_move(kitchen: Kitchen, order: Order, status: Status) -> tuple[int, str]:
    asked = Asked(fingerprint=status, **SAID)
    change = partial(
        change_status, venue="main", order=order.id, move=Move(status=status), actor=COOK
    )
    return await kitchen.store.write(
        partial(once, asked=asked, change=change, answer=lambda order: (200, order.status))
    )


async def test_a_repeat_is_answered_as_before_and_does_nothing(kitchen: Kitchen) -> None:
    first = await ask(kitchen)
    assert await ask(kitchen) == first
    assert (await kitchen.venue()).seq == 1


async def test_the_same_key_with_another_body_is_refused(kitchen: Kitchen) -> None:
    await ask(kitchen)
    with pytest.raises(IdempotencyKeyReused):
        await ask(kitchen, "another")


@pytest.mark.parametrize("what", ["venue", "credential", "method", "path", "key"])
async def test_a_key_counts_for_one_caller_at_one_address(kitchen: Kitchen, what: str) -> None:
    await ask(kitchen)
    await ask(kitchen, "another", **{what: "else"})
    assert (await kitchen.venue()).seq == 2


async def test_a_refusal_is_not_kept(kitchen: Kitchen) -> None:
    order = await kitchen.place(number="7")
    with pytest.raises(NumberInUse):
        await ask(kitchen, number="7")
    await kitchen.move(order, "collected")
    assert (await ask(kitchen, number="7"))[0] == 201


async def test_that_nothing_was_to_do_is_kept_too(kitchen: Kitchen) -> None:
    order = await kitchen.move(await kitchen.place(), "ready")
    assert await ask_to_move(kitchen, order, Status.READY) == (200, "ready")
    assert (await kitchen.venue()).seq == 2
    await kitchen.move(order, "collected")
    assert await ask_to_move(kitchen, order, Status.READY) == (200, "ready")
    assert (await kitchen.order(order)).status == Status.COLLECTED


async def test_after_a_day_the_key_is_new_again(kitchen: Kitchen) -> None:
    first = await ask(kitchen)
    kitchen.clock.forward(hours=23, minutes=59)
    assert await ask(kitchen) == first
    kitchen.clock.forward(minutes=2)
    assert await ask(kitchen, "another") != first
