"""Everybody can read and reach what stands on the staff pages, dark and light."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from app.domain.orders import Status
from app.domain.people import Role
from app.web.auth import COOKIE
from tests.browser.conftest import OpenPage
from tests.staff_browser import item, session_of
from tests.venue_server import VenueServer

PAGES = ("", "/finished", "/settings", "/orders/{order}")


@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_staff_pages_hold_no_barriers(
    server: VenueServer, open_page: OpenPage, scheme: str
) -> None:
    lines = (item("Burger", station="Grill", notes="rare"), item("Salad", station="Cold"))
    order = await server.place(name="Zoe", note="Nuts!", items=lines, channel="Web")
    for status in (Status.READY, Status.HELD, Status.PLACED, Status.COLLECTED):
        await server.place(name=status, status=status)
    page = await open_page(viewport={"width": 1024, "height": 768}, color_scheme=scheme)
    session = await session_of(server, "Anna", Role.ADMIN)
    await page.context.add_cookies([{"name": COOKIE, "value": session, "url": server.url}])
    paths = [f"/staff/main{path.format(order=order.id)}" for path in PAGES]
    for path in [*paths, "/staff/people", "/staff/account"]:
        await page.goto(server.url + path)
        await expect(page.locator("h1")).to_be_visible()
        found = await Axe().run(page)
        wrong = [
            (path, fault["id"], node["target"], node["failureSummary"])
            for fault in found.response["violations"]
            for node in fault["nodes"]
        ]
        assert wrong == []
