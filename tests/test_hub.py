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
from app.domain.events import SYSTEM, Event
from app.feed.channel import Channel, Snapshot
from app.feed.encodings import BoardEncoding
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
