"""What a stream begins with is made once for all who come in the same moment."""

import pytest
from starlette.types import Message

from app.commands.snapshots import StoreSource
from app.feed.channel import Channel
from app.feed.hub import Hub
from app.feed.sse import SweptResponse
from app.feed.sweep import Sweep
from app.feed.viewer import Viewer
from app.store.sqlite import SqliteStore
from tests.kitchen import Kitchen


class Door:
    """Lets viewers of the board in, as the server does."""

    def __init__(self, store: SqliteStore) -> None:
        self._hub = Hub(StoreSource(store, 100, 24), build="b", clock=lambda: 1_800_000_000_000)
        store.on_commit = lambda events, _credentials: self._hub.publish(events)

    async def board(self) -> Channel:
        return await self._hub.board("main")

    async def enter(self, last_seen: str | None = None) -> bytes:
        """What the sweep is given to write first."""
        given: list[bytes] = []

        def take_over(sweep: Sweep, viewer: Viewer, first: bytes) -> bool:
            given.append(first)
            return True

        async def send(message: Message) -> None:
            assert message["type"] == "http.response.start"

        async def receive() -> Message:
            raise AssertionError("nobody asks")

        viewer = self._hub.viewer(await self.board())
        response = SweptResponse(self._hub, viewer, last_seen, take_over, 1)
        await response({"type": "http", "extensions": {}}, receive, send)
        self._hub.leave(viewer)
        return given[0]


@pytest.fixture
def door(kitchen: Kitchen) -> Door:
    return Door(kitchen.store)


async def test_who_comes_in_the_same_moment_is_given_the_very_same(door: Door) -> None:
    assert await door.enter() is await door.enter()


async def test_who_comes_after_a_change_is_told_of_it(door: Door, kitchen: Kitchen) -> None:
    before = await door.enter()
    await kitchen.place(name="Ada")
    after = await door.enter()
    assert b'"name":"Ada"' not in before
    assert b'"name":"Ada"' in after


async def test_what_one_viewer_missed_is_given_to_no_other_and_not_kept(
    door: Door, kitchen: Kitchen
) -> None:
    shared = await door.enter()
    for name in ("Ada", "Bob"):
        await kitchen.place(name=name)
    missed = await door.enter("main.1.0")
    assert missed.count(b"event: order") == 2
    assert (await door.board()).chunked_greeting[1] is shared
    assert (await door.enter()).count(b"event: hello") == 1
