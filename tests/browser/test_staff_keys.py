"""The pad under a keyboard, a bump bar, a scanner that types, and a camera."""

import pytest_asyncio
from playwright.async_api import Page, expect

from app.domain.orders import Status
from app.domain.tickets import token_of
from tests.browser.conftest import Complaints, OpenPage
from tests.browser.pads import PHONE, OpenPad, card, opener
from tests.staff_browser import item, now
from tests.venue_server import VenueServer

# A camera that sees one code, for a browser that has neither a lens nor a reader.
CAMERA = """
window.BarcodeDetector = class {
  async detect(video) { return video.srcObject ? [{ rawValue: "%s" }] : []; }
};
navigator.mediaDevices.getUserMedia = async () => {
  window.tracks = document.createElement("canvas").captureStream();
  return window.tracks;
};
"""


@pytest_asyncio.fixture(loop_scope="session")
async def open_pad(server: VenueServer, open_page: OpenPage) -> OpenPad:
    return opener(server, open_page)


TYPE = """code => [...code, "Enter"].filter((key) =>
  document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })))"""


async def scanned(page: Page, code: str) -> None:
    """As a scanner types: in one go, however busy this machine is, with Enter at the end. The
    browser itself gets none of these keys to act on."""
    assert await page.evaluate(TYPE, code) == []


async def in_focus(page: Page) -> str:
    return str(await page.evaluate("document.activeElement.closest('.card')?.dataset.id || ''"))


async def test_a_scanned_ticket_leads_to_its_card(server: VenueServer, open_pad: OpenPad) -> None:
    orders = [await server.place(name=name) for name in ("Ada", "Ben", "Cy")]
    page = await open_pad()
    token = token_of(b"k" * 32, orders[1].venue, orders[1].id)
    await scanned(page, f"http://board.lan:8080/o/{token}")
    await expect(page.locator(".card.pointed")).to_contain_text("Ben")
    assert await in_focus(page) == orders[1].id
    # None of its letters, digits and slashes did what they do when pressed by hand.
    statuses = [(await now(server, order)).status for order in orders]
    assert statuses == [Status.QUEUED] * 3
    await expect(page.locator("#search")).to_have_value("")
    await expect(page.locator("dialog[open], details[open]")).to_have_count(0)


async def test_a_scanned_number_or_ref_does_so_through_a_search(
    server: VenueServer, open_pad: OpenPad
) -> None:
    await server.place(name="Ada")
    order = await server.place(name="Ben", ref="web-77", number="41")
    page = await open_pad()
    await page.locator("#search").fill("ada")
    await page.locator("h1").click()
    for code in ("41", "web-77"):
        await page.evaluate("document.activeElement.blur()")
        await scanned(page, code)
        await expect(page.locator(".card.pointed")).to_contain_text("Ben")
        assert await in_focus(page) == order.id
        await page.locator("h1").click()


async def test_a_scan_into_the_search_field_finds_it_too(
    server: VenueServer, open_pad: OpenPad
) -> None:
    order = await server.place(name="Ada", ref="web-78")
    page = await open_pad()
    await page.locator("#search").focus()
    await page.keyboard.type(order.id)
    await page.keyboard.press("Enter")
    await expect(page.locator(".card.pointed")).to_contain_text("Ada")
    await page.locator("#search").fill("ada")
    await page.keyboard.press("Enter")
    assert await in_focus(page) == order.id


async def test_an_order_that_left_the_pad_opens_its_own_page(
    server: VenueServer, open_pad: OpenPad
) -> None:
    order = await server.move((await server.place(number="41")).id, "collected")
    page = await open_pad()
    await scanned(page, "41")
    await expect(page).to_have_url(f"{server.url}/staff/main/orders/{order.id}")


async def test_a_scan_at_a_station_finds_the_others_orders(
    server: VenueServer, open_pad: OpenPad
) -> None:
    await server.place(items=(item("Burger", station="Grill"),))
    order = await server.place(items=(item("Salad", station="Cold"),))
    page = await open_pad(query="?station=Grill")
    await scanned(page, order.id)
    await expect(page.locator(f"#order-{order.id}.pointed")).to_be_visible()


async def test_a_code_of_nothing_is_said(
    server: VenueServer, open_pad: OpenPad, complaints: Complaints
) -> None:
    complaints.expect("404")
    page = await open_pad()
    await scanned(page, "5901234123457")
    await expect(page.locator("#bar")).to_contain_text("Nothing found for “5901234123457”.")


async def test_a_scan_on_a_phone_turns_to_its_column(
    server: VenueServer, open_pad: OpenPad
) -> None:
    await server.place()
    order = await server.move((await server.place(name="Ben")).id, "ready")
    page = await open_pad(viewport=PHONE)
    await scanned(page, order.id)
    await expect(page.locator(".tab-ready")).to_have_class("tab-ready here")
    await expect(card(page, "ready")).to_be_in_viewport()


