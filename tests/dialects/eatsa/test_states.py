"""The strict state machine and the three laws."""

import asyncio
from datetime import UTC, datetime

import httpx2
import pytest
from hypothesis import given, strategies as st

from app.dialects.eatsa.words import ALIASES, MEANINGS, WORDS, may_follow, project
from app.domain import lifecycle
from app.domain.faces import Face, every_face, face_of
from app.domain.orders import NATIVE, Fulfilment, Native, Order, Part, Status
from tests.dialects.doors import stored
from tests.dialects.eatsa.partner import created, partner, put
from tests.venue_server import VenueServer

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
# From creation, what leads to each status.
WAY: dict[str, list[str]] = {
    "scheduled": [],
    "in_queue": [],
    "on_the_line": ["on_the_line"],
    "ready_for_pickup": ["ready_for_pickup"],
    "delivered_to_customer": ["ready_for_pickup", "delivered_to_customer"],
    "hold_in_back": ["ready_for_pickup", "hold_in_back"],
    "ready_to_serve_again": ["ready_for_pickup", "hold_in_back", "ready_to_serve_again"],
    "customer_canceled": ["customer_canceled"],
    "attendant_canceled": ["attendant_canceled"],
}
# The published machine with the decisions on its open points: a dot is a 409, an x a 200. The
# columns are in the order of the rows, which is that of MEANINGS.
MACHINE = {
    "scheduled": "xx.....xx",
    "in_queue": ".xxx...xx",
    "on_the_line": "..xx...xx",
    "ready_for_pickup": "...xxx.xx",
    "delivered_to_customer": "....xx...",
    "hold_in_back": ".....xxxx",
    "ready_to_serve_again": "...xx.xxx",
    "customer_canceled": ".......x.",
    "attendant_canceled": "........x",
}


@given(st.sampled_from(sorted(MEANINGS)), st.sampled_from(list(Fulfilment)))
def test_a_word_comes_back_as_itself(word: str, fulfilment: Fulfilment) -> None:
    means = MEANINGS[word]
    face = Face(means.status, means.some_ready, means.cancelled_by, fulfilment)
    assert project(face) == word


@given(st.sampled_from(every_face()))
def test_every_order_has_a_word(face: Face) -> None:
    assert project(face) in MEANINGS


ONE = Order(
    id="5" * 24, venue="v", serial=1, key="k", status=Status.QUEUED,
    parts=(Part(station="", status=Status.QUEUED),), placed_at=AT, moved_at=AT, updated_at=AT,
)  # fmt: skip
# A write: of one of eatsa's words, or of a status through our own door or a foreign one.
WRITES = st.lists(
    st.one_of(
        st.sampled_from(sorted(MEANINGS)).map(lambda word: ("eatsa", word)),
        st.sampled_from(list(Status)).map(lambda status: (NATIVE, status)),
        st.sampled_from(list(Status)).map(lambda status: ("hyra", status)),
    ),
    max_size=8,
)


def written(order: Order, door: str, word: str) -> Order:
    if door == "eatsa":
        means, native = MEANINGS[word], WORDS.native(word)
        return lifecycle.move_whole(
            order, means.status, AT, cancelled_by=means.cancelled_by, native=native
        )
    foreign = None if door == NATIVE else Native(dialect=door, value="theirs")
    return lifecycle.move_whole(order, Status(word), AT, native=foreign)


@given(WRITES)
def test_what_eatsa_wrote_last_is_read_as_written_else_projected(
    writes: list[tuple[str, str]],
) -> None:
    order = ONE
    for door, word in writes:
        order = written(order, door, word)
        seen = WORDS.word_of(order)
        assert seen == (word if door == "eatsa" else project(face_of(order)))
        assert seen in MEANINGS


@given(WRITES)
def test_writing_the_word_one_reads_is_no_move(writes: list[tuple[str, str]]) -> None:
    order = ONE
    for door, word in writes:
        order = written(order, door, word)
    word = WORDS.word_of(order)
    move = WORDS.move(word, MEANINGS[word])
    assert may_follow(word, word)
    assert move.seen is not None
    assert move.native is not None
    assert move.seen(order) == move.native.value


