"""TVs: the code they show, who may approve it, and what a paired one may read."""

import asyncio
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import connect

from app.commands import screens as commands
from app.commands.screens import revoke_screen, show_code
from app.commands.venues import add_point, add_venue, change_board
from app.domain.people import Role, fingerprint, new_secret
from app.domain.problems import CodeNotFound, TooManyRequests
from app.domain.screens import A_CODE, LETTERS, Screen, new_code, typed_code
from app.store import screens, venues
from app.store.sqlite import SqliteStore
from app.web.auth import SCREEN_COOKIE
from app.web.board_pages import svg_answer
from tests.clock import Clock
from tests.screens import REPORT, Tv, add, close_board, follow
from tests.staff_browser import browser, session_of
from tests.venue_server import TILL, VenueServer


@pytest.fixture
async def tv(server: VenueServer) -> AsyncIterator[Tv]:
    opened = Tv(server)
    yield opened
    await opened.http.aclose()


@pytest.fixture
async def staff(server: VenueServer) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser(server, await session_of(server, "Anna", Role.STAFF)) as client:
        yield client


def pairing(code: str, **more: Any) -> dict[str, Any]:
    sizes = {"tv_inches": "43", "distance_m": "6.5"}
    return {"code": code, "board": "main/", "name": "Hall TV"} | sizes | more


def test_codes_hold_nothing_that_is_misread() -> None:
    assert not set(LETTERS) & set("0OQ1ILZSB")
    assert len(LETTERS) ** 5 > 5_000_000
    assert all(A_CODE.fullmatch(new_code()) for _ in range(50))
    assert typed_code(" hk4-t7 ") == "HK4T7"


async def test_a_tv_shows_a_code_and_where_to_enter_it(server: VenueServer, tv: Tv) -> None:
    page = await tv.open()
    assert page.status_code == 200
    assert f"127.0.0.1:{server.port}/staff/pair" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    cookie = page.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/;" in cookie
    assert "Max-Age=34560000" in cookie
    assert "Secure" not in cookie


async def test_the_same_tv_keeps_its_code_and_another_gets_another(
    server: VenueServer, tv: Tv
) -> None:
    other = Tv(server)
    code = await tv.code()
    assert await tv.code() == code == (await tv.ask())["code"]
    assert await other.code() != code
    await other.http.aclose()


async def test_over_https_the_cookie_is_for_https_only(tmp_path: Path) -> None:
    server = VenueServer(tmp_path, public_url="https://a.example/food")
    await server.start()
    tv = Tv(server)
    page = await tv.open()
    assert "Secure" in page.headers["set-cookie"]
    assert "Path=/;" in page.headers["set-cookie"]
    assert "https://a.example/food/staff/pair" in page.text
    await tv.http.aclose()
    await server.stop()


