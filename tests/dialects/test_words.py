"""The three laws of foreign status words, on a small system of two words and on the store."""

from functools import partial
from typing import Any

import pytest

from app.commands.orders import NewOrder, place
from app.commands.status import change_status
from app.dialects.words import Meaning, Words
from app.domain.events import Kind
from app.domain.faces import Face, every_face, face_from
from app.domain.orders import NATIVE, CancelledBy, Native, Order, Status
from app.domain.problems import Conflict
from app.store import orders
from app.store.database import Done
from app.store.orders import Search, count, search, tagged
from app.store.sqlite import SqliteStore
from tests.kitchen import COOK, Kitchen

MEANS = {"cooking": Meaning(Status.PREPARING), "out": Meaning(Status.READY)}


def project(face: Face) -> str:
    if face.status == Status.PLACED:
        return "waiting"
    return "cooking" if face.status in (Status.QUEUED, Status.PREPARING) else "out"


WORDS = Words("toy", project)


async def write(kitchen: Kitchen, order: Order, word: str, **more: Any) -> Order:
    move = WORDS.move(word, MEANS[word], **more)
    change = partial(
        change_status, venue="main", order=order.id, move=move, actor=COOK, dialect="toy"
    )
    return await kitchen.store.write(change)


def test_every_face_is_kept_in_a_word() -> None:
    for face in every_face():
        assert face_from(str(face)) == face


async def test_what_was_written_is_read_back_until_another_writes(kitchen: Kitchen) -> None:
    order = await write(kitchen, await kitchen.place("Grill"), "out")
    assert order.native == Native(dialect="toy", value="out")
    moved = await kitchen.move(order, "preparing")
    assert (moved.native, WORDS.word_of(moved)) == (None, "cooking")


async def test_repeating_what_one_reads_changes_nothing(kitchen: Kitchen) -> None:
    order = await kitchen.move(await kitchen.place("Grill"), "queued")
    told = len(kitchen.told)
    assert await write(kitchen, order, "cooking") == order
    assert len(kitchen.told) == told


async def test_side_data_of_a_repeated_word_is_kept(kitchen: Kitchen) -> None:
    order = await kitchen.place("Grill")
    after = await write(kitchen, order, "cooking", changes={"extras": {"toy": {"paid": True}}})
    assert after.status == order.status
    assert after.extras == {"toy": {"paid": True}}
    assert (kitchen.told[-1].kind, kitchen.told[-1].detail["changed"]) == (Kind.EDITED, ["extras"])


async def test_another_word_for_the_same_keeps_every_time(kitchen: Kitchen) -> None:
    order = await kitchen.move(await kitchen.place("Grill"), "ready")
    kitchen.clock.forward(minutes=5)
    other = Words("other", lambda _face: "nothing like it")
    move = other.move("done", Meaning(Status.READY))
    change = partial(
        change_status, venue="main", order=order.id, move=move, actor=COOK, dialect="other"
    )
    after = await kitchen.store.write(change)
    assert (after.ready_at, after.moved_at) == (order.ready_at, order.moved_at)
    assert other.word_of(after) == "done"
    assert kitchen.told[-1].kind == Kind.STATUS


async def test_the_history_keeps_every_word(kitchen: Kitchen) -> None:
    order = await write(kitchen, await kitchen.place("Grill"), "out", sent="Out!")
    await kitchen.move(order, "collected")
    first, second = (event.detail for event in (await kitchen.history(order))[1:])
    assert (first["native_from"], first["native_to"], first["sent"]) == (None, "out", "Out!")
    assert (second["native_from"], second["dialect_from"]) == ("out", "toy")
    assert second["face_from"] == "ready.0..pickup"


async def test_a_check_sees_the_order_as_it_is_and_can_refuse(kitchen: Kitchen) -> None:
    order = await kitchen.place("Grill")

    def refuse(found: Order) -> None:
        raise Conflict(f"It is {found.status}.")

    with pytest.raises(Conflict, match="It is queued"):
        await write(kitchen, order, "out", check=refuse)
    assert await kitchen.order(order) == order


async def test_a_move_that_confirms_nothing_draws_no_counted_number(kitchen: Kitchen) -> None:
    await kitchen.set(numbering="counted")
    order = await kitchen.place("Grill", status=Status.PLACED)
    moved = await write(kitchen, order, "out", confirms=False)
    assert (moved.status, moved.number, moved.confirmed_at) == (Status.READY, None, None)
    assert (await kitchen.move(moved, "preparing")).number == "1"


