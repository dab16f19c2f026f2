"""What a board page shows, read off the page, and what the server says it should show."""

import asyncio
from functools import partial
from typing import Any

from playwright.async_api import Page, expect

from app.commands.venues import change_board
from tests.venue_server import TILL, VenueServer

Shown = dict[str, set[str]]
READ = """() => {
  const shown = {};
  for (const list of document.querySelectorAll('ol.list'))
    shown[list.id] = [...list.querySelectorAll('.tile')].map(tile => [
      tile.dataset.key, (tile.querySelector('.number') || {}).textContent || ''].join(' '));
  return shown;
}"""
OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll('.tile, .head, .more, .clock, .title, .state')]
    .filter(e => e.textContent.trim()).map(e => [e.textContent, e.getBoundingClientRect()])
    .filter(([, box]) => box.right > 0);
  const found = [];
  for (const [name, box] of boxes) {
    if (box.left < -0.5 || box.top < -0.5 || box.right > innerWidth + 0.5 ||
        box.bottom > innerHeight + 0.5) found.push(name + ' leaves the screen');
    for (const [other, with_] of boxes)
      if (box !== with_ && box.left < with_.right - 0.5 && with_.left < box.right - 0.5 &&
          box.top < with_.bottom - 0.5 && with_.top < box.bottom - 0.5)
        found.push(name + ' lies over ' + other);
  }
  return found;
}"""


async def read_wall(page: Page) -> Shown:
    found: dict[str, list[str]] = await page.evaluate(READ)
    return {column: set(tiles) for column, tiles in found.items()}


async def expected_wall(server: VenueServer) -> Shown:
    hello: dict[str, Any] = (await server.http.get("/b/main.json")).json()
    wall: Shown = {"ready": set(), "preparing": set(), "host": set()}
    for card in hello["cards"]:
        column = "ready" if card["column"] == "collected" else card["column"]
        wall[column].add(f"{card['key']} {card['number'] or ''}")
    return wall


async def wait_until_right(page: Page, server: VenueServer, seconds: float) -> None:
    """Until the wall shows what the server knows. Raises TimeoutError."""
    wanted, shown = await expected_wall(server), Shown()
    try:
        async with asyncio.timeout(seconds):
            while (shown := await read_wall(page)) != wanted:
                await page.evaluate("() => new Promise(requestAnimationFrame)")
    except TimeoutError:
        raise TimeoutError(f"shown {shown}, wanted {wanted}") from None


async def wait_live(page: Page) -> None:
    await expect(page.locator("#state")).to_have_text("Live", timeout=15_000)


async def set_board(server: VenueServer, **settings: Any) -> None:
    await server.store.write(
        partial(change_board, venue="main", board="", changes=settings, actor=TILL)
    )
