"""Handed-over viewers in groups: whoever comes and goes, each sees every event once, in order."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from websockets.asyncio.client import connect

from app.domain.orders import Status
from app.feed.channel import Channel
from app.feed.messages import MESSAGES
from app.feed.sending import ENTRIES, ONE_CALL, Batch, OneByOne, Sender, Short, sender
from app.feed.sweep import CHUNKS, TURNS_BETWEEN, Chunks, Stream, Sweep, sweep_of
from app.web.server import Answers
from tests.venue_server import VenueServer
from tests.wire import PATIENCE, Feed, half_a_request

EVENTS = "/api/v1/venues/main/events"


@pytest.fixture(autouse=True)
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.feed.sweep.SLICE", 3)


async def sweep_of_events(server: VenueServer) -> Sweep:
    found = (await server.house.hub.events("main")).sweeps[CHUNKS]
    assert isinstance(found, Sweep)
    return found


async def seqs(feed: Feed, last: int) -> list[int]:
    """What the viewer is told, from its first frame to the event of that number."""
    told = [(await feed.next()).data["seq"]]
    while told[-1] < last:
        told.append((await feed.next()).data["seq"])
    return told


@pytest.mark.parametrize("way", [sender, OneByOne])
@pytest.mark.parametrize("seed", range(4))
async def test_viewers_of_many_groups_miss_nothing_and_see_nothing_twice(
    server: VenueServer, monkeypatch: pytest.MonkeyPatch, seed: int, way: Callable[[], Sender]
) -> None:
    monkeypatch.setattr("app.feed.sweep.sender", way)
    chance = random.Random(seed)
    watched = (await server.place(name="Zoe")).id
    async with AsyncExitStack() as everybody:
        feeds: list[Feed] = []
        filtered: list[Feed] = []
        for _ in range(60):
            what = chance.random()
            if what < 0.45:
                feeds.append(await everybody.enter_async_context(Feed(server, EVENTS)))
            elif what < 0.55:
                only = Feed(server, f"{EVENTS}?order={watched}")
                filtered.append(await everybody.enter_async_context(only))
            elif what < 0.65 and feeds:
                await feeds.pop(chance.randrange(len(feeds))).__aexit__(None, None, None)
            elif what < 0.8:
                await server.place()
            else:
                await asyncio.gather(*(server.place() for _ in range(5)))
        assert len(feeds) > 6
        last = (await server.move(watched, Status.READY)).seq
        for feed in feeds:
            told = await seqs(feed, last)
            assert told == list(range(told[0], last + 1))
        for feed in filtered:
            assert (await seqs(feed, last))[1:] == [last]


async def test_groups_that_most_have_left_become_few(server: VenueServer) -> None:
    async with AsyncExitStack() as everybody:
        feeds = [await everybody.enter_async_context(Feed(server, EVENTS)) for _ in range(30)]
        await server.place()
        groups = (await sweep_of_events(server))._groups
        assert [len(group.members) for group in groups] == [3] * 10
        for feed in feeds[1:]:
            await feed.until("placed")
        for index, feed in enumerate(feeds):
            if index % 3:
                await feed.__aexit__(None, None, None)
        while server.house.hub.viewer_count > 10:  # noqa: ASYNC110 nobody is told
            await asyncio.sleep(0)
        last = (await server.place()).seq
        for feed in feeds[::3]:
            while (await feed.next()).data["seq"] < last:
                pass
        sweep = await sweep_of_events(server)
        while sweep._running:  # noqa: ASYNC110 nobody is told
            await asyncio.sleep(0)
        assert [len(group.members) for group in sweep._groups] == [3, 3, 3, 1]


@asynccontextmanager
async def unfinished_request(server: VenueServer, sweep: Sweep) -> AsyncIterator[None]:
    """One that the sweep knows of, and forgets when it is over."""
    _, writer = await half_a_request(server.port, server.key)
    try:
        assert len(sweep._requests) == 1
        yield
    finally:
        writer.close()
    async with asyncio.timeout(PATIENCE):
        while sweep._requests:  # noqa: ASYNC110 nobody is told
            await asyncio.sleep(0)


class Noting(OneByOne):
    """In which turn of the event loop each slice went out, and with how many sends in a call."""

    def __init__(self) -> None:
        self.turn = 0
        self.slices: list[tuple[int, int]] = []
        self._count()

    def _count(self) -> None:
        self.turn += 1
        asyncio.get_running_loop().call_soon(self._count)

    def send(self, data: bytes, batch: Batch, most: int = ENTRIES) -> Short:
        self.slices.append((self.turn, most))
        return super().send(data, batch, most)


async def test_a_sweep_makes_way_for_requests_and_loses_no_turn_where_there_are_none(
    server: VenueServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    noting = Noting()
    monkeypatch.setattr("app.feed.sweep.sender", lambda: noting)

    async def slices_of_a_sweep() -> tuple[set[int], set[int]]:
        noting.slices.clear()
        await server.place()
        for feed in feeds:
            await feed.until("placed")
        turns, sizes = zip(*noting.slices, strict=True)
        assert len(turns) == 4
        return {after - before for before, after in pairwise(turns)}, set(sizes)

    async with AsyncExitStack() as everybody:
        feeds = [await everybody.enter_async_context(Feed(server, EVENTS)) for _ in range(12)]
        assert await slices_of_a_sweep() == ({1}, {ENTRIES})
        sweep = await sweep_of_events(server)
        async with unfinished_request(server, sweep):
            assert await slices_of_a_sweep() == ({1 + TURNS_BETWEEN}, {ONE_CALL})
        assert await slices_of_a_sweep() == ({1}, {ENTRIES})


@pytest.mark.parametrize("path", ["orders", "status"])
async def test_the_answers_of_a_commit_leave_before_its_first_slice(
    server: VenueServer, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    noting, flush = Noting(), Answers.flush
    slices_before: list[int] = []

    def noted(answers: Answers) -> None:
        if answers._held:
            slices_before.append(len(noting.slices))
        flush(answers)

    monkeypatch.setattr("app.feed.sweep.sender", lambda: noting)
    monkeypatch.setattr(Answers, "flush", noted)
    orders = [await server.place() for _ in range(3)]
    changes = [{"order": order.id, "status": "ready"} for order in orders]
    body = {"orders": {}, "status": {"changes": changes}}[path]
    async with Feed(server, EVENTS) as feed:
        (await server.http.post(f"/api/v1/venues/main/{path}", json=body)).raise_for_status()
        await feed.until({"orders": "placed", "status": "status"}[path])
    assert slices_before == [0]
    assert noting.slices


async def test_a_sweep_of_sockets_makes_way_for_requests_too(server: VenueServer) -> None:
    async with connect(f"ws://127.0.0.1:{server.port}/b/main/ws") as socket:
        await socket.recv()
        sweep = (await server.house.hub.board("main")).sweeps[MESSAGES]
        assert isinstance(sweep, Sweep)
        async with unfinished_request(server, sweep):
            pass


async def test_news_that_cannot_be_made_stop_nobody_else(
    server: VenueServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with AsyncExitStack() as everybody:
        feeds = [await everybody.enter_async_context(Feed(server, EVENTS)) for _ in range(4)]
        for feed in feeds:
            await feed.until("hello")
        await sweep_of_events(server)
        news, troubles = Chunks.news, iter([KeyError("trouble")])

        def troubled(self: Chunks, channel: Channel, cursor: int) -> tuple[bytes, int]:
            for trouble in troubles:
                raise trouble
            return news(self, channel, cursor)

        monkeypatch.setattr(Chunks, "news", troubled)
        for number in (1, 2):
            await server.place()
            assert (await feeds[3].until("placed")).data["seq"] == number
        for feed in feeds[:3]:
            with pytest.raises((EOFError, OSError)):
                await feed.next()


async def test_the_answer_and_its_first_frame_are_one_write(server: VenueServer) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"GET /b/main/feed HTTP/1.1\r\nHost: x\r\n\r\n")
    first = await reader.read(65_536)
    assert first.startswith(b"HTTP/1.1 200")
    assert b"event: hello" in first
    writer.close()


class Line(asyncio.Transport):
    """A connection with so many bytes unsent."""

    unsent = 0
    cut = False

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def abort(self) -> None:
        self.cut = True

    def is_closing(self) -> bool:
        return False


class Clock:
    """A loop whose time passes when it is told to."""

    def call_later(self, _seconds: float, act: Callable[[int], None], unsent: int) -> Any:
        self.pass_by = partial(act, unsent)
        return asyncio.get_running_loop().call_soon(str)


async def stream_on(server: VenueServer, line: Line, clock: Any) -> Stream:
    hub = server.house.hub
    channel = await hub.events("main")
    sweep = sweep_of(channel, CHUNKS, hub.leave, 1)
    sweep.loop = clock
    return Stream(line, hub.viewer(channel), sweep, set())


async def test_who_reads_slowly_is_kept_and_who_takes_nothing_is_dropped(
    server: VenueServer,
) -> None:
    line, clock = Line(), Clock()
    stream = await stream_on(server, line, clock)
    line.unsent = 1000
    stream.pause_writing()
    for line.unsent in (400, 399):
        clock.pass_by()
    assert not line.cut
    clock.pass_by()
    assert line.cut


async def test_who_cannot_be_served_after_a_stall_is_dropped(
    server: VenueServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line()
    stream = await stream_on(server, line, Clock())
    stream.pause_writing()
    monkeypatch.setattr(stream.sweep, "serve", None)  # calling it is an exception
    stream.resume_writing()
    assert line.cut
