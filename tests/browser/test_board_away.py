"""The server, or the way to it, is away: a page says so in time and is right again by itself."""

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from app.domain.orders import Status
from tests.browser.conftest import Complaints, OpenPage
from tests.browser.relay import Path, Relay
from tests.browser.wall import set_board, wait_live, wait_until_right
from tests.venue_server import VenueServer

STAMP = "() => { window.stamp = 'same page'; }"
SAME = "() => window.stamp === 'same page'"


async def open_board(page: Page, url: str) -> None:
    await page.goto(f"{url}/b/main")
    await wait_live(page)
    await page.evaluate(STAMP)


async def make_twenty_changes(server: VenueServer, page: Page, seconds: int) -> None:
    """Spread over `seconds` of the page's clock."""
    for number in range(41, 46):
        order = await server.place(number=str(number), status=Status.PREPARING)
        await page.clock.fast_forward(seconds * 1000 // 20)
        for status in (Status.READY, Status.PREPARING, Status.READY):
            await server.move(order.id, status)
            await page.clock.fast_forward(seconds * 1000 // 20)


async def test_page_is_right_within_five_seconds_of_a_restart_with_changes(
    page: Page, server: VenueServer, complaints: Complaints
) -> None:
    complaints.expect_lost_connections()
    moved = await server.place(number="41", status=Status.PREPARING)
    gone = await server.place(number="42", status=Status.READY)
    await open_board(page, server.url)
    await server.stop()
    await expect(page.locator("#state")).not_to_have_text("Live")
    await server.start()
    await server.move(moved.id, Status.READY)
    await server.move(gone.id, Status.COLLECTED, pickup_confirmed=True)
    await server.place(number="43", status=Status.PREPARING)
    await wait_until_right(page, server, seconds=15)
    assert await page.evaluate(SAME)


@pytest.mark.parametrize("path", [Path.CUT, Path.SILENT, Path.BAD_GATEWAY, Path.LOGIN])
async def test_acceptance_item_1_server_away_for_five_minutes_during_twenty_changes(
    page: Page, server: VenueServer, relay: Relay, complaints: Complaints, path: Path
) -> None:
    complaints.expect_lost_connections()
    await server.place(number="40", status=Status.READY)
    await page.clock.install()
    await open_board(page, relay.url)
    relay.use(path)
    await make_twenty_changes(server, page, seconds=300)
    await expect(page.locator("body.dim")).to_have_count(1)
    relay.use(Path.OPEN)
    await wait_until_right(page, server, seconds=15)
    await expect(page.locator("body.dim, body.warned, body.unsure")).to_have_count(0)
    assert await page.evaluate(SAME)


async def test_acceptance_item_2_network_pulled_bar_at_15_s_warning_at_45_s_dim_at_3_min(
    page: Page, server: VenueServer, relay: Relay, complaints: Complaints
) -> None:
    complaints.expect_lost_connections()
    await server.place(number="41", status=Status.READY)
    await page.clock.install()
    await open_board(page, relay.url)
    relay.use(Path.SILENT)
    body, late = page.locator("body"), page.locator("#late")
    await page.clock.run_for(12_000)
    await expect(late).to_be_hidden()
    await page.clock.run_for(4_500)
    await expect(late).to_be_visible()
    await expect(late).to_have_text("")
    await expect(page.locator("#state")).to_have_text("Connection lost, trying again…")
    await page.clock.run_for(30_000)
    await expect(late).to_have_text("Screen may be out of date, please listen for your number")
    await page.clock.run_for(120_000)
    assert "dim" not in (await body.get_attribute("class") or "")
    await page.clock.run_for(15_000)
    await expect(page.locator("body.dim #lists")).to_have_css("opacity", "0.3")


async def test_acceptance_item_2_warnings_clear_within_five_seconds_of_return(
    page: Page, server: VenueServer, relay: Relay, complaints: Complaints
) -> None:
    complaints.expect_lost_connections()
    await page.clock.install()
    await open_board(page, relay.url)
    relay.use(Path.CUT)
    await page.clock.fast_forward(200_000)
    await expect(page.locator("#late")).to_be_visible()
    relay.use(Path.OPEN)
    await expect(page.locator("#late")).to_be_hidden(timeout=5_000)
    await expect(page.locator("#state")).to_have_text("Live")


async def test_silent_stream_is_rebuilt(
    page: Page, server: VenueServer, relay: Relay, complaints: Complaints
) -> None:
    """A stream that stays open but brings nothing for 25 s is dead."""
    complaints.expect_lost_connections()
    await page.clock.install()
    await open_board(page, relay.url)
    relay.use(Path.SILENT)
    await page.clock.fast_forward(26_000)
    relay.use(Path.OPEN)
    await server.place(number="41", status=Status.READY)
    await wait_until_right(page, server, seconds=15)


@pytest.mark.parametrize("blocked", ["EventSource", "EventSource WebSocket"])
async def test_page_falls_back_to_a_transport_that_opens(
    page: Page, server: VenueServer, blocked: str
) -> None:
    for name in blocked.split():
        await page.add_init_script(f"delete window.{name}")
    await open_board(page, server.url)
    await server.place(number="41", status=Status.READY)
    await wait_until_right(page, server, seconds=15)


async def test_proxy_that_blocks_streams_is_answered_with_polling(
    page: Page, server: VenueServer, complaints: Complaints
) -> None:
    complaints.expect_lost_connections()
    await page.route(
        lambda url: "/feed" in url and "poll=1" not in url,
        lambda route: route.fulfill(status=502, content_type="text/html", body="bad gateway"),
    )
    await page.add_init_script("delete window.WebSocket")
    await open_board(page, server.url)
    await server.place(number="41", status=Status.READY)
    await wait_until_right(page, server, seconds=15)


async def test_acceptance_item_4_twelve_tabs_of_one_browser_are_all_live(
    page: Page, server: VenueServer
) -> None:
    """A browser opens six connections to a host, so only three tabs take an EventSource."""
    tabs = [page, *[await page.context.new_page() for _ in range(11)]]
    sockets = []
    for tab in tabs:
        tab.on("websocket", lambda socket: sockets.append(socket.url))
        await open_board(tab, server.url)
    assert len(sockets) == 9
    await server.place(number="41", status=Status.READY)
    await asyncio.gather(*(wait_until_right(tab, server, seconds=15) for tab in tabs))


async def test_wrong_digest_fetches_the_whole_board(page: Page, server: VenueServer) -> None:
    order = await server.place(number="41", status=Status.READY)
    await open_board(page, server.url)
    await page.evaluate("key => Readyboard.apply('gone', {at: Date.now(), key})", order.key)
    await expect(page.locator("#ready .tile")).to_have_count(0)
    (await server.house.hub.board("main")).beat()
    await wait_until_right(page, server, seconds=15)
    assert await page.evaluate(SAME)


async def test_new_build_reloads_the_page_once(page: Page, server: VenueServer) -> None:
    loads = []
    page.on("load", lambda _: loads.append(1))
    await open_board(page, server.url)
    await page.evaluate(
        "Readyboard.apply('beat', {at: Date.now(), build: 'never served', digest: '00000000'})"
    )
    await set_board(server, title="Hall")
    await expect(page.locator(".subtitle")).to_have_text("Hall")
    await page.wait_for_load_state("load")
    assert len(loads) == 2


async def test_page_is_not_reloaded_while_a_proxy_answers_for_the_server(
    page: Page, server: VenueServer, complaints: Complaints
) -> None:
    """A screen must never end on somebody's error page."""
    complaints.expect_lost_connections()
    await open_board(page, server.url)
    await page.route("**/b/main", lambda route: route.fulfill(status=502, body="bad gateway"))
    async with page.expect_response("**/b/main"):
        await set_board(server, title="Hall")
    assert await page.evaluate(SAME)


async def test_restart_notice_is_shown(page: Page, server: VenueServer) -> None:
    await open_board(page, server.url)
    await page.evaluate(
        "Readyboard.apply('notice', {at: Date.now(), code: 'restarting', text: '', retry: 900})"
    )
    await expect(page.locator("#state")).to_have_text("Back in a moment…")


async def test_two_tabs_do_not_disturb_each_other(open_page: OpenPage, server: VenueServer) -> None:
    one, other = await open_page(), await open_page()
    await open_board(one, server.url)
    await open_board(other, server.url)
    await one.close()
    await server.place(number="41", status=Status.READY)
    await wait_until_right(other, server, seconds=15)


async def test_page_leaves_a_stream_whose_frames_a_proxy_holds_back(
    page: Page, server: VenueServer, relay: Relay, complaints: Complaints
) -> None:
    complaints.expect_lost_connections()
    relay.use(Path.HELD)
    await page.clock.install()
    await open_board(page, relay.url)
    await server.place(number="41", status=Status.READY)
    await page.clock.fast_forward(26_000)
    await wait_until_right(page, server, seconds=10)


async def test_page_on_polling_comes_back_to_a_stream(
    page: Page, server: VenueServer, complaints: Complaints
) -> None:
    complaints.expect_lost_connections()
    blocked = True

    async def answer(route: Route) -> None:
        if blocked:
            await route.fulfill(status=502, content_type="text/html", body="bad gateway")
        else:
            await route.continue_()

    await page.clock.install()
    await page.add_init_script("delete window.WebSocket")
    await page.route(lambda url: "/feed" in url and "poll=1" not in url, answer)
    async with page.expect_response(lambda response: "poll=1" in response.url):
        await page.goto(f"{server.url}/b/main")
    blocked = False
    await wait_live(page)
    async with page.expect_request(lambda request: "poll=1" not in request.url):
        await page.clock.fast_forward(31_000)
    await server.place(number="41", status=Status.READY)
    await wait_until_right(page, server, seconds=15)
