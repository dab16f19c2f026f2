"""Rubbish at the level of the socket: no crash, no hang, and the next request is served."""

import asyncio
import logging
from typing import Any

import pytest

from tests.venue_server import VenueServer
from tests.wire import PATIENCE

ORDERS = "/api/v1/venues/main/orders"
UPGRADE = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
OTHERS = "X-Forwarded-Proto: ftp:/\r\nX-Forwarded-For: a, b,,[::1\r\nForwarded: for=x\r\n"


@pytest.fixture(autouse=True)
def no_crash_is_logged(caplog: pytest.LogCaptureFixture) -> Any:
    yield
    assert [r for r in caplog.records if r.levelno >= logging.ERROR] == []


async def tell(server: VenueServer, *pieces: bytes, leave: bool = False) -> bytes:
    """Send the pieces, then read until the server closes; `leave` hangs up after sending."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    if leave:
        writer.close()
        await writer.wait_closed()
        return b""
    async with asyncio.timeout(PATIENCE):
        answer = await reader.read()
    writer.close()
    return answer


def status(answer: bytes) -> int:
    return int(answer.split()[1])


def post(server: VenueServer, *headers: str) -> bytes:
    lines = [
        f"POST {ORDERS} HTTP/1.1",
        "Host: x",
        "Connection: close",
        f"Authorization: Bearer {server.key}",
        "Content-Type: application/json",
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


async def still_fine(server: VenueServer) -> None:
    assert (await server.http.get("/healthz")).status_code == 200
    assert (await server.http.get(ORDERS)).json()["orders"] == []


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET",
        b"GET / HTTP/9.9",
        b"BREW /coffee HTTP/1.1",
        b"GET /b/\xff\xfe.json HTTP/1.1",
        b"GET /b/main.json?x=\xff HTTP/1.1",
        b"GET http:// HTTP/1.1",
        b"GET * HTTP/1.1",
        b"CONNECT x:1 HTTP/1.1",
        b"GET /\x00 HTTP/1.1",
    ],
)
async def test_a_request_that_is_none_gets_a_4xx(server: VenueServer, line: bytes) -> None:
    answer = await tell(server, line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert answer == b"" or 400 <= status(answer) < 500
    await still_fine(server)


@pytest.mark.parametrize("host", ["[", "[::1", "x:y:z", "a b", "%zz", "", "\xff", "x" * 5000])
@pytest.mark.parametrize("path", ["/docs", "/docs/", "/b/main", "/b/main.json", "/staff/main"])
async def test_any_host_is_answered(server: VenueServer, host: str, path: str) -> None:
    head = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{OTHERS}\r\n"
    assert status(await tell(server, head.encode("latin-1"))) < 500


async def test_an_order_is_placed_whatever_the_host(server: VenueServer) -> None:
    head = post(server, "Content-Length: 2").replace(b"Host: x", b"Host: [")
    answer = await tell(server, head + b"{}")
    assert status(answer) == 201
    assert b"\r\nlocation: " + ORDERS.encode() + b"/" in answer


@pytest.mark.parametrize(
    "headers",
    [
        ["Content-Length: -1"],
        ["Content-Length: two"],
        ["Content-Length: 2", "Content-Length: 3"],
        ["Content-Length: 99999999999999999999999"],
        ["Content-Length: 2", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: gzip"],
    ],
)
async def test_a_length_that_makes_no_sense_is_refused(
    server: VenueServer, headers: list[str]
) -> None:
    assert 400 <= status(await tell(server, post(server, *headers), b"{}")) < 500
    await still_fine(server)


async def test_a_body_shorter_than_announced_is_dropped(server: VenueServer) -> None:
    await tell(server, post(server, "Content-Length: 100"), b'{"first_name":', leave=True)
    await tell(server, post(server, "Transfer-Encoding: chunked"), b"5\r\n{", leave=True)
    await still_fine(server)


async def test_a_body_longer_than_announced_is_cut(server: VenueServer) -> None:
    answer = await tell(server, post(server, "Content-Length: 1"), b"{}")
    assert status(answer) == 400
    await still_fine(server)


async def test_a_broken_chunk_is_refused(server: VenueServer) -> None:
    answer = await tell(server, post(server, "Transfer-Encoding: chunked"), b"zz\r\n{}\r\n")
    assert 400 <= status(answer) < 500
    await still_fine(server)


async def test_a_chunked_body_is_as_good(server: VenueServer) -> None:
    body = [b"1\r\n{\r\n", b"1\r\n}\r\n", b"0\r\n\r\n"]
    assert status(await tell(server, post(server, "Transfer-Encoding: chunked"), *body)) == 201


@pytest.mark.parametrize("length", [300_000, 10**15])
async def test_too_much_is_refused_before_it_is_sent(server: VenueServer, length: int) -> None:
    assert status(await tell(server, post(server, f"Content-Length: {length}"))) == 413


@pytest.mark.parametrize(
    "header",
    [
        "Idempotency-Key: \xff\xfe",
        "Last-Event-ID: \xe2\x80\x99",
        "Accept: " + "text/html," * 5000,
        "Cookie: rb_session=\xff; rb_session; =; \x80",
        "X-Anything: " + "x" * 60_000,
        "Range: bytes=9-1,-,x",
        "Origin: null",
        "If-None-Match: \xff",
    ],
)
async def test_odd_headers_do_no_harm(server: VenueServer, header: str) -> None:
    head = post(server, "Content-Length: 2", header)
    assert status(await tell(server, head, b"{}")) < 500
    for path in ("/b/main/feed?poll=1", "/static/x/board.js", "/staff/main"):
        asked = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{header}\r\n\r\n"
        assert status(await tell(server, asked.encode("latin-1"))) < 500


@pytest.mark.parametrize(
    "path",
    [
        "/b/main/feed?poll=1&after=" + "9" * 60_000,
        f"{ORDERS}?search=" + "x" * 60_000,
        f"{ORDERS}?" + "status=ready&" * 4000,
        f"{ORDERS}?%ff=%ff&%00",
        f"{ORDERS}/%F0%9F%8D%94%00%0A%0D/history",
        "/static/x/" + "a" * 5000,
        "/static/x/" + "a/" * 2000,
        "/static/x/%00",
        "/b/%0D%0AX:1.json",
        "/b/main/%2e%2e",
    ],
)
async def test_odd_addresses_get_an_answer(server: VenueServer, path: str) -> None:
    key = f"Authorization: Bearer {server.key}\r\n"
    head = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{key}\r\n"
    assert status(await tell(server, head.encode())) < 500


@pytest.mark.parametrize(
    ("path", "answered"),
    [
        ("/b/main/ws?after=%ff%00", 101),
        ("/b/main/ws?colour=red", 422),
        ("/b/main/ws?after=1&after=2", 422),
        ("/api/v1/venues/main/ws?kind=cooked", 422),
        ("/b/nowhere/ws", 404),
        ("/b/main/other/ws", 404),
        ("/nothing/here", 404),
    ],
)
async def test_odd_sockets_get_an_answer(server: VenueServer, path: str, answered: int) -> None:
    key = f"Authorization: Bearer {server.key}\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n{UPGRADE}{key}\r\n".encode())
    async with asyncio.timeout(PATIENCE):
        head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    assert status(head) == answered


@pytest.mark.parametrize(
    "head",
    [
        UPGRADE.replace("dGhlIHNhbXBsZSBub25jZQ==", "short"),
        UPGRADE.replace("13", "99"),
        UPGRADE.replace("websocket", "h2c"),
    ],
)
async def test_a_bad_handshake_is_refused(server: VenueServer, head: str) -> None:
    asked = f"GET /b/main/ws HTTP/1.1\r\nHost: x\r\n{head}Connection: close\r\n\r\n"
    assert 400 <= status(await tell(server, asked.encode())) < 500
    await still_fine(server)


async def test_raw_bytes_in_a_sockets_address_do_no_harm(server: VenueServer) -> None:
    asked = b"GET /b/\xff/ws?\xfe HTTP/1.1\r\nHost: x\r\n" + UPGRADE.encode() + b"\r\n"
    answer = await tell(server, asked)
    assert answer == b"" or 400 <= status(answer) < 500
    await still_fine(server)


async def test_rubbish_after_a_handshake_closes_the_socket(server: VenueServer) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"GET /b/main/ws HTTP/1.1\r\nHost: x\r\n{UPGRADE}\r\n".encode())
    async with asyncio.timeout(PATIENCE):
        assert status(await reader.readuntil(b"\r\n\r\n")) == 101
        writer.write(b"\x93\xff" * 50)
        while await reader.read(4096):
            pass
    writer.close()
    await still_fine(server)