async def test_a_part_keeps_its_word_and_may_derive_the_orders(kitchen: Kitchen) -> None:
    order = await kitchen.place("Bar", "Grill")
    native = Native(dialect="toy", value="half")
    move = WORDS.move("out", MEANS["out"], part="Bar", native_of=lambda _parts: native)
    change = partial(
        change_status, venue="main", order=order.id, move=move, actor=COOK, dialect="toy"
    )
    after = await kitchen.store.write(change)
    assert (after.status, after.native) == (Status.PREPARING, native)
    assert [WORDS.part_word(part) for part in after.parts] == ["out", "cooking"]
    whole = await kitchen.move(after, "held")
    assert [part.native for part in whole.parts] == [None, None]


async def test_orders_are_found_by_the_word_a_reader_sees(kitchen: Kitchen) -> None:
    cooking = await kitchen.place("Grill")
    ready = await kitchen.move(await kitchen.place("Grill"), "ready")
    written = await write(kitchen, await kitchen.place("Grill"), "out")
    await kitchen.move(written, "preparing")  # by another door: now it reads as cooking

    async def found(word: str) -> set[str]:
        wanted = Search(all_of=WORDS.matching([word]))
        look = partial(search, venue_id=cooking.venue, wanted=wanted)
        return {order.id for order in await kitchen.store.read(look)}

    assert await found("cooking") == {cooking.id, written.id}
    assert await found("out") == {ready.id}


async def test_pages_by_number_and_their_count(kitchen: Kitchen) -> None:
    for index in range(5):
        await kitchen.place("Grill", tags=(f"toy.guest:{index % 2}",), first_name=f"Guest {index}")
        kitchen.clock.forward(seconds=1)
    venue = (await kitchen.venue()).id
    wanted = Search(all_of=((tagged("toy.guest:0"),),), sort="serial", limit=2, offset=2)
    page = await kitchen.store.read(partial(search, venue_id=venue, wanted=wanted))
    assert [order.first_name for order in page] == ["Guest 0"]
    assert await kitchen.store.read(partial(count, venue_id=venue, wanted=wanted)) == 3


async def test_what_a_dialect_said_before_is_replaced_and_nothing_else(kitchen: Kitchen) -> None:
    new = NewOrder(tags=("a.x:1", "b.y:1"), extras={"a": {"x": 1}, "b": {"y": 1}})
    placed = await kitchen.store.write(
        partial(place, venue="main", new=new, actor=COOK, dialect="a")
    )
    move = Words("b", project).move(
        "out", MEANS["out"], changes={"tags": ("b.y:2",), "extras": {"b": {"y": 2}}}
    )
    change = partial(
        change_status, venue="main", order=placed.order.id, move=move, actor=COOK, dialect="b"
    )
    after = await kitchen.store.write(change)
    assert after.tags == ("a.x:1", "b.y:2")
    assert after.extras == {"a": {"x": 1}, "b": {"y": 2}}


async def test_a_number_may_be_the_serial_from_a_base_on(kitchen: Kitchen) -> None:
    order = await kitchen.place("Grill", number_base=1000)
    assert order.number == "1001"
    await kitchen.place("Grill", number="1003")
    assert (await kitchen.place("Grill", number_base=1000)).number == "1003-2"


async def test_a_cancelled_order_that_never_was_accepted_is_not_confirmed(
    kitchen: Kitchen,
) -> None:
    order = await kitchen.place("Grill", status=Status.PLACED)
    cancelled = await kitchen.move(order, "cancelled", cancelled_by=CancelledBy.CUSTOMER)
    assert cancelled.confirmed_at is None


async def test_rows_of_an_older_program_are_filled_in_when_the_file_is_opened(
    kitchen: Kitchen, store: SqliteStore
) -> None:
    order = await kitchen.place("Grill", first_name="Ada")
    wiped = "UPDATE orders SET face = '', guest = '', code = ''"
    await store.on_writer(lambda connection: connection.execute(wiped).rowcount)

    venue = await kitchen.venue()

    def refill(tx: Any) -> Any:
        orders.fill_columns(tx, lambda _id: venue)
        row = tx.one("SELECT face, guest, code FROM orders WHERE id = :id", id=order.id)
        return Done(tuple(row))

    assert await store.write(refill) == ("queued.0..pickup", "ada", "94J")


def test_our_own_dialect_is_none_of_theirs() -> None:
    assert NATIVE not in ("eatsa", "mysagra", "tastyigniter", "hyra")
