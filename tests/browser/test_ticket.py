"""The guest's page on a phone: called while it is open, true again after every trouble."""

import asyncio
from pathlib import Path as Folder
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from app.domain.orders import CancelledBy, Order, Status
from app.domain.people import Role
from app.web.auth import COOKIE
from tests.browser.conftest import Complaints, OpenPage
from tests.browser.relay import Path, Relay
from tests.browser.wall import set_board
from tests.clock import Clock
from tests.guest import path
from tests.staff_browser import now, session_of
from tests.venue_server import VenueServer, serving

PHONE = {"width": 390, "height": 844}
STAMP = "() => { window.stamp = 'same page'; }"
SAME = "() => window.stamp === 'same page'"
# What the phone would do: kept instead of done, because no test can feel it.
LISTEN = """() => {
  window.felt = [];
  window.tones = 0;
  navigator.vibrate = pattern => window.felt.push(pattern);
  const real = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () {
    window.tones++;
    return real.call(this);
  };
}"""


async def open_ticket(
    open_page: OpenPage, server: VenueServer, order: Order, url: str = "", **options: Any
) -> Page:
    page = await open_page(**{"viewport": PHONE, "locale": "en-GB"} | options)
    async with page.expect_response(lambda answer: "/feed" in answer.url):
        await page.goto((url or server.url) + path(server, order))
    await page.evaluate(STAMP)
    return page


async def barriers(page: Page) -> list[Any]:
    found = await Axe().run(page)
    return [
        (fault["id"], node["target"], node["failureSummary"])
        for fault in found.response["violations"]
        for node in fault["nodes"]
    ]


async def test_the_page_turns_when_the_order_is_ready(
    server: VenueServer, open_page: OpenPage
) -> None:
    await server.http.post("/api/v1/venues/main/pickup-points", json={"name": "Window 2"})
    order = await server.place(number="41", name="Zoe")
    page = await open_ticket(open_page, server, order)
    await page.evaluate(LISTEN)
    body = page.locator("body")
    await expect(page.locator("#big")).to_have_text("41")
    await expect(page.locator("#word")).to_have_text("Preparing")
    await expect(body).to_have_css("background-color", "rgb(22, 27, 34)")
    await expect(page).to_have_title("Preparing · 41 Zoe")
    await page.get_by_role("button", name="Turn sound on").click()
    await expect(page.get_by_role("button", name="Sound is on")).to_be_visible()
    tones = await page.evaluate("() => window.tones")
    assert tones == 2  # how it will sound, at once

    await server.move(order.id, Status.READY)
    await expect(page.locator("#word")).to_have_text("Ready")
    await expect(page.locator("#text")).to_have_text("Your order is ready. Come and get it!")
    await expect(page.locator("#place")).to_have_text("→ Window 2")
    await expect(body).to_have_css("background-color", "rgb(88, 196, 255)")
    await expect(body).to_have_class("ready call")
    await expect(page.locator(".i-ready")).to_be_visible()
    await expect(page.locator(".i-wait")).to_be_hidden()
    assert await page.evaluate("() => window.felt.length") >= 1
    assert await page.evaluate("() => window.tones") >= 4
    # The title of a tab in the background takes turns.
    await expect(page).to_have_title("●●● 41 Zoe")
    await expect(page).to_have_title("Ready · 41 Zoe")
    await page.locator("#big").click()
    await server.move(order.id, Status.COLLECTED)
    await expect(page.locator("#word")).to_have_text("Thank you")
    await expect(body).to_have_class("collected")
    assert await page.evaluate(SAME)


async def test_the_page_is_told_of_nothing_else(server: VenueServer, open_page: OpenPage) -> None:
    order, other = await server.place(number="41"), await server.place(number="987")
    page = await open_ticket(open_page, server, order)
    await server.move(other.id, Status.READY)
    await server.move(order.id, Status.HELD)
    await expect(page.locator("#word")).to_have_text("Please come to the counter")
    assert "987" not in await page.content()


