"""The live pad in Chromium: pressing, undoing, two tablets, keys, and no scripts at all."""

import asyncio
import re
from functools import partial

import pytest_asyncio
from playwright.async_api import expect

from app.commands.people import sign_out_everywhere
from app.domain.orders import Status
from app.domain.people import Role
from app.web.auth import COOKIE
from tests.browser.conftest import Complaints, OpenPage
from tests.browser.pads import PHONE, TABLET, OpenPad, card, opener
from tests.browser.relay import Path, Relay
from tests.staff_browser import item, moves_of, now, session_of
from tests.venue_server import VenueServer


@pytest_asyncio.fixture(loop_scope="session")
async def open_pad(server: VenueServer, open_page: OpenPage) -> OpenPad:
    return opener(server, open_page)


async def test_bump_and_undo(server: VenueServer, open_pad: OpenPad) -> None:
    order = await server.place(name="Zoe")
    page = await open_pad()
    await card(page, "progress").get_by_role("button", name="Start").click()
    await expect(page.locator("#bar")).to_contain_text("Anna moved #1 Zoe to Preparing")
    await card(page, "progress").get_by_role("button", name="Ready").click()
    await expect(card(page, "ready")).to_contain_text("Zoe")
    await expect(page.locator("#bar")).to_contain_text("Anna moved #1 Zoe to Ready")
    await page.locator("#bar").get_by_role("button", name="Undo").click()
    await expect(card(page, "progress")).to_contain_text("Preparing")
    await expect(page.locator("#bar")).to_contain_text("Anna took back #1 Zoe")
    assert (await now(server, order)).status == Status.PREPARING


async def test_undo_bar_leaves_after_five_seconds(server: VenueServer, open_pad: OpenPad) -> None:
    await server.place()
    page = await open_pad()
    await card(page, "progress").get_by_role("button", name="Start").click()
    await expect(page.locator(".undo")).to_be_visible()
    await expect(page.locator(".undo")).to_have_count(0)


async def test_every_tablet_follows_a_till_and_the_others(
    server: VenueServer, open_pad: OpenPad
) -> None:
    first, second = await open_pad("Anna"), await open_pad("Ben")
    await server.place(name="Zoe")
    for page in (first, second):
        await expect(card(page, "progress")).to_contain_text("Zoe")
    await card(first, "progress").get_by_role("button", name="Start").click()
    await expect(card(second, "progress")).to_contain_text("Preparing")


async def test_two_tablets_pressing_at_once_make_one_move(
    server: VenueServer, open_pad: OpenPad, complaints: Complaints
) -> None:
    complaints.expect("409")
    order = await server.place(name="Zoe")
    pages = [await open_pad("Anna"), await open_pad("Ben")]
    buttons = [card(page, "progress").get_by_role("button", name="Start") for page in pages]
    # Both presses leave before either tablet can have heard of the other's.
    for page in pages:
        await page.route("**/staff/main/pad*", lambda route: route.abort())
    await asyncio.gather(*(button.click() for button in buttons))
    for page in pages:
        await expect(page.locator("#bar .bar")).to_be_visible()
    told = [await page.locator("#bar").inner_text() for page in pages]
    assert len(await moves_of(server, order)) == 1
    assert sum("Already done by" in text for text in told) == 1
    complaints.expect("ERR_FAILED")


async def test_acceptance_item_8_bump_undo_bump_from_two_devices_ends_in_one_history(
    server: VenueServer, open_pad: OpenPad, complaints: Complaints
) -> None:
    complaints.expect("409")
    order = await server.place(name="Zoe")
    anna, ben = await open_pad("Anna"), await open_pad("Ben")
    await card(anna, "progress").get_by_role("button", name="Start").click()
    await expect(card(ben, "progress")).to_contain_text("Preparing")
    await card(ben, "progress").get_by_role("button", name="Ready").click()
    await expect(card(anna, "ready")).to_contain_text("Zoe")
    await anna.locator("#bar").get_by_role("button", name="Undo").click()  # Ben was quicker
    await expect(anna.locator("#bar")).to_contain_text("Nothing was moved")
    await ben.locator("#bar").get_by_role("button", name="Undo").click()
    for page in (anna, ben):
        await expect(card(page, "progress")).to_contain_text("Preparing")
    await card(anna, "progress").get_by_role("button", name="Ready").click()
    await expect(card(ben, "ready")).to_contain_text("Zoe")
    for page in (anna, ben):
        await page.goto(f"{server.url}/staff/main/orders/{order.id}")
        lines = await page.locator(".history li").all_inner_texts()
        assert all(re.search(r"\d\d:\d\d:\d\d", line) for line in lines)
        assert [re.sub(r"^.*\d\d:\d\d:\d\d\s+", "", line).split("\n")[0] for line in lines] == [
            "Till (API key) placed the order: Queued",
            "Anna Queued → Preparing",
            "Ben Preparing → Ready",
            "Ben took the last move back: Ready → Preparing",
            "Anna Preparing → Ready",
        ]


