"""The board as PNG and SVG: right, readable, cheap to ask for again."""

import asyncio
import io
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from app.domain.orders import Status
from app.feed.hub import BoardState
from app.files import project_folder
from app.web.board_picture import Look, draw_board
from app.web.board_style import colours_of
from app.web.board_svg import svg_of
from app.web.drawing import CAP, Drawing, Text, cut_to, em_wide, font_at
from app.web.pictures import MOST_KEPT, Pictures
from tests.clock import Clock
from tests.test_board_pages import POISON
from tests.test_point_screens import make_point, put_at, set_board
from tests.venue_server import VenueServer

SIZES = [
    (1920, 1080),
    (1080, 1920),
    (800, 480),
    (480, 800),
    (3840, 2160),
    (1000, 1000),
    (1280, 400),
]
# The widest and tallest names, and scripts our font knows and does not.
NAMES = [
    "Ana B.",
    "Wmwmwmwmwm W.",
    "Jean-Pierre",
    "Zoë Å.",
    "Łucja",
    "Ζωή Κ.",
    "Иван",
    "李小龙",
    "",
]
SVG = "{http://www.w3.org/2000/svg}"


async def state_of(server: VenueServer, slug: str = "") -> BoardState:
    return await server.house.hub.board_state("main", slug)


async def place_many(server: VenueServer, ready: int, preparing: int, held: int = 0) -> None:
    counts = {Status.READY: ready, Status.PREPARING: preparing, Status.HELD: held}
    orders = [status for status, count in counts.items() for _ in range(count)]
    for number, status in enumerate(orders, 1):
        name = NAMES[number % len(NAMES)] or None
        await server.place(number=str(number), name=name, status=status)


def texts(drawing: Drawing) -> list[str]:
    return [shape.text for shape in drawing.shapes if isinstance(shape, Text)]


def overlaps(drawing: Drawing) -> list[str]:
    """Texts that leave the picture or lie over another."""
    boxes = [(shape.text, _box(shape)) for shape in drawing.shapes if isinstance(shape, Text)]
    found = [
        f"{text} leaves the picture"
        for text, (left, top, right, bottom) in boxes
        if left < 0 or top < 0 or right > drawing.width or bottom > drawing.height
    ]
    for place, (text, one) in enumerate(boxes):
        for other, two in boxes[place + 1 :]:
            if one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]:
                found.append(f"{text} lies over {other}")
    return found


def _box(text: Text) -> tuple[float, float, float, float]:
    left = text.x - {"start": 0.0, "middle": text.width / 2, "end": text.width}[text.anchor]
    return left + 0.5, text.y - text.size * CAP + 0.5, left + text.width - 0.5, text.y - 0.5


async def picture(server: VenueServer, address: str) -> Image.Image:
    answer = await server.http.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    return Image.open(io.BytesIO(answer.content))


