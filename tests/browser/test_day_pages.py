"""The day's pages in a browser: readable by everybody, on paper, and with thumbs on a tablet."""

from decimal import Decimal
from functools import partial

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from app.commands.passwords import hash_pin
from app.commands.pins import allow_tablet, set_pin
from app.domain.orders import Fulfilment, Modifier, Status
from app.domain.people import Role
from app.web.auth import COOKIE, TABLET_COOKIE
from tests.browser.conftest import Complaints, OpenPage
from tests.staff_browser import item, session_of
from tests.venue_server import VenueServer

PAGES = ("day", "audit", "fallback", "finished", "finished?when=10&amount=99")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
SMALLEST_KEY = 60  # pixels, for a wet thumb


async def busy_evening(server: VenueServer) -> None:
    lines = (
        item("Burger", quantity=2, notes="rare", modifiers=(Modifier(name="cheese"),)),
        item("Fries", quantity=1),
    )
    await server.place(first_name="Ada", last_name="Byron", items=lines, note="Nuts! No onions.")
    await server.place(name="Alan", status=Status.READY, table="7", fulfilment=Fulfilment.DINE_IN)
    for name in ("Grace", "Edsger"):
        order = await server.place(name=name, total=Decimal("12.50"), items=lines)
        await server.move(order.id, "ready")
        await server.move(order.id, "collected", note="with a smile")


async def sign_in(page: Page, server: VenueServer) -> None:
    session = await session_of(server, "Anna", Role.ADMIN)
    await page.context.add_cookies([{"name": COOKIE, "value": session, "url": server.url}])


async def shared(page: Page, server: VenueServer) -> str:
    """Makes the page's browser a shared tablet; the id of Anna, whose PIN is 4071."""
    made = await server.store.write(partial(allow_tablet, name="Counter", allowed_by="Anna"))
    await session_of(server, "Anna", Role.ADMIN)
    anna = await server.store.write(partial(set_pin, user="Anna", pin_hash=hash_pin("4071")))
    cookie = {"name": TABLET_COOKIE, "value": made.secret, "url": server.url}
    await page.context.add_cookies([cookie])  # type: ignore[list-item]
    return anna.id


async def barriers(page: Page) -> list[tuple[str, list[str], str]]:
    found = await Axe().run(page)
    return [
        (fault["id"], node["target"], node["failureSummary"])
        for fault in found.response["violations"]
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_pages_hold_no_barriers_and_fit(
    server: VenueServer, open_page: OpenPage, scheme: str, size: dict[str, int]
) -> None:
    await busy_evening(server)
    page = await open_page(viewport=size, color_scheme=scheme)
    await sign_in(page, server)
    paths = [f"/staff/main/{name}" for name in PAGES]
    for path in [*paths, "/staff/account", "/staff/people"]:
        await page.goto(server.url + path)
        await expect(page.locator("h1")).to_be_visible()
        assert (path, await barriers(page)) == (path, [])
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert (path, wide <= size["width"]) == (path, True)


@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_keypad_holds_no_barriers_and_has_large_keys(
    server: VenueServer, open_page: OpenPage, scheme: str
) -> None:
    page = await open_page(viewport=PHONE, color_scheme=scheme)
    anna = await shared(page, server)
    await page.goto(f"{server.url}/staff/pin")
    assert await barriers(page) == []
    await page.goto(f"{server.url}/staff/pin?who={anna}")
    assert await barriers(page) == []
    keys = page.locator("#keypad button:not(.hidden)")
    for key in await keys.all():
        box = await key.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= SMALLEST_KEY
    await expect(page.get_by_role("button", name="Enter")).to_be_in_viewport()


async def test_digits_stay_in_the_browser_until_enter(server: VenueServer, page: Page) -> None:
    await shared(page, server)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    await page.goto(f"{server.url}/staff/main/finished")
    await page.get_by_role("link", name="Anna").click()
    await expect(page.locator("#pin")).to_be_focused()
    await page.wait_for_load_state("networkidle")
    del asked[:]
    for key in ("4", "0", "9", "Delete the last digit", "7", "1"):
        await page.get_by_role("button", name=key, exact=True).click()
    await expect(page.locator("#pin")).to_have_value("4071")
    assert asked == []
    await page.get_by_role("button", name="Enter").click()
    await expect(page).to_have_url(f"{server.url}/staff/main/finished")


async def test_pin_can_be_typed_on_a_keyboard(
    server: VenueServer, page: Page, complaints: Complaints
) -> None:
    complaints.expect("status of 401")
    anna = await shared(page, server)
    await page.goto(f"{server.url}/staff/pin?who={anna}")
    await page.keyboard.type("9999")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text("That PIN is wrong.")
    await page.keyboard.type("4071")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{server.url}/staff/main")


async def test_csv_comes_down_by_itself(server: VenueServer, page: Page) -> None:
    await busy_evening(server)
    await sign_in(page, server)
    await page.goto(f"{server.url}/staff/main/day")
    async with page.expect_download() as coming:
        await page.get_by_role("button", name="Download CSV").click()
    file = await coming.value
    assert file.suggested_filename.startswith("main-")
    await expect(page.get_by_text("by Anna")).to_be_visible()


@pytest.mark.parametrize("paper", [(794, 1123), (816, 1056)], ids=["A4", "Letter"])
async def test_paper_list_is_ink_on_white_with_every_column(
    server: VenueServer, open_page: OpenPage, paper: tuple[int, int]
) -> None:
    await busy_evening(server)
    page = await open_page(viewport={"width": paper[0], "height": paper[1]}, color_scheme="dark")
    await sign_in(page, server)
    await page.goto(f"{server.url}/staff/main/fallback")
    await expect(page.get_by_role("button", name="Print")).to_be_visible()
    await page.emulate_media(media="print")
    await expect(page.locator(".top")).to_be_hidden()
    await expect(page.get_by_role("button", name="Print")).to_be_hidden()
    await expect(page.locator("tbody tr")).to_have_count(2)
    for head in ("Number", "Name", "Items", "State", "Place", "Time", "Ready", "Gone"):
        await expect(page.get_by_role("columnheader", name=head)).to_be_visible()
    style = "getComputedStyle(document.body)"
    assert await page.evaluate(f"{style}.backgroundColor") == "rgb(255, 255, 255)"
    assert await page.evaluate(f"{style}.color") == "rgb(0, 0, 0)"
    row = "getComputedStyle(document.querySelector('tbody tr')).breakInside"
    assert await page.evaluate(row) == "avoid"
    assert await page.evaluate("document.documentElement.scrollWidth") <= paper[0]


async def test_paper_list_keeps_itself_fresh_and_stays_when_the_server_is_gone(
    server: VenueServer, page: Page, complaints: Complaints
) -> None:
    complaints.expect_lost_connections()
    await page.clock.install()
    await busy_evening(server)
    await sign_in(page, server)
    await page.goto(f"{server.url}/staff/main/fallback")
    await expect(page.locator("tbody tr")).to_have_count(2)
    await server.place(name="Barbara")
    await page.clock.fast_forward(31_000)
    await expect(page.locator("tbody tr")).to_have_count(3)
    async with page.expect_event("requestfailed"):
        await server.stop()
        await page.clock.fast_forward(31_000)
    await expect(page.locator("tbody tr")).to_have_count(3)
    await server.start()
