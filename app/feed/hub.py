"""Every channel of every venue: opens them on demand, publishes to them, ends their viewers."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from app.domain.board import Access, Board, PublicCard
from app.domain.events import Event
from app.domain.problems import BoardNotFound, PointNotFound
from app.domain.venues import Venue
from app.feed.channel import Channel, Encoding, Load, Snapshot
from app.feed.encodings import BoardEncoding, EventEncoding, PrintEncoding
from app.feed.frames import Position
from app.feed.viewer import Viewer

log = logging.getLogger(__name__)


class Source(Protocol):
    """Where the hub reads what it was not told: snapshots, and events from before its time."""

    async def board(self, venue: str, board: str) -> Snapshot:
        """Its state is a BoardMoment. Raises VenueNotFound, BoardNotFound."""
        ...

    async def events(self, venue: str) -> Snapshot:
        """Raises VenueNotFound."""
        ...

    async def missed(self, venue_id: str, after: int, up_to: int) -> list[Event] | None:
        """The events in between, or None when they are too many or too old to replay."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardState:
    """A board as a page needs it: `position` is where its stream goes on from."""

    venue: Venue
    board: Board
    seq: int
    at: int
    position: str
    cards: list[PublicCard]
    hello: dict[str, Any]


class Hub:
    def __init__(
        self,
        source: Source,
        *,
        build: str,
        clock: Callable[[], int],
        replay_events: int = 10_000,
        retry_ms: int = 2_000,
        beat_seconds: float = 10,
    ) -> None:
        self._source = source
        self._build = build
        self._clock = clock
        self._limit = replay_events
        self._retry_ms = retry_ms
        self._beat_seconds = beat_seconds
        self._channels: dict[tuple[str, ...], Channel] = {}
        self._opening: dict[tuple[str, ...], asyncio.Task[Channel]] = {}
        self._viewers: dict[str, set[Viewer]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self._empty = asyncio.Event()

    # ---- what the outside asks ---------------------------------------------------------------

    async def board(self, venue: str, board: str = "") -> Channel:
        """The channel of a public board. Raises VenueNotFound, BoardNotFound."""
        known = self._channels.get(("board", venue, board))
        if known is not None and known.open_now:
            return known

        async def load() -> Snapshot:
            return await self._source.board(venue, board)

        return await self.channel(("board", venue, board), BoardEncoding(self._build), load)

    async def access(self, venue: str, board: str = "") -> Access:
        """Who may see a board. Raises VenueNotFound, BoardNotFound."""
        encoding = (await self.board(venue, board)).encoding
        assert isinstance(encoding, BoardEncoding)
        return encoding.board.access

    async def events(self, venue: str) -> Channel:
        """The channel with every event of a venue. Raises VenueNotFound."""

        async def load() -> Snapshot:
            return await self._source.events(venue)

        return await self.channel(("events", venue), EventEncoding(self._build), load)

    async def prints(self, venue: str) -> Channel:
        """The channel of what a venue prints. Raises VenueNotFound."""
        return await self.channel(
            ("prints", venue),
            PrintEncoding(self._build),
            lambda: self._source.events(venue),
        )

    async def foreign(self, venue: str, name: str, encoding: Encoding) -> Channel:
        """A channel of a foreign system; `name` tells it from the venue's others. Raises
        VenueNotFound."""
        return await self.channel((name, venue), encoding, lambda: self._source.events(venue))

    async def board_state(self, venue: str, board: str = "") -> BoardState:
        """The present state of a board, consistent with the stream that goes on from it."""
        channel = await self.board(venue, board)
        encoding = channel.encoding
        assert isinstance(encoding, BoardEncoding)
        hello = encoding.hello(channel.seq, channel.now())
        return BoardState(
            venue=encoding.venue,
            board=encoding.board,
            seq=channel.seq,
            at=hello["at"],
            position=str(Position(channel.slug, channel.epoch, channel.seq)),
            cards=list(encoding.cards.values()),
            hello=hello,
        )

    def viewer(
        self, channel: Channel, credential: str = "", wanted: list[frozenset[str]] | None = None
    ) -> Viewer:
        """A registered viewer; give it back with `leave`."""
        viewer = Viewer(channel, credential, wanted or [], self._retry_ms)
        self._viewers.setdefault(credential, set()).add(viewer)
        return viewer

    def leave(self, viewer: Viewer) -> None:
        of_credential = self._viewers.get(viewer.credential)
        if of_credential is not None:
            of_credential.discard(viewer)
            if not of_credential:
                del self._viewers[viewer.credential]
        if not self._viewers:
            self._empty.set()

    def watching(self, venue: str) -> set[str]:
        """The credentials with an open stream of a venue's events in this process."""
        channel = self._channels.get(("events", venue))
        return {
            credential
            for credential, viewers in self._viewers.items()
            if channel and any(viewer.channel is channel for viewer in viewers)
        }

    @property
    def viewer_count(self) -> int:
        return sum(len(viewers) for viewers in self._viewers.values())

    # ---- what the store and the server tell --------------------------------------------------

    def publish(self, events: list[Event]) -> None:
        """Take in committed events, in order per venue."""
        for event in events:
            for channel in list(self._channels.values()):
                if channel.venue in (event.venue, "") and channel.publish(event):
                    self._start(self._refresh(channel))

    async def end_invalid(self, still_valid: Callable[[str], Awaitable[bool]]) -> None:
        """End the streams of credentials that no longer hold."""
        for credential in [name for name in self._viewers if name]:
            if not await still_valid(credential):
                self._end(self._viewers.get(credential, ()))

    async def beat(self) -> None:
        """Send the named heartbeat on every channel, for as long as the server runs."""
        while True:
            await asyncio.sleep(self._beat_seconds)
            for channel in self._channels.values():
                channel.beat()

    def close(self) -> None:
        """End every stream with a word and a moment to come back."""
        self._closed = True
        for channel in self._channels.values():
            channel.close()

    async def drain(self, seconds: float) -> None:
        """Give every viewer that long to read its last words and leave; cut the others off."""
        self._empty.clear()
        if self._viewers:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._empty.wait()
        for viewer in [one for viewers in self._viewers.values() for one in viewers]:
            viewer.cut_off()

    # ---- inside ------------------------------------------------------------------------------

    async def channel(self, name: tuple[str, ...], encoding: Encoding, load: Load) -> Channel:
        """The channel of that name, opened if it is not yet."""
        known = self._channels.get(name)
        if known is not None and name not in self._opening:
            await known.up_to_date()
            if not known.closed or self._closed:
                return known
            # It was removed, or could not be read: whether there is one is asked anew.
        opening = self._opening.get(name)
        if opening is None:
            channel = Channel(encoding, load, self._source.missed, self._clock, self._limit)
            opening = asyncio.create_task(self._open(name, channel))
            self._opening[name] = opening
        # Shielded: the first to ask may leave, the others still wait for the same snapshot.
        return await asyncio.shield(opening)

    async def _open(self, name: tuple[str, ...], channel: Channel) -> Channel:
        # Registered before the snapshot is read: what is published meanwhile waits in it. Sorted,
        # so that one event goes to a system's channels always in the same order.
        self._channels = dict(sorted({**self._channels, name: channel}.items()))
        try:
            await channel.open()
        except BaseException:
            del self._channels[name]
            raise
        finally:
            del self._opening[name]
        if self._closed:
            channel.close()
        return channel

    async def _refresh(self, channel: Channel) -> None:
        try:
            await channel.refresh()
        except (BoardNotFound, PointNotFound):  # it was removed, or a point renamed
            self._forget(channel)
        except Exception:
            log.exception("A changed board could not be read; its viewers start afresh")
            self._forget(channel)
        # Before they are woken: who came in while the board was open to all sees no more of it.
        encoding = channel.encoding
        if isinstance(encoding, BoardEncoding) and encoding.board.access == Access.PAIRED:
            self._end(viewer for viewer in self._viewers.get("", ()) if viewer.channel is channel)

    def _forget(self, channel: Channel) -> None:
        channel.close()
        self._channels = {n: c for n, c in self._channels.items() if c is not channel}

    @staticmethod
    def _end(viewers: Iterable[Viewer]) -> None:
        ending = list(viewers)
        for viewer in ending:
            viewer.ended = True
        for channel in {viewer.channel for viewer in ending}:
            channel.part()

    def _start(self, coroutine: Awaitable[None]) -> None:
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
