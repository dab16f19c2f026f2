"""One encoding of one venue's events: its present state, and a ring of the frames that led to it.

A viewer is a cursor into the ring, not a queue: it is given everything after its cursor in one
write. Slow viewers get more at a time, and one that fell out of the ring gets a fresh `hello`.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from app.domain.events import Event
from app.feed.frames import Frame, Position, encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A venue's state at one moment, read in one read transaction; `state` is the encoding's."""

    venue: str
    slug: str
    epoch: int
    seq: int
    state: Any


class Encoding(Protocol):
    """What makes the channels differ: what they keep, and how it is written. `plain` ones speak a
    foreign system's frames only: no greeting, no retry line, no farewell. `most_at_once`: bytes in
    one write, so that little waits in memory for a slow viewer."""

    plain: bool
    most_at_once: int

    def position(self, text: str | None, slug: str) -> Position | None:
        """Where a viewer says it was; None for a stranger or garbage."""
        ...

    def start(self, state: Any) -> None:
        """Take over the state of a snapshot."""
        ...

    def take(self, event: Event, position: Position) -> Frame | None:
        """Bring the kept state up to an event, and answer its frame."""
        ...

    def frame(self, event: Event, position: Position) -> Frame | None:
        """The frame of an event, from the event alone; None where this channel says nothing."""
        ...

    def needs_fresh(self, event: Event) -> bool:
        """Whether the event changes the encoding itself, so that all viewers start afresh."""
        ...

    def hello_frame(self, position: Position, at: int) -> Frame | None:
        """The present state; None where a viewer is only told what happens from now on."""
        ...

    def beat_frame(self, seq: int, at: int) -> Frame: ...


class Sweeping(Protocol):
    """What else hears of news (see app/feed/sweep.py)."""

    def wake(self) -> None: ...

    def part(self) -> None: ...


HELLO_KEPT_MS = 250  # a page's clock is late by no more than this until the first beat
Load = Callable[[], Awaitable[Snapshot]]
Missed = Callable[[str, int, int], Awaitable[list[Event] | None]]


