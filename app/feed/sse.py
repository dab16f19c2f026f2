"""One SSE viewer over any ASGI server: sse-starlette's response around a viewer of the hub."""

import asyncio

import anyio
from sse_starlette import EventSourceResponse
from sse_starlette.sse import SendTimeoutError
from starlette.types import Receive, Scope, Send

from app.feed.channel import in_pieces
from app.feed.hub import Hub
from app.feed.sweep import CHUNKS, sweep_of
from app.feed.viewer import Viewer

UNBUFFERED = "readyboard.unbuffered"  # the next: a write waits until nothing is left unsent
TAKE_OVER = "readyboard.take_over"  # another: hands the connection to a sweep
ABORT = "readyboard.abort"  # ASGI extension of our uvicorn protocols: cuts the connection


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
        self._last_seen = last_seen
        self._patience = send_timeout
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
        if await self._hand_over(scope, send):
            return
        try:
            await super().__call__(scope, receive, send)
        except SendTimeoutError:
            # It took nothing for too long. Closing would wait for it to read what is buffered.
            if self._viewer.cut_off():
                await receive()  # the server has seen it go, and does not miss the stream's end
        finally:
            self._hub.leave(self._viewer)

    async def _hand_over(self, scope: Scope, send: Send) -> bool:
        """Give the connection to a sweep where the server can; it speaks HTTP/1.1 then, and what
        comes first has been sent as usual, with its back-pressure."""
        take_over = scope.get("extensions", {}).get(TAKE_OVER)
        channel = self._viewer.channel
        is_stream = scope["method"] == "GET" and scope["http_version"] == "1.1"
        if take_over is None or channel.encoding.plain or not is_stream:
            return False
        try:
            await self._send_first(send)
            sweep = sweep_of(channel, CHUNKS, self._hub.leave, self._patience)
            if take_over(sweep, self._viewer):
                return True
        except BaseException:
            self._hub.leave(self._viewer)
            raise
        self._hub.leave(self._viewer)  # it has gone already
        return True

    async def _send_first(self, send: Send) -> None:
        frames = await self._viewer.open(self._last_seen)
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        head, most = self._viewer.head(), self._viewer.channel.encoding.most_at_once
        for piece in in_pieces(frames, most - len(head)):
            body = head + b"".join(frame.sse for frame in piece)
            async with asyncio.timeout(self._patience):
                await send({"type": "http.response.body", "body": body, "more_body": True})
            head = b""
        if head:
            await send({"type": "http.response.body", "body": head, "more_body": True})

    @staticmethod
    async def _listen_for_exit_signal() -> None:
        # The hub says good-bye itself, in order and with a moment to come back; the library
        # would cancel every stream as soon as uvicorn is told to stop.
        await anyio.sleep_forever()
