"""A TV is paired by a telephone, reports for duty, is found by its name, and is revoked."""

import asyncio
import re
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from app.commands.screens import change_screen, pair_screen, revoke_screen
from app.commands.venues import add_board
from app.domain.orders import Status
from app.domain.people import Role
from app.domain.screens import A_CODE, Screen
from app.store import screens
from app.web.auth import COOKIE
from tests.browser.conftest import Complaints, OpenPage
from tests.browser.relay import Path as Way, Relay
from tests.browser.wall import set_board, wait_live
from tests.clock import Clock
from tests.screens import LG_2016
from tests.staff_browser import session_of
from tests.venue_server import TILL, VenueServer

OLD_ENGINE = (Path(__file__).parent / "chromium38.js").read_text(encoding="utf-8")
PHONE = {"width": 390, "height": 844}


async def shown_code(tv: Page) -> str:
    await expect(tv.locator("#code")).to_have_text(A_CODE, timeout=10_000)
    return str(await tv.locator("#code").text_content())


async def pair(server: VenueServer, tv: Page, board: str = "", name: str = "Hall TV") -> Screen:
    """The TV opens /tv, somebody approves its code, and it goes to its board."""
    await tv.goto(f"{server.url}/tv")
    change = partial(pair_screen, code=await shown_code(tv), venue="main", board=board)
    screen = await server.store.write(partial(change, name=name, actor=TILL))
    await tv.wait_for_url(f"{server.url}/b/main" + (f"/{board}" if board else ""))
    await wait_live(tv)
    return screen


@pytest_asyncio.fixture(loop_scope="session")
async def phone(server: VenueServer, open_page: OpenPage) -> Page:
    page = await open_page(viewport=PHONE)
    session = await session_of(server, "Anna", Role.STAFF)
    await page.context.add_cookies([{"name": COOKIE, "value": session, "url": server.url}])
    return page


@pytest_asyncio.fixture(loop_scope="session")
async def slow_clock_server(tmp_path: Path) -> AsyncIterator[tuple[VenueServer, Clock]]:
    clock = Clock()
    running = VenueServer(tmp_path / "slow", clock=clock)
    await running.start()
    yield running, clock
    await running.stop()


async def until_state(tv: Page, words: str) -> None:
    """Lets the page's time run until it says so."""
    async with asyncio.timeout(20):
        while words not in str(await tv.locator("#state").text_content()):
            await tv.clock.fast_forward(16_000)


async def no_barriers(page: Page) -> list[str]:
    found = await Axe().run(page)
    return [f"{fault['id']}: {fault['nodes'][0]['html']}" for fault in found.response["violations"]]


async def test_a_phone_approves_the_tv_and_the_tv_draws_orders(
    server: VenueServer, open_page: OpenPage, phone: Page
) -> None:
    await set_board(server, access="paired")
    tv = await open_page(user_agent=LG_2016)
    await tv.add_init_script(OLD_ENGINE)
    await tv.goto(f"{server.url}/tv")
    code = await shown_code(tv)
    await phone.goto(f"{server.url}/staff/pair?code={code}")
    await phone.get_by_label("Name of the screen").fill("Hall TV")
    await phone.get_by_label("TV size?").fill("65")
    await phone.get_by_label("How far is the last person?").fill("8")
    await phone.get_by_role("button", name="Pair this screen").click()
    await expect(phone.get_by_role("status").first).to_contain_text("Hall TV is paired")
    await tv.wait_for_url(f"{server.url}/b/main")
    await wait_live(tv)
    await server.place(name="Ana B.", number="41", status=Status.READY)
    await expect(tv.locator("#ready .tile")).to_have_text("41 Ana B. ")
    await expect(phone.locator(".duty b")).to_have_text("Live", timeout=10_000)
    await expect(phone.locator(".told")).to_contain_text("Chromium 38, LG TV")
    await tv.goto(f"{server.url}/tv")
    await tv.wait_for_url(f"{server.url}/b/main")


async def test_without_scripts_the_tv_gets_to_its_board_too(
    server: VenueServer, open_page: OpenPage, phone: Page
) -> None:
    tv = await open_page(java_script_enabled=False)
    await tv.goto(f"{server.url}/tv")
    code = await shown_code(tv)
    plain = await phone.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    await plain.add_cookies(await phone.context.cookies())  # type: ignore[arg-type]
    page = await plain.new_page()
    await page.goto(f"{server.url}/staff/pair")
    await page.get_by_label("Code on the TV").fill(code.lower())
    await page.get_by_label("Name of the screen").fill("Hall TV")
    await page.get_by_role("button", name="Pair this screen").click()
    await expect(page.get_by_text("Hall TV is paired")).to_be_visible()
    await plain.close()
    await tv.wait_for_url(re.compile("/b/main"), timeout=15_000)


