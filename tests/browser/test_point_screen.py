"""The screen at a pickup point: its name while it is free, then whose order waits there."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from app.domain.orders import Status
from tests.browser.conftest import Complaints, OpenPage
from tests.browser.wall import OVERLAPS, set_board, wait_live
from tests.test_point_screens import change, make_point, put_at
from tests.venue_server import VenueServer

SIZES = {
    "cubby": {"width": 1024, "height": 600},
    "phone": {"width": 390, "height": 844},
    "bar": {"width": 1280, "height": 400},
    "wall": {"width": 1920, "height": 1080},
}
# Text that is wider or higher than the box it stands in.
CUT_OFF = """() => [...document.querySelectorAll('.number, .name, .point-name, .point-state')]
    .filter(e => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight * 1.3)
    .map(e => e.textContent)"""


async def test_free_then_an_order_then_free_again(page: Page, server: VenueServer) -> None:
    left, right = await make_point(server, "Left"), await make_point(server, "Right")
    await page.goto(f"{server.url}/b/main/point/{left.id}")
    await wait_live(page)
    face, tile = page.locator("#empty-ready"), page.locator("#ready .tile")
    await expect(face).to_be_visible()
    await expect(page.locator(".point-name")).to_have_text("Left")
    await expect(page.locator(".point-state")).to_have_text("This place is free")
    await put_at(server, right, number="42", name="Bo")
    order = await put_at(server, left, number="41", name="Ana B.")
    await expect(tile.locator(".number")).to_have_text("41")
    await expect(tile.locator(".name")).to_have_text("Ana B.")
    await expect(page.locator(".place")).to_be_hidden()
    await expect(face).to_be_hidden()
    await expect(page.locator("#say")).to_have_text("41 Ana B.: ready at Left")
    await server.move(order.id, Status.COLLECTED)
    await expect(tile).to_have_count(0)
    await expect(face).to_be_visible()


async def test_it_pulses_three_times_and_then_stands_still(page: Page, server: VenueServer) -> None:
    left = await make_point(server, "Left")
    await page.clock.install()
    await page.goto(f"{server.url}/b/main/point/{left.id}")
    await wait_live(page)
    await put_at(server, left, number="41")
    called = page.locator("#ready .tile.call")
    await expect(called).to_have_count(1)
    motion = await called.evaluate(
        "e => { const s = getComputedStyle(e);"
        " return [s.animationName, s.animationDuration, s.animationIterationCount] }"
    )
    assert motion == ["call", "1s", "3"]
    await page.clock.fast_forward(7_000)
    await expect(called).to_have_count(0)
    await expect(page.locator("#ready .tile.fresh")).to_have_count(1)


@pytest.mark.parametrize("reason", ["calm board", "reduced motion"])
async def test_nothing_moves_where_that_is_asked_for(
    open_page: OpenPage, server: VenueServer, reason: str
) -> None:
    left = await make_point(server, "Left")
    await set_board(server, calm=reason == "calm board")
    wish = "reduce" if reason == "reduced motion" else "no-preference"
    page = await open_page(reduced_motion=wish)
    await page.goto(f"{server.url}/b/main/point/{left.id}")
    await wait_live(page)
    await put_at(server, left, number="41")
    called = page.locator("#ready .tile.call")
    await expect(called).to_have_count(1)
    assert await called.evaluate("e => getComputedStyle(e).animationName") == "none"


async def test_a_closed_point_says_so_on_the_open_page(page: Page, server: VenueServer) -> None:
    left = await make_point(server, "Left")
    await page.goto(f"{server.url}/b/main/point/{left.id}")
    await wait_live(page)
    await change(server, left, disabled=True)
    await expect(page.locator(".point-state")).to_have_text("This place is closed")
    await change(server, left, disabled=False, name="Shelf")
    await expect(page.locator(".point-state")).to_have_text("This place is free")
    await expect(page.locator(".point-name")).to_have_text("Shelf")


async def test_right_again_after_the_server_was_away(
    page: Page, server: VenueServer, complaints: Complaints
) -> None:
    complaints.expect_lost_connections()
    left = await make_point(server, "Left")
    await page.goto(f"{server.url}/b/main/point/{left.id}")
    await wait_live(page)
    await server.stop()
    await expect(page.locator("#state")).not_to_have_text("Live", timeout=15_000)
    await server.start()
    await put_at(server, left, number="41")
    await expect(page.locator("#ready .number")).to_have_text("41", timeout=15_000)


@pytest.mark.parametrize("size", SIZES)
async def test_it_fits_every_screen(open_page: OpenPage, server: VenueServer, size: str) -> None:
    names = ("7", "Window 12", "Take-away shelf on the left of the door")
    page = await open_page(viewport=SIZES[size])
    for name in names:
        point = await make_point(server, name)
        await page.goto(f"{server.url}/b/main/point/{point.id}")
        await wait_live(page)
        assert await page.evaluate(CUT_OFF) == []
        assert await page.evaluate(OVERLAPS) == []
        await put_at(server, point, number=f"A{len(name)}", name="Maximiliane W.")
        await expect(page.locator("#ready .tile")).to_have_count(1)
        assert await page.evaluate(CUT_OFF) == []
        assert await page.evaluate(OVERLAPS) == []


async def test_it_holds_no_barriers(page: Page, server: VenueServer) -> None:
    point = await make_point(server, "Left")
    await page.goto(f"{server.url}/b/main/point/{point.id}")
    await wait_live(page)
    free = await Axe().run(page)
    await put_at(server, point, number="41", name="Ana B.")
    await expect(page.locator("#ready .tile")).to_have_count(1)
    taken = await Axe().run(page)
    assert (free.response["violations"], taken.response["violations"]) == ([], [])
