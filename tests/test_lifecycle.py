"""What a move does to an order and its parts."""

from datetime import timedelta

import pytest

from app.domain.lifecycle import status_of
from app.domain.orders import CancelledBy, Part, Status
from app.domain.problems import OrderNotFound, SeqMismatch, StationNotFound
from tests.kitchen import Kitchen


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ("queued queued", "queued"),
        ("queued preparing", "preparing"),
        ("placed queued", "preparing"),
        ("ready queued", "preparing"),
        ("collected preparing", "preparing"),
        ("ready ready", "ready"),
        ("ready collected", "ready"),
        ("held collected", "held"),
        ("reserving out_for_delivery", "reserving"),
        ("out_for_delivery collected", "out_for_delivery"),
        ("cancelled ready", "ready"),
        ("cancelled cancelled", "cancelled"),
    ],
)
def test_the_order_follows_its_parts(parts: str, whole: str) -> None:
    made = [Part(station=str(i), status=Status(word)) for i, word in enumerate(parts.split())]
    assert status_of(made) == whole


async def test_a_whole_move_takes_every_part_along(kitchen: Kitchen) -> None:
    order = await kitchen.place("Grill", "Bar")
    moved = await kitchen.move(order, "ready")
    assert {part.status for part in moved.parts} == {Status.READY}


async def test_an_order_without_stations_has_the_default_one(kitchen: Kitchen) -> None:
    assert [part.station for part in (await kitchen.place()).parts] == ["Kitchen"]


async def test_one_part_ready_does_not_make_the_order_ready(kitchen: Kitchen) -> None:
    order = await kitchen.place("Grill", "Bar")
    half = await kitchen.move(order, "ready", part="Bar")
    assert (half.status, half.some_ready) == (Status.PREPARING, True)
    whole = await kitchen.move(order, "ready", part="Grill")
    assert (whole.status, whole.some_ready) == (Status.READY, False)


async def test_an_item_added_later_does_not_throw_finished_parts_back(kitchen: Kitchen) -> None:
    order = await kitchen.move(await kitchen.place("Grill"), "ready")
    longer = await kitchen.edit(order, items=(*order.items, kitchen.line("Bar")))
    statuses = {part.station: part.status for part in longer.parts}
    assert statuses == {"Grill": Status.READY, "Bar": Status.QUEUED}
    assert (longer.status, longer.some_ready) == (Status.PREPARING, True)


async def test_a_line_that_stays_keeps_its_id(kitchen: Kitchen) -> None:
    order = await kitchen.place("Grill")
    edited = await kitchen.edit(order, items=(kitchen.line("Grill"), kitchen.line("Bar")))
    assert edited.items[0].id == order.items[0].id


async def test_moves_leave_their_times(kitchen: Kitchen) -> None:
    order = await kitchen.place(status=Status.PLACED)
    assert order.confirmed_at is None
    times = {}
    for word in ("preparing", "ready", "collected"):
        kitchen.clock.forward(minutes=1)
        times[word] = kitchen.clock()
        order = await kitchen.move(order, word)
    assert order.confirmed_at == order.preparing_at == times["preparing"]
    assert (order.ready_at, order.collected_at) == (times["ready"], times["collected"])
    back = await kitchen.move(order, "preparing")
    assert (back.ready_at, back.collected_at) == (None, None)


async def test_a_cancelled_order_names_the_attendant_unless_told(kitchen: Kitchen) -> None:
    first, second = await kitchen.place(), await kitchen.place()
    assert (await kitchen.move(first, "cancelled")).cancelled_by == CancelledBy.ATTENDANT
    by = await kitchen.move(second, "cancelled", cancelled_by=CancelledBy.CUSTOMER)
    assert by.cancelled_by == CancelledBy.CUSTOMER
    assert (await kitchen.move(second, "queued")).cancelled_by is None


async def test_a_held_guest_who_comes_is_seen(kitchen: Kitchen) -> None:
    order = await kitchen.move(await kitchen.place(), "held")
    here = await kitchen.move(order, "reserving")
    assert here.customer_here
    assert not (await kitchen.move(order, "ready")).customer_here


