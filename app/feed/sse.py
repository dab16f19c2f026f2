"""One SSE viewer over any ASGI server: sse-starlette's response around a viewer of the hub."""

from collections.abc import Callable
from typing import Any

import anyio
from sse_starlette import EventSourceResponse
from sse_starlette.sse import AppStatus, SendTimeoutError
from starlette.types import Receive, Scope, Send

from app.feed.hub import Hub
from app.feed.viewer import Viewer

ABORT = "readyboard.abort"  # ASGI extension of our uvicorn protocol: cuts the connection

# The hub says good-bye itself, in order and with a moment to come back; the library would cancel
# every stream as soon as uvicorn is told to stop.
AppStatus.disable_automatic_graceful_drain()  # type: ignore[no-untyped-call]


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
        try:
            await super().__call__(scope, receive, send)
        except SendTimeoutError:
            # It took nothing for too long. Closing would wait for it to read what is buffered.
            abort: Callable[[], Any] | None = scope.get("extensions", {}).get(ABORT)
            if abort is not None:
                abort()
        finally:
            self._hub.leave(self._viewer)

    @staticmethod
    async def _listen_for_exit_signal() -> None:
        await anyio.sleep_forever()