async def test_a_waiting_tv_outlives_error_pages_and_restarts(
    server: VenueServer, relay: Relay, open_page: OpenPage, complaints: Complaints
) -> None:
    complaints.expect_lost_connections()
    tv = await open_page()
    await tv.clock.install()
    await tv.goto(f"{relay.url}/tv")
    code = await shown_code(tv)
    for way in (Way.BAD_GATEWAY, Way.LOGIN, Way.CUT):
        relay.use(way)
        await until_state(tv, "No connection")
        assert await tv.locator("#code").text_content() == code
        relay.use(Way.OPEN)
        await until_state(tv, "goes on by itself")
    relay.use(Way.CUT)
    await server.stop()
    await server.start()
    change = partial(pair_screen, code=code, venue="main", board="", name="TV", actor=TILL)
    await server.store.write(change)
    await until_state(tv, "No connection")
    relay.use(Way.OPEN)
    await tv.clock.fast_forward(16_000)
    await tv.wait_for_url(f"{relay.url}/b/main")


async def test_a_tv_gets_a_new_code_by_itself(
    open_page: OpenPage, slow_clock_server: tuple[VenueServer, Clock]
) -> None:
    server, clock = slow_clock_server
    tv = await open_page()
    await tv.goto(f"{server.url}/tv")
    code = await shown_code(tv)
    clock.forward(minutes=10)
    await expect(tv.locator("#code")).not_to_have_text(code, timeout=10_000)
    fresh = await shown_code(tv)
    assert fresh in str(await tv.locator("#qr").get_attribute("src"))
    await tv.close()


async def test_a_revoked_tv_shows_a_code_again(
    server: VenueServer, open_page: OpenPage, complaints: Complaints
) -> None:
    complaints.expect("status of 401")
    await set_board(server, access="paired")
    tv = await open_page()
    screen = await pair(server, tv)
    await server.store.write(partial(revoke_screen, screen=screen.id))
    await tv.wait_for_url(f"{server.url}/tv", timeout=10_000)
    assert A_CODE.fullmatch(await shown_code(tv))


async def test_a_tv_revoked_on_the_staff_page_leaves_an_open_board_too(
    server: VenueServer, open_page: OpenPage, phone: Page, complaints: Complaints
) -> None:
    complaints.expect("status of 401")
    tv = await open_page()
    screen = await pair(server, tv)
    await phone.goto(f"{server.url}/staff/main/screens/{screen.id}")
    await phone.get_by_text("Revoke this screen").click()
    await phone.get_by_role("button", name="Yes, revoke Hall TV").click()
    await expect(phone.get_by_text("No screen is paired yet")).to_be_visible()
    await tv.wait_for_url(f"{server.url}/tv", timeout=10_000)


async def test_identify_shows_the_name_on_that_tv_only(
    server: VenueServer, open_page: OpenPage, phone: Page
) -> None:
    hall, bar = await open_page(), await open_page()
    screen = await pair(server, hall)
    await pair(server, bar, name="Bar TV")
    await phone.goto(f"{server.url}/staff/main/screens")
    await hall.clock.install()
    await phone.get_by_role("button", name="Identify Hall TV").click()
    await expect(phone.get_by_role("status").first).to_contain_text("shows its name")
    sign = hall.locator(".identify")
    await expect(sign).to_have_text("Hall TV")
    size = await sign.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert size > 300
    assert await hall.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await expect(bar.locator(".identify")).to_have_count(0)
    await hall.clock.fast_forward(11_000)
    await expect(sign).to_have_count(0)
    assert screen.name not in await hall.content()


async def test_reload_fetches_the_page_anew(
    server: VenueServer, open_page: OpenPage, phone: Page
) -> None:
    tv = await open_page()
    await pair(server, tv)
    await tv.evaluate("window.old = true")
    await phone.goto(f"{server.url}/staff/main/screens")
    await phone.get_by_role("button", name="Reload Hall TV").click()
    await tv.wait_for_function("() => !window.old", timeout=10_000)
    await wait_live(tv)


async def test_test_sound_asks_the_sound_script(
    server: VenueServer, open_page: OpenPage, phone: Page
) -> None:
    tv = await open_page()
    await pair(server, tv)
    await tv.evaluate(
        "Readyboard.sound = {state: 'locked', test: function () { window.rang = true; }};"
        "Readyboard.screen.report()"
    )
    await phone.goto(f"{server.url}/staff/main/screens")
    await expect(phone.locator(".flag")).to_contain_text("Sound is locked", timeout=10_000)
    await phone.get_by_role("button", name="Test sound of Hall TV").click()
    await tv.wait_for_function("() => window.rang", timeout=10_000)


