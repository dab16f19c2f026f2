"""The pad on a tablet that sleeps, is installed, has company, and is told what cannot be true."""

import asyncio

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from app.domain.people import Role
from app.web.auth import COOKIE
from tests.browser.conftest import Complaints, OpenPage
from tests.browser.pads import PHONE, TABLET, OpenPad, card, opener
from tests.browser.relay import Path, Relay
from tests.staff_browser import item, session_of
from tests.venue_server import VenueServer

WAKE_LOCK = """
window.locks = [];
Object.defineProperty(navigator, "wakeLock", { value: { request: async (kind) => {
  const lock = { kind, released: false, release: async () => { lock.released = true; } };
  window.locks.push(lock);
  return lock;
} } });
"""
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def open_pad(server: VenueServer, open_page: OpenPage) -> OpenPad:
    return opener(server, open_page)


async def asleep(page: Page, url: str, session: str) -> None:
    """The pad on a tablet whose time can be made to jump, as a sleep does it."""
    await page.context.add_cookies([{"name": COOKIE, "value": session, "url": url}])
    await page.clock.install()
    await page.goto(f"{url}/staff/main")
    await expect(page.locator("#link")).to_have_text("Live")


async def test_a_tablet_that_wakes_tells_how_old_its_picture_is(
    server: VenueServer, open_page: OpenPage
) -> None:
    page = await open_page(viewport=TABLET)
    await asleep(page, server.url, await session_of(server, "Anna", Role.STAFF))
    go_on = asyncio.Event()

    async def hold_back(route: object) -> None:
        await go_on.wait()
        await route.continue_()  # type: ignore[attr-defined]

    await page.route("**/staff/main/pad*", hold_back)
    await page.clock.fast_forward(25 * 60_000)
    await expect(page.locator("#stale")).to_contain_text("This picture is 25 minutes old")
    await server.place(name="Meanwhile")
    go_on.set()
    await expect(card(page, "progress")).to_contain_text("Meanwhile")
    await expect(page.locator("#stale")).to_be_hidden()


async def test_its_dead_stream_is_rebuilt_at_once(
    server: VenueServer, relay: Relay, open_page: OpenPage, complaints: Complaints
) -> None:
    complaints.expect_lost_connections()
    page = await open_page(viewport=TABLET)
    await asleep(page, relay.url, await session_of(server, "Anna", Role.STAFF))
    relay.use(Path.CUT)
    await expect(page.locator("#link")).to_have_text("Reconnecting…")
    relay.use(Path.OPEN)
    await page.clock.fast_forward(3 * 3_600_000)
    await expect(page.locator("#link")).to_have_text("Live")
    await page.clock.run_for(1_000)
    await server.place(name="After")
    await expect(card(page, "progress")).to_contain_text("After")


async def test_a_page_that_comes_into_sight_looks_at_once(
    server: VenueServer, open_pad: OpenPad
) -> None:
    page = await open_pad()
    async with page.expect_request("**/staff/main/pad"):
        await page.evaluate(HIDE, False)


async def test_the_screen_is_kept_on_if_asked(server: VenueServer, open_pad: OpenPad) -> None:
    page = await open_pad(before=WAKE_LOCK)
    await page.get_by_role("button", name="Keys and this device").click()
    await expect(page.locator("#can-keep-on")).to_have_text("yes")
    await page.get_by_label("Keep the screen on").check()
    await page.wait_for_function("locks.length === 1 && locks[0].kind === 'screen'")
    await page.evaluate("locks[0].released = true")  # as a browser does when it is out of sight
    await page.evaluate(HIDE, False)
    await page.wait_for_function("locks.length === 2")
    await page.reload()
    await page.wait_for_function("locks.length === 1")  # this tablet remembers
    await page.get_by_role("button", name="Keys and this device").click()
    await page.get_by_label("Keep the screen on").uncheck()
    await page.wait_for_function("locks[0].released")


async def test_plain_http_says_what_needs_https(server: VenueServer, open_pad: OpenPad) -> None:
    insecure = "Object.defineProperty(window, 'isSecureContext', { value: false })"
    page = await open_pad(before=insecure)
    await page.get_by_role("button", name="Keys and this device").click()
    for name in ("install", "scan", "keep-on"):
        await expect(page.locator(f"#can-{name}")).to_have_text("needs HTTPS")
    await expect(page.locator("#plain")).to_contain_text("Add to home screen")
    await expect(page.get_by_label("Keep the screen on")).to_be_disabled()


