"""A viewer that does not read is dropped, and nobody waits for it."""

import asyncio
import logging
import re
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.venue_server import VenueServer, serving
from tests.wire import PATIENCE, Feed

pytestmark = pytest.mark.usefixtures("path")

VENUE = "/api/v1/venues/main"
ORDERS = 30
UPGRADE = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


@pytest.fixture(autouse=True)
def nothing_is_logged_as_a_crash(caplog: pytest.LogCaptureFixture) -> Any:
    yield
    assert [r for r in caplog.records if r.levelno >= logging.ERROR] == []


def stalled(server: VenueServer, path: str, more: str = "") -> socket.socket:
    """A connection that asks and then reads nothing; small buffers fill soon."""
    viewer = socket.socket()
    viewer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    viewer.connect(("127.0.0.1", server.port))
    viewer.sendall(f"GET {path}?key={server.key} HTTP/1.1\r\nHost: x\r\n{more}\r\n".encode())
    return viewer


async def fill(server: VenueServer, orders: int = ORDERS) -> None:
    """Some megabytes of events: more than the kernel's buffers hold."""
    items = [{"name": "n", "notes": "x" * 1900} for _ in range(100)]
    for _ in range(orders):
        placed = await server.http.post(f"{VENUE}/orders", json={"items": items})
        assert placed.status_code == 201


async def all_dropped(server: VenueServer) -> None:
    """Every viewer was dropped, and its connection with all that was not sent."""
    await server.house.hub.drain(PATIENCE)
    assert server.house.hub.viewer_count == 0
    await server.http.aclose()
    await server.connections_closed()
    server.http = server.client(server.key)


async def test_a_stalled_viewer_slows_nobody_and_is_cut_off(tmp_path: Path) -> None:
    async with serving(tmp_path, send_timeout_seconds=0.3) as server:
        viewer = stalled(server, f"{VENUE}/events")
        async with Feed(server, f"{VENUE}/events") as lively:
            await fill(server)
            for seq in range(1, ORDERS + 1):
                assert (await lively.until("placed")).data["seq"] == seq
        await all_dropped(server)
        viewer.close()


async def test_a_stalled_websocket_is_cut_off(tmp_path: Path) -> None:
    async with serving(tmp_path, send_timeout_seconds=0.3) as server:
        viewer = stalled(server, f"{VENUE}/ws", UPGRADE)
        await fill(server)
        await all_dropped(server)
        viewer.close()


async def joined(server: VenueServer) -> None:
    async with asyncio.timeout(PATIENCE):
        while not server.house.hub.viewer_count:  # noqa: ASYNC110 nobody is told
            await asyncio.sleep(0)


@pytest.mark.parametrize(("feed", "more"), [("/events", ""), ("/ws", UPGRADE)])
async def test_a_viewer_that_stalls_while_it_catches_up_is_cut_off(
    tmp_path: Path, feed: str, more: str
) -> None:
    async with serving(tmp_path, send_timeout_seconds=0.3) as server:
        await fill(server)
        viewer = stalled(server, VENUE + feed, f"Last-Event-ID: main.1.0\r\n{more}")
        await joined(server)
        await all_dropped(server)
        viewer.close()


@pytest.mark.parametrize(("feed", "more"), [("/events", ""), ("/ws", UPGRADE)])
async def test_a_viewer_that_stalls_with_its_last_first_frame_is_cut_off(
    tmp_path: Path, feed: str, more: str
) -> None:
    """It is handed over while its connection takes nothing: the transport says so only once."""
    async with serving(tmp_path, send_timeout_seconds=0.3) as server:
        server.send_through_small_buffers()
        await fill(server, orders=1)
        viewer = stalled(server, VENUE + feed, f"Last-Event-ID: main.1.0\r\n{more}")
        await joined(server)
        await fill(server)
        await all_dropped(server)
        viewer.close()


async def test_what_waits_for_a_stalled_viewer_is_bounded(tmp_path: Path) -> None:
    async with serving(tmp_path, send_timeout_seconds=60) as server:
        viewers = [stalled(server, f"{VENUE}/events"), stalled(server, f"{VENUE}/ws", UPGRADE)]
        await fill(server)
        waiting = server.unsent_bytes()
        assert 0 < max(waiting) < 2 * 2**20
        for viewer in viewers:
            viewer.close()


async def test_a_viewer_that_reads_slowly_is_given_everything_in_order(tmp_path: Path) -> None:
    """What did not fit into its socket goes out before anything newer."""
    async with serving(tmp_path, send_timeout_seconds=60) as server:
        server.send_through_small_buffers()
        viewer = stalled(server, f"{VENUE}/events")
        viewer.setblocking(False)
        await joined(server)
        loop, came = asyncio.get_running_loop(), b""
        for _ in range(100):
            last = (await server.place(note="x" * 500)).seq
            came += await loop.sock_recv(viewer, 700)
        async with asyncio.timeout(PATIENCE):
            while f"id: main.1.{last}\n".encode() not in came:
                came += await loop.sock_recv(viewer, 65_536)
        viewer.close()
    told = [int(seq) for seq in re.findall(rb"^id: main\.1\.(\d+)$", came, re.MULTILINE)]
    assert told == list(range(told[0], last + 1))


async def test_a_viewer_that_was_dropped_comes_back_without_a_gap(tmp_path: Path) -> None:
    async with serving(tmp_path, send_timeout_seconds=0.3) as server:
        viewer = stalled(server, f"{VENUE}/events")
        await fill(server)
        await all_dropped(server)
        viewer.close()
        async with Feed(server, f"{VENUE}/events", last="main.1.3") as again:
            seqs = [(await again.until("placed")).data["seq"] for _ in range(ORDERS - 3)]
    assert seqs == list(range(4, ORDERS + 1))


@pytest.mark.parametrize(("feed", "more"), [("/events", ""), ("/ws", UPGRADE)])
async def test_a_server_with_a_stalled_viewer_still_stops_in_time(
    tmp_path: Path, feed: str, more: str
) -> None:
    async with serving(tmp_path) as server:
        viewer = stalled(server, VENUE + feed, more)
        await fill(server)
        async with asyncio.timeout(2):
            await server.stop()
        viewer.close()
        await server.start()
