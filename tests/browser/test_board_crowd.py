"""From no order to five hundred, on every shape of screen: nothing overlaps, nothing is hidden
without saying so, and the newest is always to be seen."""

import asyncio
import re
from dataclasses import asdict

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from app.domain.board import Column, PublicCard
from app.domain.orders import Status
from tests.browser.conftest import HALL_TV, OpenPage
from tests.browser.wall import OVERLAPS, set_board, wait_live
from tests.venue_server import VenueServer

NAMES = ("Ana B.", "Christopher James", "Bo", "WWWWWWWWWWWWWW", "Zoë", "Mary Jane Watson", "李小龙")
SCREENS = [(1920, 1080), (1080, 1920), (1280, 720), (1024, 768), (390, 844)]


async def fill(server: VenueServer, ready: int, preparing: int = 0, held: int = 0) -> None:
    """All numbers differ; every name and place gets its turn."""
    statuses = [Status.READY] * ready + [Status.PREPARING] * preparing + [Status.HELD] * held
    await asyncio.gather(
        *(
            server.place(number=str(100 + n), name=NAMES[n % len(NAMES)], status=status)
            for n, status in enumerate(statuses)
        )
    )


@pytest.mark.parametrize("orders", [0, 5, 50, 150, 500])
@pytest.mark.parametrize("screen", SCREENS, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_nothing_overlaps_however_many_orders(
    open_page: OpenPage, server: VenueServer, orders: int, screen: tuple[int, int]
) -> None:
    await fill(server, orders // 2, orders - orders // 2, min(orders, 5))
    page = await open_page(viewport={"width": screen[0], "height": screen[1]})
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    assert await page.evaluate(OVERLAPS) == []
    assert await page.evaluate("innerWidth === document.documentElement.scrollWidth")


@pytest.mark.parametrize("screen", SCREENS[:2], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_acceptance_item_5_150_ready_orders_page_without_overlap_and_count_the_rest(
    open_page: OpenPage, server: VenueServer, screen: tuple[int, int]
) -> None:
    page = await open_page(viewport={"width": screen[0], "height": screen[1]})
    await page.clock.install()
    await fill(server, 150)
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    await page.clock.fast_forward(35_000)  # nothing is pinned any more
    seen = set[str]()
    for turn in range(3):
        await page.clock.fast_forward(8_000)
        await expect(page.locator("#more-ready")).to_contain_text(f"{(turn + 2) % 3 + 1}/3")
        seen |= set(await page.locator("#ready .number").all_text_contents())
        assert await page.evaluate(OVERLAPS) == []
    more = re.search(r"\+(\d+) more", await page.locator("#more-ready").inner_text())
    assert more is not None
    assert len(seen) + int(more[1]) == 150


async def test_acceptance_item_5_newest_ready_is_seen_within_two_seconds_and_on_every_page(
    page: Page, server: VenueServer
) -> None:
    await page.clock.install()
    await fill(server, 60)
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    await server.place(number="999", status=Status.READY)
    newest = page.locator("#ready .number", has_text="999")
    await expect(newest).to_be_visible(timeout=7_000)
    for _ in range(3):
        await page.clock.fast_forward(8_000)
        await expect(newest).to_be_visible()


async def test_burst_of_changes_is_drawn_at_most_every_two_seconds(
    page: Page, server: VenueServer
) -> None:
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    await page.evaluate(
        """() => { window.times = [];
          new MutationObserver(() => times.push(performance.now()))
            .observe(document.getElementById('ready'), {childList: true}); }"""
    )
    await fill(server, 1)
    await expect(page.locator("#ready .tile")).to_have_count(1)
    for number in range(200, 206):
        await server.place(number=str(number), status=Status.READY)
    await expect(page.locator("#ready .tile")).to_have_count(7)
    first, second = await page.evaluate("times")
    assert second - first >= 1_950


async def test_first_change_after_the_page_was_opened_is_drawn_at_once(
    page: Page, server: VenueServer
) -> None:
    card = PublicCard(
        key="k", number="77", name="Ada", column=Column.READY, place="",
        stations_ready=(), since=0, until=None, wait=None,
    )  # fmt: skip
    await fill(server, 1)
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    drawn = await page.evaluate(
        """card => {
          Readyboard.apply('order', {at: Readyboard.now(), card});
          return document.querySelectorAll('#ready .tile').length; }""",
        asdict(card),
    )
    assert drawn == 2


async def test_preparing_numbers_stay_in_order(page: Page, server: VenueServer) -> None:
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    for count, number in enumerate(("50", "48", "52", "49"), 1):
        await server.place(number=number, status=Status.PREPARING)
        await expect(page.locator("#preparing .tile")).to_have_count(count)
    await expect(page.locator("#preparing .number")).to_have_text(["48", "49", "50", "52"])


async def test_empty_board_is_friendly(page: Page, server: VenueServer) -> None:
    await page.goto(f"{server.url}/b/main")
    await expect(page.locator("#empty-ready")).to_have_text("Your order will light up here")
    await expect(page.locator("#empty-preparing")).to_have_text("New orders appear here")
    await server.place(number="41", status=Status.READY)
    await expect(page.locator("#empty-ready")).to_be_hidden()


async def test_plain_page_turns_its_pages_by_the_servers_clock(
    page: Page, server: VenueServer
) -> None:
    await fill(server, 150)
    await page.goto(f"{server.url}/b/main?plain=1")
    await expect(page.locator("#more-ready")).to_contain_text(re.compile(r"[123]/3\s+\+114 more"))
    await expect(page.locator("#ready .tile")).to_have_count(12)
    assert await page.evaluate(OVERLAPS) == []


async def test_board_shows_no_cursor_and_no_scroll_bar(page: Page, server: VenueServer) -> None:
    await fill(server, 150)
    await page.goto(f"{server.url}/b/main")
    style = await page.evaluate(
        "(s => [s.cursor, s.overflowX, s.overflowY])(getComputedStyle(document.documentElement))"
    )
    assert style == ["none", "hidden", "hidden"]


@pytest.mark.parametrize("calm", ["setting", "system"])
async def test_calm_board_does_not_pulse(
    open_page: OpenPage, server: VenueServer, calm: str
) -> None:
    page = await open_page(reduced_motion="reduce" if calm == "system" else "no-preference")
    await set_board(server, calm=calm == "setting")
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    await server.place(number="41", status=Status.READY)
    tile = page.locator(".tile.call")
    await expect(tile).to_have_css("animation-name", "none")


async def test_landscape_gives_ready_sixty_percent_and_the_margin_is_five(
    page: Page, server: VenueServer
) -> None:
    await page.goto(f"{server.url}/b/main")
    ready = await page.locator(".column.ready").bounding_box()
    lists = await page.locator("#lists").bounding_box()
    assert ready is not None
    assert lists is not None
    assert lists["x"] == pytest.approx(HALL_TV["width"] * 0.05, abs=1)
    assert ready["width"] / lists["width"] == pytest.approx(0.6, abs=0.01)


async def test_turned_screen_is_laid_out_anew(page: Page, server: VenueServer) -> None:
    await fill(server, 8, 12)
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    await page.set_viewport_size({"width": 1080, "height": 1920})
    await expect(page.locator("#ready .tile")).to_have_count(8)
    ready = await page.locator(".column.ready").bounding_box()
    preparing = await page.locator(".column.preparing").bounding_box()
    assert ready is not None
    assert preparing is not None
    assert ready["y"] + ready["height"] <= preparing["y"]
    assert await page.evaluate(OVERLAPS) == []


async def test_notices_take_turns_every_ten_seconds(page: Page, server: VenueServer) -> None:
    await set_board(server, notice="Allergens? Ask us.\nOpen until ten")
    await page.clock.install()
    await page.goto(f"{server.url}/b/main")
    await expect(page.locator("#notice")).to_have_text("Allergens? Ask us.")
    await page.clock.fast_forward(10_100)
    await expect(page.locator("#notice")).to_have_text("Open until ten")


@pytest.mark.parametrize("query", ["", "?plain=1"])
async def test_board_has_no_accessibility_violations(
    page: Page, server: VenueServer, query: str
) -> None:
    """Renewing itself every ten seconds is what the plain page is for."""
    await fill(server, 5, 5, 1)
    await page.goto(f"{server.url}/b/main{query}")
    found = await Axe().run(page, options={"rules": {"meta-refresh": {"enabled": False}}})
    assert [violation["id"] for violation in found.response["violations"]] == []