async def test_a_moved_tv_goes_to_its_new_board(
    server: VenueServer, open_page: OpenPage, phone: Page
) -> None:
    await server.store.write(
        partial(add_board, venue="main", board="bar", settings={"title": "The Bar"}, actor=TILL)
    )
    tv = await open_page()
    screen = await pair(server, tv)
    await phone.goto(f"{server.url}/staff/main/screens/{screen.id}")
    await phone.get_by_label("Board").select_option(label="The Bar")
    await phone.get_by_role("button", name="Save").click()
    await tv.wait_for_url(f"{server.url}/b/main/bar", timeout=10_000)
    back = partial(change_screen, venue="main", screen=screen.id, name="Hall TV", board="")
    await server.store.write(back)  # in the shell, which tells no page
    await tv.evaluate("Readyboard.screen.report()")
    await tv.wait_for_url(f"{server.url}/b/main", timeout=10_000)


async def test_a_screen_reports_again_and_again(server: VenueServer, open_page: OpenPage) -> None:
    tv = await open_page()
    screen = await pair(server, tv)
    await server.place(number="41", status=Status.READY)
    await expect(tv.locator("#ready .tile")).to_have_count(1)
    await tv.evaluate("Readyboard.times.report = 50; Readyboard.screen.report()")
    async with tv.expect_response("**/tv/report"):
        pass
    async with tv.expect_response("**/tv/report") as second:
        pass
    assert (await second.value).status == 200
    report = server.house.roll.last(screen)
    assert report is not None
    assert (report.seq, report.drawn, report.transport) == (1, 1, "source")
    assert (report.width, report.height, report.visible) == (1920, 1080, True)
    assert report.build == server.house.build
    assert abs(report.drift) < 5_000
    kept = await server.store.read(partial(screens.by_id, screen=screen.id))
    assert kept is not None
    assert kept.last_seen_at is not None


async def test_the_page_of_screens_keeps_itself_fresh(
    open_page: OpenPage, slow_clock_server: tuple[VenueServer, Clock]
) -> None:
    server, clock = slow_clock_server
    tv, staff = await open_page(), await open_page(viewport=PHONE)
    await pair(server, tv)
    session = await session_of(server, "Anna", Role.STAFF)
    await staff.context.add_cookies([{"name": COOKIE, "value": session, "url": server.url}])
    await staff.clock.install()
    await staff.goto(f"{server.url}/staff/main/screens")
    duty = staff.locator(".duty b")
    await expect(staff.locator(".screen")).to_have_count(1)
    async with tv.expect_response("**/tv/report"):
        await tv.evaluate("Readyboard.screen.report()")
    await staff.clock.fast_forward(6_000)
    await expect(duty).to_have_text("Live", timeout=10_000)
    await staff.get_by_role("button", name="Reload Hall TV").focus()
    await tv.close()
    clock.forward(minutes=1)
    await staff.clock.fast_forward(6_000)
    await expect(duty).to_have_text("Late since 12:00", timeout=10_000)
    clock.forward(minutes=3)
    await staff.clock.fast_forward(6_000)
    await expect(duty).to_have_text("Asleep since 12:00", timeout=10_000)
    await expect(staff.get_by_role("button", name="Reload Hall TV")).to_be_focused()
    await staff.close()


@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_the_pages_hold_no_barriers(
    server: VenueServer, open_page: OpenPage, phone: Page, scheme: str
) -> None:
    await phone.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    waiting, tv = await open_page(), await open_page()
    await waiting.goto(f"{server.url}/tv")
    code = await shown_code(waiting)
    assert await no_barriers(waiting) == []
    await phone.goto(f"{server.url}/staff/main/screens")
    assert await no_barriers(phone) == []
    screen = await pair(server, tv)
    await tv.evaluate("Readyboard.sound = {state: 'locked'}; Readyboard.screen.report()")
    for path in (f"pair?code={code}", "main/screens", f"main/screens/{screen.id}"):
        await phone.goto(f"{server.url}/staff/{path}")
        assert await no_barriers(phone) == []


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (1080, 1920), (1024, 768), (390, 844)])
async def test_the_code_fits_on_every_screen(
    server: VenueServer, open_page: OpenPage, size: tuple[int, int]
) -> None:
    tv = await open_page(viewport={"width": size[0], "height": size[1]})
    await tv.goto(f"{server.url}/tv")
    await shown_code(tv)
    await expect(tv.locator("#qr")).to_have_js_property("complete", True)
    assert await tv.locator("#qr").evaluate("e => e.naturalWidth") > 100
    await tv.evaluate("document.getElementById('code').textContent = 'GGGGG'")  # none is wider
    outside = await tv.evaluate(
        """() => [...document.querySelectorAll('h1, p, img')].filter(e => {
          const box = e.getBoundingClientRect();
          return box.left < 0 || box.top < 0 || box.right > innerWidth + 1 ||
            box.bottom > innerHeight + 1 || e.scrollWidth > e.clientWidth + 1;
        }).map(e => e.outerHTML)"""
    )
    assert outside == []