async def test_the_qr_code_is_a_picture_of_its_own(server: VenueServer, tv: Tv) -> None:
    code = await tv.code()
    picture = await tv.http.get(f"/tv/{code}.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.content == svg_answer(f"{server.url}/staff/pair?code={code}").body
    assert (await tv.http.get("/tv/hello.svg")).status_code == 404


async def test_a_code_is_over_after_ten_minutes_and_the_tv_gets_a_new_one(
    store: SqliteStore, clock: Clock
) -> None:
    secret = new_secret()
    first = await store.write(partial(show_code, secret=secret, address="a"))
    clock.forward(minutes=9, seconds=59)
    assert await store.write(partial(show_code, secret=secret, address="a")) == first
    clock.forward(seconds=1)
    second = await store.write(partial(show_code, secret=secret, address="a"))
    assert second != first
    pair = partial(commands.pair_screen, venue="main", board="", name="TV", actor=TILL)
    assert not isinstance(first, Screen)
    with pytest.raises(CodeNotFound):
        await store.write(partial(pair, code=first.code))


async def test_open_codes_are_bounded_for_each_address_and_for_all(
    store: SqliteStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "MOST_CODES_EACH", 2)
    monkeypatch.setattr(commands, "MOST_CODES", 3)

    async def one(address: str) -> object:
        return await store.write(partial(show_code, secret=new_secret(), address=address))

    await one("a")
    await one("a")
    with pytest.raises(TooManyRequests):
        await one("a")
    await one("b")
    with pytest.raises(TooManyRequests):
        await one("c")
    clock.forward(minutes=10)
    await one("a")
    assert await store.read(screens.count_codes) == 1


async def test_a_tv_that_gets_no_code_now_tries_again_by_itself(
    server: VenueServer, tv: Tv, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "MOST_CODES", 0)
    page = await tv.open()
    assert page.status_code == 429
    assert '<meta http-equiv="refresh" content="30">' in page.text
    assert 'id="code"' not in page.text


async def test_a_browser_without_its_cookie_is_told_so(server: VenueServer, tv: Tv) -> None:
    assert (await tv.ask())["state"] == "unknown"
    tv.http.cookies.set(SCREEN_COOKIE, "x" * 300)
    assert (await tv.ask())["state"] == "unknown"
    assert (await tv.open()).status_code == 200


async def test_staff_approve_a_code_and_the_tv_goes_to_its_board(
    server: VenueServer, tv: Tv, staff: httpx2.AsyncClient
) -> None:
    code = await tv.code()
    form = await staff.get(f"/staff/pair?code={code}")
    assert f'value="{code}"' in form.text
    assert "How far is the last person?" in form.text
    done = await staff.post("/staff/pair", data=pairing(code.lower()))
    assert done.url.path == "/staff/main/screens"
    assert "Hall TV is paired" in done.text
    assert await tv.ask() == {"state": "paired", "code": "", "address": "/b/main"}
    sent = await tv.open()
    assert (sent.status_code, sent.headers["location"]) == (303, "/b/main")


async def test_pairing_asks_for_the_size_once_and_saves_it_to_the_board(
    server: VenueServer, tv: Tv, staff: httpx2.AsyncClient
) -> None:
    await add(server, "bar", title="The Bar")
    code = await tv.code()
    asked = await staff.post(
        "/staff/pair", data={"code": code, "board": "main/bar", "name": "Bar TV"}
    )
    assert asked.url.path == "/staff/pair"
    assert "TV size?" in asked.text
    assert (await tv.ask())["state"] == "waiting"
    await staff.post("/staff/pair", data=pairing(code, board="main/bar"))
    boards = await server.store.read(
        lambda db: {b.slug: b for b in venues.boards(db, venues.all_venues(db)[0].id)}
    )
    assert (boards["bar"].tv_inches, boards["bar"].distance_m, boards["bar"].sized) == (
        43,
        6.5,
        True,
    )
    assert not boards[""].sized
    other = Tv(server)
    data = {"code": await other.code(), "board": "main/bar", "name": "Bar 2"}
    assert (await staff.post("/staff/pair", data=data)).url.path == "/staff/main/screens"
    await other.http.aclose()


async def test_a_wrong_code_pairs_nothing(
    server: VenueServer, tv: Tv, staff: httpx2.AsyncClient
) -> None:
    code = await tv.code()
    wrong = "CCCCC" if code != "CCCCC" else "DDDDD"
    for data in (pairing(wrong), pairing(""), {"code": wrong, "board": "main/", "name": "x"}):
        refused = await staff.post("/staff/pair", data=data)
        assert refused.status_code == 404
        assert "No screen shows that code now" in refused.text
    assert (await staff.post("/staff/pair", data=pairing(code, name=" "))).status_code == 422
    nowhere = await staff.post("/staff/pair", data=pairing(code, board="main/nowhere"))
    assert nowhere.status_code == 404
    assert "Choose a board" in nowhere.text
    assert (await tv.ask())["state"] == "waiting"


async def test_only_the_browser_that_showed_the_code_gets_in(server: VenueServer, tv: Tv) -> None:
    await close_board(server)
    await tv.paired()
    stranger = Tv(server)
    await stranger.open()
    assert (await stranger.ask())["state"] == "waiting"
    assert (await stranger.http.get("/b/main.json")).status_code == 401
    assert (await tv.http.get("/b/main.json")).status_code == 200
    await stranger.http.aclose()


async def test_a_code_is_good_for_one_screen(
    server: VenueServer, tv: Tv, staff: httpx2.AsyncClient
) -> None:
    code = await tv.code()
    assert (await staff.post("/staff/pair", data=pairing(code))).status_code == 200
    assert (await staff.post("/staff/pair", data=pairing(code))).status_code == 404


async def test_who_may_not_write_may_not_pair(server: VenueServer, tv: Tv) -> None:
    code = await tv.code()
    async with browser(server, await session_of(server, "Vic", Role.VIEWER)) as viewer:
        assert (await viewer.post("/staff/pair", data=pairing(code))).status_code == 403
        assert (await viewer.get("/staff/main/screens")).status_code == 200
    answer = await tv.http.get("/staff/pair", params={"code": code})
    assert answer.headers["location"].startswith("/staff/sign-in?next=%2Fstaff%2Fpair%3Fcode")


async def test_the_secret_is_kept_as_a_hash_only(server: VenueServer, tv: Tv) -> None:
    await tv.paired()
    kept = await server.store.read(lambda db: db.all("SELECT hash FROM screens"))
    assert [row["hash"] for row in kept] == [fingerprint(tv.secret)]
    assert await server.store.read(lambda db: db.all("SELECT code FROM screen_codes")) == []


async def test_pairing_survives_a_restart_at_any_moment(server: VenueServer, tv: Tv) -> None:
    code = await tv.code()
    await server.stop()
    await server.start()
    assert (await tv.ask())["code"] == code
    await tv.paired()
    await server.stop()
    await server.start()
    assert (await tv.ask())["state"] == "paired"


async def test_a_screen_may_be_that_of_a_pickup_point(
    server: VenueServer, tv: Tv, staff: httpx2.AsyncClient
) -> None:
    point = await server.store.write(partial(add_point, venue="main", name="Window 2", actor=TILL))
    data = {"code": await tv.code(), "board": f"main/point/{point.id}", "name": "W2"}
    await staff.post("/staff/pair", data=data)
    assert (await tv.ask())["address"] == f"/b/main/point/{point.id}"
    page = await tv.http.get(f"/b/main/point/{point.id}")
    assert 'data-screen="' in page.text


async def test_a_paired_board_is_closed_to_strangers_and_open_to_the_screen(
    server: VenueServer, tv: Tv
) -> None:
    await close_board(server)
    screen = await tv.paired()
    paths = ["/b/main", "/b/main.json", "/b/main.txt", "/b/main/board.css", "/b/main/feed?poll=1"]
    async with server.client() as stranger:
        for path in paths:
            assert (await stranger.get(path)).status_code in (303, 401), path
            assert (await tv.http.get(path)).status_code == 200, path
    page = (await tv.http.get("/b/main")).text
    assert f'data-screen="{screen.id}"' in page
    assert "screen.js" in page
    assert "Hall TV" not in page


async def test_a_screen_of_one_venue_reads_no_other_and_nothing_but_boards(
    server: VenueServer, tv: Tv
) -> None:
    await server.store.write(partial(add_venue, slug="bar", name="Bar", settings={}))
    change = partial(change_board, venue="bar", board="", changes={"access": "paired"})
    await server.store.write(partial(change, actor=TILL))
    await tv.paired(venue="main")
    assert (await tv.http.get("/b/bar.json")).status_code == 403
    assert (await tv.http.get("/api/v1/venues/main/orders")).status_code == 401
    assert (await tv.http.get("/api/v1/venues/main/events?poll=1")).status_code == 401
    assert (await tv.http.get("/staff/main")).headers["location"].startswith("/staff/sign-in")
    assert (await tv.http.get("/staff")).headers["location"] == "/staff/sign-in"


async def test_an_open_board_knows_its_screen_and_nobody_elses(server: VenueServer, tv: Tv) -> None:
    await add(server, "bar")
    screen = await tv.paired(board="bar")
    assert f'data-screen="{screen.id}"' in (await tv.http.get("/b/main/bar")).text
    for path in ("/b/main", "/b/main/bar?plain=1"):
        assert "data-screen" not in (await tv.http.get(path)).text
    async with server.client() as stranger:
        assert "data-screen" not in (await stranger.get("/b/main/bar")).text


async def test_a_revoked_screen_loses_its_stream_within_a_second(
    server: VenueServer, tv: Tv
) -> None:
    await close_board(server)
    screen = await tv.paired()
    reader, writer = await follow(server, tv)
    await server.store.write(partial(revoke_screen, screen=screen.id))
    last = await asyncio.wait_for(reader.readuntil(b"0\r\n\r\n"), 1)
    assert b'"code":"ended"' in last
    writer.close()
    assert (await tv.http.get("/b/main/feed?poll=1")).status_code == 401
    refused = await tv.report(**REPORT)
    assert (refused.status_code, refused.json()["type"]) == (401, "screen-revoked")
    page = await tv.http.get("/b/main")
    assert (page.status_code, page.headers["location"]) == (303, "/tv")
    waiting = Tv(server)
    await waiting.open()
    page = await waiting.http.get("/b/main")  # no screen yet, perhaps somebody's laptop
    assert page.headers["location"].startswith("/staff/sign-in")
    await waiting.http.aclose()
    assert A_CODE.fullmatch(await tv.code())


async def test_a_screen_revoked_in_the_shell_loses_its_websocket(
    server: VenueServer, tv: Tv
) -> None:
    await close_board(server)
    screen = await tv.paired()
    headers = {"Cookie": f"{SCREEN_COOKIE}={tv.secret}"}
    url = f"ws://127.0.0.1:{server.port}/b/main/ws"
    async with connect(url, additional_headers=headers, origin=server.url) as socket:  # type: ignore[arg-type]
        await socket.recv()
        command = ("-m", "app", "screen", "revoke", screen.id, "--data", str(server.folder))
        child = await asyncio.create_subprocess_exec(
            sys.executable, *command, stdout=asyncio.subprocess.DEVNULL
        )
        assert await child.wait() == 0
        await asyncio.wait_for(socket.wait_closed(), 2)
        assert socket.close_code == 1008


async def test_another_site_cannot_open_a_socket_with_the_screens_cookie(
    server: VenueServer, tv: Tv
) -> None:
    await close_board(server)
    await tv.paired()
    headers = {"Cookie": f"{SCREEN_COOKIE}={tv.secret}"}
    url = f"ws://127.0.0.1:{server.port}/b/main/ws"
    with pytest.raises(Exception, match="403"):
        async with connect(
            url,
            additional_headers=headers,
            origin="http://evil.example",  # type: ignore[arg-type]
        ):
            pass
