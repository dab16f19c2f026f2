"""Settings on a real wall: lanes, languages in turn, the counter lane, closing; the editor."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from app.commands.venues import set_logo
from app.domain.board import ReadyColour, Theme
from app.domain.orders import Status
from app.domain.people import Role
from app.domain.times import utc_now
from app.web.auth import COOKIE
from tests.browser.conftest import OpenPage
from tests.browser.test_board_crowd import SCREENS, fill
from tests.browser.wall import OVERLAPS, set_board, wait_live
from tests.staff_browser import session_of
from tests.test_boards_api import picture
from tests.venue_server import TILL, VenueServer

EDITOR = "/staff/main/boards/default"


@pytest.mark.parametrize("lanes", ["ready", "preparing"])
@pytest.mark.parametrize("screen", SCREENS, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_one_lane_alone_takes_the_whole_wall(
    open_page: OpenPage, server: VenueServer, screen: tuple[int, int], lanes: str
) -> None:
    await fill(server, 60, 60, 5)
    await set_board(server, lanes=lanes)
    page = await open_page(viewport={"width": screen[0], "height": screen[1]})
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    assert await page.evaluate(OVERLAPS) == []
    wide = await page.locator(f"section.{lanes}").evaluate("e => e.offsetWidth / innerWidth")
    assert wide > 0.85
    other = {"ready": "preparing", "preparing": "ready"}[lanes]
    await expect(page.locator(f"section.{other}")).to_have_count(0)


async def test_long_waiting_order_moves_to_the_counter_lane(
    page: Page, server: VenueServer
) -> None:
    await set_board(server, please_minutes=5)
    await server.place(number="41", status=Status.READY)
    await page.clock.install()
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    await expect(page.locator("#ready .number")).to_have_text("41")
    await page.clock.fast_forward(5 * 60_000)
    await expect(page.locator("#host .tile")).to_contain_text("Come to the counter")
    await expect(page.locator("#ready .tile")).to_have_count(0)
    assert await page.evaluate(OVERLAPS) == []


async def test_two_languages_take_turns_and_only_words_change(
    page: Page, server: VenueServer
) -> None:
    await set_board(server, language="de", second_language="ar", words={"ready": "Abholen"})
    await server.place(number="41", status=Status.READY)
    await server.place(number="42", status=Status.HELD)
    await page.clock.install()
    await page.goto(f"{server.url}/b/main")
    await expect(page.locator("#state")).to_have_text("Live", timeout=15_000)
    await expect(page.locator("#head-ready")).to_have_text("Abholen")
    tile = await page.locator("#ready .tile").element_handle()
    assert tile is not None
    await page.clock.fast_forward(8_000)
    await expect(page.locator("#head-ready")).to_have_text("جاهز")
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert await tile.evaluate("tile => tile.isConnected")
    assert await page.evaluate(OVERLAPS) == []
    await page.clock.fast_forward(8_000)
    await expect(page.locator("#head-ready")).to_have_text("Abholen")
    await expect(page.locator("html")).to_have_attribute("dir", "ltr")


@pytest.mark.parametrize("language", ["ar", "he"])
async def test_right_to_left_board_does_not_overlap(
    open_page: OpenPage, server: VenueServer, language: str
) -> None:
    await fill(server, 30, 60, 3)
    await set_board(server, language=language, title="قاعة", notice="مرحبا")
    page = await open_page()
    await page.goto(f"{server.url}/b/main")
    await expect(page.locator("#ready .tile").first).to_be_visible()
    assert await page.evaluate(OVERLAPS) == []
    clock, title = page.locator("#clock"), page.locator(".title")
    at = [await where.evaluate("e => e.getBoundingClientRect().left") for where in (clock, title)]
    assert at[0] < at[1]


async def test_closed_board_dims_only_while_nothing_waits(page: Page, server: VenueServer) -> None:
    now = utc_now()
    closed = {"closes": now - timedelta(hours=1), "opens": now + timedelta(hours=2)}
    await set_board(server, **{name: at.strftime("%H:%M") for name, at in closed.items()})
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    await expect(page.locator("#wall")).to_have_css("opacity", "0.2")
    await server.place(number="41", status=Status.READY)
    await expect(page.locator("#wall")).to_have_css("opacity", "1")


async def test_empty_board_shows_where_to_order_until_an_order_comes(
    page: Page, server: VenueServer
) -> None:
    await set_board(server, order_url="https://order.example")
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    code = page.locator("img.qr")
    await expect(code).to_be_visible()
    assert await code.evaluate("image => image.naturalWidth > 100")
    await server.place(number="41", status=Status.READY)
    await expect(code).to_be_hidden()


async def test_logo_stands_in_the_head(page: Page, server: VenueServer) -> None:
    image = picture()
    await server.store.write(partial(set_logo, venue="main", board="", image=image, actor=TILL))
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    assert await page.locator("img.logo").evaluate("image => image.naturalWidth") == 900
    assert await page.evaluate(OVERLAPS) == []


async def test_editor_previews_each_change_before_it_is_saved(
    open_page: OpenPage, server: VenueServer
) -> None:
    page = await open_page(viewport={"width": 1440, "height": 900})
    session = await session_of(server, "Anna", Role.ADMIN)
    await page.context.add_cookies([{"name": COOKIE, "value": session, "url": server.url}])
    await page.goto(server.url + EDITOR)
    board = page.frame_locator("#preview")
    await expect(board.locator(".tile").first).to_be_visible()
    await page.get_by_label("Title").fill("Beer garden")
    await expect(board.locator(".subtitle")).to_have_text("Beer garden")
    await page.get_by_label("Theme").select_option("own")
    await page.get_by_label("Wall").fill("#ffffff")
    await expect(page.locator("#preview-wrong")).to_contain_text("contrast")
    await page.get_by_label("Theme").select_option("day")
    await expect(board.locator("body")).to_have_css("background-color", "rgb(238, 242, 246)")
    await page.locator("#sample").select_option("500")
    await expect(board.locator("#more-preparing")).to_contain_text("more")
    await page.get_by_role("button", name="Turn the screen").click()
    box = await page.locator("#preview").bounding_box()
    assert box is not None
    assert box["height"] > box["width"]
    assert (await server.http.get("/b/main.json")).json()["board"]["theme"] == "night"
    await page.get_by_role("button", name="Save board").click()
    await expect(page.get_by_text("Saved. Screens show it already.")).to_be_visible()
    saved = (await server.http.get("/b/main.json")).json()["board"]
    assert (saved["theme"], saved["title"]) == ("day", "Beer garden")


THEMES: list[dict[str, Any]] = [
    {"theme": theme, "ready_colour": colour}
    for theme in Theme
    if theme != Theme.OWN
    for colour in ReadyColour
]
OWN: dict[str, Any] = {"theme": Theme.OWN, "own_wall": "#003366", "own_ready": "#FFD24A"}


async def test_every_theme_is_accessible(page: Page, server: VenueServer) -> None:
    await fill(server, 6, 6, 2)
    for settings in [*THEMES, OWN]:
        await page.goto("about:blank")  # a board that is open loads itself anew just then
        await set_board(server, **settings)
        await page.goto(f"{server.url}/b/main")
        await wait_live(page)
        found = await Axe().run(page)
        assert [(fault["id"], settings) for fault in found.response["violations"]] == []
