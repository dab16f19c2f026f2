"""A viewer that does not read is dropped, and nobody waits for it."""

import asyncio
import socket
from pathlib import Path

from tests.venue_server import VenueServer, serving
from tests.wire import Feed


def stalled(server: VenueServer, request: str) -> socket.socket:
    """A connection that asks and then reads nothing; small buffers fill soon."""
    viewer = socket.socket()
    viewer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    viewer.connect(("127.0.0.1", server.port))
    viewer.sendall(request.encode())
    return viewer


async def gone(server: VenueServer, left: int) -> None:
    async with asyncio.timeout(10):
        while server.house.hub.viewer_count > left:  # noqa: ASYNC110 the hub has no such event
            await asyncio.sleep(0.01)


async def fill(server: VenueServer) -> None:
    """Some megabytes of events: more than the kernel's buffers hold."""
    items = [{"name": "n", "notes": "x" * 1900} for _ in range(100)]
    for _ in range(30):
        placed = await server.http.post("/api/v1/venues/main/orders", json={"items": items})
        assert placed.status_code == 201


async def test_a_stalled_sse_viewer_is_cut_off_and_slows_nobody(tmp_path: Path) -> None:
    async with serving(tmp_path, send_timeout_seconds=0.3) as server:
        path = "/api/v1/venues/main/events"
        key = f"Authorization: Bearer {server.key}\r\n"
        viewer = stalled(server, f"GET {path} HTTP/1.1\r\nHost: x\r\n{key}\r\n")
        async with Feed(server, path) as lively:
            await fill(server)
            for seq in range(1, 31):
                assert (await lively.until("placed")).data["seq"] == seq
            await gone(server, left=1)
        viewer.close()


async def test_a_stalled_websocket_is_cut_off(tmp_path: Path) -> None:
    async with serving(tmp_path, send_timeout_seconds=0.3) as server:
        viewer = stalled(
            server,
            f"GET /api/v1/venues/main/ws?key={server.key} HTTP/1.1\r\nHost: x\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        )
        await fill(server)
        await gone(server, left=0)
        viewer.close()


async def test_a_server_with_a_stalled_viewer_still_stops_in_time(tmp_path: Path) -> None:
    async with serving(tmp_path) as server:
        path = f"/api/v1/venues/main/events?key={server.key}"
        viewer = stalled(server, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n")
        await fill(server)
        async with asyncio.timeout(2):
            await server.stop()
        viewer.close()
        await server.start()