async def test_number_keys_bump_as_a_bump_bar_does(server: VenueServer, open_pad: OpenPad) -> None:
    orders = [await server.place(name=name) for name in ("Ada", "Ben", "Cy")]
    page = await open_pad()
    await expect(page.locator("[data-digit]")).to_have_count(0)
    await page.keyboard.press("2")
    await expect(page.locator("#bar")).to_contain_text("Anna moved #2 Ben to Preparing")
    await expect(card(page, "progress").nth(1)).to_contain_text("Preparing")
    await expect(page.locator("#progress [data-digit='3']")).to_contain_text("Cy")
    await page.keyboard.press("2")
    await expect(card(page, "ready")).to_contain_text("Ben")
    await page.keyboard.press("2")
    await expect(page.locator("#bar")).to_contain_text("Anna moved #3 Cy to Preparing")
    statuses = [(await now(server, order)).status for order in orders]
    assert statuses == ["queued", "ready", "preparing"]


async def test_digits_follow_the_column_one_is_in(server: VenueServer, open_pad: OpenPad) -> None:
    await server.place(name="Ada")
    await server.move((await server.place(name="Ben")).id, "ready")
    page = await open_pad()
    await page.keyboard.press("b")
    await expect(page.locator("#progress [data-digit='1']")).to_contain_text("Ada")
    await card(page, "ready").locator(".bump").focus()
    await expect(page.locator("#ready [data-digit='1']")).to_contain_text("Ben")
    await expect(page.locator("#progress [data-digit]")).to_have_count(0)
    await page.reload()
    await expect(page.locator("[data-digit]")).to_have_count(1)  # this tablet remembers


async def test_number_keys_can_be_switched_off(server: VenueServer, open_pad: OpenPad) -> None:
    order = await server.place()
    page = await open_pad()
    await page.keyboard.press("b")
    await expect(page.locator("[data-digit]")).to_have_count(1)
    await page.keyboard.press("b")
    await expect(page.locator("[data-digit]")).to_have_count(0)
    await page.keyboard.press("1")
    await expect(page.locator("#bar")).to_contain_text("Number keys are switched off")
    assert (await now(server, order)).status == Status.QUEUED


async def test_r_takes_back_one_move_after_the_other(
    server: VenueServer, open_pad: OpenPad
) -> None:
    orders = [await server.place(name=name) for name in ("Ada", "Ben")]
    page = await open_pad()
    await page.keyboard.press("r")
    await expect(page.locator("#bar")).to_contain_text("Nothing was moved here yet")
    for digit, name in (("1", "Ada"), ("2", "Ben")):
        await page.keyboard.press(digit)
        await expect(page.locator("#bar")).to_contain_text(f"{name} to Preparing")
    for name in ("Ben", "Ada"):
        await page.keyboard.press("r")
        await expect(page.locator("#bar")).to_contain_text(f"{name}: Queued")
    assert [(await now(server, order)).status for order in orders] == [Status.QUEUED] * 2


async def test_h_holds_and_space_bumps(server: VenueServer, open_pad: OpenPad) -> None:
    await server.place(name="Ada")
    page = await open_pad()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Space")
    await expect(card(page, "progress")).to_contain_text("Preparing")
    await page.keyboard.press("h")
    await expect(card(page, "host")).to_contain_text("Held")


async def test_keys_typed_into_a_field_are_text(server: VenueServer, open_pad: OpenPad) -> None:
    order = await server.place()
    page = await open_pad()
    await page.keyboard.press("n")
    await expect(page.get_by_label("Name, if you like")).to_be_focused()
    await page.keyboard.type("1rhb?")
    await expect(page.get_by_label("Name, if you like")).to_have_value("1rhb?")
    assert (await now(server, order)).status == Status.QUEUED


async def test_help_names_every_key(server: VenueServer, open_pad: OpenPad) -> None:
    page = await open_pad()
    await page.get_by_role("button", name="Keys and this device").click()
    keys = await page.locator("#help kbd").all_inner_texts()
    assert {"?", *keys} >= {"1", "9", "b", "h", "m", "n", "r", "u", "x", "/", "Enter", "Esc"}
    await page.keyboard.press("1")
    await page.keyboard.press("Escape")
    await expect(page.locator("#help")).to_be_hidden()


async def test_the_camera_reads_a_code(server: VenueServer, open_pad: OpenPad) -> None:
    order = await server.place(name="Ada")
    page = await open_pad(before=CAMERA % order.id)
    await page.get_by_role("button", name="Scan a code with the camera").click()
    await expect(page.locator(".card.pointed")).to_contain_text("Ada")
    await expect(page.locator("#camera")).to_be_hidden()
    assert await page.evaluate("tracks.getTracks().every((each) => each.readyState === 'ended')")


async def test_no_camera_button_where_codes_cannot_be_read(open_pad: OpenPad) -> None:
    page = await open_pad(before="delete window.BarcodeDetector")
    await expect(page.locator("#scan")).to_be_hidden()
    await page.get_by_role("button", name="Keys and this device").click()
    await expect(page.locator("#can-scan")).to_have_text("not in this browser")
