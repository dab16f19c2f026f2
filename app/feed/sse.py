"""One SSE viewer: given to a sweep where the server can, else sse-starlette's response."""

import asyncio
from collections.abc import Callable

import anyio
from sse_starlette import EventSourceResponse
from sse_starlette.sse import SendTimeoutError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.feed.channel import in_pieces
from app.feed.frames import Frame
from app.feed.hub import Hub
from app.feed.sweep import CHUNKS, Sweep, chunk, sweep_of
from app.feed.viewer import Viewer

UNBUFFERED = "readyboard.unbuffered"  # the next: a write waits until nothing is left unsent
TAKE_OVER = "readyboard.take_over"  # another: hands the connection to a sweep
ABORT = "readyboard.abort"  # ASGI extension of our uvicorn protocols: cuts the connection


TakeOver = Callable[[Sweep, Viewer, bytes], bool]  # with what is to be written first


def feed_response(
    scope: Scope, hub: Hub, viewer: Viewer, last_seen: str | None, *, send_timeout: float
) -> Response:
    """A stream by the best way this server has: given to a sweep over HTTP/1.1, else as any ASGI
    server can."""
    take_over: TakeOver | None = scope.get("extensions", {}).get(TAKE_OVER)
    given = scope["method"] == "GET" and scope["http_version"] == "1.1"
    if take_over is not None and given and not viewer.channel.encoding.plain:
        return SweptResponse(hub, viewer, last_seen, take_over, send_timeout)
    return FeedResponse(hub, viewer, last_seen, send_timeout=send_timeout)


class SweptResponse(Response):
    """The answer begins as usual, with back-pressure while there is much to tell; then the
    connection belongs to the channel's sweep, which writes the last of it, and this request is
    over."""

    def __init__(
        self,
        hub: Hub,
        viewer: Viewer,
        last_seen: str | None,
        take_over: TakeOver,
        patience: float,
    ) -> None:
        self.raw_headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store, no-transform"),
            (b"x-accel-buffering", b"no"),
            # Nothing can be asked on it any more: else a client would, just when the stream ends.
            (b"connection", b"close"),
        ]
        self._hub = hub
        self._viewer = viewer
        self._last_seen = last_seen
        self._take_over = take_over
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        viewer, handed_over = self._viewer, False
        viewer.abort = scope["extensions"].get(ABORT)
        try:
            frames = await viewer.open(self._last_seen)
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            last = await self._begin(send, frames)
            sweep = sweep_of(viewer.channel, CHUNKS, self._hub.leave, self._patience)
            handed_over = self._take_over(sweep, viewer, last)
        finally:
            if not handed_over:
                self._hub.leave(viewer)

    async def _begin(self, send: Send, frames: list[Frame]) -> bytes:
        """Writes what the viewer is told first but for its last piece, and returns that as a
        chunk. Most have no other, and share it with all who come in the same moment."""
        viewer, channel = self._viewer, self._viewer.channel
        greeting, known = channel.chunked_greeting
        if greeting is frames:
            return known
        first = viewer.head()
        most = channel.encoding.most_at_once - len(first)
        for index, piece in enumerate(in_pieces(frames, most)):
            if index > 0:
                await self._send(send, first)
                first = b""
            first += b"".join([frame.sse for frame in piece])
        last = chunk(first)
        if len(frames) == 1:  # else it may be much of the log, which is not to stay in memory
            channel.chunked_greeting = (frames, last)
        return last

    async def _send(self, send: Send, body: bytes) -> None:
        """A viewer that does not read is cut off; what is sent after that goes nowhere."""
        loop = asyncio.get_running_loop()
        stuck = loop.call_later(self._patience, self._viewer.cut_off)
        try:
            await send({"type": "http.response.body", "body": body, "more_body": True})
        finally:
            stuck.cancel()


class FeedResponse(EventSourceResponse):
    """Ends when the viewer leaves, is cut off, or the server stops. No library ping: the stream
    has a heartbeat of its own, which pages can see."""

    def __init__(
        self,
        hub: Hub,
        viewer: Viewer,
        last_seen: str | None,
        *,
        send_timeout: float,
        headers: dict[str, str] | None = None,
    ) -> None:
        self._hub = hub
        self._viewer = viewer
        super().__init__(
            viewer.sse(last_seen),
            headers={"Cache-Control": "no-store, no-transform"} | (headers or {}),
            sep="\n",
            ping=0,
            send_timeout=send_timeout,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        extensions = scope.get("extensions", {})
        self._viewer.abort = extensions.get(ABORT)
        if self._viewer.channel.encoding.plain and UNBUFFERED in extensions:
            extensions[UNBUFFERED]()
        try:
            await super().__call__(scope, receive, send)
        except SendTimeoutError:
            # It took nothing for too long. Closing would wait for it to read what is buffered.
            if self._viewer.cut_off():
                await receive()  # the server has seen it go, and does not miss the stream's end
        finally:
            self._hub.leave(self._viewer)

    @staticmethod
    async def _listen_for_exit_signal() -> None:
        # The hub says good-bye itself, in order and with a moment to come back; the library
        # would cancel every stream as soon as uvicorn is told to stop.
        await anyio.sleep_forever()
