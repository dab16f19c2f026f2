"""What every move of another door says on MySagra's channels: the words before and after decide."""

from itertools import product
from typing import Any

import pytest

from app.dialects.mysagra.channels import CHANNELS, told
from app.dialects.mysagra.words import WORDS
from app.domain.events import Event, Kind
from app.domain.orders import Status
from app.domain.printing import slip
from tests.kitchen import Kitchen

READS = {
    "scheduled": "PENDING", "placed": "PENDING", "queued": "CONFIRMED", "preparing": "CONFIRMED",
    "reassigning": "CONFIRMED", "ready": "COMPLETED", "held": "COMPLETED",
    "reserving": "COMPLETED", "out_for_delivery": "PICKED_UP", "collected": "PICKED_UP",
    "cancelled": "CANCELLED",
}  # fmt: skip
CONFIRMED, UPDATE, GONE = "confirmed-order", "order-status-update", "order-cancelled"
STATION = "order-station-status-update"
NOTHING: dict[str, list[str]] = {name: [] for name in CHANNELS}


def heard(event: Event) -> dict[str, list[str]]:
    return {channel: [name for name, _ in told(event, channel)] for channel in CHANNELS}


def on_all(*names: str) -> dict[str, list[str]]:
    """Printers are told of no status."""
    plain = [name for name in names if name != UPDATE]
    return {name: plain if name == "printer" else list(names) for name in CHANNELS}


def after_place(word: str) -> dict[str, list[str]]:
    if word == "PENDING":
        return NOTHING | {"cashier": ["new-order"]}
    if word == "CANCELLED":
        return NOTHING
    return on_all(CONFIRMED) if word == "CONFIRMED" else on_all(CONFIRMED, UPDATE)


def after_move(before: str, after: str) -> dict[str, list[str]]:
    if before == after:
        return NOTHING
    if after == "CANCELLED":
        return NOTHING if before == "PENDING" else on_all(GONE)
    if before != "PENDING":
        return on_all(UPDATE)
    return on_all(CONFIRMED) if after == "CONFIRMED" else on_all(CONFIRMED, UPDATE)


def test_the_table_knows_every_status() -> None:
    assert READS.keys() == set(Status)


async def test_an_order_is_announced_by_its_first_word(kitchen: Kitchen) -> None:
    for status, word in READS.items():
        await kitchen.place(status=Status(status))
        assert (status, heard(kitchen.told[-1])) == (status, after_place(word))


async def test_a_move_says_what_its_two_words_say(kitchen: Kitchen) -> None:
    for before, after in product(READS, READS):
        order = await kitchen.place(status=Status.QUEUED)
        await kitchen.move(order, before)
        seq = kitchen.told[-1].seq
        await kitchen.move(order, after)
        if kitchen.told[-1].seq > seq:
            expected = after_move(READS[before], READS[after])
            assert (before, after, heard(kitchen.told[-1])) == (before, after, expected)
        else:
            assert before == after


async def test_an_order_revived_before_anyone_confirmed_it_gets_its_slips(
    kitchen: Kitchen,
) -> None:
    order = await kitchen.place(status=Status.CANCELLED)
    await kitchen.move(order, "queued")
    assert heard(kitchen.told[-1]) == on_all(CONFIRMED, UPDATE)


async def test_a_partly_ready_order_reads_partial(kitchen: Kitchen) -> None:
    order = await kitchen.place("Bar", "Grill")
    await kitchen.move(order, "ready", part="Bar")
    assert heard(kitchen.told[-1]) == NOTHING | {"display": [STATION], "ticket": [STATION]}
    assert WORDS.word_of(await kitchen.order(order)) == "PARTIAL"
    await kitchen.move(order, "queued")
    assert heard(kitchen.told[-1]) == on_all(UPDATE)


async def test_the_first_station_to_move_confirms_the_order_for_the_kitchen(
    kitchen: Kitchen,
) -> None:
    order = await kitchen.place("Bar", "Grill", status=Status.PLACED)
    await kitchen.move(order, "preparing", part="Bar")
    both = [CONFIRMED, STATION]
    assert heard(kitchen.told[-1]) == on_all(CONFIRMED) | {"display": both, "ticket": both}
    await kitchen.move(order, "preparing", part="Grill")
    assert heard(kitchen.told[-1]) == NOTHING | {"display": [STATION], "ticket": [STATION]}


async def test_a_deleted_order_is_cancelled_unless_it_was_pending_or_cancelled(
    kitchen: Kitchen,
) -> None:
    for status, word in READS.items():
        await kitchen.delete(await kitchen.place(status=Status(status)))
        expected = NOTHING if word in ("PENDING", "CANCELLED") else on_all(GONE)
        assert (status, heard(kitchen.told[-1])) == (status, expected)


async def test_an_order_called_back_and_accepted_again_is_confirmed_again(
    kitchen: Kitchen,
) -> None:
    order = await kitchen.place(status=Status.PLACED)
    for status, said in (("queued", on_all(CONFIRMED)), ("placed", on_all(UPDATE))) * 2:
        await kitchen.move(order, status)
        assert heard(kitchen.told[-1]) == said


async def test_a_pickup_point_that_is_handed_on_prints_nothing(kitchen: Kitchen) -> None:
    await kitchen.add_point("1")
    first, second = [await kitchen.place(status=Status.READY) for _ in range(2)]
    kitchen.told.clear()
    await kitchen.move(first, "collected")
    kinds = [(event.kind, event.subject) for event in kitchen.told]
    assert kinds == [(Kind.STATUS, first.id), (Kind.EDITED, second.id)]
    assert heard(kitchen.told[-1]) == NOTHING
    assert slip(kitchen.told[-1]) is None


@pytest.mark.parametrize(
    "changes", [{"note": "hot"}, {"first_name": "Ada"}, {"table": "9"}, {"items": ()}]
)
async def test_an_edit_is_no_news(kitchen: Kitchen, changes: dict[str, Any]) -> None:
    order = await kitchen.place("Bar", status=Status.QUEUED)
    await kitchen.edit(order, **changes)
    assert kitchen.told[-1].kind == Kind.EDITED
    assert heard(kitchen.told[-1]) == NOTHING
    assert slip(kitchen.told[-1]) is None


async def test_more_work_for_a_ready_order_is_told_as_its_new_word(kitchen: Kitchen) -> None:
    order = await kitchen.place("Bar", status=Status.READY)
    await kitchen.edit(order, items=(*order.items, kitchen.line("Grill")))
    assert heard(kitchen.told[-1]) == on_all(UPDATE)
    assert told(kitchen.told[-1], "cashier")[0][1]["status"] == "PARTIAL"