async def test_the_installed_app_says_that_there_is_no_connection(
    server: VenueServer, open_pad: OpenPad, complaints: Complaints
) -> None:
    complaints.expect_lost_connections()
    page = await open_pad()
    await page.evaluate("navigator.serviceWorker.ready")
    kept = await page.evaluate(
        """async () => {
          const [name, ...more] = await caches.keys();
          return [...more, ...(await (await caches.open(name)).keys()).map((each) => each.url)];
        }"""
    )
    names = sorted(url.rpartition("/")[2] for url in kept)
    assert names == ["offline.html", "offline.js", "staff.css"]
    await server.stop()
    await page.goto(f"{server.url}/staff/main")
    await expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    colour = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour in ("rgb(11, 15, 20)", "rgb(233, 238, 243)")  # its style was kept, too
    await server.start()
    await expect(page.locator("#link")).to_have_text("Live", timeout=10_000)  # by itself


async def test_others_at_the_pad_are_named(server: VenueServer, open_pad: OpenPad) -> None:
    anna = await open_pad("Anna")
    await expect(anna.locator("#others")).to_have_text("")
    ben = await open_pad("Ben")
    await expect(ben.locator("#others")).to_have_text("with Anna")
    await server.place()
    await expect(anna.locator("#others")).to_have_text("with Ben")
    await ben.close()
    async with asyncio.timeout(10):
        while len(server.house.hub.watching("main")) > 1:  # noqa: ASYNC110 the hub tells nobody
            await asyncio.sleep(0.01)
    await server.place()
    await expect(anna.locator("#others")).to_have_text("")


async def test_a_sweep_is_told_on_the_pad(server: VenueServer, open_pad: OpenPad) -> None:
    for _ in range(7):
        await server.place()
    page = await open_pad()
    await expect(page.locator(".doubts")).to_have_count(0)
    for place in range(7):
        await card(page, "progress").nth(place).locator(".pick input").check()
    await page.get_by_role("button", name="Move selected on").click()
    await expect(page.locator("#progress .state", has_text="Preparing")).to_have_count(7)
    for place in range(7):
        await card(page, "progress").nth(place).locator(".pick input").check()
    await page.get_by_role("button", name="Move selected on").click()
    await page.locator(".doubts summary").click()
    await expect(page.locator(".doubts")).to_contain_text("7 orders finished by Anna in")


async def test_an_upright_tablet_has_room_for_its_words(
    server: VenueServer, open_pad: OpenPad
) -> None:
    await server.move((await server.place()).id, "ready")
    await server.move((await server.place()).id, "held")
    page = await open_pad()
    for width, height in ((820, 1180), (768, 1024), (PHONE["width"], PHONE["height"])):
        await page.set_viewport_size({"width": width, "height": height})
        broken = await page.evaluate(
            """() => [...document.querySelectorAll(".bump")].filter((each) =>
              each.scrollWidth > each.clientWidth || each.clientHeight > 60).length"""
        )
        assert broken == 0


@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_dialogs_and_lists_hold_no_barriers(
    server: VenueServer, open_pad: OpenPad, scheme: str
) -> None:
    for _ in range(2):
        order = await server.place(items=(item("Soup"),), extras={"eatsa": {"unlock_code": "1"}})
        await server.move(order.id, "ready")
    page = await open_pad(color_scheme=scheme)
    await page.keyboard.press("b")
    await card(page, "ready").first.locator(".bump").focus()
    await expect(page.locator("[data-digit]")).to_have_count(2)

    async def clean() -> None:
        found = await Axe().run(page)
        faults = found.response["violations"]
        assert [(each["id"], [n["target"] for n in each["nodes"]]) for each in faults] == []

    await clean()
    await page.locator(".doubts summary").click()
    await clean()
    await page.get_by_role("button", name="Keys and this device").click()
    await clean()
    await page.keyboard.press("Escape")
    await card(page, "ready").first.get_by_role("button", name="Collected").click()
    await expect(page.locator("#ask")).to_be_visible()
    await clean()
    for path in ("/doubts", f"/orders/{order.id}/hand-over"):
        await page.goto(f"{server.url}/staff/main{path}")
        await clean()
    await page.goto(f"{server.url}/staff/offline.html")
    await clean()


async def test_a_test_order_is_timed(server: VenueServer, open_pad: OpenPad) -> None:
    page = await open_pad()
    await page.get_by_role("button", name="Keys and this device").click()
    await page.get_by_role("button", name="Send a test order").click()
    await expect(page.locator("h1")).to_have_text("The test order went through")
    assert await page.locator("tbody th").all_inner_texts() == [
        "Placed", "Preparing", "Ready", "Collected", "Removed again",
    ]  # fmt: skip
    times = [float(text) for text in await page.locator("tbody td").all_inner_texts()]
    assert all(
        0 < stored <= sent < 2_000 for stored, sent in zip(times[::2], times[1::2], strict=True)
    )
    await page.get_by_role("link", name="← Orders").click()
    await expect(page.locator(".card")).to_have_count(0)
