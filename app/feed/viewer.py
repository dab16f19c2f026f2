"""One viewer of a channel: a cursor, what it asked to see, and whose credential let it in."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from app.feed.channel import Channel, in_pieces, picked
from app.feed.frames import KEEP_ALIVE, Frame, encode, retry_line, return_spread


class Viewer:
    """`wanted`: of each set of tags at least one must match (see channel.picked); empty means
    everything. `ended` is set when its credential no longer lets it in. `abort` drops the
    connection at once, where the server can do that."""

    __slots__ = (
        "_retry_ms", "abort", "channel", "credential", "cursor", "ended", "wanted",
    )  # fmt: skip

    def __init__(
        self, channel: Channel, credential: str, wanted: list[frozenset[str]], retry_ms: int
    ) -> None:
        self.channel = channel
        self.credential = credential
        self.wanted = wanted
        self.ended = False
        self.abort: Callable[[], None] | None = None
        self._retry_ms = retry_ms
        self.cursor = 0

    async def open(self, last_seen: str | None) -> list[Frame]:
        """The first frames: what was missed, or a `hello`."""
        frames, self.cursor = await self.channel.join(last_seen)
        return picked(frames, self.wanted) if self.wanted else frames

    def take(self) -> list[Frame]:
        """The next of what came since the last time; empty when that was all."""
        while True:
            frames, self.cursor = self.channel.after(self.cursor)
            wanted = picked(frames, self.wanted) if self.wanted else frames
            if wanted or not frames:
                return wanted

    def take_bytes(self) -> bytes:
        if self.wanted:
            return b"".join(frame.sse for frame in self.take())
        joined, self.cursor = self.channel.bytes_after(self.cursor)
        return joined

    @property
    def done(self) -> bool:
        return self.ended or self.channel.closed

    def cut_off(self) -> bool:
        """Drop a viewer that does not read, unsent bytes and all; whether that was possible."""
        if self.abort is None:
            return False
        self.abort()
        return True

    async def sse(self, last_seen: str | None) -> AsyncIterator[bytes]:
        """The body of an SSE answer; each piece holds whole frames only."""
        encoding, since = self.channel.encoding, self.channel.end
        head = b"" if encoding.plain else retry_line(self._retry_ms)
        if encoding.plain:
            # At once, before the log is read, so that a proxy lets the headers go.
            yield KEEP_ALIVE
        first = await self.open(last_seen)
        if encoding.plain and not first:
            self.cursor = min(self.cursor, since)  # live means: from that comment on
        for piece in in_pieces(first, encoding.most_at_once - len(head)):
            yield head + b"".join(frame.sse for frame in piece)
            head = b""
        if head:
            yield head
        while True:
            news = self.channel.news
            if encoding.plain and self.channel.lost(self.cursor):
                return  # frames it was not given are gone: it must come back for them
            if not self.ended and (chunk := self.take_bytes()):
                yield chunk
            elif self.done:
                if not encoding.plain:
                    yield self.last_words()
                return
            else:
                await news.wait()

    async def poll(self, last_seen: str | None, seconds: float) -> bytes:
        """One answer of a long poll: what was missed, waiting up to `seconds` for the first of
        it. The same SSE text, then the end."""
        loop = asyncio.get_running_loop()
        deadline, frames = loop.time() + seconds, await self.open(last_seen)
        while not frames and not self.done and loop.time() < deadline:
            news = self.channel.news
            frames = self.take()
            if not frames:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout_at(deadline):
                        await news.wait()
        wait = return_spread(self._retry_ms) if self.done else self._retry_ms
        return retry_line(wait) + b"".join(frame.sse for frame in frames)

    async def texts(self, last_seen: str | None) -> AsyncIterator[str]:
        """The messages of a WebSocket, one frame each."""
        for frame in await self.open(last_seen):
            yield frame.text
        while True:
            news = self.channel.news
            if not self.ended and (frames := self.take()):
                for frame in frames:
                    yield frame.text
            elif self.done:
                yield self.farewell().text
                return
            else:
                await news.wait()

    def head(self) -> bytes:
        """What an SSE stream of our own begins with."""
        return retry_line(self._retry_ms)

    def last_words(self) -> bytes:
        """What it ends with."""
        return self.farewell().sse + retry_line(return_spread(self._retry_ms))

    def farewell(self) -> Frame:
        """Says why the stream ends and, for transports without a retry line, when to come back."""
        reason = "ended" if self.ended else "restarting"
        text = "Sign in again." if self.ended else "The board is restarting."
        data = {"at": self.channel.now(), "code": reason, "text": text}
        return encode("notice", self.channel.seq, data | {"retry": return_spread(self._retry_ms)})