async def test_the_same_status_again_makes_no_event(kitchen: Kitchen) -> None:
    order = await kitchen.move(await kitchen.place(), "ready")
    kitchen.clock.forward(minutes=1)
    assert await kitchen.move(order, "ready") == order
    assert (await kitchen.venue()).seq == 2


async def test_side_data_of_a_repeated_move_is_kept(kitchen: Kitchen) -> None:
    order = await kitchen.move(await kitchen.place(), "cancelled")
    changed = await kitchen.move(order, "cancelled", cancelled_by=CancelledBy.CUSTOMER)
    assert (changed.cancelled_by, changed.moved_at) == (CancelledBy.CUSTOMER, order.moved_at)
    assert [event.kind for event in await kitchen.history(order)][-1] == "edited"


async def test_refusals_name_their_reason(kitchen: Kitchen) -> None:
    order = await kitchen.place("Grill")
    with pytest.raises(StationNotFound):
        await kitchen.move(order, "ready", part="Bar")
    with pytest.raises(SeqMismatch):
        await kitchen.move(order, "ready", if_seq=7)
    await kitchen.delete(order)
    with pytest.raises(OrderNotFound):
        await kitchen.move(order, "ready")


async def test_a_scheduled_order_waits_unless_its_time_is_near(kitchen: Kitchen) -> None:
    later = await kitchen.place(scheduled_at=kitchen.clock() + timedelta(hours=1))
    soon = await kitchen.place(scheduled_at=kitchen.clock() + timedelta(minutes=10))
    assert (later.status, soon.status) == (Status.SCHEDULED, Status.QUEUED)


async def test_two_live_guests_of_one_name_get_one_more_letter(kitchen: Kitchen) -> None:
    first = await kitchen.place(first_name="John", last_name="Doe")
    second = await kitchen.place(first_name="JOHN", last_name="Doyle")
    third = await kitchen.place(first_name="John", last_name="Do")
    assert [order.name_letters for order in (first, second, third)] == [1, 2, 1]
    await kitchen.move(first, "collected")
    await kitchen.move(third, "collected")
    again = await kitchen.place(first_name="John", last_name="Dante")
    assert again.name_letters == 1


async def test_a_line_taken_back_takes_its_unfinished_part_along(kitchen: Kitchen) -> None:
    order = await kitchen.move(await kitchen.place("Grill", "Bar"), "ready", part="Grill")
    shorter = await kitchen.edit(order, items=order.items[:1])
    assert [(part.station, part.status) for part in shorter.parts] == [("Grill", Status.READY)]
    assert shorter.status == Status.READY


async def test_a_late_line_does_not_bring_an_ended_order_back(kitchen: Kitchen) -> None:
    order = await kitchen.move(await kitchen.place("Grill"), "collected")
    longer = await kitchen.edit(order, items=(*order.items, kitchen.line("Bar")))
    assert longer.status == Status.COLLECTED
    assert [part.station for part in longer.parts] == ["Grill", "Bar"]


async def test_the_last_part_cancelled_says_by_whom(kitchen: Kitchen) -> None:
    by = CancelledBy.CUSTOMER
    order = await kitchen.place("Grill", "Bar")
    await kitchen.move(order, "cancelled", part="Bar")
    whole = await kitchen.move(order, "cancelled", part="Grill", cancelled_by=by)
    assert (whole.status, whole.cancelled_by) == (Status.CANCELLED, by)


async def test_a_new_note_with_the_same_status_is_kept_once(kitchen: Kitchen) -> None:
    order = await kitchen.move(await kitchen.place(), "ready")
    for _ in range(2):
        await kitchen.move(order, "ready", note="called twice")
    [*_, last] = await kitchen.history(order)
    assert (last.kind, last.seq, last.detail["note"]) == ("edited", 3, "called twice")


async def test_a_status_that_was_given_beats_a_later_time(kitchen: Kitchen) -> None:
    later = kitchen.clock() + timedelta(hours=1)
    order = await kitchen.place(scheduled_at=later, status=Status.QUEUED)
    assert order.status == Status.QUEUED
