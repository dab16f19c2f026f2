"""Told to stop, the server is gone within two seconds and nothing acknowledged is lost."""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from app.commands.keys import create_key
from app.domain.people import Scope
from app.store.sqlite import open_store
from tests.bench.talking import Caller, open_feed
from tests.wire import half_a_request

pytestmark = pytest.mark.usefixtures("path")

ORDERS = "/api/v1/venues/main/orders"


class Child:
    """`readyboard serve` as a process of its own; `start` may be called again after its end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self.key = ""
        self.process: asyncio.subprocess.Process

    async def start(self) -> None:
        command = ("-m", "app", "serve", "--port", str(self.port), "--data", str(self.folder))
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            "--log-level",
            "debug",
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert self.process.stdout is not None
        async with asyncio.timeout(20):
            line = await self.process.stdout.readuntil(b"/docs")
        found = re.search(rb":(\d+)/docs", line)
        assert found is not None
        self.port = int(found[1])

    async def refuses_connections(self) -> None:
        """Wait until it listens no more: it has begun to stop."""
        async with asyncio.timeout(2):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except OSError:
                    return
                writer.close()

    async def end(self, how: signal.Signals = signal.SIGTERM) -> bytes:
        """Stop it; what it wrote on stderr."""
        self.process.send_signal(how)
        async with asyncio.timeout(2):
            _, errors = await self.process.communicate()
        return errors


@pytest.fixture
async def child(tmp_path: Path) -> AsyncIterator[Child]:
    store = await open_store(tmp_path)
    scopes = (Scope.ORDERS_READ, Scope.ORDERS_WRITE)
    made = await store.write(lambda tx: create_key(tx, name="Till", scopes=scopes))
    await store.close()
    started = Child(tmp_path)
    started.key = made.secret
    await started.start()
    yield started
    if started.process.returncode is None:
        started.process.kill()
        await started.process.communicate()


async def test_streams_end_with_a_word_and_a_moment_to_come_back(child: Child) -> None:
    feeds = [await open_feed(child.port) for _ in range(20)]
    reading = [asyncio.create_task(reader.read()) for reader, _ in feeds]
    await child.end()
    waits = []
    for task in reading:
        last = (await task).decode()
        assert '"code":"restarting"' in last
        waits.append(int(last.rpartition("retry: ")[2].split()[0]))
    for _, writer in feeds:
        writer.close()
    assert all(200 <= wait <= 2000 for wait in waits)
    assert len(set(waits)) > 5


async def test_nothing_acknowledged_is_lost(child: Child) -> None:
    acknowledged: list[str] = []

    async def till(number: int) -> None:
        talk = await Caller.connect(child.port, child.key)
        try:
            while True:
                placed = await talk.ask("POST", ORDERS, {"first_name": f"Till {number}"})
                acknowledged.append(placed["id"])
                if len(acknowledged) == 200:
                    os.kill(child.process.pid, signal.SIGTERM)
        except (OSError, asyncio.IncompleteReadError, RuntimeError):
            talk.close()

    await asyncio.gather(*(till(number) for number in range(8)))
    async with asyncio.timeout(2):
        await child.process.communicate()
    await child.start()
    headers = {"Authorization": f"Bearer {child.key}"}
    async with httpx2.AsyncClient(
        base_url=f"http://127.0.0.1:{child.port}", headers=headers
    ) as http:
        for order in acknowledged:
            assert (await http.get(f"{ORDERS}/{order}")).status_code == 200
    await child.end()


async def test_idle_connections_do_not_hold_it_up(child: Child) -> None:
    talks = [await Caller.connect(child.port, child.key) for _ in range(3)]
    await talks[0].ask("POST", ORDERS, {"first_name": "Ada"})
    await child.end(signal.SIGINT)
    for talk in talks:
        talk.close()


async def test_a_request_still_without_its_body_is_told_to_come_again(child: Child) -> None:
    reader, writer = await half_a_request(child.port, child.key)
    logged = await child.end()
    answer = await reader.read()
    writer.close()
    assert b" 503 " in answer
    assert b'"type": "unavailable"' in answer
    assert b"Traceback" not in logged


async def test_a_second_ctrl_c_waits_for_nobody(child: Child) -> None:
    _, writer = await half_a_request(child.port, child.key)
    child.process.send_signal(signal.SIGINT)
    await child.refuses_connections()
    logged = await child.end(signal.SIGINT)
    writer.close()
    assert b"Traceback" not in logged


async def test_with_every_kind_of_viewer_it_is_gone_in_time(child: Child) -> None:
    events = f"/api/v1/venues/main/events?key={child.key}"
    talk = await Caller.connect(child.port, child.key)
    stalled = socket.socket()
    stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stalled.connect(("127.0.0.1", child.port))
    stalled.sendall(f"GET {events} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    lively, writer = await open_feed(child.port)
    reading = asyncio.create_task(lively.read())
    async with connect(f"ws://127.0.0.1:{child.port}/b/main/ws") as viewer:
        items = [{"name": "n", "notes": "x" * 1900} for _ in range(100)]
        for _ in range(30):
            await talk.ask("POST", ORDERS, {"items": items})
        logged = await child.end()
        said: list[Any] = []
        with contextlib.suppress(ConnectionClosedError):
            async for text in viewer:
                said.append(json.loads(text))
        assert viewer.close_code == 1012
    assert (said[-1]["event"], said[-1]["data"]["code"]) == ("notice", "restarting")
    assert b'"code":"restarting"' in await reading
    assert b"Traceback" not in logged
    for end in (writer, talk, stalled):
        end.close()


async def test_rubbish_behind_a_request_is_no_error_of_ours(child: Child) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", child.port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n\x00\x01rubbish")
    assert (await reader.read()).startswith(b"HTTP/1.1 400")
    writer.close()
    assert b"level=error" not in await child.end()


async def test_keys_and_what_streams_carry_are_never_logged(child: Child) -> None:
    base = f"http://127.0.0.1:{child.port}/api/v1/venues/main"
    async with httpx2.AsyncClient() as http:
        await http.get(f"{base}/events?poll=1&key={child.key}")
        await http.get(f"{base}/events?poll=1&key=rb_wrong_key")
        await http.get(
            f"{base}/ws?access_token={child.key}",
            headers={
                "Upgrade": "websocket",
                "Connection": "Upgrade",
                "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            },
        )
    talk = await Caller.connect(child.port, child.key)
    await talk.ask("POST", ORDERS, {"first_name": "Ada", "phone": "555-0199"})
    async with connect(f"ws{base[4:]}/ws?key={child.key}") as viewer:
        await viewer.recv()
        logged = await child.end()
    talk.close()
    assert child.key.encode() not in logged
    assert b"rb_wrong_key" not in logged
    assert b"555-0199" not in logged
