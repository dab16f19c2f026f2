"""One WebSocket viewer: the same frames as JSON texts. The server's library answers pings."""

import asyncio
import contextlib
from collections.abc import Coroutine

from starlette.websockets import WebSocket, WebSocketDisconnect

from app.feed.hub import Hub
from app.feed.messages import GOING_AWAY, MESSAGES, POLICY
from app.feed.sse import ABORT, TAKE_OVER
from app.feed.sweep import sweep_of
from app.feed.viewer import Viewer


async def follow(
    socket: WebSocket, hub: Hub, viewer: Viewer, last_seen: str | None, send_timeout: float
) -> None:
    """Accept, then send until the viewer leaves, stops reading, or the server stops."""
    viewer.abort, handed_over = socket.scope.get("extensions", {}).get(ABORT), False
    try:
        with contextlib.suppress(WebSocketDisconnect):
            await socket.accept()
            if await _hand_over(socket, hub, viewer, last_seen, send_timeout):
                handed_over = True
                return
            await _first_to_end(
                _send(socket, viewer, last_seen, send_timeout),
                _listen(socket),
            )
    finally:
        if not handed_over:
            hub.leave(viewer)


async def _hand_over(
    socket: WebSocket, hub: Hub, viewer: Viewer, last_seen: str | None, send_timeout: float
) -> bool:
    """Give the connection to a sweep where the server can, after what comes first was sent with
    its back-pressure."""
    take_over = socket.scope.get("extensions", {}).get(TAKE_OVER)
    if take_over is None:
        return False
    try:
        for frame in await viewer.open(last_seen):
            async with asyncio.timeout(send_timeout):
                await socket.send_text(frame.text)
    except TimeoutError:
        viewer.cut_off()
        raise WebSocketDisconnect from None
    sweep = sweep_of(viewer.channel, MESSAGES, hub.leave, send_timeout)
    if not take_over(sweep, viewer):
        raise WebSocketDisconnect
    return True


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
