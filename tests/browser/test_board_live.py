"""The board as guests see it: orders appear, move and leave, on every kind of engine."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from app.domain.board import Column, PublicCard
from app.domain.orders import CancelledBy, Status
from tests.browser.conftest import OpenPage
from tests.browser.wall import set_board, wait_live
from tests.venue_server import VenueServer

HERE = Path(__file__).parent
VECTORS: dict[str, Any] = json.loads(
    (HERE.parent / "vectors" / "board.json").read_text(encoding="utf-8")
)
OLD_ENGINE = (HERE / "chromium38.js").read_text(encoding="utf-8")


async def test_order_appears_moves_and_disappears(page: Page, server: VenueServer) -> None:
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    order = await server.place(name="Ana B.", number="41", status=Status.PREPARING)
    await expect(page.locator("#preparing .tile")).to_have_text("41 Ana B. ")
    await server.move(order.id, Status.READY)
    await expect(page.locator("#ready .tile")).to_have_text("41 Ana B. ")
    await expect(page.locator("#preparing .tile")).to_have_count(0)
    await server.move(order.id, Status.COLLECTED, pickup_confirmed=True)
    await expect(page.locator("#ready .tile")).to_have_count(0)


async def test_collected_order_stays_greyed(page: Page, server: VenueServer) -> None:
    order = await server.place(number="41", status=Status.READY)
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    await server.move(order.id, Status.COLLECTED)
    tile = page.locator("#ready .tile.collected")
    await expect(tile).to_contain_text("collected?")


async def test_held_order_says_see_host(page: Page, server: VenueServer) -> None:
    order = await server.place(name="Ken W.", status=Status.PREPARING)
    await page.goto(f"{server.url}/b/main")
    await server.move(order.id, Status.HELD)
    await expect(page.locator("#host .tile .name")).to_have_text("Ken W.")
    await expect(page.locator("#host .tile .label")).to_have_text("See host")


async def test_attendant_cancelled_order_says_see_host(page: Page, server: VenueServer) -> None:
    order = await server.place(name="Lou", status=Status.PREPARING)
    await page.goto(f"{server.url}/b/main")
    await server.move(order.id, Status.CANCELLED, cancelled_by=CancelledBy.ATTENDANT)
    await expect(page.locator("#host .tile .label")).to_have_text("See host")


async def test_newest_ready_is_called_out_then_accented(page: Page, server: VenueServer) -> None:
    await server.place(number="40", status=Status.READY)
    order = await server.place(number="41", name="Ana B.", status=Status.PREPARING)
    await page.clock.install()
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    await server.move(order.id, Status.READY)
    await expect(page.locator(".tile.call .number")).to_have_text("41")
    await expect(page.locator("#say")).to_have_text("41 Ana B.: ready")
    await page.clock.fast_forward(7_000)
    await expect(page.locator(".tile.call")).to_have_count(0)
    await expect(page.locator(".tile.fresh .number")).to_have_text(["40", "41"])
    await page.clock.fast_forward(60_000)
    await expect(page.locator(".tile.fresh")).to_have_count(0)
    assert await page.locator("#ready .tile").count() == 2


async def test_slots_keep_still_and_a_new_ready_order_takes_the_first_free_one(
    page: Page, server: VenueServer
) -> None:
    orders = [await server.place(number=str(n), status=Status.READY) for n in (41, 42, 43)]
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    numbers = page.locator("#ready .slot")
    before = [text.strip() for text in await numbers.all_text_contents()]
    await server.move(orders[1].id, Status.COLLECTED, pickup_confirmed=True)
    await expect(page.locator("#ready .tile")).to_have_count(2)
    gap = before.index("42")
    await expect(numbers.nth(gap)).to_have_text("")
    await server.place(number="44", status=Status.READY)
    await expect(numbers.nth(gap)).to_contain_text("44")
    after = [text.strip() for text in await numbers.all_text_contents()]
    assert after[:3] == [{"42": "44"}.get(number, number) for number in before[:3]]


async def test_markup_in_a_name_is_shown_as_text(page: Page, server: VenueServer) -> None:
    await server.place(name="<b>&amp;'\"", number="<i>1", status=Status.READY)
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    await expect(page.locator("#ready .name")).to_have_text("<b>&amp;'\"")
    await server.place(name="<img src=x>", status=Status.PREPARING)
    await expect(page.locator("#preparing .name")).to_have_text("<img src=x>")
    assert await page.locator("#lists img, #lists .name b, #lists .number i").count() == 0


async def test_board_works_without_anything_younger_than_chromium_38(
    page: Page, server: VenueServer
) -> None:
    await page.add_init_script(OLD_ENGINE)
    await server.place(number="40", name="Bo", status=Status.PREPARING)
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    await expect(page.locator("html")).to_have_attribute("data-engine", "38")
    order = await server.place(number="41", name="Ana B.", status=Status.PREPARING)
    await expect(page.locator("#preparing .tile")).to_have_count(2)
    await server.move(order.id, Status.READY)
    await expect(page.locator("#ready .tile")).to_have_text("41 Ana B. ")


async def test_board_works_where_storage_is_forbidden(page: Page, server: VenueServer) -> None:
    await page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage', 'console'])"
        " Object.defineProperty(window, name, {get() { throw new Error('forbidden'); }});"
    )
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    await server.place(number="41", status=Status.READY)
    await expect(page.locator("#ready .tile")).to_have_count(1)


async def test_scripts_off_shows_the_orders(open_page: OpenPage, server: VenueServer) -> None:
    await server.place(number="41", name="Ana B.", status=Status.READY)
    await server.place(number="42", status=Status.PREPARING)
    page = await open_page(java_script_enabled=False)
    await page.goto(f"{server.url}/b/main")
    await expect(page.locator("#ready .tile")).to_have_text("41 Ana B. ")
    await expect(page.locator("#preparing .tile .number")).to_have_text("42")
    assert 'http-equiv="refresh" content="10; url=?plain=1"' in await page.content()


async def test_acceptance_item_3_plain_page_has_no_script_and_renews_itself(
    page: Page, server: VenueServer
) -> None:
    await server.place(number="41", status=Status.READY)
    await page.goto(f"{server.url}/b/main?plain=1")
    await expect(page.locator("#ready .number")).to_have_text("41")
    assert await page.locator("script").count() == 0
    assert await page.locator("meta[http-equiv=refresh]").get_attribute("content") == "10"


async def test_page_works_under_a_sub_path(page: Page, server: VenueServer) -> None:
    """Every address of the page is relative to it, but for the static files (PUBLIC_URL)."""
    await page.goto(f"{server.url}/b/main")
    for name in ("data-feed", "data-socket"):
        address = await page.locator("body").get_attribute(name)
        assert address is not None
        assert not address.startswith(("/", "http"))


async def test_strict_board_shows_ready_names_and_see_host_only(
    page: Page, server: VenueServer
) -> None:
    await server.place(number="41", name="Ana B.", status=Status.READY)
    await server.place(number="42", name="Bo", status=Status.PREPARING)
    await server.place(number="43", name="Lou", status=Status.HELD)
    await set_board(server, layout="eatsa")
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    await expect(page.locator("#ready .tile")).to_have_text("Ana B. ")
    await expect(page.locator("#host .tile .name")).to_have_text("Lou")
    assert await page.locator(".number, .column.preparing").count() == 0


async def test_changed_settings_reach_an_open_page(page: Page, server: VenueServer) -> None:
    await server.place(number="41", name="Ana B.", status=Status.READY)
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    await set_board(server, ready_colour="amber", title="Hall", shows="number")
    await expect(page.locator(".subtitle")).to_have_text("Hall")
    await expect(page.locator("#ready .tile")).to_have_text("41 ")


async def test_partly_ready_order_names_the_stations(page: Page, server: VenueServer) -> None:
    card = PublicCard(
        key="k", number="41", name="Bo", column=Column.PREPARING, place="",
        stations_ready=("Bar", "Grill"), since=0, until=None, wait=None,
    )  # fmt: skip
    await page.goto(f"{server.url}/b/main")
    await wait_live(page)
    await page.evaluate("card => Readyboard.apply('order', {at: Date.now(), card})", asdict(card))
    label = page.locator("#preparing .label .sr")
    await expect(label).to_have_text("Bar, Grill ready")


@pytest.mark.parametrize("case", VECTORS["boards"], ids=lambda case: case["says"])
async def test_script_matches_the_shared_vectors(
    page: Page, server: VenueServer, case: dict[str, Any]
) -> None:
    await page.goto(f"{server.url}/b/main")
    seen, crc = await page.evaluate(
        """c => [Readyboard.visible(c.cards, c.at).map(card => card.key),
                 Readyboard.digest(c.cards, c.at)]""",
        case,
    )
    assert (seen, crc) == (case["visible"], case["digest"])


async def test_script_shortens_and_fits_names_like_the_server(
    page: Page, server: VenueServer
) -> None:
    await page.goto(f"{server.url}/b/main")
    names = VECTORS["names"]
    found = await page.evaluate(
        "all => all.map(c => [Readyboard.shorten(c.name), Readyboard.fit(c.shown)])", names
    )
    assert found == [[case["shown"], case["fit"]] for case in names]
