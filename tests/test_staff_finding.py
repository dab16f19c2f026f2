"""What a scanner reads leads to the order, with and without scripts."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from app.codes import display_code
from app.domain.orders import Order
from app.domain.people import Role
from app.domain.tickets import token_of
from tests.staff_browser import PAD, browser, session_of
from tests.venue_server import VenueServer


@pytest.fixture
async def anna(server: VenueServer) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser(server, await session_of(server, "Anna", Role.STAFF)) as client:
        client.follow_redirects = False
        yield client


async def led_to(client: httpx2.AsyncClient, code: str) -> str:
    answer = await client.get(f"{PAD}/find", params={"code": code})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def on_pad(order: Order) -> str:
    return f"{PAD}#order-{order.id}"


async def test_a_guests_ticket_leads_to_the_card(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await server.place()
    token = token_of(b"k" * 32, order.venue, order.id)
    for code in (f"https://board.example/sub/o/{token}", f"http://10.0.0.5:8080/o/{token}?from=qr"):
        assert await led_to(anna, code) == on_pad(order)


async def test_number_id_ref_and_short_code_lead_there_too(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await server.place(ref="till 7/93", number="41")
    short = display_code(order.serial)
    for code in ("41", "#41", " 41 ", order.id, "till 7/93", short, f"{PAD}/orders/{order.id}"):
        assert await led_to(anna, code) == on_pad(order)


async def test_a_number_given_again_means_the_live_order(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    first = await server.move((await server.place(number="41")).id, "collected")
    assert await led_to(anna, "41") == f"{PAD}/orders/{first.id}"
    second = await server.place(number="41")
    assert await led_to(anna, "41") == on_pad(second)


async def test_the_card_can_be_jumped_to(server: VenueServer, anna: httpx2.AsyncClient) -> None:
    order = await server.place()
    assert f'id="order-{order.id}"' in (await anna.get(PAD)).text


@pytest.mark.parametrize("code", ["999", "", "  ", "<b>", "0" * 24, "x" * 900, "http://[", "é\x00"])
async def test_what_names_no_order_is_said_plainly(
    server: VenueServer, anna: httpx2.AsyncClient, code: str
) -> None:
    await server.place()
    answer = await anna.get(f"{PAD}/find", params={"code": code})
    assert answer.status_code == 404
    assert "Nothing found for" in answer.text
    assert "<b>" not in answer.text.split('id="detail"')[1].split("</p>")[0]


async def test_another_venues_order_is_not_found(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    await server.http.post("/api/v1/venues", json={"slug": "other", "name": "Other"})
    order = await server.place(venue="other")
    answer = await anna.get(f"{PAD}/find", params={"code": order.id})
    assert answer.status_code == 404


async def test_the_script_is_told_which_order_it_is(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await server.place()
    answer = await anna.get(f"{PAD}/find", params={"code": "1"}, headers={"X-Live": "1"})
    assert answer.text.strip().startswith(f'<p class="found" data-id="{order.id}">')