async def test_i_am_here_shows_on_the_staff_pad_at_once(
    server: VenueServer, open_page: OpenPage
) -> None:
    order = await server.place(number="41", status=Status.HELD)
    staff = await open_page(viewport={"width": 1024, "height": 768})
    session = await session_of(server, "Anna", Role.STAFF)
    await staff.context.add_cookies([{"name": COOKIE, "value": session, "url": server.url}])
    await staff.goto(f"{server.url}/staff/main")
    await expect(staff.locator("#link")).to_have_text("Live")
    page = await open_ticket(open_page, server, order)
    await page.get_by_role("button", name="I’m here").click()
    await expect(page.locator("#here-said")).to_have_text("The staff know that you are here.")
    await expect(page.get_by_role("button", name="I’m here")).to_be_hidden()
    await expect(staff.locator("#progress .card:visible")).to_contain_text("Customer is here")
    assert (await now(server, order)).status == Status.RESERVING
    assert await page.evaluate(SAME)


async def test_the_page_works_without_scripts(server: VenueServer, open_page: OpenPage) -> None:
    order = await server.place(number="41", status=Status.HELD)
    page = await open_page(viewport=PHONE, java_script_enabled=False, locale="it-IT")
    await page.goto(server.url + path(server, order))
    await expect(page.locator("#word")).to_have_text("Vieni al banco, per favore")
    await expect(page.locator("#sound")).to_be_hidden()
    await page.get_by_role("link", name="Deutsch").click()
    await page.get_by_role("button", name="Ich bin da").click()
    await expect(page.locator("#here-said")).to_have_text("Das Personal weiß, dass Sie da sind.")
    assert (await now(server, order)).status == Status.RESERVING


async def test_the_waiting_time_counts_down_by_itself(
    tmp_path: Folder, open_page: OpenPage, complaints: Complaints
) -> None:
    """The kitchen has made 30 orders in 9 minutes each; nothing that comes later is let through."""
    complaints.expect("status of 502")
    clock = Clock()
    async with serving(tmp_path / "evening", clock=clock) as server:
        for _ in range(30):
            order = await server.place()
            clock.forward(minutes=9)
            await server.move(order.id, Status.READY)
        order = await server.place(number="41")
        page = await open_page(viewport=PHONE, locale="en-GB")
        for later in ("**/*.json", "**/feed*"):
            await page.route(later, lambda route: route.fulfill(status=502, body="Bad gateway"))
        await page.add_init_script("delete window.WebSocket")
        await page.clock.install()
        await page.goto(server.url + path(server, order))
        wait = page.locator("#wait")
        await expect(wait).to_have_text("About 9–10 min to go")
        await page.clock.run_for(125_000)
        await expect(wait).to_have_text("About 7–8 min to go")
        await page.clock.run_for(7 * 60_000)
        await expect(wait).to_have_text("About 1 min to go")
        await page.clock.run_for(60_000)
        await expect(wait).to_be_hidden()
        await page.context.close()


@pytest.mark.parametrize("trouble", [Path.CUT, Path.SILENT, Path.BAD_GATEWAY, Path.LOGIN])
async def test_the_page_says_that_it_is_late_and_is_right_again_by_itself(
    server: VenueServer,
    open_page: OpenPage,
    relay: Relay,
    complaints: Complaints,
    trouble: Path,
) -> None:
    complaints.expect_lost_connections()
    order = await server.place(number="41")
    page = await open_page(viewport=PHONE, locale="en-GB")
    await page.clock.install()
    await page.goto(relay.url + path(server, order))
    await page.evaluate(STAMP)
    late = page.locator("#late")
    await expect(late).to_be_hidden()
    relay.use(trouble)
    await page.clock.run_for(16_000)
    await expect(late).to_have_text("Connection lost, trying again…")
    await page.clock.run_for(31_000)
    await expect(late).to_contain_text("This page may be out of date.")
    await server.move(order.id, Status.READY)
    relay.use(Path.OPEN)
    async with asyncio.timeout(20):
        while await page.locator("#word").text_content() != "Ready":
            await page.clock.run_for(500)
    await expect(late).to_be_hidden()
    assert await page.evaluate(SAME)


async def test_the_page_follows_a_restart(
    server: VenueServer, open_page: OpenPage, complaints: Complaints
) -> None:
    complaints.expect_lost_connections()
    order = await server.place(number="41")
    page = await open_ticket(open_page, server, order)
    await server.stop()
    await server.start()
    await server.move(order.id, Status.READY)
    await expect(page.locator("#word")).to_have_text("Ready", timeout=15_000)
    assert await page.evaluate(SAME)