async def test_walk_up_order_takes_two_taps(server: VenueServer, open_pad: OpenPad) -> None:
    page = await open_pad()
    await page.locator("#walk-up summary").click()
    await page.get_by_role("button", name="Create order").click()
    await expect(card(page, "progress")).to_have_count(1)
    await expect(page.locator("#bar")).to_contain_text("Anna placed #1")
    await expect(page.locator("#walk-up")).not_to_have_attribute("open", "")


async def test_search_narrows_as_one_types(server: VenueServer, open_pad: OpenPad) -> None:
    await server.place(name="Zoe", items=(item("Flat white"),))
    await server.place(name="Hugo", items=(item("Tea"),))
    page = await open_pad()
    await page.keyboard.press("/")
    await page.keyboard.type("flat")
    await expect(card(page, "progress")).to_have_count(1)
    await expect(page.locator("#progress h2 b")).to_have_text("1")
    await page.locator("#search").fill("nobody")
    await expect(page.locator("#nothing a")).to_have_attribute(
        "href", "/staff/main/finished?q=nobody"
    )
    await page.keyboard.press("Escape")
    await expect(card(page, "progress")).to_have_count(2)


async def test_search_of_a_plain_link_goes_on_live(server: VenueServer, open_pad: OpenPad) -> None:
    await server.place(name="Zoe")
    page = await open_pad(query="?q=hugo")
    await expect(page.locator("#nothing")).to_be_visible()
    await page.locator("#search").fill("")
    await expect(card(page, "progress")).to_have_count(1)


async def test_selected_orders_move_on_together(server: VenueServer, open_pad: OpenPad) -> None:
    for _ in range(3):
        await server.place()
    page = await open_pad()
    await expect(page.locator("#bulk")).to_be_hidden()
    for place in (0, 1):
        await card(page, "progress").nth(place).locator(".pick input").check()
    await expect(page.locator("#selected")).to_have_text("2")
    await page.get_by_role("button", name="Move selected on").click()
    await expect(page.locator("#bar")).to_contain_text("Anna moved 2 orders")
    await expect(page.locator("#progress .state", has_text="Preparing")).to_have_count(2)
    await expect(page.locator("#bulk")).to_be_hidden()
    await page.locator("#bar").get_by_role("button", name="Undo").click()
    await expect(page.locator("#progress .state", has_text="Queued")).to_have_count(3)


async def test_hold_and_customer_is_here(server: VenueServer, open_pad: OpenPad) -> None:
    await server.place(name="Zoe")
    page = await open_pad()
    await card(page, "progress").locator("summary").click()
    await page.get_by_role("button", name="Hold: see host").click()
    await card(page, "host").get_by_role("button", name="Customer is here").click()
    await expect(card(page, "progress").locator(".flag")).to_have_text("Customer is here")


async def test_station_shows_and_bumps_its_own_share(
    server: VenueServer, open_pad: OpenPad
) -> None:
    lines = (item("Burger", station="Grill"), item("Salad", station="Cold"))
    await server.place(items=lines)
    page = await open_pad()
    await page.get_by_role("link", name="Grill").click()
    await expect(page.locator("#link")).to_have_text("Live")
    await expect(card(page, "progress")).to_contain_text("Burger")
    await expect(card(page, "progress")).not_to_contain_text("Salad")
    for word in ("Start", "Ready"):
        await card(page, "progress").get_by_role("button", name=word, exact=True).click()
    await expect(card(page, "ready")).to_contain_text("Burger")
    await page.get_by_role("link", name="All stations").click()
    await expect(card(page, "progress")).to_contain_text("Partly ready")


async def test_pad_works_by_keyboard(server: VenueServer, open_pad: OpenPad) -> None:
    for name in ("Ada", "Ben"):
        await server.place(name=name)
    page = await open_pad()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(card(page, "progress").nth(1)).to_contain_text("Preparing")
    await page.keyboard.press("Enter")  # the focus stayed on the card
    await expect(card(page, "ready")).to_contain_text("Ben")
    await expect(page.locator("#bar")).to_contain_text("to Ready")
    await page.keyboard.press("u")
    await expect(card(page, "progress")).to_have_count(2)
    await page.keyboard.press("?")
    await expect(page.locator("#help")).to_be_visible()


async def test_pad_works_without_scripts(server: VenueServer, open_pad: OpenPad) -> None:
    order = await server.place(name="Zoe")
    page = await open_pad(java_script_enabled=False)
    await page.get_by_role("button", name="Start").click()
    await expect(page.locator("#bar")).to_contain_text("Anna moved #1 Zoe to Preparing")
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator("#progress")).to_contain_text("Queued")
    await page.locator("#progress .pick input").check()
    await page.get_by_role("button", name="Move selected on").click()
    await page.locator("#walk-up summary").click()
    await page.get_by_role("button", name="Create order").click()
    await expect(page.locator("#progress .card")).to_have_count(2)
    assert (await now(server, order)).status == Status.PREPARING