@pytest.mark.parametrize("mono", [False, True])
@pytest.mark.parametrize("count", [0, 5, 50, 500])
async def test_no_text_leaves_the_picture_or_lies_over_another(
    server: VenueServer, count: int, mono: bool
) -> None:
    await place_many(server, count // 2, count - count // 2, held=min(count, 4))
    await set_board(server, title="Hall", notice="Please bring your tray back. " * 9)
    state = await state_of(server)
    for width, height in SIZES:
        drawing = draw_board(state, Look(width=width, height=height, mono=mono))
        assert overlaps(drawing) == [], (width, height)


@pytest.mark.parametrize(
    "settings",
    [
        {"layout": "eatsa"},
        {"lanes": "ready"},
        {"lanes": "preparing"},
        {"shows": "number", "ready_side": "left"},
        {"shows": "name", "tv_inches": 32, "distance_m": 10},
        {"tv_inches": 75, "distance_m": 3, "language": "fr"},
    ],
    ids=str,
)
async def test_every_kind_of_board_fits(server: VenueServer, settings: dict[str, Any]) -> None:
    await make_point(server, "Window on the left")
    await place_many(server, 20, 20, held=2)
    await set_board(server, **settings)
    state = await state_of(server)
    for width, height in SIZES:
        drawing = draw_board(state, Look(width=width, height=height))
        assert overlaps(drawing) == [], (width, height)


async def test_the_same_words_as_the_page(server: VenueServer) -> None:
    await make_point(server, "Window 2")
    await server.place(number="41", name="Ana B.", status=Status.READY)
    await server.place(number="42", name="Bo", status=Status.PREPARING)
    await server.place(number="43", name="Lou", status=Status.HELD)
    await set_board(server, language="it", title="Sala", notice="Buon appetito", words={})
    drawn = texts(draw_board(await state_of(server), Look(width=1920, height=1080)))
    for word in ("Pronti", "In cucina", "Rivolgersi al banco", "Sala", "Buon appetito"):
        assert word in drawn
    for word in ("41", "Ana B.", "→ Window 2", "42", "Bo", "43", "Lou"):
        assert word in drawn


async def test_an_empty_board_is_friendly(server: VenueServer) -> None:
    drawing = draw_board(await state_of(server), Look(width=1920, height=1080))
    assert "Your order will light up here" in texts(drawing)
    assert "New orders appear here" in texts(drawing)


async def test_more_than_three_pages_are_counted(server: VenueServer) -> None:
    """Twelve ready orders a page."""
    await place_many(server, 50, 0)
    state = await state_of(server)
    seen = set[str]()
    for page in (1, 2, 3):
        drawn = texts(draw_board(state, Look(width=1920, height=1080, page=page)))
        assert f"{page}/3 +14 more" in drawn
        seen |= {text for text in drawn if text.isdigit()}
    assert len(seen) == 36


async def test_pages_turn_by_the_clock(server: VenueServer) -> None:
    await place_many(server, 30, 0)
    state = await state_of(server)
    later = replace(state, at=state.at + 8_000)
    look = Look(width=1920, height=1080)
    assert texts(draw_board(state, look)) != texts(draw_board(later, look))


async def test_png_has_the_size_and_the_colours_of_the_theme(server: VenueServer) -> None:
    await server.place(number="41", status=Status.READY)
    await set_board(server, theme="day", ready_colour="green")
    colours = colours_of((await state_of(server)).board)
    image = await picture(server, "/b/main.png?width=640&height=360")
    assert image.size == (640, 360)
    raw = image.tobytes()
    found = {raw[at : at + 3].hex().upper() for at in range(0, len(raw), 3)}
    for colour in (colours.wall, colours.tile, colours.panel):
        assert colour.removeprefix("#") in found


async def test_mono_is_one_bit_on_a_white_ground(server: VenueServer) -> None:
    await server.place(number="41", status=Status.READY)
    image = await picture(server, "/b/main.png?width=800&height=480&mono=1")
    assert (image.mode, image.size) == ("1", (800, 480))
    assert image.getpixel((2, 2)) == 255
    assert image.getextrema() == (0, 255)


async def test_other_boards_and_points_have_pictures_too(server: VenueServer) -> None:
    await server.http.post(
        "/api/v1/venues/main/boards", json={"slug": "hall", "layout": "eatsa", "title": "Hall"}
    )
    point = await make_point(server, "Left")
    await put_at(server, point, number="41", name="Ana B.")
    hall = await server.http.get("/b/main/hall.svg")
    screen = await server.http.get(f"/b/main/point/{point.id}.svg")
    assert "See host" in hall.text
    assert ">41<" not in hall.text
    assert ">41<" in screen.text
    assert ">Ana B.<" in screen.text
    assert (await picture(server, f"/b/main/point/{point.id}.png?width=400&height=300")).size == (
        400,
        300,
    )


async def test_a_points_picture_says_that_it_is_free(server: VenueServer) -> None:
    point = await make_point(server, "A shelf with a very long name on the left of the door")
    state = await state_of(server, f"point/{point.id}")
    for width, height in SIZES:
        drawing = draw_board(state, Look(width=width, height=height))
        assert overlaps(drawing) == []
        assert "This place is free" in texts(drawing)


async def test_svg_is_well_formed_and_holds_typed_markup_as_text(server: VenueServer) -> None:
    await set_board(server, notice="</svg><script>x</script>", title="\"'&<")
    await server.place(number="41", name="<b>&\ufffe\u202eX", status=Status.READY)
    answer = await server.http.get("/b/main.svg?width=800&height=480")
    root = ElementTree.fromstring(answer.text)
    found = [element.text for element in root.iter(f"{SVG}text")]
    assert "<b>&X" in found
    assert "</svg><script>x</script>" in found
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "rect", "text", "polyline",
    }  # fmt: skip
    assert "<script" not in answer.text
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"