@pytest.mark.parametrize("blocked", ["EventSource", "EventSource WebSocket"])
async def test_the_page_falls_back_to_a_transport_that_opens(
    server: VenueServer, open_page: OpenPage, blocked: str
) -> None:
    order = await server.place(number="41")
    page = await open_page(viewport=PHONE, locale="en-GB")
    for name in blocked.split():
        await page.add_init_script(f"delete window.{name}")
    await page.goto(server.url + path(server, order))
    for status, word in ((Status.READY, "Ready"), (Status.HELD, "Please come to the counter")):
        await server.move(order.id, status)
        await expect(page.locator("#word")).to_have_text(word, timeout=10_000)


async def test_the_board_changes_what_the_guest_is_called(
    server: VenueServer, open_page: OpenPage
) -> None:
    order = await server.place(number="41", name="Zoe")
    page = await open_ticket(open_page, server, order)
    await set_board(server, shows="alias")
    await expect(page.locator("#big")).not_to_have_text("41")
    assert "Zoe" not in await page.locator("body").inner_text()


async def test_the_end_of_an_order_ends_its_page(
    server: VenueServer, open_page: OpenPage, complaints: Complaints
) -> None:
    complaints.expect("status of 404")
    order = await server.place(number="41")
    page = await open_ticket(open_page, server, order)
    await server.http.delete(f"/api/v1/venues/main/orders/{order.id}")
    title = "This ticket has ended or the link is not whole"
    await expect(page.get_by_role("heading")).to_have_text(title)
    assert await barriers(page) == []


async def test_nothing_moves_for_those_who_want_it_still(
    server: VenueServer, open_page: OpenPage
) -> None:
    order = await server.place(number="41")
    page = await open_ticket(open_page, server, order, reduced_motion="reduce")
    await server.move(order.id, Status.READY)
    await expect(page.locator("body")).to_have_class("ready call")
    await expect(page.locator("#state")).to_have_css("animation-name", "none")
    await page.clock.install()
    await page.clock.run_for(1_000)
    await expect(page).to_have_title("Ready · 41")


STATES: list[dict[str, Any]] = [
    {"status": Status.PLACED},
    {"status": Status.PREPARING},
    {"status": Status.READY},
    {"status": Status.HELD},
    {"status": Status.OUT_FOR_DELIVERY},
    {"status": Status.COLLECTED},
    {"status": Status.CANCELLED, "cancelled_by": CancelledBy.CUSTOMER},
]


@pytest.mark.parametrize("theme", ["night", "day", "contrast"])
async def test_no_state_holds_a_barrier_or_leaves_the_screen(
    server: VenueServer, open_page: OpenPage, theme: str
) -> None:
    await server.http.post("/api/v1/venues/main/pickup-points", json={"name": "Window 2"})
    await set_board(server, theme=theme)
    for fields in STATES:
        order = await server.place(name="Maximiliane von Habsburg-Lothringen", **fields)
        page = await open_ticket(open_page, server, order)
        await expect(page.locator("#word")).to_be_visible()
        assert await barriers(page) == []
        wide = await page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0
        await page.context.close()


async def test_the_slip_is_for_paper(server: VenueServer, open_page: OpenPage) -> None:
    order = await server.place(number="41", name="Zoe")
    page = await open_page(viewport={"width": 1024, "height": 768})
    session = await session_of(server, "Anna", Role.STAFF)
    await page.context.add_cookies([{"name": COOKIE, "value": session, "url": server.url}])
    await page.goto(f"{server.url}/staff/main/orders/{order.id}")
    await expect(page.get_by_alt_text("QR code of the guest’s ticket")).to_be_visible()
    await page.get_by_role("link", name="Print slip").click()
    await expect(page.get_by_role("button", name="Print")).to_be_visible()
    drawn = await page.evaluate("() => document.querySelector('img').naturalWidth")
    assert drawn > 0
    assert await barriers(page) == []
    await page.emulate_media(media="print")
    await expect(page.get_by_role("button", name="Print")).to_be_hidden()
    await expect(page.locator(".link")).to_have_text(server.url + path(server, order))
