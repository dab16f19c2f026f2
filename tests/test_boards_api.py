"""Several boards of one venue, over the API and on the staff pages."""

import io
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from PIL import Image

from app.domain.people import Role
from app.store.database import Done, Outcome, Transaction
from app.web.native.answers import BoardAnswer, BoardsAnswer
from tests.staff_browser import PAD, browser, session_of
from tests.venue_server import VenueServer
from tests.wire import Feed

BOARDS = "/api/v1/venues/main/boards"
EDITOR = f"{PAD}/boards/default"
FORM = {
    "title": "The Counter",
    "notice": "Closed on Monday\r\nSoup is out",
    "layout": "eatsa",
    "lanes": "ready",
    "shows": "name",
    "names": "initials",
    "ready_side": "left",
    "theme": "day",
    "ready_colour": "green",
    "language": "de",
    "second_language": "it",
    "word_ready": "Abholen",
    "stations": ["Bar", "Grill"],
    "fulfilments": ["pickup"],
    "blocked_words": "darn\r\n\r\nheck",
    "tv_inches": "43",
    "distance_m": "6",
    "calm": "true",
    "ready_minutes": "15",
    "please_minutes": "5",
    "closes": "23:30",
    "opens": "08:00",
    "sound": "speech",
    "volume": "60",
}


@pytest.fixture
async def admin(server: VenueServer) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser(server, await session_of(server, "Anna", Role.ADMIN)) as client:
        yield client


async def main_board(server: VenueServer) -> dict[str, Any]:
    found: dict[str, Any] = (await server.http.get("/api/v1/venues/main/board")).json()
    return found


def picture(width: int = 900, height: int = 300, kind: str = "PNG") -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (width, height), "#C00000").save(drawn, kind)
    return drawn.getvalue()


async def test_a_venue_has_several_boards_each_with_its_own_orders(server: VenueServer) -> None:
    body = {"slug": "bar", "title": "Bar", "lanes": "ready", "shows": "number"}
    added = await server.http.post(BOARDS, json=body)
    BoardAnswer.model_validate(added.json())
    assert (added.status_code, added.json()["sound"]) == (201, "off")
    await server.place(number="41", status="ready")
    await server.place(number="42", status="preparing")
    cards = (await server.http.get("/b/main/bar.json")).json()["cards"]
    assert [(card["number"], card["name"]) for card in cards] == [("41", None)]
    listed = (await server.http.get(BOARDS)).json()
    BoardsAnswer.model_validate(listed)
    assert [board["slug"] for board in listed["boards"]] == ["", "bar"]


@pytest.mark.parametrize("slug", ["feed", "ws", "point", "default"])
async def test_a_board_is_not_named_like_a_page(server: VenueServer, slug: str) -> None:
    answer = await server.http.post(BOARDS, json={"slug": slug})
    assert (answer.status_code, answer.json()["type"]) == (409, "name-taken")


async def test_a_second_board_of_a_name_is_refused(server: VenueServer) -> None:
    await server.http.post(BOARDS, json={"slug": "bar"})
    assert (await server.http.post(BOARDS, json={"slug": "bar"})).status_code == 409


async def test_a_change_of_one_board_reaches_its_own_screens_only(server: VenueServer) -> None:
    await server.http.post(BOARDS, json={"slug": "bar"})
    async with Feed(server, "/b/main/bar/feed") as bar:
        assert (await bar.until("hello")).data["board"]["theme"] == "night"
        changed = await server.http.patch(f"{BOARDS}/bar", json={"theme": "day"})
        assert changed.json()["revision"] == 2
        assert (await bar.until("hello")).data["board"]["theme"] == "day"
    assert (await main_board(server))["theme"] == "night"


async def test_a_removed_board_is_gone_and_its_streams_end(server: VenueServer) -> None:
    await server.http.post(BOARDS, json={"slug": "bar"})
    async with Feed(server, "/b/main/bar/feed") as bar:
        await bar.until("hello")
        assert (await server.http.delete(f"{BOARDS}/bar")).status_code == 204
        with pytest.raises(EOFError):
            await bar.until("never")
    assert (await server.http.get("/b/main/bar")).status_code == 404
    assert (await server.http.delete(f"{BOARDS}/bar")).status_code == 404


async def test_own_colours_that_cannot_be_read_are_refused(server: VenueServer) -> None:
    weak = {"theme": "own", "own_wall": "#FFFFFF", "own_ink": "#DDDDDD"}
    answer = await server.http.patch("/api/v1/venues/main/board", json=weak)
    assert answer.status_code == 422
    assert "contrast 1.4" in answer.json()["detail"]
    assert (await main_board(server))["theme"] == "night"
    fine = weak | {"own_ink": "#111111", "own_ready": "#005A9C", "own_ready_ink": "#FFFFFF"}
    assert (await server.http.patch("/api/v1/venues/main/board", json=fine)).status_code == 200
    assert "#005A9C" in (await server.http.get("/b/main/board.css")).text


async def test_themes_of_an_older_release_are_understood(server: VenueServer) -> None:
    def age(tx: Transaction) -> Outcome[None]:
        tx.run("UPDATE boards SET settings = replace(settings, '\"night\"', '\"bright\"')")
        return Done(None)

    await server.store.write(age)
    board = await main_board(server)
    assert (board["theme"], board["ready_colour"]) == ("day", "amber")


