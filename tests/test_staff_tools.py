"""What stands around the pad: what is not believable, who else is here, ages, the installed app."""

import io
import json
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import httpx2
import pytest
from PIL import Image

from app.commands.venues import change_venue
from app.domain.people import Role
from app.web.auth import COOKIE
from tests.clock import Clock
from tests.staff_browser import PAD, browser, in_column, item, press, session_of
from tests.venue_server import TILL, VenueServer, serving


@pytest.fixture
async def anna(server: VenueServer) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser(server, await session_of(server, "Anna", Role.STAFF)) as client:
        yield client


async def test_what_is_not_believable_is_told_in_words(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await server.place(name="Zoe", items=(item("Soup"),))
    assert "Not believable" not in (await anna.get(PAD)).text
    await press(anna, order, "ready")
    reason = "ready under a second after it was placed"
    for path in ("", "/doubts"):
        page = (await anna.get(PAD + path)).text
        assert f'{order.id}">#1 Zoe</a> {reason}' in page
    history = (await anna.get(f"{PAD}/orders/{order.id}")).text
    assert f"Not believable: {reason}" in history


async def test_a_sweep_is_flagged_in_every_history_it_is_part_of(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    orders = [await server.place() for _ in range(8)]
    pairs = [f"{order.id}.{order.seq}" for order in orders]
    for _ in range(2):  # to preparing, and on to ready
        page = await anna.post(f"{PAD}/bulk", data={"do": "bump", "order": pairs})
        pairs = page.url.params["undo"].split(",")
    assert "8 orders finished by Anna in" in (await anna.get(PAD)).text
    for order in (orders[0], orders[-1]):
        history = (await anna.get(f"{PAD}/orders/{order.id}")).text
        assert history.count("Not believable: 8 orders finished by Anna in") == 1


async def test_an_honest_evening_says_so(server: VenueServer, anna: httpx2.AsyncClient) -> None:
    order = await server.place()
    await press(anna, order, "ready")
    assert "The board tells the truth." in (await anna.get(f"{PAD}/doubts")).text
    live = await anna.get(f"{PAD}/doubts", headers={"X-Live": "1"})
    assert live.text.strip() == ""
    assert (await anna.get("/staff/nowhere/doubts")).status_code == 404


async def test_after_some_hours_a_doubt_is_history(tmp_path: Path, clock: Clock) -> None:
    server = VenueServer(tmp_path, clock=clock)
    await server.start()
    order = await server.place(items=(item("Soup"),))
    await server.move(order.id, "ready")
    async with browser(server, await session_of(server, "Anna", Role.STAFF)) as anna:
        assert "Not believable" in (await anna.get(PAD)).text
        clock.forward(hours=4, seconds=1)
        assert "Not believable" not in (await anna.get(PAD)).text
        assert "Not believable" in (await anna.get(f"{PAD}/orders/{order.id}")).text
    await server.stop()


async def test_others_with_the_pad_open_are_named(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    ben, mine = await session_of(server, "Ben", Role.STAFF), anna.cookies[COOKIE]
    address = "/api/v1/venues/main/events"
    async with server.client() as wire:
        for session in (ben, mine):
            wire.cookies.set(COOKIE, session)
            async with wire.stream("GET", address) as answer:
                assert answer.status_code == 200
                page = (await anna.get(PAD)).text
                assert ('data-others="Ben"' in page) == (session == ben)
        async with server.client(server.key).stream("GET", address):
            assert 'data-others=""' in (await anna.get(PAD)).text  # a till is nobody


async def test_ages_are_the_venues(tmp_path: Path, clock: Clock) -> None:
    server = VenueServer(tmp_path, clock=clock)
    await server.start()
    changes = {"slow_minutes": 20, "late_minutes": 30}
    await server.store.write(partial(change_venue, venue="main", changes=changes, actor=TILL))
    await server.place()
    async with browser(server, await session_of(server, "Anna", Role.STAFF)) as anna:
        for minutes, word in ((19, "<b></b>"), (1, "<b>Slow</b>"), (10, "<b>Late</b>")):
            clock.forward(minutes=minutes)
            page = (await anna.get(PAD)).text
            assert word in in_column(page, "progress")
            assert 'data-slow="20" data-late="30"' in page
    await server.stop()


async def test_an_admin_sets_the_ages(server: VenueServer) -> None:
    async with browser(server, await session_of(server, "Root", Role.ADMIN)) as root:
        form = {
            "name": "Main", "time_zone": "UTC", "day_starts": "06:00", "numbering": "drawn",
            "lead_minutes": "15", "default_station": "Kitchen",
            "slow_minutes": "3", "late_minutes": "6",
        }  # fmt: skip
        page = await root.post(f"{PAD}/settings/venue", data=form)
        assert 'name="late_minutes" type="number" min="1" max="1440" value="6"' in page.text
        assert 'data-slow="3" data-late="6"' in (await root.get(PAD)).text
    answer = await server.http.patch("/api/v1/venues/main", json={"late_minutes": 9})
    assert (answer.json()["slow_minutes"], answer.json()["late_minutes"]) == (3, 9)


async def test_the_manifest_makes_an_app_of_it(tmp_path: Path) -> None:
    public_url = "https://food.example/board"
    async with serving(tmp_path, public_url=public_url) as server, server.client() as client:
        answer = await client.get("/staff/app.webmanifest")
        manifest = json.loads(answer.text)
        assert answer.headers["content-type"].startswith("application/manifest+json")
        assert manifest["start_url"] == manifest["scope"] == "/board/staff"
        assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
        for icon in manifest["icons"]:
            path = icon["src"].removeprefix("/board")
            file = await client.get(path)
            assert file.headers["content-type"].startswith(icon["type"])
            if icon["type"] == "image/png":
                width, height = Image.open(io.BytesIO(file.content)).size
                assert icon["sizes"] == f"{width}x{height}"


async def test_pages_name_the_manifest_the_icon_and_their_colour(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    for path in (PAD, f"{PAD}/finished"):
        page = (await anna.get(path)).text
        assert '<link rel="manifest" href="/staff/app.webmanifest"' in page
        assert 'rel="apple-touch-icon"' in page
        assert 'name="theme-color"' in page


async def test_the_worker_may_serve_the_staff_pages_only(server: VenueServer) -> None:
    async with server.client() as client:
        worker = await client.get("/staff/worker.js")
        assert worker.headers["service-worker-allowed"] == "/staff"
        assert worker.headers["cache-control"] == "no-cache"
        assert "javascript" in worker.headers["content-type"]
        page = await client.get("/staff/offline.html")
        assert "No connection" in page.text
        assert "/staff.css" in page.text


async def test_a_test_order_leaves_nothing_behind(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    page = await anna.post(f"{PAD}/test-order")
    assert "The test order went through" in page.text
    assert (await server.http.get("/api/v1/venues/main/orders")).json()["orders"] == []


async def test_a_board_without_the_test_order_says_so(
    server: VenueServer, anna: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.staff.trial.LONGEST_S", 0.01)
    await server.http.patch("/api/v1/venues/main/board", json={"stations": ["Bar"]})
    page = await anna.post(f"{PAD}/test-order")
    assert "the board did not show all of it" in page.text
    assert "not on this board" in page.text


async def test_only_who_may_move_orders_sends_a_test_order(server: VenueServer) -> None:
    async with browser(server, await session_of(server, "Vic", Role.VIEWER)) as viewer:
        assert (await viewer.post(f"{PAD}/test-order")).status_code == 403
