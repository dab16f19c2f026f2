"""What must be the same whether a stream's connection was handed over or not: TLS, clients that
half close, requests behind a stream, and nothing lost at the moment of the hand-over."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from app.commands.keys import create_key, revoke_key
from app.commands.orders import NewOrder, place
from app.domain.orders import Status
from app.domain.people import Scope
from app.main import make_server
from app.settings import Settings
from app.store.sqlite import SqliteStore
from app.web.server import bound
from tests.venue_server import TILL, VenueServer
from tests.wire import Feed

pytestmark = pytest.mark.usefixtures("path")

PATIENCE = 10
ASK = b"GET /b/main/feed HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
async def tls(tmp_path: Path) -> AsyncIterator[tuple[int, SqliteStore]]:
    """The port of a server that speaks TLS, and its store."""
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-subj", "/CN=localhost", "-days", "2", "-keyout", str(key)]
    await asyncio.to_thread(
        subprocess.run, [*command, "-out", str(cert)], check=True, capture_output=True
    )
    settings = Settings(host="127.0.0.1", port=0, data=tmp_path / "data")
    server, house = await make_server(settings)
    server.config.ssl_keyfile, server.config.ssl_certfile = str(key), str(cert)
    running = asyncio.create_task(server.serve(bound(settings)))
    await asyncio.wait_for(server.listening.wait(), PATIENCE)
    yield server.servers[0].sockets[0].getsockname()[1], house.store
    server.stop()
    await running


async def test_streams_work_over_tls(tls: tuple[int, SqliteStore]) -> None:
    port, store = tls
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting)
    writer.write(ASK)
    async with asyncio.timeout(PATIENCE):
        assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
        assert b"event: hello" in await reader.readuntil(b"}\n\n")
        for number in ("41", "42"):
            new = NewOrder(number=number)
            await store.write(partial(place, venue="main", new=new, actor=TILL))
            assert f'"number":"{number}"'.encode() in await reader.readuntil(b"}\n\n")
    writer.close()


async def test_a_client_that_half_closes_is_let_go(server: VenueServer) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(ASK)
    async with asyncio.timeout(PATIENCE):
        await reader.readuntil(b"}\n\n")
        writer.write_eof()
        await reader.read()
    writer.close()
    await server.connections_closed()
    async with asyncio.timeout(PATIENCE):
        while server.house.hub.viewer_count:  # noqa: ASYNC110 nobody is told
            await asyncio.sleep(0)


async def test_nobody_asks_again_on_a_connection_that_ends_with_its_stream(
    server: VenueServer,
) -> None:
    new = partial(create_key, name="Screen", scopes=(Scope.ORDERS_READ,))
    key = (await server.store.write(new)).secret
    ask = "GET {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key + "\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(ask.format("/api/v1/venues/main/events").encode())
    async with asyncio.timeout(PATIENCE):
        head = await reader.readuntil(b"\r\n\r\n")
        await server.store.write(partial(revoke_key, key="Screen"))
        await reader.readuntil(b"\r\n0\r\n\r\n")
        if b"connection: close" not in head:
            writer.write(ask.format("/api/v1/venues").encode())
            assert b" 401 " in await reader.readline()
    writer.close()


async def test_a_second_request_behind_a_stream_harms_nobody(server: VenueServer) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(ASK)
    async with asyncio.timeout(PATIENCE):
        await reader.readuntil(b"}\n\n")
        writer.write(ASK)
        await server.place(number="41", status=Status.READY)
        assert b'"41"' in await reader.readuntil(b'"41"')
    writer.close()


async def test_nothing_is_lost_or_doubled_while_connections_are_handed_over(
    server: VenueServer,
) -> None:
    """Viewers come while changes are made as fast as they go."""
    changing = asyncio.create_task(_change(server, 60))
    feeds = [Feed(server) for _ in range(20)]
    seen = await asyncio.gather(*(_follow(feed, "last") for feed in feeds))
    await changing
    for seqs in seen:
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))


async def _change(server: VenueServer, count: int) -> None:
    for number in range(count):
        await server.place(number=f"A{number}")
    await server.place(name="last")


async def _follow(feed: Feed, name: str) -> list[int]:
    """The seqs a viewer was given, from the first state until an order of that name."""
    seqs: list[int] = []
    async with feed:
        while True:
            told = await feed.next()
            if told.event == "beat":
                continue
            seqs.append(told.data["seq"])
            cards = told.data.get("cards", [told.data.get("card")])
            if any(card and card["name"] == name for card in cards):
                return seqs
