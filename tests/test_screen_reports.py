"""Screens that report for duty: what is taken from them, and what is made of it."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest

from app.commands.screens import change_screen
from app.commands.venues import remove_board
from app.domain.screens import Duty, Report, RollCall, Screen, engine_of
from app.store import screens
from tests.clock import Clock
from tests.screens import LG_2016, REPORT, Tv, add
from tests.venue_server import TILL, VenueServer


@pytest.fixture
async def tv(server: VenueServer) -> AsyncIterator[Tv]:
    opened = Tv(server)
    yield opened
    await opened.http.aclose()


async def test_a_report_is_answered_with_the_screens_name_and_place(
    server: VenueServer, tv: Tv
) -> None:
    screen = await tv.paired()
    answer = await tv.report(**REPORT)
    assert answer.json() == {"name": "Hall TV", "address": "/b/main"}
    assert "rb_screen=" in answer.headers["set-cookie"]
    report = server.house.roll.last(screen)
    assert report is not None
    assert (report.seq, report.engine, report.sound) == (0, "Chromium 38, LG TV", "on")
    kept = await server.store.read(partial(screens.by_id, screen=screen.id))
    assert kept is not None
    assert kept.last_seen_at is not None
    assert "set-cookie" not in (await tv.report(**REPORT)).headers


async def test_only_paired_screens_report(server: VenueServer, tv: Tv) -> None:
    refused = await tv.report(**REPORT)
    assert (refused.status_code, refused.json()["type"]) == (401, "unauthorized")
    await tv.open()
    assert (await tv.report(**REPORT)).status_code == 401
    assert (await server.http.post("/tv/report", json=REPORT)).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"position": "x" * 81},
        {"position": "a\u0000"},
        {"silent": -1},
        {"silent": 2**53 + 1},
        {"drift": 1.5},
        {"drift": None},
        {"drawn": 10_001},
        {"drawn": True},
        {"visible": "yes"},
        {"sound": ["on"]},
        {"sound": "x" * 81},
        {"width": 100_001},
        {"height": "tall"},
    ],
    ids=str,
)
async def test_a_report_out_of_bounds_is_refused(
    server: VenueServer, tv: Tv, wrong: dict[str, Any]
) -> None:
    screen = await tv.paired()
    answer = await tv.report(**REPORT | wrong)
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")
    assert server.house.roll.last(screen) is None


async def test_a_report_as_a_form_or_endless_is_refused(server: VenueServer, tv: Tv) -> None:
    await tv.paired()
    form = await tv.http.post("/tv/report", data={"drawn": "1"})
    assert form.status_code == 415
    huge = b'{"position": "' + b"x" * 300_000 + b'"}'
    sent = await tv.http.post(
        "/tv/report", content=huge, headers={"Content-Type": "application/json"}
    )
    assert sent.status_code == 413


async def test_a_report_of_another_build_is_taken(server: VenueServer, tv: Tv) -> None:
    screen = await tv.paired()
    assert (await tv.report(**REPORT, mood="fine")).status_code == 200
    assert (await tv.report()).status_code == 200
    report = server.house.roll.last(screen)
    assert report is not None
    assert report.seq is None


async def test_a_moved_screen_learns_its_new_place(server: VenueServer, tv: Tv) -> None:
    await add(server, "bar")
    screen = await tv.paired()
    move = partial(change_screen, venue="main", screen=screen.id, name="Bar TV", board="bar")
    await server.store.write(move)
    assert (await tv.report(**REPORT)).json() == {"name": "Bar TV", "address": "/b/main/bar"}
    await server.store.write(partial(remove_board, venue="main", board="bar", actor=TILL))
    assert (await tv.report(**REPORT)).json()["address"] == "/b/main"
    assert 'data-screen="' in (await tv.http.get("/b/main")).text


def a_screen(clock: Clock) -> Screen:
    return Screen(id="1", venue="main", board="", name="TV", created_at=clock.now, paired_by="Anna")


def a_report(clock: Clock) -> Report:
    body = {name: value for name, value in REPORT.items() if name != "position"}
    return Report(at=clock.now, seq=1, engine="", **body)


def test_a_screen_is_live_then_late_then_asleep() -> None:
    clock = Clock()
    roll, screen = RollCall(clock.now), a_screen(clock)
    found = [roll.duty(screen, clock.now)]
    roll.take(screen, a_report(clock))
    for seconds in (0, 44, 1, 134, 1):
        clock.forward(seconds=seconds)
        found.append(roll.duty(screen, clock.now))
    wanted = [Duty.EXPECTED, Duty.LIVE, Duty.LIVE, Duty.LATE, Duty.LATE, Duty.ASLEEP]
    assert found == wanted


def test_after_a_restart_screens_are_given_the_time_to_report() -> None:
    clock = Clock()
    screen = a_screen(clock)
    clock.forward(hours=3)
    roll = RollCall(clock.now)
    assert roll.duty(screen, clock.now) == Duty.EXPECTED
    clock.forward(seconds=45)
    assert roll.duty(screen, clock.now) == Duty.ASLEEP


def test_being_seen_is_written_down_every_ten_minutes() -> None:
    clock = Clock()
    roll, screen = RollCall(clock.now), a_screen(clock)
    due = []
    for seconds in (0, 30, 569, 1, 30):
        clock.forward(seconds=seconds)
        due.append(roll.take(screen, a_report(clock)))
    assert due == [True, False, False, True, False]


@pytest.mark.parametrize(
    ("agent", "short"),
    [
        (LG_2016, "Chromium 38, LG TV"),
        (
            "Mozilla/5.0 (Linux; Android 11; AFTKA) AppleWebKit/537.36 Chrome/106.0.0.0",
            "Chromium 106, Fire TV",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0", "Firefox 140, Linux"),
        ("Mozilla/5.0 (iPad; CPU OS 17_0) AppleWebKit/605.1.15 Version/17.0", "WebKit 605, iOS"),
        ("curl/8", ""),
    ],
)  # fmt: skip
def test_a_browsers_name_is_made_short(agent: str, short: str) -> None:
    assert engine_of(agent) == short
