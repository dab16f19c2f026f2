"""Chromium for the tests: one browser, a fresh context a test, and no complaint unnoticed."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

from tests.browser.relay import Relay
from tests.venue_server import VenueServer

DEBIAN = Path("/usr/bin/chromium")
CHROMIUM = DEBIAN if DEBIAN.exists() else None  # else the one Playwright installed
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HALL_TV = {"width": 1920, "height": 1080}
OpenPage = Callable[..., Awaitable[Page]]

# Boards draw every two seconds at most, and the machine may be busy with other tests.
expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser lives in one event loop for the whole session, so its tests run there too."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


class Complaints:
    """What pages wrote to the console as errors, threw, or broke of their own policy."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._expected: list[re.Pattern[str]] = []

    def expect(self, pattern: str) -> None:
        self._expected.append(re.compile(pattern))

    def expect_lost_connections(self) -> None:
        """What every browser says when the server or the way to it is away."""
        self.expect(r"net::ERR_|WebSocket connection|status of 502|MIME type|Unexpected response")
        self.expect(r"when fetching the script")  # of the service worker, by error or by status

    @property
    def unexpected(self) -> list[str]:
        return [
            line for line in self.heard if not any(each.search(line) for each in self._expected)
        ]

    def listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.heard.append(f"error: {error}"))
        page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.heard.append(message.text)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def server(tmp_path: Path) -> AsyncIterator[VenueServer]:
    running = VenueServer(tmp_path)
    await running.start()
    yield running
    await running.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def relay(server: VenueServer) -> AsyncIterator[Relay]:
    between = Relay(server.port)
    await between.start()
    yield between
    await between.stop()


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(
    browser: Browser, complaints: Complaints, server: VenueServer
) -> AsyncIterator[OpenPage]:
    """Makes pages, each in a context of its own; options are those of browser.new_context. They
    are closed before the server stops."""
    contexts = []

    async def opened(**options: Any) -> Page:
        context = await browser.new_context(**{"viewport": HALL_TV} | options)
        contexts.append(context)
        page = await context.new_page()
        complaints.listen(page)
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert complaints.unexpected == []


@pytest_asyncio.fixture(loop_scope="session")
async def page(open_page: OpenPage) -> Page:
    return await open_page()