async def tried(client: httpx2.AsyncClient, start: str, word: str) -> tuple[int, str, str]:
    """The answer to a word put on an order at `start`: HTTP status, code, the status after."""
    later = {"scheduled_time": "2096-01-01T00:00:00Z"} if start == "scheduled" else {}
    order = await created(client, f"{start} {word}", **later)
    for step in WAY[start]:
        assert (await put(client, order, step)).status_code == 200
    answer = await put(client, order, word)
    found = await client.get(f"/v1/orders/{order['id']}")
    return answer.status_code, answer.json().get("code", ""), found.json()["status"]


@pytest.mark.parametrize("start", MACHINE)
async def test_only_what_the_machine_allows_is_done(server: VenueServer, start: str) -> None:
    async with partner(server) as client:
        answers = await asyncio.gather(*(tried(client, start, word) for word in MEANINGS))
    assert dict(zip(MEANINGS, answers, strict=True)) == {
        word: (200, "", word) if fits == "x" else (409, "INVALID_REQUEST", start)
        for word, fits in zip(MEANINGS, MACHINE[start], strict=True)
    }


@pytest.mark.parametrize("alias", ALIASES)
async def test_older_words_are_understood_and_kept(server: VenueServer, alias: str) -> None:
    async with partner(server) as client:
        order = await created(client)
        for word in ["ready_for_pickup", *(["hold_in_back"] if "serve" in ALIASES[alias] else [])]:
            await put(client, order, word)
        assert (await put(client, order, alias)).json()["status"] == ALIASES[alias]
    history = await server.http.get(f"/api/v1/venues/main/orders/{order['id']}/history")
    last = history.json()["events"][-1]
    assert last["detail"]["sent"] == alias
    assert last["order"]["native"] == {"dialect": "eatsa", "value": ALIASES[alias]}


async def test_an_unknown_word_is_invalid(server: VenueServer) -> None:
    async with partner(server) as client:
        order = await created(client)
        for word in ("rubbish", "", "READY_FOR_PICKUP", "canceled", "x" * 5000, "a\u0000"):
            answer = await put(client, order, word)
            assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_INPUT")
        assert (await stored(server, order["id"])).status == Status.QUEUED


async def test_the_same_again_makes_no_event(server: VenueServer) -> None:
    async with partner(server) as client:
        order = await created(client)
        before = await stored(server, order["id"])
        assert (await put(client, order, "in_queue")).status_code == 200
        assert await stored(server, order["id"]) == before


async def test_a_coarser_word_does_not_knock_an_order_back(server: VenueServer) -> None:
    async with partner(server) as client:
        order = await created(client)
        await server.move(order["id"], Status.REASSIGNING)
        assert (await put(client, order, "on_the_line")).status_code == 200
        assert (await stored(server, order["id"])).status == Status.REASSIGNING


async def test_what_another_door_did_is_read_in_its_word(server: VenueServer) -> None:
    async with partner(server) as client:
        for status in Status:
            order = await created(client, status)
            moved = await server.move(order["id"], status)
            found = (await client.get(f"/v1/orders/{order['id']}")).json()
            assert found["status"] == WORDS.word_of(moved)


async def test_a_jump_through_another_door_is_where_the_machine_goes_on(
    server: VenueServer,
) -> None:
    async with partner(server) as client:
        order = await created(client)
        await put(client, order, "customer_canceled")
        await server.move(order["id"], Status.HELD)
        assert (await put(client, order, "on_the_line")).status_code == 409
        assert (await put(client, order, "ready_to_serve_again")).status_code == 200


async def test_the_first_generations_calls(server: VenueServer) -> None:
    async with partner(server) as client:
        order = await created(client)
        ready = await client.post(f"/v1/orders/{order['id']}/ready")
        assert (ready.status_code, ready.json()["status"]) == (200, "ready_for_pickup")
        for who in ("customer", "attendant"):
            order = await created(client, who)
            path = f"/v1/orders/{order['id']}/cancel"
            gone = await client.post(path, json={"type": who})
            assert gone.json()["status"] == f"{who}_canceled"
            assert (await client.post(path, json={"type": "nobody"})).status_code == 400
