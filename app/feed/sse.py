"""One SSE viewer over any ASGI server: sse-starlette's response around a viewer of the hub."""

import anyio
from sse_starlette import EventSourceResponse
from sse_starlette.sse import SendTimeoutError
from starlette.types import Receive, Scope, Send

from app.feed.hub import Hub
from app.feed.viewer import Viewer

UNBUFFERED = "readyboard.unbuffered"  # the next: a write waits until nothing is left unsent
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
