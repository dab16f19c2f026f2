"""`serve`, `demo` and the verbs that meet a running server: as processes of their own."""

import asyncio
import gc
import json
import os
import re
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from signal import SIGINT

import httpx2
import pytest

from app.banner import banner, lan_addresses
from app.settings import Settings
from app.store.sqlite import FILE_NAME
from tests.venue_server import VenueServer

PATIENCE = 20  # seconds; a start takes under one on an idle machine
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.upper().startswith("READYBOARD_")
}


@asynccontextmanager
async def process(*words: str) -> AsyncIterator[Process]:
    """A `readyboard` of its own; ended by SIGTERM when the test leaves it running."""
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app", *words, stdin=DEVNULL, stdout=PIPE, stderr=PIPE,
        env=ENVIRONMENT,
    )  # fmt: skip
    try:
        yield started
    finally:
        if started.returncode is None:
            started.terminate()
        await asyncio.wait_for(started.communicate(), PATIENCE)


async def run(*words: str) -> tuple[int, str, str]:
    async with process(*words) as started:
        out, err = await asyncio.wait_for(started.communicate(), PATIENCE)
    assert started.returncode is not None
    return started.returncode, out.decode(), err.decode()


async def line_with(started: Process, wanted: str) -> str:
    assert started.stdout is not None
    async with asyncio.timeout(PATIENCE):
        while line := (await started.stdout.readline()).decode():
            if wanted in line:
                return line
    raise AssertionError(f"ended without saying {wanted!r}")


async def home_of(started: Process) -> str:
    """The address in the banner."""
    found = re.search(r"(http://\S+)/b/main", await line_with(started, "  Board  "))
    assert found
    return found[1]


@asynccontextmanager
async def serving(data: Path) -> AsyncIterator[tuple[Process, str]]:
    async with process("serve", "--port", "0", "--data", str(data)) as started:
        yield started, await home_of(started)


async def test_a_fresh_folder_is_served_and_left_within_two_seconds(tmp_path: Path) -> None:
    async with serving(tmp_path / "data") as (started, home), httpx2.AsyncClient() as http:
        link = (await line_with(started, "/setup?token=")).strip()
        assert (await http.get(link)).status_code == 200
        assert (await http.get(f"{home}/b/main.json")).json()["cards"] == []
        started.terminate()
        await asyncio.wait_for(started.wait(), 2)


async def test_ctrl_c_ends_the_server_without_a_word(tmp_path: Path) -> None:
    async with serving(tmp_path) as (started, _):
        started.send_signal(SIGINT)
        _, error = await asyncio.wait_for(started.communicate(), PATIENCE)
    assert (started.returncode, error) == (0, b"")


async def test_verbs_work_while_the_server_runs_and_it_sees_them_at_once(tmp_path: Path) -> None:
    async with serving(tmp_path) as (_, home), httpx2.AsyncClient(base_url=home) as http:
        data = ("--data", str(tmp_path))
        async with http.stream("GET", "/b/main/feed", timeout=PATIENCE) as feed:
            assert (await run("order", "add", "--name", "Ada", *data))[0] == 0
            async for line in feed.aiter_lines():
                if line.startswith("data:") and '"card":' in line:
                    break
        assert json.loads(line[5:])["card"]["name"] == "Ada"
        words = ("key", "create", "--name", "till", "--scope", "orders:read")
        secret = (await run(*words, *data))[1].strip()
        who = {"Authorization": f"Bearer {secret}"}
        events = http.stream("GET", "/api/v1/venues/main/events", headers=who, timeout=PATIENCE)
        async with events as stream:
            assert stream.status_code == 200
            assert (await run("key", "revoke", "till", *data))[0] == 0
            await stream.aread()  # returns when the server ends it
        assert (await http.get("/api/v1/venues", headers=who)).status_code == 401


