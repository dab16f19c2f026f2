"""Every page on every screen it is meant for: accessible, nothing cut off, nothing complained of.

With READYBOARD_PICTURES=FOLDER (`make screenshots`) each is also drawn into that folder.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from app.web.auth import COOKIE
from tests.browser.conftest import Complaints
from tests.browser.faces import FACES, Evening, Face, evening

__all__ = ["evening"]

PICTURES = os.environ.get("READYBOARD_PICTURES", "")
SCHEMES = ("dark", "light")
CASES = [
    (face, size, scheme)
    for face in FACES
    for size in face.sizes
    for scheme in (SCHEMES[:1] if face.plain else SCHEMES)
]
# A page that renews itself without scripts is what these are for.
RULES = {"rules": {"meta-refresh": {"enabled": False}}}


def named(case: tuple[Face, tuple[int, int], str]) -> str:
    face, (width, height), scheme = case
    return f"{face.name}-{width}x{height}" + ("" if face.plain else f"-{scheme}")


@pytest_asyncio.fixture(loop_scope="session")
async def shown(
    request: pytest.FixtureRequest, browser: Browser, evening: Evening
) -> AsyncIterator[Page]:
    """The page of one case, open and drawn."""
    face, (width, height), scheme = request.param
    context = await browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme
    )
    if face.signed_in:
        cookie = {"name": COOKIE, "value": evening.session, "url": evening.server.url}
        await context.add_cookies([cookie])  # type: ignore[list-item]
    page, complaints = await context.new_page(), Complaints()
    complaints.listen(page)
    await page.goto(evening.address(face))
    await page.wait_for_load_state("load")
    yield page
    await context.close()
    assert complaints.unexpected == []


@pytest.mark.parametrize("shown", CASES, ids=map(named, CASES), indirect=True)
async def test_face_is_accessible_and_fits_its_screen(
    shown: Page, request: pytest.FixtureRequest
) -> None:
    assert await shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = await Axe().run(shown, options=RULES)
    faults = [(fault["id"], fault["nodes"][0]["target"]) for fault in found.response["violations"]]
    if PICTURES:
        name = request.node.callspec.id
        await shown.screenshot(path=Path(PICTURES) / f"{name}.png")
    assert faults == []
