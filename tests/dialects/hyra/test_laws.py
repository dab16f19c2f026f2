"""The three laws over all of Hyra's words, under both readings of `completed`."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from app.dialects.hyra.words import LABELS, VOCABULARIES
from app.domain.faces import Face, every_face
from app.domain.orders import CancelledBy, Status
from tests.dialects.doors import connect, credential, door, stored
from tests.dialects.hyra.conftest import Cafe
from tests.venue_server import serving

READINGS = ("collected", "ready")
WORDS = tuple(LABELS)
CANONICAL = {
    "submitted": "placed", "waiting_for_preparation": "queued", "preparing": "preparing",
    "finding_new_colleague": "reassigning", "waiting_for_pickup": "ready",
    "handed_to": "collected", "cancelled": "cancelled",
}  # fmt: skip
COMES_BACK_AS = {
    "collected": {"handed_to": "completed"},
    "ready": {"completed": "waiting_for_pickup"},
}
PROJECTED = {
    "scheduled": "submitted", "placed": "submitted", "queued": "waiting_for_preparation",
    "preparing": "preparing", "reassigning": "finding_new_colleague",
    "ready": "waiting_for_pickup", "held": "waiting_for_pickup",
    "reserving": "waiting_for_pickup", "out_for_delivery": "completed", "cancelled": "cancelled",
}  # fmt: skip


def collected_reads(reading: str) -> str:
    return "handed_to" if reading == "ready" else "completed"


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("word", WORDS)
def test_a_word_comes_back_from_our_terms(reading: str, word: str) -> None:
    known = VOCABULARIES[reading]
    meaning = known.meanings[word]
    assert meaning.status == (CANONICAL | {"completed": reading})[word]
    assert meaning.cancelled_by == (CancelledBy.UNKNOWN if word == "cancelled" else None)
    face = Face(meaning.status, cancelled_by=meaning.cancelled_by)
    assert known.words.project(face) == COMES_BACK_AS[reading].get(word, word)


@pytest.mark.parametrize("reading", READINGS)
def test_every_state_of_ours_has_a_word_of_theirs(reading: str) -> None:
    table = PROJECTED | {"collected": collected_reads(reading)}
    assert set(table) == set(Status)
    for face in every_face():
        assert VOCABULARIES[reading].words.project(face) == table[face.status]


@pytest.mark.parametrize("reading", READINGS)
async def test_a_word_that_one_reads_anyway_changes_nothing(cafe: Cafe, reading: str) -> None:
    await connect(cafe.server, "hyra", completed_means=reading)
    for status in Status:
        placed = await cafe.server.place(status=status)
        seen = (await cafe.show(placed.id))["status"]
        before = await stored(cafe.server, placed.id)
        assert (await cafe.move(placed.id, seen))["status"] == seen
        assert await stored(cafe.server, placed.id) == before


async def test_cancelled_over_the_customers_own_cancelling_changes_nothing(cafe: Cafe) -> None:
    placed = await cafe.server.place()
    await cafe.server.move(placed.id, "cancelled", cancelled_by=CancelledBy.CUSTOMER)
    await cafe.move(placed.id, "cancelled")
    order = await stored(cafe.server, placed.id)
    assert (order.cancelled_by, order.native) == (CancelledBy.CUSTOMER, None)


STEP = st.tuples(st.booleans(), st.sampled_from(WORDS), st.sampled_from(list(Status)))


@settings(max_examples=6, deadline=None, derandomize=True, database=None)
@given(reading=st.sampled_from(READINGS), steps=st.lists(STEP, min_size=1, max_size=12))
def test_whoever_wrote_last_is_read_back(reading: str, steps: list[tuple[bool, str, Any]]) -> None:
    asyncio.run(read_back(reading, steps))


async def read_back(reading: str, steps: list[tuple[bool, str, Any]]) -> None:
    known = VOCABULARIES[reading]
    table = PROJECTED | {"collected": collected_reads(reading)}
    with TemporaryDirectory() as folder:
        async with serving(Path(folder)) as server:
            await connect(server, "hyra", completed_means=reading)
            key = await credential(server, "hyra")
            async with door(server, "hyra", authorization=f"Bearer {key}") as http:
                cafe = Cafe(server, http, key, "")
                order, seen = await cafe.log(), "submitted"
                for theirs, word, status in steps:
                    before = await stored(server, order)
                    if theirs:
                        assert (await cafe.move(order, word))["status"] == word
                        after = await stored(server, order)
                        changed = word != seen
                        assert (after.seq > before.seq) == changed
                        assert after.status == (
                            known.meanings[word].status if changed else before.status
                        )
                        seen = word
                    else:
                        await server.move(order, status)
                        # The same again is no change, so who wrote last stays as it was.
                        seen = seen if status == before.status else table[status]
                    row = await cafe.show(order)
                    assert (row["status"], row["status_label"]) == (seen, LABELS[seen])
                    assert row["history"][-1]["status"] == seen
                    found = await cafe.list(status=seen)
                    assert [one["id"] for one in found["orders"]] == [order]
