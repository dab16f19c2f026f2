"""The little a WebSocket viewer may say after its connection was handed over (RFC 6455)."""

import asyncio
import os
import time
from typing import Any

import pytest
from hypothesis import given, strategies as st
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedOK

from app.feed.messages import (
    CLOSE,
    LARGEST,
    MESSAGES,
    PING,
    PONG,
    PROTOCOL_ERROR,
    TEXT,
    TOO_BIG,
    Broken,
    SocketStream,
    client_frame,
    message,
)
from app.feed.sweep import sweep_of
from tests.venue_server import VenueServer

PATIENCE = 10


def said(opcode: int, payload: bytes, *, fin: bool = True) -> bytes:
    """A frame as a client sends it, masked."""
    mask = os.urandom(4)
    size = len(payload)
    head = bytes([(0x80 if fin else 0) | opcode])
    if size <= 125:
        head += bytes([0x80 | size])
    elif size < 1 << 16:
        head += bytes([0x80 | 126]) + size.to_bytes(2, "big")
    else:
        head += bytes([0x80 | 127]) + size.to_bytes(8, "big")
    return head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload))


@given(st.sampled_from([PING, CLOSE]), st.binary(max_size=125), st.binary(max_size=30))
def test_control_frames_are_read_whole_whatever_follows(
    opcode: int, payload: bytes, rest: bytes
) -> None:
    frame = said(opcode, payload)
    assert client_frame(frame + rest) == (opcode, payload, len(frame))


@given(st.sampled_from([0x0, TEXT, 0x2]), st.integers(0, LARGEST), st.booleans())
def test_what_a_viewer_says_is_measured_and_dropped(opcode: int, size: int, fin: bool) -> None:
    frame = said(opcode, b"x" * size, fin=fin)
    assert client_frame(frame) == (opcode, b"", len(frame))
    assert client_frame(frame[:-1]) is None or size == 0


def test_half_a_frame_waits_for_the_rest() -> None:
    frame = said(PING, b"hello")
    assert [client_frame(frame[:n]) for n in range(len(frame))] == [None] * len(frame)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (said(TEXT, b"x" * (LARGEST + 1)), TOO_BIG),
        (said(TEXT, b"x" * 70_000), TOO_BIG),
        (message(TEXT, b"not masked"), PROTOCOL_ERROR),
        (bytes([0xC1, 0x80]) + b"\0" * 4, PROTOCOL_ERROR),
        (bytes([0x83, 0x80]) + b"\0" * 4, PROTOCOL_ERROR),
        (said(PING, b"", fin=False), PROTOCOL_ERROR),
        (bytes([0x89, 0xFE, 0, 126]), PROTOCOL_ERROR),
    ],
    ids=["large", "huge", "unmasked", "reserved bit", "opcode", "split ping", "long ping"],
)
def test_broken_frames_have_the_code_of_their_fault(frame: bytes, code: int) -> None:
    with pytest.raises(Broken) as broken:
        client_frame(frame)
    assert broken.value.code == code


class Transport(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    def write(self, data: Any) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return 0


@pytest.fixture
async def handed_over(server: VenueServer) -> tuple[SocketStream, Transport]:
    """A board's viewer on a connection that only keeps what is written."""
    hub, transport = server.house.hub, Transport()
    channel = await hub.board("main")
    sweep = sweep_of(channel, MESSAGES, hub.leave, PATIENCE)
    return SocketStream(transport, hub.viewer(channel), sweep, set()), transport


async def test_a_flood_of_tiny_frames_is_read_in_one_go(
    handed_over: tuple[SocketStream, Transport],
) -> None:
    viewer, transport = handed_over
    begun = time.process_time()
    viewer.data_received(said(TEXT, b"") * 300_000 + said(PING, b"last"))
    assert transport.written == message(PONG, b"last")
    assert time.process_time() - begun < 5  # it would be a minute if each were cut off the front


async def test_who_does_not_read_gets_no_pongs(
    handed_over: tuple[SocketStream, Transport],
) -> None:
    viewer, transport = handed_over
    viewer.pause_writing()
    viewer.data_received(said(PING, b"one") * 1000)
    assert transport.written == b""
    viewer.resume_writing()
    viewer.data_received(said(PING, b"two"))
    assert transport.written == message(PONG, b"two")


@pytest.mark.parametrize(("size", "head"), [(0, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)])
def test_messages_have_the_shortest_head(size: int, head: int) -> None:
    assert len(message(TEXT, b"x" * size)) == head + size


async def test_a_viewers_ping_is_answered_and_its_close_too(server: VenueServer) -> None:
    async with connect(f"ws://127.0.0.1:{server.port}/b/main/ws") as viewer:
        assert '"hello"' in str(await asyncio.wait_for(viewer.recv(), PATIENCE))
        await asyncio.wait_for(await viewer.ping(), PATIENCE)
        await viewer.send(["in ", "several ", "frames"])
        await server.place(number="41")
        assert '"41"' in str(await asyncio.wait_for(viewer.recv(), PATIENCE))
        await viewer.close(1000)
        with pytest.raises(ConnectionClosedOK):
            await viewer.recv()
    await server.connections_closed()


async def test_a_viewer_that_says_too_much_is_shown_out(server: VenueServer) -> None:
    async with connect(f"ws://127.0.0.1:{server.port}/b/main/ws") as viewer:
        await asyncio.wait_for(viewer.recv(), PATIENCE)
        await viewer.send("x" * (LARGEST + 1))
        await asyncio.wait_for(viewer.wait_closed(), PATIENCE)
        assert viewer.close_code == TOO_BIG
    await server.connections_closed()
    assert server.house.hub.viewer_count == 0
