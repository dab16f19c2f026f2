"""The screen of one pickup point over plain HTTP and its feed, and the rules its files keep."""

import re
from functools import partial
from typing import Any

import pytest

from app.commands.venues import add_point, change_board, change_point
from app.domain.orders import Order, Status
from app.domain.venues import PickupPoint
from app.files import project_folder
from app.web.board_style import FITS
from tests.test_board_assets import INLINE, TOO_NEW
from tests.venue_server import TILL, VenueServer
from tests.wire import Feed

STYLE = (project_folder("static") / "point.css").read_text(encoding="utf-8")
PAGE = (project_folder("templates") / "point.html").read_text(encoding="utf-8")


async def make_point(server: VenueServer, name: str) -> PickupPoint:
    return await server.store.write(partial(add_point, venue="main", name=name, actor=TILL))


async def change(server: VenueServer, point: PickupPoint, **changes: Any) -> PickupPoint:
    return await server.store.write(
        partial(change_point, venue="main", point=point.id, actor=TILL, **changes)
    )


async def set_board(server: VenueServer, **changes: Any) -> None:
    await server.store.write(
        partial(change_board, venue="main", board="", changes=changes, actor=TILL)
    )


async def put_at(server: VenueServer, point: PickupPoint, **fields: Any) -> Order:
    """A ready order that waits there."""
    order = await server.place(status=Status.PREPARING, **fields)
    return await server.move(order.id, Status.READY, pickup_point=point.id)


async def cards(server: VenueServer, point: PickupPoint) -> list[tuple[str, str]]:
    hello = (await server.http.get(f"/b/main/point/{point.id}.json")).json()
    return [(card["number"], card["place"]) for card in hello["cards"]]


async def test_only_the_order_at_that_point_is_there(server: VenueServer) -> None:
    left, right = await make_point(server, "Left"), await make_point(server, "Right")
    await put_at(server, left, number="41")
    await put_at(server, right, number="42")
    await server.place(number="43", status=Status.READY)  # no point is free for it
    await server.place(number="44", status=Status.PREPARING)
    assert await cards(server, left) == [("41", "Left")]
    assert await cards(server, right) == [("42", "Right")]


async def test_a_collected_order_is_gone_at_once(server: VenueServer) -> None:
    left = await make_point(server, "Left")
    order = await put_at(server, left, number="41")
    await server.move(order.id, Status.COLLECTED)
    assert await cards(server, left) == []


async def test_filters_of_the_hall_board_hide_no_waiting_order(server: VenueServer) -> None:
    left = await make_point(server, "Left")
    await set_board(server, lanes="preparing", stations=("Bar",), points=("Right",))
    await put_at(server, left, number="41")
    assert await cards(server, left) == [("41", "Left")]


async def test_a_point_is_found_by_its_name_too(server: VenueServer) -> None:
    point = await make_point(server, "Window 1 & <2>")
    page = await server.http.get("/b/main/point/Window 1 & <2>")
    assert page.status_code == 200
    assert "Window 1 &amp; &lt;2&gt;" in page.text
    assert f'data-feed="{point.id}/feed"' in page.text


async def test_the_page_says_whether_the_point_is_free_or_closed(server: VenueServer) -> None:
    point = await make_point(server, "Left")
    address = f"/b/main/point/{point.id}"
    assert "This place is free" in (await server.http.get(address)).text
    await change(server, point, disabled=True)
    assert "This place is closed" in (await server.http.get(address)).text
    await set_board(server, language="de")
    assert "Dieses Fach ist geschlossen" in (await server.http.get(address)).text


async def test_looks_are_those_of_the_default_board(server: VenueServer) -> None:
    point = await make_point(server, "Left")
    await set_board(server, theme="day", calm=True, sound="chime")
    page = (await server.http.get(f"/b/main/point/{point.id}")).text
    assert re.search(r'<body class="theme-day [^"]*\bpoint calm\b', page)
    assert "sound.js" not in page
    css = await server.http.get(f"/b/main/point/{point.id}/board.css")
    assert "background:#EEF2F6" in css.text


