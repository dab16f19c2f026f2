"""The public board and the event stream as SSE, looked at on the wire."""

import asyncio
import logging
import socket
import struct
from pathlib import Path

import pytest

from tests.venue_server import VenueServer, serving
from tests.wire import Feed, Wall, read_blocks

pytestmark = pytest.mark.usefixtures("path")

EVENTS = "/api/v1/venues/main/events"
ADDRESSES = pytest.mark.parametrize("address", ["/b/main/feed", EVENTS])


@ADDRESSES
async def test_the_first_bytes_leave_at_once_on_connect(server: VenueServer, address: str) -> None:
    async with Feed(server, address) as feed:
        hello = await feed.next()
    assert feed.status == 200
    assert feed.head["content-type"].startswith("text/event-stream")
    assert feed.head["x-accel-buffering"] == "no"
    assert (hello.event, hello.id, hello.data["seq"]) == ("hello", "main.1.0", 0)
    assert len(feed.retries) == 1


async def test_every_piece_holds_whole_frames_with_lf_line_ends(server: VenueServer) -> None:
    async with Feed(server) as feed:
        for number in range(30):
            await server.place(first_name=f"Ada {number}")
        for _ in range(31):
            await feed.next()
    assert all(piece.endswith(b"\n\n") and b"\r" not in piece for piece in feed.pieces)


async def test_every_read_of_the_socket_ends_on_a_blank_line(server: VenueServer) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"GET /b/main/feed HTTP/1.1\r\nHost: x\r\n\r\n")
    async with asyncio.timeout(10):
        await reader.readuntil(b"event: hello")
        await reader.readuntil(b"\n\n\r\n")
        for number in range(20):
            order = await server.place(first_name=f"Ada {number}")
            text = await reader.read(65536)
            assert text.endswith(b"\n\n\r\n")
            assert order.key.encode() in text
    writer.close()


async def test_a_change_reaches_a_viewer_as_one_card(server: VenueServer) -> None:
    async with Feed(server) as feed:
        order = await server.place(
            first_name="Ada", last_name="Byron", phone="+39 555", note="secret"
        )
        placed = await feed.until("order")
        await server.move(order.id, "ready")
        ready = await feed.until("order")
        await server.move(order.id, "cancelled", cancelled_by="customer")
        gone = await feed.until("gone")
    assert placed.id == "main.1.1"
    assert (placed.data["card"]["name"], placed.data["card"]["column"]) == ("Ada B.", "preparing")
    assert (ready.data["card"]["key"], ready.data["card"]["column"]) == (order.key, "ready")
    assert gone.data["key"] == order.key
    assert b"+39 555" not in b"".join(feed.pieces)
    assert b"secret" not in b"".join(feed.pieces)


async def test_a_hidden_order_says_nothing_until_it_shows(server: VenueServer) -> None:
    async with Feed(server) as feed:
        await server.place(first_name="Hidden", status="placed")
        await server.place(first_name="Shown")
        assert (await feed.until("order")).data["card"]["name"] == "Shown"


async def test_the_event_stream_tells_all_and_who_did_it(server: VenueServer) -> None:
    async with Feed(server, EVENTS) as feed:
        order = await server.place(first_name="Ada", phone="555")
        await server.move(order.id, "ready", note="hot")
        placed, moved = await feed.until("placed"), await feed.until("status")
    assert placed.data["order"]["phone"] == "555"
    assert placed.data["actor"]["name"] == "Till"
    assert (moved.data["detail"]["from"], moved.data["detail"]["to"]) == ("queued", "ready")
    assert moved.data["detail"]["note"] == "hot"


@pytest.mark.parametrize(
    ("query", "seqs"),
    [
        ("kind=status", [3, 4]),
        ("kind=placed&kind=status", [1, 2, 3, 4]),
        ("station=Bar", [1]),
        ("station=Bar&kind=status", []),
        ("order={order}", [2, 3, 4]),
    ],
)
async def test_filters_widen_within_and_narrow_between(
    server: VenueServer, query: str, seqs: list[int]
) -> None:
    at_bar = {"name": "Ale", "station": "Bar"}
    await server.http.post("/api/v1/venues/main/orders", json={"items": [at_bar]})
    order = await server.place(first_name="Ada")
    await server.move(order.id, "preparing")
    await server.move(order.id, "ready")
    path = f"{EVENTS}?poll=1&after=main.1.0&wait=0&{query.format(order=order.id)}"
    polled = await server.http.get(path)
    assert [told.data["seq"] for told in read_blocks(polled.content) if told.event] == seqs


