"""The bench counts rightly: what it says of a server is so, however the server writes."""

import asyncio
from collections.abc import Callable
from functools import partial

import pytest

from tests.bench.scenes import Bench, Crowd, tried
from tests.bench.servers import (
    Serve,
    Shop,
    coalescing_floor,
    durable_floor,
    durable_naive,
    floor,
    moving_readyboard,
    naive,
    portable,
    readyboard,
    sharing_naive,
)
from tests.bench.tools import Report, build, run_fan

VIEWERS, EVENTS = 20, 40
BURST, STEADY = ("--window", "8"), ("--rate", "400")
FIGURES = {
    "viewers", "events", "seconds", "open_seconds", "open_cpu_us", "private_bytes_per_viewer",
    "private_bytes_per_viewer_at_end", "events_per_second", "deliveries", "deliveries_per_second",
    "cpu_seconds", "cpu_us_per_delivery", "reads_per_delivery", "doubled", "reordered", "lost",
    "refused", "last_status", "latency_ms", "missing",
}  # fmt: skip
HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

Deliver = Callable[[list[asyncio.StreamWriter], bytes], None]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("bench")
    for tool in ("fan", "floor"):
        build(tool, folder)
    return Bench(Shop(folder, 1000), few=VIEWERS, many=VIEWERS, quick=False)


def all_came_once(report: Report, events: int = EVENTS) -> bool:
    kinds = ("missing", "doubled", "reordered", "lost", "refused")
    return report["deliveries"] == VIEWERS * events and not any(report[kind] for kind in kinds)


@pytest.mark.parametrize(
    ("serve", "pace"),
    [
        (floor, ()),
        (floor, BURST),
        (floor, STEADY),
        (durable_floor, BURST),
        (coalescing_floor, BURST),
        (coalescing_floor, STEADY),
        (naive, BURST),
        (durable_naive, BURST),
        (sharing_naive, BURST),
        (portable, BURST),
        (readyboard, BURST),
    ],
)
def test_every_change_reaches_every_viewer_once(
    bench: Bench, serve: Serve, pace: tuple[str, ...]
) -> None:
    report = tried(serve, Crowd("few", EVENTS, pace), bench)
    assert all_came_once(report)
    assert report.keys() == FIGURES


@pytest.mark.parametrize("serve", [floor, readyboard, portable])
def test_websocket_viewers_count_the_same(bench: Bench, serve: Serve) -> None:
    assert all_came_once(tried(serve, Crowd("few", EVENTS, transport="websocket"), bench))


@pytest.mark.parametrize("serve", [readyboard, portable])
def test_viewers_that_come_back_get_what_they_missed(bench: Bench, serve: Serve) -> None:
    assert all_came_once(tried(serve, Crowd("few", EVENTS, ("--return", "1")), bench))


def test_callers_move_orders_when_nobody_looks(bench: Bench) -> None:
    report = tried(moving_readyboard, Crowd("nobody", 200, ("--window", "64")), bench)
    assert report["last_status"] == 200
    assert report["events_per_second"] > 0


def test_latencies_are_in_order(bench: Bench) -> None:
    latency = tried(floor, Crowd("few", EVENTS), bench)["latency_ms"]
    kinds = ("first", "median", "p99", "last")
    medians = [latency[kind]["p50"] for kind in kinds]
    assert medians[0] > 0
    assert medians == sorted(medians)


async def said_of(deliver: Deliver, bench: Bench, *words: str) -> Report:
    """What the tool says of a server that delivers in a way of its own."""
    viewers: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(partial(answer, viewers, deliver), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        words += ("--port", str(port), "--viewers", str(VIEWERS), "--events", str(EVENTS))
        words += ("--view", "/", "--to", "/", "--body", "~%d~")
        return await asyncio.to_thread(run_fan, bench.shop.fan, *words)


async def answer(
    viewers: list[asyncio.StreamWriter],
    deliver: Deliver,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    while head := await next_head(reader):
        if head.startswith(b"GET"):
            writer.write(HEAD)
            viewers.append(writer)
            continue
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        deliver(viewers, b"data: " + await reader.readexactly(length) + b"\n\n")
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
    writer.close()


async def next_head(reader: asyncio.StreamReader) -> bytes:
    """Empty when the other side has gone."""
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


async def test_marks_cut_into_pieces_are_read(bench: Bench) -> None:
    def deliver(viewers: list[asyncio.StreamWriter], event: bytes) -> None:
        for viewer in viewers:
            for byte in event:
                viewer.write(chunk(bytes([byte])))

    assert all_came_once(await said_of(deliver, bench))


async def test_what_comes_twice_is_counted(bench: Bench) -> None:
    def deliver(viewers: list[asyncio.StreamWriter], event: bytes) -> None:
        for viewer in viewers:
            viewer.write(chunk(event + (event if b"~20~" in event else b"")))

    assert (await said_of(deliver, bench))["doubled"] == VIEWERS


async def test_a_viewer_that_is_let_go_ends_the_run(bench: Bench) -> None:
    def deliver(viewers: list[asyncio.StreamWriter], event: bytes) -> None:
        if b"~20~" in event:
            viewers[0].write(b"0\r\n\r\n")
            return
        for viewer in viewers:
            viewer.write(chunk(event))

    report = await said_of(deliver, bench)
    assert report["lost"] == 1
    # Five changes warm up, so fourteen had come and twenty-six had not.
    assert report["missing"] == 26 * VIEWERS


async def test_what_is_late_but_overtaken_is_told(bench: Bench) -> None:
    held: list[bytes] = []

    def deliver(viewers: list[asyncio.StreamWriter], event: bytes) -> None:
        if b"~20~" in event:
            held.append(event)
            return
        late = held.pop() if b"~25~" in event else b""
        for viewer in viewers:
            viewer.write(chunk(event + late))

    report = await said_of(deliver, bench, "--window", "2")
    assert report["reordered"] == VIEWERS