async def test_restarted_server_is_caught_up_with(
    server: VenueServer, open_pad: OpenPad, complaints: Complaints
) -> None:
    complaints.expect_lost_connections()
    page = await open_pad()
    await server.stop()
    await expect(page.locator("#link")).to_have_text("Reconnecting…")
    await server.start()
    await server.place(name="Meanwhile")
    await expect(card(page, "progress")).to_contain_text("Meanwhile")
    await expect(page.locator("#link")).to_have_text("Live")


async def test_proxy_errors_are_never_taken_for_orders(
    server: VenueServer, relay: Relay, open_pad: OpenPad, complaints: Complaints
) -> None:
    complaints.expect_lost_connections()
    await server.place(name="Zoe")
    page = await open_pad(url=relay.url)
    for way in (Path.BAD_GATEWAY, Path.LOGIN):
        relay.use(way)
        await expect(page.locator("#link")).to_have_text("Reconnecting…")
        await expect(card(page, "progress")).to_contain_text("Zoe")
    await page.get_by_role("button", name="Start").click()
    await expect(page.locator("#bar")).to_contain_text("That did not work.")
    relay.use(Path.CUT)
    await page.get_by_role("button", name="Start").click()
    await expect(page.locator("#bar")).to_contain_text("Not sent")
    relay.use(Path.OPEN)
    await expect(page.locator("#link")).to_have_text("Live")


async def test_silence_is_said_out_loud(
    server: VenueServer, relay: Relay, open_page: OpenPage, complaints: Complaints
) -> None:
    complaints.expect_lost_connections()
    page = await open_page(viewport=TABLET)
    session = await session_of(server, "Anna", Role.STAFF)
    await page.context.add_cookies([{"name": COOKIE, "value": session, "url": relay.url}])
    await page.clock.install()
    await page.goto(f"{relay.url}/staff/main")
    await expect(page.locator("#link")).to_have_text("Live")
    relay.use(Path.SILENT)
    await page.clock.run_for(20_000)
    await expect(page.locator("#stale")).to_contain_text("This may be out of date.")
    relay.use(Path.OPEN)
    await page.clock.run_for(30_000)
    await expect(page.locator("#stale")).to_be_hidden()


async def test_ended_session_leads_to_the_door(
    server: VenueServer, open_pad: OpenPad, complaints: Complaints
) -> None:
    complaints.expect_lost_connections()
    page = await open_pad()
    await server.store.write(partial(sign_out_everywhere, user="Anna"))
    await expect(page).to_have_url(f"{server.url}/staff/sign-in?next=%2Fstaff%2Fmain")


async def test_viewer_follows_without_buttons(server: VenueServer, open_pad: OpenPad) -> None:
    page = await open_pad("Vic", Role.VIEWER)
    await server.place(name="Zoe")
    await expect(card(page, "progress")).to_contain_text("Zoe")
    await expect(card(page, "progress").locator("button")).to_have_count(0)


async def test_targets_are_large_and_nothing_overflows(
    server: VenueServer, open_pad: OpenPad
) -> None:
    lines = (item("Burger", station="Grill"), item("S" * 80, station="Cold"))
    await server.place(name="W" * 80, note="n" * 300, items=lines)
    await server.move((await server.place()).id, "held")
    page = await open_pad()
    for size in (TABLET, {"width": 1280, "height": 800}, PHONE):
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        small = await page.evaluate(
            """() => [...document.querySelectorAll("button, summary, .pick, .tabs a, .stations a")]
              .map((each) => each.getBoundingClientRect())
              .filter((box) => box.width > 0 && (box.width < 47.5 || box.height < 47.5)).length"""
        )
        wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert (small, wide) == (0, 0)


async def test_phone_opens_on_the_first_column_with_orders(
    server: VenueServer, open_pad: OpenPad
) -> None:
    await server.move((await server.place(name="Zoe")).id, "ready")
    page = await open_pad(viewport=PHONE)
    await expect(page.locator(".tab-ready")).to_have_class("tab-ready here")
    await expect(card(page, "ready").get_by_role("button", name="Collected")).to_be_in_viewport()
    page = await open_pad("Ben", viewport=PHONE, query="#host")
    await expect(page.locator(".tab-host")).to_have_class("tab-host here")


async def test_phone_shows_a_column_at_a_time(server: VenueServer, open_pad: OpenPad) -> None:
    await server.place()
    await server.move((await server.place(name="Zoe")).id, "ready")
    page = await open_pad(viewport=PHONE)
    await expect(page.locator(".tab-progress")).to_have_class("tab-progress here")
    await page.locator(".tab-ready").click()
    await expect(page.locator(".tab-ready")).to_have_class("tab-ready here")
    await expect(card(page, "ready").get_by_role("button", name="Collected")).to_be_in_viewport()