@pytest.mark.parametrize("suffix", ["", ".json", "/feed?poll=1", "/board.css", ".png", ".svg"])
async def test_an_unknown_point_is_not_found(server: VenueServer, suffix: str) -> None:
    answer = await server.http.get(f"/b/main/point/nowhere{suffix}", headers={"Accept": "*/*"})
    assert answer.status_code == 404
    if not answer.headers["content-type"].startswith("text/html"):
        assert answer.json()["type"] == "pickup-point-not-found"


async def test_a_paired_board_keeps_its_points_to_itself(server: VenueServer) -> None:
    point = await make_point(server, "Left")
    await set_board(server, access="paired")
    async with server.client() as stranger:
        assert (await stranger.get(f"/b/main/point/{point.id}.json")).status_code == 401
    assert (await server.http.get(f"/b/main/point/{point.id}.json")).status_code == 200


async def test_the_feed_tells_of_its_own_order_only(server: VenueServer) -> None:
    left, right = await make_point(server, "Left"), await make_point(server, "Right")
    async with Feed(server, f"/b/main/point/{left.id}/feed") as feed:
        assert (await feed.until("hello")).data["board"]["point"] == {
            "name": "Left",
            "disabled": False,
        }
        await put_at(server, right, number="42")
        order = await put_at(server, left, number="41")
        seen = await feed.until("order")
        assert (seen.data["card"]["number"], seen.data["card"]["place"]) == ("41", "Left")
        await server.move(order.id, Status.COLLECTED)
        assert (await feed.until("gone")).data["key"] == seen.data["card"]["key"]


async def test_the_feed_starts_afresh_when_the_point_or_the_board_changes(
    server: VenueServer,
) -> None:
    left = await make_point(server, "Left")
    async with Feed(server, f"/b/main/point/{left.id}/feed") as feed:
        first = await feed.until("hello")
        await change(server, left, disabled=True)
        closed = await feed.until("hello")
        assert closed.data["board"]["point"]["disabled"]
        await change(server, left, disabled=False, name="Shelf")
        renamed = await feed.until("hello")
        assert renamed.data["board"]["title"] == "Shelf"
        await set_board(server, theme="day")
        repainted = await feed.until("hello")
    told = (first, closed, renamed, repainted)
    # Each revision is another, so that an open page fetches itself anew.
    assert len({frame.data["board"]["revision"] for frame in told}) == 4


async def test_a_feed_by_name_ends_when_the_name_is_given_up(server: VenueServer) -> None:
    left = await make_point(server, "Left")
    async with Feed(server, "/b/main/point/Left/feed") as feed:
        await feed.until("hello")
        await change(server, left, name="Shelf")
        await feed.rest()
    assert (await server.http.get("/b/main/point/Left.json")).status_code == 404


async def test_the_page_allows_nothing_inline(server: VenueServer) -> None:
    point = await make_point(server, "Left")
    answer = await server.http.get(f"/b/main/point/{point.id}")
    assert re.search(INLINE, PAGE) is None
    assert re.search(INLINE, answer.text) is None
    assert "unsafe" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize("feature", TOO_NEW)
def test_style_uses_nothing_younger_than_chromium_38(feature: str) -> None:
    assert re.search(TOO_NEW[feature], STYLE) is None


def test_every_fitted_text_stays_within_the_screen() -> None:
    """35 rem wide lying, 20 rem standing, less the margins; names of points may take two lines."""
    lying, standing = STYLE.split("@media (orientation:portrait)")
    for css, room in ((lying, 31.5), (standing, 18)):
        sizes = re.findall(r"([\w. -]+)\.s(\d+)\{font-size:([\d.]+)rem\}", css)
        assert len(sizes) == 4 * len(FITS)
        for selector, step, size in sizes:
            lines = 2 if selector == ".point-name" else 1
            assert float(size) * FITS[int(step) - 1] <= room * lines
            assert float(size) >= 0.6  # 3 % of the height
