"""The hub under bad luck: what is published while it reads is neither lost nor doubled."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

import pytest

from app.commands.orders import NewOrder, place
from app.commands.snapshots import StoreSource
from app.commands.venues import change_board
from app.dialects.mysagra.channels import CHANNELS, ChannelEncoding
from app.domain.events import SYSTEM, Event
from app.feed.channel import Channel, Snapshot
from app.feed.encodings import BoardEncoding
from app.feed.frames import KEEP_ALIVE
from app.feed.hub import Hub
from app.store.sqlite import SqliteStore
from tests.wire import Wall

T = TypeVar("T")


class SlowSource(StoreSource):
    """Reads as the real one does, then lets something happen before it answers."""

    meanwhile: Callable[[], Awaitable[Any]] | None = None

    async def board(self, venue: str, board: str) -> Snapshot:
        return await self._later(await super().board(venue, board))

    async def missed(self, venue_id: str, after: int, up_to: int) -> list[Event] | None:
        return await self._later(await super().missed(venue_id, after, up_to))

    async def _later(self, answer: T) -> T:
        act, self.meanwhile = self.meanwhile, None
        if act is not None:
            await act()
        return answer


class Kitchen:
    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.source = SlowSource(store, 10, 24)
        self.hub = Hub(self.source, build="b", clock=lambda: 1_800_000_000_000, replay_events=10)
        store.on_commit = lambda events, _credentials: self.hub.publish(events)

    async def place(self, times: int = 1) -> None:
        for _ in range(times):
            await self.store.write(
                partial(place, venue="main", new=NewOrder(first_name="Ada"), actor=SYSTEM)
            )

    async def change(self, title: str) -> None:
        change = partial(
            change_board, venue="main", board="", changes={"title": title}, actor=SYSTEM
        )
        await self.store.write(change)

    async def settled(self, channel: Channel, seq: int) -> dict[str, Any]:
        """What a fresh viewer is told once the channel is at `seq`."""
        async with asyncio.timeout(5):
            while channel.seq < seq:
                await channel.news.wait()
        assert isinstance(channel.encoding, BoardEncoding)
        return channel.encoding.hello(channel.seq, channel.now())


@pytest.fixture
async def kitchen(store: SqliteStore) -> Kitchen:
    return Kitchen(store)


async def test_orders_placed_while_a_board_opens_are_on_it(kitchen: Kitchen) -> None:
    kitchen.source.meanwhile = partial(kitchen.place, 3)
    channel = await kitchen.hub.board("main")
    hello = await kitchen.settled(channel, 3)
    assert len(hello["cards"]) == 3


async def test_a_board_changed_while_it_opens_is_read_again(kitchen: Kitchen) -> None:
    kitchen.source.meanwhile = partial(kitchen.change, "New")
    channel = await kitchen.hub.board("main")
    assert (await kitchen.settled(channel, 1))["board"]["title"] == "New"


async def test_a_board_changed_again_while_it_is_read_anew_is_read_again(kitchen: Kitchen) -> None:
    channel = await kitchen.hub.board("main")

    async def meanwhile() -> None:
        await kitchen.place()
        await kitchen.change("Second")
        await kitchen.place()

    kitchen.source.meanwhile = meanwhile
    await kitchen.change("First")
    hello = await kitchen.settled(channel, 4)
    assert (hello["board"]["title"], len(hello["cards"])) == ("Second", 2)


async def test_who_asks_while_a_board_is_read_anew_gets_the_new_one(kitchen: Kitchen) -> None:
    await kitchen.hub.board("main")
    await kitchen.change("New")
    assert (await kitchen.hub.board_state("main")).board.title == "New"


async def test_a_board_that_cannot_be_read_lets_its_viewers_come_again(kitchen: Kitchen) -> None:
    channel = await kitchen.hub.board("main")

    async def break_down() -> None:
        raise OSError("disk")

    kitchen.source.meanwhile = break_down
    await kitchen.change("New")
    await channel.up_to_date()
    assert kitchen.hub.viewer(channel).done
    assert (await kitchen.hub.board_state("main")).board.title == "New"


async def test_a_board_that_cannot_be_opened_is_tried_again(kitchen: Kitchen) -> None:
    async def break_down() -> None:
        raise OSError("disk")

    kitchen.source.meanwhile = break_down
    with pytest.raises(OSError, match="disk"):
        await kitchen.hub.board("main")
    assert (await kitchen.hub.board_state("main")).seq == 0


async def test_a_stopped_hub_opens_streams_only_to_end_them(kitchen: Kitchen) -> None:
    kitchen.hub.close()
    viewer = kitchen.hub.viewer(await kitchen.hub.board("main"))
    told = b"".join([piece async for piece in viewer.sse(None)])
    assert b"event: hello" in told
    assert b'"code":"restarting"' in told


async def test_many_who_open_a_board_together_share_one_snapshot(kitchen: Kitchen) -> None:
    channels = await asyncio.gather(*(kitchen.hub.board("main") for _ in range(5)))
    assert len(set(map(id, channels))) == 1


async def test_who_comes_back_while_the_ring_moves_on_misses_nothing(kitchen: Kitchen) -> None:
    await kitchen.place(5)
    channel = await kitchen.hub.board("main")
    kitchen.source.meanwhile = partial(kitchen.place, 40)  # the ring holds ten
    wall = Wall()
    viewer = kitchen.hub.viewer(channel)
    for frame in await viewer.open("main.1.3") + viewer.take():
        name, _, data = frame.sse.partition(b"event: ")[2].partition(b"\n")
        wall.apply(name.decode(), None, json.loads(data.removeprefix(b"data: ")))
    fresh = await kitchen.settled(channel, 45)
    assert wall.cards.keys() == {card["key"] for card in fresh["cards"]}


async def test_a_viewer_that_fell_out_of_the_ring_starts_afresh(kitchen: Kitchen) -> None:
    channel = await kitchen.hub.board("main")
    viewer = kitchen.hub.viewer(channel)
    await viewer.open(None)
    await kitchen.place(30)
    await kitchen.settled(channel, 30)
    [hello] = viewer.take()
    assert b"event: hello" in hello.sse
    assert viewer.take() == []


async def test_beats_fill_no_gap_and_are_not_replayed(kitchen: Kitchen) -> None:
    channel = await kitchen.hub.board("main")
    await kitchen.place(2)
    await kitchen.settled(channel, 2)
    channel.beat()
    viewer = kitchen.hub.viewer(channel)
    assert [frame.seq for frame in await viewer.open("main.1.1")] == [2]
    channel.beat()
    assert [frame.fleeting for frame in viewer.take()] == [True]


# ---- channels of foreign systems ------------------------------------------------------------


async def foreign(kitchen: Kitchen, name: str = "printer") -> Channel:
    return await kitchen.hub.foreign("main", f"mysagra.{name}", ChannelEncoding(name))


async def test_one_event_goes_to_a_systems_channels_in_their_order(kitchen: Kitchen) -> None:
    told: asyncio.Queue[str] = asyncio.Queue()

    async def follow(name: str) -> None:
        viewer = kitchen.hub.viewer(await foreign(kitchen, name))
        async for _ in viewer.sse(None):
            told.put_nowait(name)

    async with asyncio.timeout(5):
        tasks = []
        for name in reversed(CHANNELS):
            tasks.append(asyncio.create_task(follow(name)))
            assert await told.get() == name  # its first comment
        await kitchen.place()
        assert [await told.get() for _ in CHANNELS] == list(CHANNELS)
    for task in tasks:
        task.cancel()


async def test_a_foreign_stream_says_a_word_before_the_log_is_read(kitchen: Kitchen) -> None:
    await kitchen.place(2)
    stream = kitchen.hub.viewer(await foreign(kitchen)).sse(str(10**10 + 1))
    kitchen.source.meanwhile = kitchen.place  # while the log is read
    assert await anext(stream) == KEEP_ALIVE
    assert kitchen.source.meanwhile is not None
    text = await anext(stream)
    while text.count(b"event: ") < 2:
        text += await anext(stream)
    assert [f"id: {10**10 + seq}\n".encode() in text for seq in (1, 2, 3)] == [False, True, True]


async def test_what_comes_after_the_first_word_is_live_whatever_the_position(
    kitchen: Kitchen,
) -> None:
    for last_seen in (None, "rubbish", str(10**10 + 99)):
        channel = await foreign(kitchen)
        stream = kitchen.hub.viewer(channel).sse(last_seen)
        assert await anext(stream) == KEEP_ALIVE
        await kitchen.place()
        text = await asyncio.wait_for(anext(stream), 5)
        assert (last_seen, text.count(b"event: ")) == (last_seen, 1)
        assert f"id: {10**10 + channel.seq}\n".encode() in text


async def test_a_foreign_viewer_that_fell_out_of_the_ring_is_made_to_come_back(
    kitchen: Kitchen,
) -> None:
    stream = kitchen.hub.viewer(await foreign(kitchen)).sse(None)
    assert await anext(stream) == KEEP_ALIVE
    await kitchen.place(30)  # the ring holds ten
    assert [piece async for piece in stream] == []


async def test_a_foreign_stream_ends_without_a_word(kitchen: Kitchen) -> None:
    channel = await foreign(kitchen)
    stream = kitchen.hub.viewer(channel).sse(None)
    await anext(stream)
    channel.beat()
    assert await anext(stream) == KEEP_ALIVE
    kitchen.hub.close()
    assert [piece async for piece in stream] == []
