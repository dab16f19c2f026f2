"""Opening the live pad for the tests of it."""

from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import Locator, Page, expect

from app.domain.people import Role
from app.web.auth import COOKIE
from tests.browser.conftest import OpenPage
from tests.staff_browser import session_of
from tests.venue_server import VenueServer

TABLET = {"width": 1024, "height": 768}
PHONE = {"width": 390, "height": 844}
OpenPad = Callable[..., Awaitable[Page]]


def opener(server: VenueServer, open_page: OpenPage) -> OpenPad:
    """Signs somebody in and opens the pad, live unless scripts are off. `before`: a script to run
    first."""

    async def opened(
        name: str = "Anna",
        role: Role = Role.STAFF,
        url: str = "",
        query: str = "",
        before: str = "",
        **options: Any,
    ) -> Page:
        page = await open_page(**{"viewport": TABLET} | options)
        cookie = {"name": COOKIE, "value": await session_of(server, name, role)}
        await page.context.add_cookies([{**cookie, "url": url or server.url}])  # type: ignore[typeddict-item]
        if before:
            await page.add_init_script(before)
        await page.goto(f"{url or server.url}/staff/main{query}")
        if options.get("java_script_enabled", True):
            await expect(page.locator("#link")).to_have_text("Live")
        return page

    return opened


def card(page: Page, column: str) -> Locator:
    return page.locator(f"#{column} .card:visible")