async def test_tight_texts_of_svg_are_held_to_their_width(server: VenueServer) -> None:
    await server.place(number="41", name="Wmwmwmwmwm W.", status=Status.READY)
    root = ElementTree.fromstring(
        svg_of(draw_board(await state_of(server), Look(width=800, height=480)))
    )
    held = [e for e in root.iter(f"{SVG}text") if "textLength" in e.attrib]
    assert any("Wmw" in (e.text or "") for e in held)


async def test_public_pictures_hold_nothing_private(server: VenueServer) -> None:
    await server.place(number="41", status=Status.READY, **POISON)
    text = (await server.http.get("/b/main.svg")).text
    assert ">41<" in text
    for poison in (POISON["phone"], POISON["email"], "oison"):
        assert poison not in text


@pytest.mark.parametrize("suffix", [".png", ".svg"])
async def test_an_unchanged_picture_is_answered_with_304(
    tmp_path: Path, clock: Clock, suffix: str
) -> None:
    server = VenueServer(tmp_path, clock)
    await server.start()
    await server.place(number="41", status=Status.READY)
    clock.forward(minutes=2)  # no longer new
    first = await server.http.get(f"/b/main{suffix}")
    known = {"If-None-Match": first.headers["etag"]}
    clock.forward(seconds=1)
    again = await server.http.get(f"/b/main{suffix}", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other_size = await server.http.get(f"/b/main{suffix}?width=800", headers=known)
    clock.forward(minutes=1)
    next_minute = await server.http.get(f"/b/main{suffix}", headers=known)
    await server.place(number="42", status=Status.READY)
    next_order = await server.http.get(f"/b/main{suffix}", headers=known)
    assert [a.status_code for a in (other_size, next_minute, next_order)] == [200, 200, 200]
    await server.stop()


@pytest.mark.parametrize(
    "query",
    ["width=199", "width=3841", "height=0", "height=x", "page=0", "page=4", "mono=2", "z=1"],
)
async def test_sizes_have_bounds(server: VenueServer, query: str) -> None:
    answer = await server.http.get(f"/b/main.png?{query}")
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")


@pytest.mark.parametrize("suffix", [".png", ".svg", "/hall.png", "/point/x.svg"])
async def test_what_does_not_exist_is_not_found(server: VenueServer, suffix: str) -> None:
    venue = "main" if suffix.startswith("/") else "nowhere"
    answer = await server.http.get(f"/b/{venue}{suffix}")
    assert answer.status_code == 404
    assert answer.json()["type"].endswith("not-found")


async def test_pictures_of_a_paired_board_need_a_key(server: VenueServer) -> None:
    await set_board(server, access="paired")
    async with server.client() as stranger:
        assert (await stranger.get("/b/main.png")).status_code == 401
        assert (await stranger.get("/b/main.svg")).status_code == 401
    assert (await server.http.get("/b/main.svg")).status_code == 200


async def test_a_long_text_is_cut_with_an_ellipsis() -> None:
    assert cut_to("Ana", 5) == "Ana"
    short = cut_to("A very long line of text", 5)
    assert short.endswith("…")
    assert em_wide(short) <= 5
    assert cut_to("A", 0.1) == "…"


async def test_the_same_picture_is_drawn_once_and_the_oldest_is_let_go() -> None:
    pictures, drawn = Pictures(), list[str]()

    async def ask(name: str) -> bytes:
        def draw() -> bytes:
            assert threading.current_thread() is not threading.main_thread()
            drawn.append(name)
            return name.encode()

        return await pictures.get(name, draw)

    assert list(await asyncio.gather(ask("a"), ask("a"), ask("b"))) == [b"a", b"a", b"b"]
    assert drawn == ["a", "b"]
    for number in range(MOST_KEPT - 1):
        await ask(str(number))
        await ask("a")  # asked for often, so kept
    await ask("b")
    assert drawn.count("a") == 1
    assert drawn.count("b") == 2


def test_the_font_comes_with_its_licence() -> None:
    fonts = project_folder("static") / "fonts"
    assert "SIL OPEN FONT LICENSE Version 1.1" in (fonts / "LICENSE-OFL.txt").read_text()
    assert sum(file.stat().st_size for file in fonts.iterdir()) < 1_000_000


def test_the_font_knows_latin_greek_and_cyrillic() -> None:
    unknown = bytes(font_at(40).getmask("\uffff"))
    for char in "ĄčĐëğłñőřśțůžßÆøΆΩήώЁЖщЯїґ→…–":
        assert bytes(font_at(40).getmask(char)) != unknown, char
