"""What the staff pages refuse: roles, other sites, odd forms, things that are not there."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from app.domain.people import Role
from tests.staff_browser import PAD, browser, in_column, moves_of, press, session_of
from tests.venue_server import VenueServer


@pytest.fixture
async def anna(server: VenueServer) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser(server, await session_of(server, "Anna", Role.STAFF)) as client:
        yield client


async def test_viewer_sees_and_moves_nothing(server: VenueServer) -> None:
    order = await server.place(name="Zoe")
    async with browser(server, await session_of(server, "Vic", Role.VIEWER)) as vic:
        page = (await vic.get(PAD)).text
        assert "Zoe" in page
        assert "<button" not in in_column(page, "progress")
        assert "New order" not in page
        assert (await press(vic, order, "ready")).status_code == 403
        assert (await vic.post(f"{PAD}/orders", data={"name": "x"})).status_code == 403
        assert (await vic.get(f"{PAD}/settings")).status_code == 403
    assert await moves_of(server, order) == []


async def test_staff_do_not_reach_what_admins_set(anna: httpx2.AsyncClient) -> None:
    for path in (f"{PAD}/settings", "/staff/people"):
        assert (await anna.get(path)).status_code == 403
    assert "Venue settings" not in (await anna.get(PAD)).text


async def test_another_site_cannot_press(server: VenueServer, anna: httpx2.AsyncClient) -> None:
    order = await server.place()
    anna.headers["Origin"] = "http://evil.example"
    answer = await press(anna, order, "ready")
    assert answer.status_code == 403
    assert "cross-origin" in answer.text
    assert await moves_of(server, order) == []


async def test_signed_out_visitor_is_led_to_the_door_and_back(server: VenueServer) -> None:
    async with browser(server, "unknown") as stranger:
        page = await stranger.get(f"{PAD}?station=Grill")
        assert page.url.path == "/staff/sign-in"
        assert page.url.params["next"] == f"{PAD}?station=Grill"
        assert (await stranger.post(f"{PAD}/orders", data={})).status_code == 401


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"do": "flying"}, 422),
        ({"do": "cancel:nobody"}, 422),
        ({"do": "part:ready:Nowhere"}, 422),
        ({"do": "point:none"}, 404),
        ({"do": "ready", "if_seq": "x"}, 422),
        ({"do": "ready", "if_seq": "9" * 30}, 422),
        ({"do": "ready", "surprise": "1"}, 422),
        ({"do": ["ready", "held"]}, 400),
        ({"do": "ready", "note": "x" * 501}, 422),
        ({"do": "ready", "note": "a\0b"}, 422),
        ({"note": "no button"}, 422),
    ],
)
async def test_odd_forms_change_nothing(
    server: VenueServer, anna: httpx2.AsyncClient, data: dict[str, Any], status: int
) -> None:
    order = await server.place()
    answer = await anna.post(f"{PAD}/orders/{order.id}", data=data)
    assert answer.status_code == status
    assert await moves_of(server, order) == []


async def test_bodies_that_are_no_forms_are_refused(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    path = f"{PAD}/orders/{(await server.place()).id}"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await anna.post(path, json={"do": "ready"})).status_code == 415
    assert (await anna.post(path, content=b"do=%ff", headers=form)).status_code == 400
    assert (await anna.post(path, content=b"\xff", headers=form)).status_code == 400
    assert (await anna.post(path, content=b"x" * 70_000, headers=form)).status_code == 413


async def test_unknown_orders_and_venues_are_not_found(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    gone = await server.place()
    await server.http.delete(f"/api/v1/venues/main/orders/{gone.id}")
    assert (await press(anna, gone, "ready")).status_code == 404
    anna.headers["X-Live"] = "1"
    assert (await anna.post("/staff/nowhere/bulk", data={"do": "bump"})).status_code == 404
    for path in ("/staff/nowhere", "/staff/nowhere/finished", f"{PAD}/orders/{gone.id}"):
        assert (await anna.get(path)).status_code == 404


async def test_bar_of_a_deleted_order_says_so(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    for query in ("late=0123", "undo=nonsense", f"undo={'0' * 24}.1", "undo=" + "x" * 5000):
        assert (await anna.get(f"{PAD}?{query}")).status_code == 200
    assert "no longer here" in (await anna.get(f"{PAD}?late=0123")).text
