"""The staff page of screens: what it says of each, and what its buttons do."""

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import httpx2
import pytest

from app.commands.venues import add_venue
from app.domain.people import Role
from app.store import screens
from tests.clock import Clock
from tests.screens import REPORT, Tv, add, follow
from tests.staff_browser import browser, session_of
from tests.venue_server import VenueServer


@pytest.fixture
async def tv(server: VenueServer) -> AsyncIterator[Tv]:
    opened = Tv(server)
    yield opened
    await opened.http.aclose()


@pytest.fixture
async def staff(server: VenueServer) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser(server, await session_of(server, "Anna", Role.STAFF)) as client:
        yield client


def told(page: str) -> str:
    """The words of the list of screens."""
    shown = page.split('<main class="sheet wide">')[1].split("</main>")[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", shown)))


async def test_without_screens_the_page_says_how_to_pair(
    server: VenueServer, staff: httpx2.AsyncClient
) -> None:
    page = told((await staff.get("/staff/main/screens")).text)
    assert "No screen is paired yet" in page
    assert "open /tv" in page


async def test_the_page_says_what_every_screen_reports(
    server: VenueServer, tv: Tv, staff: httpx2.AsyncClient
) -> None:
    await tv.paired()
    assert "Waiting for its first report" in told((await staff.get("/staff/main/screens")).text)
    await server.place(name="Ana")
    wrong = {"sound": "locked", "silent": 90_000, "drift": -180_000, "visible": False}
    await tv.report(**REPORT | wrong)
    page = told((await staff.get("/staff/main/screens")).text)
    for words in (
        "Hall TV Live Main board",
        "Last event 0 of 1",
        "Sound is locked: press OK on its remote",
        "heard nothing for 90 s",
        "hidden behind another",
        "still runs an older page",
        "Clock 3 min behind",
        "Chromium 38, LG TV",
        "1920 × 1080",
    ):
        assert words in page
    await tv.report(**REPORT | {"build": server.house.build})
    fine = await staff.get("/staff/main/screens")
    assert 'class="flag"' not in fine.text
    assert "Clock right" in told(fine.text)


async def test_a_screen_sleeps_since_its_last_report(tmp_path: Path, clock: Clock) -> None:
    server = VenueServer(tmp_path, clock=clock)
    await server.start()
    tv = Tv(server)
    await tv.paired()
    await tv.report(**REPORT)
    async with browser(server, await session_of(server, "Anna", Role.STAFF)) as staff:
        clock.forward(minutes=1)
        assert "Late since 12:00" in told((await staff.get("/staff/main/screens")).text)
        clock.forward(minutes=2)
        assert "Asleep since 12:00" in told((await staff.get("/staff/main/screens")).text)
        await server.stop()
        clock.forward(days=1)
        await server.start()
        clock.forward(minutes=1)
        page = told((await staff.get("/staff/main/screens")).text)
        assert "Asleep since 21 Nov 12:00" in page
    await tv.http.aclose()
    await server.stop()


@pytest.mark.parametrize("do", ["identify", "reload", "test-sound"])
async def test_a_button_sends_a_notice_that_names_the_screen_by_its_id_only(
    server: VenueServer, tv: Tv, staff: httpx2.AsyncClient, do: str
) -> None:
    screen = await tv.paired()
    reader, writer = await follow(server, tv)
    page = await staff.post(f"/staff/main/screens/{screen.id}", data={"do": do})
    assert "Hall TV" in told(page.text)
    await asyncio.wait_for(reader.readuntil(b"event: notice\ndata: "), 5)
    told_all = await asyncio.wait_for(reader.readuntil(b"\n\n"), 5)
    notice = json.loads(told_all)
    assert (notice["code"], notice["text"]) == (do, screen.id)
    assert b"Hall TV" not in told_all
    writer.close()


async def test_who_presses_a_button_of_a_sleeping_screen_is_told(
    tmp_path: Path, clock: Clock
) -> None:
    server = VenueServer(tmp_path, clock=clock)
    await server.start()
    tv = Tv(server)
    screen = await tv.paired()
    clock.forward(minutes=10)
    async with browser(server, await session_of(server, "Anna", Role.STAFF)) as staff:
        page = await staff.post(f"/staff/main/screens/{screen.id}", data={"do": "identify"})
    assert "Hall TV is asleep and may not hear this." in told(page.text)
    await tv.http.aclose()
    await server.stop()


async def test_staff_rename_move_and_revoke_a_screen(
    server: VenueServer, tv: Tv, staff: httpx2.AsyncClient
) -> None:
    await add(server, "bar", title="The Bar")
    screen = await tv.paired()
    own = f"/staff/main/screens/{screen.id}"
    page = await staff.get(own)
    assert "Yes, revoke Hall TV" in page.text
    data = {"do": "save", "name": "<b>Bar</b>", "board": "main/bar"}
    after = await staff.post(own, data=data)
    assert "&lt;b&gt;Bar&lt;/b&gt;" in after.text
    assert "<b>Bar</b>" not in after.text
    assert "The Bar" in told(after.text)
    assert (await tv.ask())["address"] == "/b/main/bar"
    assert "is no longer paired" in (await staff.post(own, data={"do": "revoke"})).text
    assert "No screen is paired yet" in (await staff.get("/staff/main/screens")).text
    assert (await staff.get(own)).status_code == 404
    assert (await tv.ask())["state"] == "unknown"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"do": "explode"}, 422),
        ({"name": "x"}, 422),
        ({"do": "save", "name": "x", "board": "elsewhere/"}, 422),
        ({"do": "save", "name": "x", "board": "main/nowhere"}, 404),
        ({"do": "save", "name": "x", "board": "main/point/nowhere"}, 404),
        ({"do": "save", "board": "main/"}, 422),
    ],
    ids=str,
)
async def test_a_wrong_form_changes_no_screen(
    server: VenueServer,
    tv: Tv,
    staff: httpx2.AsyncClient,
    data: dict[str, str],
    status: int,
) -> None:
    screen = await tv.paired()
    answer = await staff.post(f"/staff/main/screens/{screen.id}", data=data)
    assert answer.status_code == status
    kept = await server.store.read(partial(screens.by_id, screen=screen.id))
    assert kept is not None
    assert (kept.name, kept.board, kept.revoked_at) == (screen.name, screen.board, None)


async def test_a_screen_of_another_venue_is_not_here(
    server: VenueServer, tv: Tv, staff: httpx2.AsyncClient
) -> None:
    await server.store.write(partial(add_venue, slug="bar", name="Bar", settings={}))
    screen = await tv.paired(venue="bar")
    for venue in ("main", "nowhere"):
        assert (await staff.get(f"/staff/{venue}/screens/{screen.id}")).status_code == 404
    assert "Bar:" in (await staff.get("/staff/pair")).text
    revoke = await staff.post(f"/staff/main/screens/{screen.id}", data={"do": "revoke"})
    assert revoke.status_code == 404
    assert (await staff.get("/staff/nowhere/screens")).status_code == 404
