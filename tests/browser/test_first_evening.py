"""Acceptance item 11: from a fresh folder to an order on a TV with the README's words alone."""

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

ROOT = Path(__file__).parent.parent.parent
THREE_MINUTES = 180


def spoken(begins: str) -> str:
    """A command of the README, all its lines."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(rf"^    ({re.escape(begins)}.*(?:\n      .*)*)", readme, re.M)
    assert found is not None, begins
    return re.sub(r"\n    ", "\n", found[1])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def clean_environment(port: int) -> dict[str, str]:
    unwanted = ("READYBOARD_", "PYTHON", "COVERAGE", "COV_", "VIRTUAL_ENV", "MAKE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    return kept | {"READYBOARD_PORT": str(port)}


def tracked_files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def start(command: str, folder: Path, port: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command.split(), cwd=folder, env=clean_environment(port), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """What a clone holds."""
    folder = tmp_path / "readyboard"
    for name in tracked_files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


async def answers(port: int, seconds: float) -> None:
    """Until somebody listens."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.2)
                continue
            writer.close()
            return


def say(command: str, folder: Path, port: int, **more: str) -> str:
    """Run it as it stands there, in a shell; only the port is this test's own."""
    done = subprocess.run(
        ["sh", "-ec", command.replace("8080", str(port))], cwd=folder, timeout=60,
        capture_output=True, text=True, env=clean_environment(port) | more,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


async def test_acceptance_item_11_first_order_on_a_tv_within_three_minutes(
    page: Page, checkout: Path
) -> None:
    began, port = time.monotonic(), free_port()
    run = spoken("make run ").split("#")[0].strip()
    assert run == "make run"
    server = start(run, checkout, port)
    try:
        await answers(port, THREE_MINUTES)
        key = say(spoken("export KEY=") + '; printf %s "$KEY"', checkout, port)
        place = spoken("curl http://127.0.0.1:8080/api/v1/venues/main/orders \\")
        placed = say(place, checkout, port, KEY=key)
        order = re.search(r'"id":"(\w+)"', placed)
        assert order is not None, placed
        ready = spoken("curl http://127.0.0.1:8080/api/v1/venues/main/orders/ID/status")
        say(ready.replace("/ID/", f"/{order[1]}/"), checkout, port, KEY=key)
        await page.goto(f"http://127.0.0.1:{port}/b/main")
        await expect(page.locator("#ready .tile")).to_contain_text("Ada B.")
        assert time.monotonic() - began < THREE_MINUTES
    finally:
        await page.close()  # or the board's next look for its server is a complaint
        os.killpg(server.pid, signal.SIGINT)
        server.wait(20)