class Channel:
    """Made by the hub. `floor`: the ring holds everything after this seq."""

    def __init__(
        self, encoding: Encoding, load: Load, missed: Missed, clock: Callable[[], int], limit: int
    ) -> None:
        self.encoding = encoding
        self._news: asyncio.Event | None = None  # made when somebody waits
        self.closed = False
        self._load = load
        self._missed = missed
        self._clock = clock
        self._limit = limit
        self._ring: list[Frame] = []
        self._first = 0  # number of the ring's first frame, counted since the channel began
        self._lock = asyncio.Lock()
        self._waiting: list[Event] | None = []  # events that came while a snapshot was read
        self.venue = ""
        self.slug = ""
        self.epoch = 0
        self.seq = 0
        self.floor = 0
        self._joined: tuple[int, int, bytes, int] = (0, -1, b"", 0)
        self._greeting: tuple[int, int, list[Frame]] = (-1, 0, [])
        self.sweeps: dict[object, Sweeping] = {}
        self.chunked = (b"", b"")
        self.chunked_greeting: tuple[list[Frame], bytes] = ([], b"")
        self.messages: tuple[int, int, bytes, int] = (0, -1, b"", 0)

    async def open(self) -> None:
        """Read the state. Events published meanwhile wait, so that none is lost or doubled."""
        self._waiting = []
        await self._read()
        self._catch_up()

    async def refresh(self) -> None:
        """Read the state anew and give every viewer a fresh `hello`: the board itself changed."""
        async with self._lock:
            await self._read()
            # Older frames speak of the board as it was; whoever comes back from before is told
            # all of the present instead.
            self._first += len(self._ring)
            self._ring = []
            for frame in self.hello():
                self._append(frame)
            self._catch_up()

    @property
    def open_now(self) -> bool:
        """Whether its state is read and it goes on."""
        return self._waiting is None and not self.closed

    async def up_to_date(self) -> None:
        """Wait while the state is read anew: who changed a board sees the change at once."""
        while self._waiting is not None and not self.closed:
            await self.news.wait()

    def publish(self, event: Event) -> bool:
        """Take in a committed event; whether the channel now wants a `refresh`."""
        if self._waiting is not None:
            self._waiting.append(event)
            return False
        if event.seq <= self.seq:  # the snapshot had it already
            return False
        if self.encoding.needs_fresh(event):
            self._waiting = [event]
            return True
        self._take(event)
        return False

    def say(self, name: str, data: dict[str, Any]) -> None:
        """Send every viewer a fleeting frame."""
        self._append(encode(name, self.seq, data))

    def beat(self) -> None:
        self._append(self.encoding.beat_frame(self.seq, self._clock()))

    def close(self) -> None:
        self.closed = True
        self.wake()

    def now(self) -> int:
        """Server time in milliseconds."""
        return self._clock()

    def hello(self) -> list[Frame]:
        """The present state. A thousand screens that come back together share one."""
        now, (seq, at, frames) = self._clock(), self._greeting
        if seq != self.seq or not at <= now < at + HELLO_KEPT_MS:
            frame = self.encoding.hello_frame(self._at(), now)
            frames = [] if frame is None else [frame]
            self._greeting = (self.seq, now, frames)
        return frames

    @property
    def news(self) -> asyncio.Event:
        """Set when there is news next; to be taken before one looks whether there is some."""
        if self._news is None:
            self._news = asyncio.Event()
        return self._news

    @property
    def end(self) -> int:
        """The number the next frame will have: the cursor of a viewer that has seen everything."""
        return self._first + len(self._ring)

    def lost(self, cursor: int) -> bool:
        """Whether the ring has let go of frames from the cursor on."""
        return cursor < self._first

    async def join(self, last_seen: str | None) -> tuple[list[Frame], int]:
        """What a viewer is given first, and its cursor from there on: what it missed if that is
        still known, else a `hello`."""
        position = self.encoding.position(last_seen, self.slug)
        if position is not None and self._is_known(position):
            await self._reach_back(position.seq)
        # Looked at again: while the log was read, the board itself may have changed.
        if position is None or not self._is_known(position) or position.seq < self.floor:
            return self.hello(), self.end
        start = bisect_right(self._ring, position.seq, key=lambda frame: frame.seq)
        return [frame for frame in self._ring[start:] if not frame.fleeting], self.end

    def after(self, cursor: int) -> tuple[list[Frame], int]:
        """The next frames from a cursor on, and the cursor after them; a `hello` for one that
        fell out of the ring."""
        if self.lost(cursor) and (hello := self.hello()):
            return hello, self.end
        cursor = max(cursor, self._first)
        # A slice: an iterator would walk through the whole ring to get to its end.
        news = self._ring[cursor - self._first :]
        frames = next(in_pieces(news, self.encoding.most_at_once), [])
        return frames, cursor + len(frames)

    def bytes_after(self, cursor: int) -> tuple[bytes, int]:
        """The same joined as SSE; viewers at the same cursor share one copy."""
        if self._joined[:2] != (cursor, self.end):
            frames, after = self.after(cursor)
            self._joined = (cursor, self.end, b"".join(frame.sse for frame in frames), after)
        return self._joined[2:]

    def _is_known(self, position: Position) -> bool:
        """Whether it is of this venue's present life, and young enough to be caught up."""
        ours = (position.venue, position.epoch) == (self.slug, self.epoch)
        return ours and 0 <= self.seq - position.seq <= self._limit

    async def _reach_back(self, seq: int) -> None:
        """Fill the ring from the event log down to `seq`, once for all who come back together."""
        async with self._lock:
            floor = self.floor
            if seq >= floor:
                return
            events = await self._missed(self.venue, seq, floor)
            if events is None or any(self.encoding.needs_fresh(event) for event in events):
                return
            if self.floor != floor:  # the ring let go of frames meanwhile: a gap would be left
                return
            ids = (Position(self.slug, self.epoch, event.seq) for event in events)
            made = map(self.encoding.frame, events, ids)
            frames = [frame for frame in made if frame is not None]
            self._ring[:0] = frames
            self._first -= len(frames)
            self.floor = seq

    async def _read(self) -> None:
        """Start from a snapshot, and from a newer one if the board itself changed while it was
        read. What was published meanwhile waits for `_catch_up`."""
        self._waiting = waiting = self._waiting or []
        while True:
            snapshot = await self._load()
            self.venue, self.slug, self.epoch = snapshot.venue, snapshot.slug, snapshot.epoch
            self.seq = self.floor = snapshot.seq
            self.encoding.start(snapshot.state)
            waiting[:] = [event for event in waiting if self._is_news(event)]
            if not any(self.encoding.needs_fresh(event) for event in waiting):
                return

    def _is_news(self, event: Event) -> bool:
        # Until the first snapshot told which venue this is, events of all venues waited.
        return event.venue == self.venue and event.seq > self.seq

    def _catch_up(self) -> None:
        waiting, self._waiting = self._waiting or [], None
        for event in waiting:
            self._take(event)

    def _take(self, event: Event) -> None:
        self.seq = event.seq
        frame = self.encoding.take(event, self._at())
        if frame is not None:
            self._append(frame)

    def _append(self, frame: Frame) -> None:
        self._ring.append(frame)
        if len(self._ring) > self._limit + self._limit // 4:
            self._drop(len(self._ring) - self._limit)
        self.wake()

    def _drop(self, count: int) -> None:
        self.floor = self._ring[count - 1].seq
        del self._ring[:count]
        self._first += count

    def part(self) -> None:
        """Let those viewers go that are to end."""
        for sweep in self.sweeps.values():
            sweep.part()
        self.wake()

    def wake(self) -> None:
        """Let every viewer look for news and whether it should go on."""
        news, self._news = self._news, None
        if news is not None:
            news.set()
        for sweep in self.sweeps.values():
            sweep.wake()

    def _at(self) -> Position:
        return Position(self.slug, self.epoch, self.seq)


def in_pieces(frames: Iterable[Frame], most: int) -> Iterator[list[Frame]]:
    """The frames in as many writes of at most so many bytes as it takes; a larger frame has one
    to itself."""
    piece: list[Frame] = []
    size = 0
    for frame in frames:
        if piece and size + len(frame.sse) > most:
            yield piece
            piece, size = [], 0
        piece.append(frame)
        size += len(frame.sse)
    if piece:
        yield piece


def picked(frames: Iterable[Frame], wanted: list[frozenset[str]]) -> list[Frame]:
    """The frames a filtered viewer asked for: of each set of tags at least one must match.
    Frames without tags (hello, beat, notice) are for everybody."""
    return [f for f in frames if not f.tags or all(f.tags & choice for choice in wanted)]