async def test_editor_keeps_every_setting(server: VenueServer, admin: httpx2.AsyncClient) -> None:
    page = await admin.post(EDITOR, data=FORM)
    assert "Saved." in page.text
    board = await main_board(server)
    assert board["words"] == {"ready": "Abholen"}
    assert (board["stations"], board["blocked_words"]) == (["Bar", "Grill"], ["darn", "heck"])
    assert board["notice"] == "Closed on Monday\nSoup is out"
    assert (board["calm"], board["show_placed"], board["repeat_calls"]) == (True, False, False)
    assert (board["sized"], board["tv_inches"], board["distance_m"]) == (True, 43, 6.0)
    for name in ("title", "layout", "lanes", "theme", "second_language", "sound", "closes"):
        assert board[name] == FORM[name]
    again = (await admin.get(EDITOR)).text
    assert 'value="Abholen"' in again
    assert "darn\nheck" in again


@pytest.mark.parametrize(
    "wrong",
    [
        {"tv_inches": "0"},
        {"distance_m": "nan"},
        {"theme": "plaid"},
        {"title": "x" * 61},
        {"own_ink": "red"},
        {"opens": "25:00"},
        {"order_url": "javascript:alert(1)"},
        {"language": "tlh"},
        {"theme": "own", "own_wall": "#FFFFFF", "own_ink": "#FFFFFF"},
    ],
)
async def test_editor_refuses_what_no_board_can_be(
    server: VenueServer, admin: httpx2.AsyncClient, wrong: dict[str, str]
) -> None:
    assert (await admin.post(EDITOR, data=FORM | wrong)).status_code == 422
    assert (await main_board(server))["revision"] == 1


async def test_editor_asks_for_the_size_once(admin: httpx2.AsyncClient) -> None:
    assert "Two questions first" in (await admin.get(EDITOR)).text
    await admin.post(EDITOR, data=FORM)
    assert "Two questions first" not in (await admin.get(EDITOR)).text


async def test_boards_are_added_and_removed_on_the_page(admin: httpx2.AsyncClient) -> None:
    page = await admin.post(f"{PAD}/boards", data={"slug": "bar", "title": "<b>Bar"})
    assert str(page.url).endswith("/boards/bar")
    assert "&lt;b&gt;Bar" in page.text
    assert (await admin.post(f"{PAD}/boards", data={"slug": "No Way"})).status_code == 422
    gone = await admin.post(f"{PAD}/boards/bar/remove")
    assert "is removed" in gone.text
    assert (await admin.post(f"{PAD}/boards/default/remove")).status_code == 422
    assert (await admin.get(f"{PAD}/boards/bar")).status_code == 404


async def test_preview_shows_what_is_not_saved(
    server: VenueServer, admin: httpx2.AsyncClient
) -> None:
    query = {"title": "Not yet", "theme": "day", "sample": "5", "shows": "alias"}
    page = await admin.get(f"{EDITOR}/preview", params=query)
    assert "Not yet" in page.text
    assert page.text.count('class="tile') == 5
    assert "#EEF2F6" in (await admin.get(f"{EDITOR}/preview.css", params=query)).text
    assert (await main_board(server))["title"] == ""
    assert (await admin.get(f"{EDITOR}/preview", params={"tv_inches": "x"})).status_code == 422


@pytest.mark.parametrize("sample", ["live", "0", "50", "500"])
async def test_preview_of_any_number_of_orders(
    server: VenueServer, admin: httpx2.AsyncClient, sample: str
) -> None:
    await server.place(number="41", status="ready")
    page = await admin.get(f"{EDITOR}/preview", params={"sample": sample})
    assert page.status_code == 200
    assert ("tile" in page.text) == (sample != "0")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_logo_is_made_small_and_shown(
    server: VenueServer, admin: httpx2.AsyncClient, kind: str
) -> None:
    await admin.post(f"{EDITOR}/logo", files={"file": ("logo", picture(kind=kind))})
    board = await server.http.get("/b/main")
    name = (await main_board(server))["logo"]
    assert f"main/logo/{name}" in board.text
    image = await server.http.get(f"/b/main/logo/{name}")
    assert image.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(image.content)).size == (720, 240)
    await admin.post(f"{EDITOR}/logo", data={"remove": "1"}, files={"file": ("", b"")})
    assert (await main_board(server))["logo"] == ""


@pytest.mark.parametrize("given", [b"", b"<svg onload=alert(1)>", b"GIF89a", picture()[:200]])
async def test_what_is_no_picture_is_no_logo(
    server: VenueServer, admin: httpx2.AsyncClient, given: bytes
) -> None:
    answer = await admin.post(f"{EDITOR}/logo", files={"file": ("logo.png", given)})
    assert answer.status_code == 422
    assert (await main_board(server))["logo"] == ""


async def test_larger_files_are_not_taken_in(admin: httpx2.AsyncClient) -> None:
    large = {"file": ("logo.png", b"x" * (5 * 2**20))}
    for path in (f"{EDITOR}/logo", f"{PAD}/menu/file"):
        assert (await admin.post(path, files=large)).status_code == 413
    wrong = {"Content-Type": "multipart/form-data"}
    assert (await admin.post(f"{EDITOR}/logo", content=b"x", headers=wrong)).status_code == 400


async def test_order_address_is_a_code_on_the_empty_board(server: VenueServer) -> None:
    assert (await server.http.get("/b/main/order")).status_code == 404
    address = "https://order.example/here"
    await server.http.patch("/api/v1/venues/main/board", json={"order_url": address})
    assert "main/order?" in (await server.http.get("/b/main")).text
    code = await server.http.get("/b/main/order")
    assert code.headers["content-type"] == "image/svg+xml"
    assert code.content.startswith(b"<?xml")


async def test_staff_may_not_edit_boards(server: VenueServer) -> None:
    async with browser(server, await session_of(server, "Ben", Role.STAFF)) as ben:
        assert (await ben.get(EDITOR)).status_code == 403
        assert (await ben.post(EDITOR, data=FORM)).status_code == 403