async def test_a_second_server_and_a_restore_are_refused_while_one_runs(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    async with serving(tmp_path):
        code, _, error = await run("serve", "--port", "0", *data)
        assert (code, "Another Readyboard already serves" in error) == (2, True)
        file = str(tmp_path / "backup.db")
        assert (await run("backup", file, *data))[0] == 0
        code, _, error = await run("restore", file, *data)
        assert (code, "Readyboard is running on" in error) == (2, True)


async def test_a_port_in_use_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, _, error = await run("serve", "--port", str(port), "--data", str(tmp_path))
    said = (
        f"Cannot listen on 127.0.0.1, port {port}: address already in use. Try --port {port + 1}."
    )
    assert (code, error) == (2, f"Error: {said}\n")


async def test_a_host_that_is_none_is_told_in_one_line(tmp_path: Path) -> None:
    code, _, error = await run("serve", "--host", "203.0.113.9", "--data", str(tmp_path))
    assert (code, error.count("\n"), "Cannot listen on 203.0.113.9" in error) == (2, 1, True)


async def test_garbage_is_collected_once_it_serves(server: VenueServer) -> None:
    gc.disable()  # as `serve` does while it imports
    await server.stop()
    await server.start()
    assert gc.isenabled()


async def test_the_health_check_tells_a_well_server_from_none(server: VenueServer) -> None:
    port = ("--port", str(server.port))
    assert await run("healthcheck", *port) == (0, "The server is well.\n", "")
    await server.stop()
    code, _, error = await run("healthcheck", *port)
    await server.start()
    assert (code, "No answer on port" in error) == (1, True)


async def test_the_health_check_tells_a_sick_server() -> None:
    async def sick(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 503 Sick\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(sick, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        code, _, error = await run("healthcheck", "--port", str(port))
    assert (code, error) == (1, "Error: The server answered 503.\n")


async def test_the_tail_follows_the_log_until_interrupted(server: VenueServer) -> None:
    data = str(server.folder)
    async with process("feed", "tail", "--after", "0", "--data", data) as tail:
        for name in ("Ada", "Ben"):
            await server.place(name=name)
            line = await line_with(tail, '"placed"')
            assert json.loads(line)["order"]["name"] == name
        tail.send_signal(SIGINT)
        _, error = await asyncio.wait_for(tail.communicate(), PATIENCE)
    assert (tail.returncode, error) == (0, b"")


async def test_the_demo_moves_names_within_five_seconds(tmp_path: Path) -> None:
    words = ("demo", "--port", "0", "--data", str(tmp_path / "demo"))
    async with process(*words) as demo, httpx2.AsyncClient() as http:
        assert "name demo, password " in await line_with(demo, "staff sign-in")
        home = await home_of(demo)
        moved = []
        async with asyncio.timeout(5), http.stream("GET", f"{home}/b/main/feed") as feed:
            async for line in feed.aiter_lines():
                if line.startswith("data:") and '"card":' in line:
                    moved.append(json.loads(line[5:])["card"]["name"])
                    break
        assert moved[0]


async def test_the_demo_leaves_a_real_database_alone(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("real orders")
    code, _, error = await run("demo", "--port", "0", "--data", str(tmp_path))
    assert (code, "holds a real database" in error) == (2, True)
    assert (tmp_path / FILE_NAME).read_text() == "real orders"


def test_the_banner_says_that_only_this_machine_gets_in() -> None:
    said = banner(Settings(), port=8080)
    assert "http://127.0.0.1:8080/staff/main" in said
    assert "make run HOST=0.0.0.0" in said
    assert "first admin" not in said


def test_the_banner_of_an_open_server_shows_addresses_and_codes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.banner.lan_addresses", lambda: ["192.0.2.7", "192.0.2.8"])
    said = banner(Settings(host="0.0.0.0"), "secret", port=8080, qr=True)
    assert "http://192.0.2.7:8080, http://192.0.2.8:8080" in said
    assert "Board: http://192.0.2.7:8080/b/main\n█" in said
    assert "Staff: http://192.0.2.7:8080/setup?token=secret\n█" in said
    assert "make run" not in said


def test_the_banner_of_a_server_behind_a_proxy_shows_its_public_address() -> None:
    said = banner(Settings(public_url="https://example.com/board"), "secret")
    assert "https://example.com/board/b/main" in said
    assert "https://example.com/board/setup?token=secret" in said
    assert "127.0.0.1" not in said


def test_the_banner_brackets_an_ipv6_address() -> None:
    assert "http://[2001:db8::1]:8080/b/main" in banner(Settings(host="2001:db8::1"))


def test_addresses_of_the_network_are_no_loopback_ones() -> None:
    assert not [address for address in lan_addresses() if address.startswith("127.")]
