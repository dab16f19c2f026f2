"""Draw every face in several sizes: `python -m tests.screenshots [FOLDER]`."""

import asyncio
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from app.commands.passwords import hash_password
from app.commands.people import add_user
from app.domain.people import Role
from tests.screenshots.evening import set_the_table
from tests.venue_server import VenueServer

HERE = Path(__file__).parent
PASSWORD = "a long evening"
SIZES = {
    "wall": (1920, 1080),
    "portrait": (1080, 1920),
    "tablet": (1024, 768),
    "phone": (390, 844),
}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


async def draw(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as data:
        server = VenueServer(Path(data))
        await server.start()
        await set_the_table(server)
        hashed = hash_password(PASSWORD)
        await server.store.write(
            partial(add_user, name="Anna", role=Role.ADMIN, password_hash=hashed)
        )
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            for size in SIZES:
                await _board(browser, server, folder, size)
                await _staff(browser, server, folder, size)
            await browser.close()
        await server.stop()


async def _board(browser: Browser, server: VenueServer, folder: Path, size: str) -> None:
    width, height = SIZES[size]
    page = await browser.new_page(viewport={"width": width, "height": height})
    await page.goto(f"{server.url}/b/main")
    await page.get_by_text("Live", exact=True).wait_for()
    await page.screenshot(path=folder / f"board-{size}.png")
    await page.close()


async def _staff(browser: Browser, server: VenueServer, folder: Path, size: str) -> None:
    width, height = SIZES[size]
    page = await browser.new_page(viewport={"width": width, "height": height})
    await page.goto(f"{server.url}/staff/main")
    await page.get_by_label("Name").fill("Anna")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_text("Alan T.").first.wait_for()
    await page.screenshot(path=folder / f"staff-{size}.png")
    await page.close()


if __name__ == "__main__":
    asyncio.run(draw(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE))
