"""One WebSocket viewer: the same frames as JSON texts. The server's library answers pings."""

import asyncio

from starlette.websockets import WebSocket, WebSocketDisconnect

from app.feed.hub import Hub
from app.feed.viewer import Viewer

GOING_AWAY = 1012  # "service restart": come back soon
POLICY = 1008  # the credential no longer holds
TRY_AGAIN = 1013


async def follow(
    socket: WebSocket, hub: Hub, viewer: Viewer, last_seen: str | None, send_timeout: float
) -> None:
    """Accept, then send until the viewer leaves, stops reading, or the server stops."""
    await socket.accept()
    sending = asyncio.create_task(_send(socket, viewer, last_seen, send_timeout))
    listening = asyncio.create_task(_listen(socket))
    try:
        await asyncio.wait({sending, listening}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        hub.leave(viewer)
        for task in (sending, listening):
            task.cancel()
        await asyncio.gather(sending, listening, return_exceptions=True)


async def _send(
    socket: WebSocket, viewer: Viewer, last_seen: str | None, send_timeout: float
) -> None:
    code = GOING_AWAY
    try:
        async for text in viewer.texts(last_seen):
            await asyncio.wait_for(socket.send_text(text), send_timeout)
        code = POLICY if viewer.ended else GOING_AWAY
    except TimeoutError:
        code = TRY_AGAIN
    except WebSocketDisconnect:
        return
    await asyncio.wait_for(socket.close(code), send_timeout)


async def _listen(socket: WebSocket) -> None:
    """Viewers have nothing to say; what they send is read and dropped until they leave."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
