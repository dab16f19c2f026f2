"""Handing over by code on the live pad."""

import pytest_asyncio
from playwright.async_api import expect

from app.domain.orders import Order, Status
from app.domain.people import Role
from tests.browser.conftest import OpenPage
from tests.browser.pads import OpenPad, card, opener
from tests.staff_browser import now
from tests.venue_server import VenueServer

SECRET = "Kq7secret"


@pytest_asyncio.fixture(loop_scope="session")
async def open_pad(server: VenueServer, open_page: OpenPage) -> OpenPad:
    return opener(server, open_page)


async def locked(server: VenueServer) -> Order:
    order = await server.place(name="Zoe", extras={"eatsa": {"unlock_code": SECRET}})
    return await server.move(order.id, "ready")


async def test_a_prompt_asks_for_the_code(server: VenueServer, open_pad: OpenPad) -> None:
    order = await locked(server)
    page = await open_pad()
    await card(page, "ready").get_by_role("button", name="Collected").click()
    prompt = page.get_by_role("dialog", name="Hand over #1 Zoe")
    await expect(prompt.get_by_label("Code of the guest")).to_be_focused()
    await page.keyboard.type("wrong")
    await page.keyboard.press("Enter")
    await expect(prompt).to_contain_text("1 wrong try so far")
    await expect(prompt.get_by_label("Code of the guest")).to_be_focused()
    assert SECRET not in await page.content()
    await page.keyboard.type(SECRET)
    await page.keyboard.press("Enter")
    await expect(prompt).to_be_hidden()
    await expect(page.locator("#bar")).to_contain_text("Anna moved #1 Zoe to Collected")
    assert (await now(server, order)).pickup_confirmed


async def test_the_prompt_can_be_left_and_overridden(
    server: VenueServer, open_pad: OpenPad
) -> None:
    order = await locked(server)
    page = await open_pad()
    collected = card(page, "ready").get_by_role("button", name="Collected")
    await collected.click()
    await page.get_by_role("button", name="Not now").click()
    await expect(page.locator("#ask")).to_be_hidden()
    assert (await now(server, order)).status == Status.READY
    await collected.click()
    await page.get_by_role("button", name="Hand over without the code").click()
    await expect(page.locator("#bar")).to_contain_text("Collected")
    handed = await now(server, order)
    assert (handed.status, handed.pickup_confirmed) == (Status.COLLECTED, False)


async def test_without_scripts_it_is_a_page(server: VenueServer, open_pad: OpenPad) -> None:
    order = await locked(server)
    page = await open_pad(java_script_enabled=False)
    await page.get_by_role("button", name="Collected").click()
    await expect(page.get_by_role("heading", name="Hand over #1 Zoe")).to_be_visible()
    await page.get_by_label("Code of the guest").fill(SECRET)
    await page.get_by_role("button", name="Hand over", exact=True).click()
    await expect(page.locator("#bar")).to_contain_text("Anna moved #1 Zoe to Collected")
    assert (await now(server, order)).pickup_confirmed


async def test_many_at_once_leave_those_with_a_code(server: VenueServer, open_pad: OpenPad) -> None:
    order = await locked(server)
    await server.move((await server.place()).id, "ready")
    page = await open_pad()
    for place in (0, 1):
        await card(page, "ready").nth(place).locator(".pick input").check()
    await page.get_by_role("button", name="Move selected on").click()
    await expect(page.locator("#bar")).to_contain_text("1 order asks for its code")
    await expect(card(page, "ready")).to_have_count(1)
    assert (await now(server, order)).status == Status.READY


async def test_the_order_page_asks_too(server: VenueServer, open_pad: OpenPad) -> None:
    order = await locked(server)
    page = await open_pad(role=Role.ADMIN)
    await page.goto(f"{server.url}/staff/main/orders/{order.id}")
    await page.get_by_role("button", name="Collected").click()
    await page.get_by_label("Code of the guest").fill(SECRET)
    await page.get_by_role("button", name="Hand over", exact=True).click()
    await expect(page.locator(".history")).to_contain_text("with the guest’s code")
