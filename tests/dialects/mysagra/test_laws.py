"""The three laws of status words over MySagra's whole table, by the tables and on the store."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings, strategies as st

from app.dialects.mysagra.moving import patch, patch_station
from app.dialects.mysagra.payloads import station_id
from app.dialects.mysagra.words import MEANINGS, NAME, WORDS, derived_word, project
from app.domain.faces import Face, every_face, face_of
from app.domain.orders import CancelledBy, Order, Status
from app.store.sqlite import open_store
from tests.clock import Clock
from tests.kitchen import COOK, Kitchen

# What a MySagra reader sees of each of our statuses, written down once more.
SEEN = {
    Status.SCHEDULED: "PENDING",
    Status.PLACED: "PENDING",
    Status.QUEUED: "CONFIRMED",
    Status.PREPARING: "CONFIRMED",
    Status.REASSIGNING: "CONFIRMED",
    Status.READY: "COMPLETED",
    Status.HELD: "COMPLETED",
    Status.RESERVING: "COMPLETED",
    Status.OUT_FOR_DELIVERY: "PICKED_UP",
    Status.COLLECTED: "PICKED_UP",
    Status.CANCELLED: "CANCELLED",
}
Step = Callable[[Kitchen, Order], Awaitable[Order | None]]


@pytest.mark.parametrize("word", MEANINGS)
def test_a_word_comes_back_by_the_tables_alone(word: str) -> None:
    meaning = MEANINGS[word]
    assert project(Face(meaning.status, meaning.some_ready, meaning.cancelled_by)) == word


def test_every_face_is_seen_as_the_table_says() -> None:
    for face in every_face():
        assert project(face) == ("PARTIAL" if face.some_ready else SEEN[face.status])


def test_deriving_does_not_depend_on_the_order_of_stations() -> None:
    for one in MEANINGS:
        assert derived_word([one, one, one]) == one
        for two in MEANINGS:
            assert derived_word([one, two]) == derived_word([two, one])


async def patch_order(kitchen: Kitchen, order: Order, word: str) -> Order | None:
    venue = await kitchen.venue()
    change = partial(patch, venue=venue, shown=f"c{order.id}", word=word, actor=COOK)
    return await kitchen.store.write(change)


async def patch_part(kitchen: Kitchen, order: Order, station: str, word: str) -> Order:
    venue, shown = await kitchen.venue(), station_id(order, station)
    change = partial(
        patch_station, venue=venue, shown=f"c{order.id}", station=shown, word=word, actor=COOK
    )
    return await kitchen.store.write(change)


def patching(word: str) -> Step:
    async def step(kitchen: Kitchen, order: Order) -> Order | None:
        deletes = (WORDS.word_of(order), word) == ("PENDING", "CANCELLED")
        after = await patch_order(kitchen, order, word)
        assert (after is None) == deletes
        assert after is None or WORDS.word_of(after) == word
        return after

    return step


def patching_station(station: str, word: str) -> Step:
    async def step(kitchen: Kitchen, order: Order) -> Order:
        known = {part.station: WORDS.part_word(part) for part in order.parts}
        after = await patch_part(kitchen, order, station, word)
        words = {part.station: WORDS.part_word(part) for part in after.parts}
        assert words == known | {station: word}
        if known[station] != word:
            assert WORDS.word_of(after) == derived_word(list(words.values()))
        return after

    return step


def moving(status: Status, by: CancelledBy | None, station: str | None) -> Step:
    """Another door's write: a MySagra reader sees what the table makes of it."""

    async def step(kitchen: Kitchen, order: Order) -> Order:
        part = {"part": station} if station else {"cancelled_by": by}
        after = await kitchen.move(order, status, **part)
        if after.native is None:
            assert WORDS.word_of(after) == project(face_of(after))
        else:  # it was so already, and nothing was written
            assert (after.native, after.native.dialect) == (order.native, NAME)
        return after

    return step


WORD, STATION = st.sampled_from(sorted(MEANINGS)), st.sampled_from(["Grill", "Bar"])
STEPS = st.lists(
    st.one_of(
        st.builds(patching, WORD),
        st.builds(patching_station, STATION, WORD),
        st.builds(moving, st.sampled_from(Status), st.sampled_from(CancelledBy), st.none()),
        st.builds(moving, st.sampled_from(Status), st.none(), STATION),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_what_is_written_is_read_and_repeating_it_changes_nothing(steps: Sequence[Step]) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(play(Path(folder), steps))


async def play(folder: Path, steps: Sequence[Step]) -> None:
    clock = Clock()
    kitchen = Kitchen(await open_store(folder, clock=clock), clock)
    try:
        order = await kitchen.place("Grill", "Bar", status=Status.PLACED)
        for step in steps:
            clock.forward(seconds=1)
            after = await step(kitchen, order)
            order = after or await kitchen.place("Grill", "Bar", status=Status.PLACED)
            await repeat_what_is_read(kitchen, order)
    finally:
        await kitchen.store.close()


async def repeat_what_is_read(kitchen: Kitchen, order: Order) -> None:
    """Law 3, of the order and of each station."""
    told = len(kitchen.told)
    assert await patch_order(kitchen, order, WORDS.word_of(order)) == order
    for part in order.parts:
        assert await patch_part(kitchen, order, part.station, WORDS.part_word(part)) == order
    assert len(kitchen.told) == told


@pytest.mark.parametrize("status", Status)
async def test_no_till_knocks_an_order_back_by_repeating_its_word(
    kitchen: Kitchen, status: Status
) -> None:
    order = await kitchen.move(await kitchen.place("Grill", "Bar", status=Status.PLACED), status)
    await repeat_what_is_read(kitchen, order)