async def test_a_poll_without_a_position_answers_the_whole_state(server: VenueServer) -> None:
    await server.place(first_name="Ada")
    polled = await server.http.get("/b/main/feed?poll=1")
    told = read_blocks(polled.content)
    assert [block.event for block in told] == ["", "hello"]
    assert len(told[1].data["cards"]) == 1


async def test_a_poll_waits_for_the_first_news(server: VenueServer) -> None:
    polling = asyncio.create_task(server.http.get("/b/main/feed?poll=1&after=main.1.0"))
    await server.http.get("/healthz")
    assert not polling.done()
    order = await server.place(first_name="Ada")
    told = [block for block in read_blocks((await polling).content) if block.event]
    assert [block.data["card"]["key"] for block in told] == [order.key]


async def test_the_beat_is_named_has_no_id_and_proves_the_list(tmp_path: Path) -> None:
    async with serving(tmp_path, beat_seconds=0.05) as server:
        await server.place(first_name="Ada")
        async with Feed(server) as feed:
            hello, beat = await feed.until("hello"), await feed.until("beat")
    assert beat.id is None
    assert beat.data["digest"] == hello.data["digest"]
    assert beat.data["build"] == hello.data["build"]


async def test_a_changed_board_starts_every_viewer_afresh(server: VenueServer) -> None:
    await server.place(first_name="Ada")
    async with Feed(server) as feed:
        await feed.until("hello")
        await server.http.patch("/api/v1/venues/main/board", json={"shows": "number"})
        hello = await feed.until("hello")
        assert hello.data["board"]["shows"] == "number"
        assert hello.data["cards"][0]["name"] is None
        await server.place(first_name="Bo")
        assert (await feed.until("order")).data["card"]["number"] == "2"


async def test_orders_placed_while_a_board_changes_are_not_lost(server: VenueServer) -> None:
    wall = Wall()
    async with Feed(server) as feed:
        for number in range(10):
            await server.http.patch("/api/v1/venues/main/board", json={"title": f"T{number}"})
            last = await server.place(first_name=f"Guest {number}")
        while last.key not in wall.cards or wall.position != "main.1.20":
            told = await feed.next()
            wall.apply(told.event, told.id, told.data)
    assert len(wall.cards) == 10


@ADDRESSES
async def test_head_opens_no_stream(server: VenueServer, address: str) -> None:
    answer = await server.http.head(address)
    assert answer.status_code == 200
    assert answer.content == b""


async def test_what_is_asked_behind_a_stream_does_not_end_it(server: VenueServer) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"GET /b/main/feed HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n")
    async with asyncio.timeout(10):
        await reader.readuntil(b"event: hello")
        await server.place(number="41")
        await reader.readuntil(b"event: order")
    writer.close()


async def test_viewers_who_hang_up_at_once_are_no_error(
    server: VenueServer, caplog: pytest.LogCaptureFixture
) -> None:
    await server.http.get("/b/main.json")  # the board is open, so that they are answered at once
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", server.port)) as viewer:
            viewer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            viewer.sendall(b"GET /b/main/feed HTTP/1.1\r\nHost: x\r\n\r\n")
    async with Feed(server) as feed:  # it comes after them all
        await feed.next()
    await server.house.hub.drain(10)
    assert server.house.hub.viewer_count == 0
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
async def test_a_stream_is_only_read(server: VenueServer, method: str) -> None:
    answer = await server.http.request(method, "/b/main/feed")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("query", ["poll=2", "wait=26", "wait=nan", "after=1&after=2", "x=1"])
async def test_a_wrong_parameter_is_refused(server: VenueServer, query: str) -> None:
    answer = await server.http.get(f"/b/main/feed?{query}")
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")


async def test_an_unknown_venue_has_no_stream(server: VenueServer) -> None:
    answer = await server.http.get("/b/nowhere/feed")
    assert answer.status_code == 404
    assert answer.json()["type"] == "venue-not-found"
