"""Handing over by code on the staff pages, as a browser with its scripts switched off sees it."""

import re
from collections.abc import AsyncIterator

import httpx2
import pytest

from app.domain.orders import Order, Status
from app.domain.people import Role
from tests.staff_browser import PAD, browser, now, press, session_of
from tests.venue_server import VenueServer

SECRET = "Kq7secret"
CODE = {"eatsa": {"unlock_code": SECRET}}


@pytest.fixture
async def anna(server: VenueServer) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser(server, await session_of(server, "Anna", Role.STAFF)) as client:
        yield client


async def locked(server: VenueServer) -> Order:
    order = await server.place(name="Zoe", extras=CODE)
    return await server.move(order.id, "ready")


async def tell(
    client: httpx2.AsyncClient, order: Order, code: str, do: str = "collected"
) -> httpx2.Response:
    """Fill in the form that asks for the code."""
    data = {"do": do, "if_seq": str(order.seq), "code": code}
    return await client.post(f"{PAD}/orders/{order.id}", data=data)


async def test_collected_asks_for_the_code_first(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await locked(server)
    assert ">Asks for code<" in (await anna.get(PAD)).text
    page = await press(anna, order, "collected")
    assert page.url.path == f"{PAD}/orders/{order.id}/hand-over"
    assert "Hand over #1 Zoe" in page.text
    assert (await now(server, order)).status == Status.READY


async def test_the_right_code_is_a_confirmed_pick_up(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await locked(server)
    page = await tell(anna, order, SECRET.lower())
    assert "Anna moved #1 Zoe to Collected" in page.text
    assert (await now(server, order)).pickup_confirmed
    history = (await anna.get(f"{PAD}/orders/{order.id}")).text
    assert "<b>Anna</b> Ready → Collected, with the guest’s code" in history


async def test_a_wrong_code_is_told_and_counted(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await locked(server)
    page = await tell(anna, order, "1234")
    assert "1 wrong try so far" in page.text
    page = await tell(anna, await now(server, order), "4321")
    assert "2 wrong tries so far" in page.text
    assert (await now(server, order)).status == Status.READY
    history = (await anna.get(f"{PAD}/orders/{order.id}")).text
    assert history.count("<b>Anna</b> tried a wrong code") == 2


async def test_handing_over_without_the_code_stands_in_the_history(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await locked(server)
    await tell(anna, order, "", do="collected:anyway")
    assert (await now(server, order)).pickup_confirmed is False
    history = (await anna.get(f"{PAD}/orders/{order.id}")).text
    assert "<b>Anna</b> Ready → Collected, without the guest’s code" in history


async def test_setting_the_status_by_hand_asks_too(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await locked(server)
    page = await press(anna, order, "collected", query="?back=order")
    assert page.url.params["back"] == "order"
    assert (await now(server, order)).status == Status.READY


async def test_many_at_once_leave_those_with_a_code(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await locked(server)
    plain = await server.move((await server.place()).id, "ready")
    pairs = [f"{one.id}.{one.seq}" for one in (order, plain)]
    page = (await anna.post(f"{PAD}/bulk", data={"do": "bump", "order": pairs})).text
    assert "Anna moved #2 to Collected" in page
    assert "1 order asks for its code" in page
    page = (await anna.post(f"{PAD}/bulk", data={"do": "bump", "order": pairs[:1]})).text
    assert "Nothing was moved. 1 order asks for its code" in page
    assert (await now(server, order)).status == Status.READY


async def test_who_tries_meanwhile_is_named(server: VenueServer, anna: httpx2.AsyncClient) -> None:
    order = await locked(server)
    async with browser(server, await session_of(server, "Ben", Role.STAFF)) as ben:
        await tell(ben, order, "1234")
    page = await tell(anna, order, SECRET)
    assert "Changed by Ben meanwhile" in page.text


async def test_an_order_without_a_code_has_no_such_page(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await server.place()
    page = await anna.get(f"{PAD}/orders/{order.id}/hand-over")
    assert page.url.path == f"{PAD}/orders/{order.id}"
    assert (await anna.get(f"{PAD}/orders/{'0' * 24}/hand-over")).status_code == 404
    assert (await anna.get(f"/staff/nowhere/orders/{order.id}/hand-over")).status_code == 404


async def test_the_code_stands_on_no_page(server: VenueServer, anna: httpx2.AsyncClient) -> None:
    order = await locked(server)
    anna.headers["X-Live"] = "1"
    pages = [await press(anna, order, "collected"), await tell(anna, order, "1234")]
    assert all(re.match(r"\s*<form", page.text) for page in pages)
    del anna.headers["X-Live"]
    for path in ("", "/pad", f"/orders/{order.id}", f"/orders/{order.id}/hand-over", "/finished"):
        pages.append(await anna.get(PAD + path))
    for path in ("/b/main", "/b/main.json", "/b/main.txt"):
        pages.append(await anna.get(path))
    assert [page.url.path for page in pages if SECRET in page.text] == []
    assert {page.status_code for page in pages} == {200}


async def test_nobody_may_guess_from_outside(server: VenueServer) -> None:
    order = await locked(server)
    async with browser(server, await session_of(server, "Vic", Role.VIEWER)) as viewer:
        assert (await tell(viewer, order, SECRET)).status_code == 403
        page = await viewer.get(f"{PAD}/orders/{order.id}/hand-over")
        assert page.status_code == 403
