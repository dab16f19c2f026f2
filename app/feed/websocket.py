"""One WebSocket viewer: the same frames as JSON texts. The server's library answers pings."""

import asyncio
import contextlib
from collections.abc import Coroutine

from starlette.websockets import WebSocket, WebSocketDisconnect

from app.feed.hub import Hub
from app.feed.sse import ABORT
from app.feed.viewer import Viewer

GOING_AWAY = 1012  # "service restart": come back soon
POLICY = 1008  # the credential no longer holds


async def follow(
    socket: WebSocket, hub: Hub, viewer: Viewer, last_seen: str | None, send_timeout: float
) -> None:
    """Accept, then send until the viewer leaves, stops reading, or the server stops."""
    viewer.abort = socket.scope.get("extensions", {}).get(ABORT)
    try:
        with contextlib.suppress(WebSocketDisconnect):
            await socket.accept()
            await _first_to_end(
                _send(socket, viewer, last_seen, send_timeout),
                _listen(socket),
            )
    finally:
        hub.leave(viewer)


async def _first_to_end(*ways: Coroutine[None, None, None]) -> None:
    tasks = [asyncio.create_task(way) for way in ways]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _send(
    socket: WebSocket, viewer: Viewer, last_seen: str | None, send_timeout: float
) -> None:
    try:
        async for text in viewer.texts(last_seen):
            async with asyncio.timeout(send_timeout):
                await socket.send_text(text)
        async with asyncio.timeout(send_timeout):
            await socket.close(POLICY if viewer.ended else GOING_AWAY)
    except TimeoutError:
        # It took nothing for too long. Closing would wait for it to read what is buffered.
        viewer.cut_off()


async def _listen(socket: WebSocket) -> None:
    """Viewers have nothing to say; what they send is read and dropped until they leave."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
