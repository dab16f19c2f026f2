"""A guest's ticket over HTTP: what it says, to whom, for how long, and what it can be told."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from app.commands.venues import add_venue
from app.domain.events import Kind
from app.domain.orders import CancelledBy, Fulfilment, Status
from app.domain.people import Role
from app.domain.tickets import STATES, State, fits, order_in, token_of
from app.store import events
from app.web.ticket_desk import PRESSES_PER_MINUTE
from app.web.ticket_words import LANGUAGES, words_of
from app.web.tickets import TicketAnswer
from tests.browser.wall import set_board
from tests.clock import Clock
from tests.guest import NEVER, POISON, path, poisoned_line, token
from tests.staff_browser import browser, in_column, now, session_of
from tests.venue_server import VenueServer
from tests.wire import Feed, read_blocks

API = "/api/v1/venues/main/orders"


@pytest.fixture
async def guest(server: VenueServer) -> AsyncIterator[httpx2.AsyncClient]:
    """A phone: no key, no cookie."""
    async with server.client() as client:
        yield client


async def told(guest: httpx2.AsyncClient, at: str) -> dict[str, Any]:
    answer = await guest.get(f"{at}.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    TicketAnswer.model_validate(found)
    ticket: dict[str, Any] = found["ticket"]
    return ticket


# ---- links ---------------------------------------------------------------------------------------


def test_a_link_leads_back_to_its_order_and_to_no_other() -> None:
    key, order, other = bytes(32), "0123456789abcdef01234567", "0123456789abcdef01234568"
    made = token_of(key, "venue", order)
    assert re.fullmatch(r"[A-Za-z0-9_-]{38}", made)
    assert order_in(made) == order
    assert fits(made, key, "venue", order)
    assert not fits(made, key, "venue", other)
    assert not fits(made, key, "elsewhere", order)
    assert not fits(made, b"1" * 32, "venue", order)


@pytest.mark.parametrize("garbage", ["", "x", "a" * 37, "a" * 39, "ü" * 38, "a" * 37 + "=", "\n"])
def test_garbage_is_no_link(garbage: str) -> None:
    assert order_in(garbage) is None


async def test_forged_and_mangled_links_get_one_and_the_same_answer(
    server: VenueServer, guest: httpx2.AsyncClient
) -> None:
    order = await server.place(name="Zoe")
    good = token(server, order)
    raw = bytearray(urlsafe_b64decode(good + "=="))
    forged = []
    for index in (0, 11, 12, 27):
        changed = raw.copy()
        changed[index] ^= 1
        forged.append(urlsafe_b64encode(changed).decode().rstrip("="))
    # The last character has spare bits: another spelling of the same bytes is no link either.
    respelled = good[:-1] + chr(ord(good[-1]) + 1)
    forged += [
        respelled,
        order.id,
        good + "x",
        "nothing",
        token_of(bytes(32), order.venue, order.id),
    ]
    for one in forged:
        page, data = await guest.get(f"/o/{one}"), await guest.get(f"/o/{one}.json")
        assert (page.status_code, data.status_code) == (404, 404)
        assert "This ticket has ended or the link is not whole" in page.text
        assert page.text == (await guest.get("/o/another")).text
        assert data.json()["type"] == "ticket-not-found"
        for rest in ("/feed", "/ticket.css"):
            assert (await guest.get(f"/o/{one}{rest}")).status_code == 404
        assert (await guest.post(f"/o/{one}/here")).status_code == 404
    assert (await guest.get(f"/o/{good}")).status_code == 200


async def test_an_order_of_another_venue_has_a_link_of_its_own(
    server: VenueServer, guest: httpx2.AsyncClient
) -> None:
    await server.store.write(partial(add_venue, slug="bar", name="The Bar", settings={}))
    order = await server.place("bar", number="77")
    assert (await told(guest, path(server, order)))["number"] == "77"
    elsewhere = token_of(server.house.tickets.key, "main", order.id)
    assert (await guest.get(f"/o/{elsewhere}")).status_code == 404


async def test_links_outlive_a_restart(server: VenueServer) -> None:
    order = await server.place()
    before = path(server, order)
    await server.stop()
    await server.start()
    assert path(server, order) == before
    assert (await server.http.get(before)).status_code == 200


async def test_a_link_ends_an_hour_after_collection(tmp_path: Path) -> None:
    clock = Clock()
    server = VenueServer(tmp_path, clock)
    await server.start()
    try:
        order = await server.place(status=Status.READY)
        at = path(server, order)
        clock.forward(hours=20)
        assert (await server.http.get(at)).status_code == 200
        await server.move(order.id, Status.COLLECTED)
        clock.forward(minutes=59)
        thanks = await server.http.get(at)
        assert (thanks.status_code, "Thank you" in thanks.text) == (200, True)
        assert (await server.http.get(f"{API}/{order.id}/ticket")).status_code == 200
        clock.forward(minutes=1)
        assert (await server.http.get(at)).status_code == 404
        assert (await server.http.get(f"{at}/feed?poll=1&wait=0")).status_code == 404
        gone = await server.http.get(f"{API}/{order.id}/ticket")
        assert (gone.status_code, gone.json()["type"]) == (404, "ticket-not-found")
    finally:
        await server.stop()


async def test_a_deleted_order_has_no_ticket(
    server: VenueServer, guest: httpx2.AsyncClient
) -> None:
    order = await server.place()
    await server.http.delete(f"{API}/{order.id}")
    assert (await guest.get(path(server, order))).status_code == 404


# ---- what it says --------------------------------------------------------------------------------


def test_every_status_has_a_state() -> None:
    assert STATES.keys() == set(Status)


@pytest.mark.parametrize("status", Status)
async def test_nothing_private_is_on_any_surface_in_any_state(
    server: VenueServer, guest: httpx2.AsyncClient, status: Status
) -> None:
    point = {"name": "Window 2"}
    await server.http.post("/api/v1/venues/main/pickup-points", json=point)
    await set_board(server, blocked_words=("unused",))
    order = await server.place(**POISON, items=(poisoned_line(),), total=Decimal("17.50"))
    at = path(server, order)
    async with Feed(server, f"{at}/feed") as feed:
        await feed.until("hello")
        await server.move(order.id, status, note="Poisonreason")
        await server.http.patch(f"{API}/{order.id}", json={"note": "Poisonnote 2"})
        await feed.until("ticket")
        said = b"".join(feed.pieces).decode()
    for rest in ("", ".json", "/feed?poll=1&wait=0", "?lang=de", "/ticket.css"):
        answer = await guest.get(at + rest)
        assert answer.status_code == 200
        said += answer.text
    said = said.replace(token(server, order), "").casefold()
    assert [word for word in (*NEVER, order.id, order.key) if word in said] == []
    assert "zoe p." in said


async def test_the_ticket_calls_its_guest_as_the_board_does(
    server: VenueServer, guest: httpx2.AsyncClient
) -> None:
    order = await server.place(number="41", first_name="Zoe", last_name="Quint")
    at = path(server, order)

    async def called() -> tuple[str | None, str | None]:
        ticket = await told(guest, at)
        return ticket["number"], ticket["name"]

    assert await called() == ("41", "Zoe Q.")
    await set_board(server, names="initials")
    assert await called() == ("41", "Z. Q.")
    await set_board(server, shows="number")
    assert await called() == ("41", None)
    await set_board(server, shows="alias")
    number, alias = await called()
    assert (number, bool(alias)) == (None, True)
    assert str(alias) in (await server.http.get("/b/main.txt")).text
    await set_board(server, shows="both", names="initial", blocked_words=("zoe",))
    assert await called() == ("41", None)
    assert "Zoe" not in (await guest.get(at)).text


@pytest.mark.parametrize(
    ("status", "by", "state"),
    [
        (Status.PLACED, None, State.RECEIVED),
        (Status.QUEUED, None, State.PREPARING),
        (Status.READY, None, State.READY),
        (Status.HELD, None, State.HOST),
        (Status.OUT_FOR_DELIVERY, None, State.AWAY),
        (Status.CANCELLED, CancelledBy.CUSTOMER, State.CANCELLED),
        (Status.CANCELLED, CancelledBy.ATTENDANT, State.HOST),
    ],
)
async def test_page_says_the_state_in_words_and_without_scripts(
    server: VenueServer,
    guest: httpx2.AsyncClient,
    status: Status,
    by: CancelledBy | None,
    state: State,
) -> None:
    order = await server.place(number="41", status=status, cancelled_by=by)
    page = await guest.get(path(server, order))
    words = words_of("en")
    assert f'<body class="{state}"' in page.text
    assert f'<p id="word">{words[state]}</p>' in page.text
    assert f"{words[state]} · 41" in page.text.split("</title>")[0]
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in page.headers


async def test_the_place_is_told_while_ready_only(
    server: VenueServer, guest: httpx2.AsyncClient
) -> None:
    await server.http.post("/api/v1/venues/main/pickup-points", json={"name": "Window <2>"})
    order = await server.place(status=Status.READY)
    at = path(server, order)
    assert (await told(guest, at))["place"] == "Window <2>"
    assert "Window &lt;2&gt;" in (await guest.get(at)).text
    await server.move(order.id, Status.PREPARING)
    assert (await told(guest, at))["place"] == ""


async def test_what_people_type_is_text(server: VenueServer, guest: httpx2.AsyncClient) -> None:
    order = await server.place(name="<script>alert(1)</script>\"'")
    assert "<script>alert" not in (await guest.get(path(server, order))).text


# ---- streams -------------------------------------------------------------------------------------


async def test_a_stream_tells_of_its_own_order_only(server: VenueServer) -> None:
    mine, other = await server.place(number="41"), await server.place(number="42")
    async with Feed(server, path(server, mine) + "/feed") as feed:
        hello = await feed.until("hello")
        assert hello.data.keys() == {"v", "build", "seq", "at"}
        for _ in range(3):
            await server.move(other.id, Status.READY)
            await server.move(other.id, Status.PREPARING)
        moved = await server.move(mine.id, Status.READY)
        frame = await feed.next()
    assert (frame.event, frame.data["seq"]) == ("ticket", moved.seq)
    assert (frame.data["ticket"]["number"], frame.data["ticket"]["state"]) == ("41", "ready")


async def test_a_stream_goes_on_from_where_the_page_was_drawn(
    server: VenueServer, guest: httpx2.AsyncClient
) -> None:
    mine, other = await server.place(number="41"), await server.place(number="42")
    at = path(server, mine)
    position = (await guest.get(f"{at}.json")).json()["position"]
    await server.move(other.id, Status.READY)
    await server.move(mine.id, Status.READY)
    missed = read_blocks((await guest.get(f"{at}/feed?poll=1&wait=0&after={position}")).content)
    assert [(frame.event, frame.data["ticket"]["state"]) for frame in missed if frame.event] == [
        ("ticket", "ready")
    ]


async def test_the_same_over_websocket(server: VenueServer) -> None:
    mine, other = await server.place(number="41"), await server.place(number="42")
    base = server.url.replace("http", "ws")
    async with connect(f"{base}{path(server, mine)}/ws") as socket:
        assert json.loads(await socket.recv())["event"] == "hello"
        await server.move(other.id, Status.READY)
        await server.move(mine.id, Status.READY)
        frame = json.loads(await socket.recv())
    assert frame["data"]["ticket"]["number"] == "41"
    with pytest.raises(InvalidStatus, match="404"):
        await connect(f"{base}/o/{'a' * 38}/ws")


async def test_a_changed_board_gives_every_page_a_reason_to_look_again(
    server: VenueServer,
) -> None:
    order = await server.place(number="41", name="Zoe")
    async with Feed(server, path(server, order) + "/feed") as feed:
        await feed.until("hello")
        await set_board(server, shows="number")
        await feed.until("hello")
        await server.move(order.id, Status.READY)
        assert (await feed.until("ticket")).data["ticket"]["name"] is None


async def test_a_deleted_order_is_gone_from_its_stream(server: VenueServer) -> None:
    order = await server.place()
    async with Feed(server, path(server, order) + "/feed") as feed:
        await feed.until("hello")
        await server.http.delete(f"{API}/{order.id}")
        assert (await feed.next()).event == "gone"


# ---- "I'm here" ----------------------------------------------------------------------------------


async def test_one_who_is_held_comes_to_the_counter(
    server: VenueServer, guest: httpx2.AsyncClient
) -> None:
    order = await server.place(status=Status.HELD)
    at = path(server, order)
    pressed = await guest.post(f"{at}/here")
    assert (pressed.status_code, pressed.headers["location"]) == (303, at)
    moved = await now(server, order)
    assert (moved.status, moved.customer_here) == (Status.RESERVING, True)
    assert (await told(guest, at))["here"]


async def test_staff_see_that_a_guest_is_here_and_pressing_twice_is_one_event(
    server: VenueServer, guest: httpx2.AsyncClient
) -> None:
    order = await server.place(name="Zoe")
    at = path(server, order)
    for _ in range(2):
        assert (await guest.post(f"{at}/here")).status_code == 303
    history = await server.store.read(lambda db: events.history(db, order.venue, order.id))
    assert [event.kind for event in history] == [Kind.PLACED, Kind.EDITED]
    assert history[1].actor.kind == "guest"
    async with browser(server, await session_of(server, "Anna", Role.STAFF)) as staff:
        assert "Customer is here" in in_column((await staff.get("/staff/main")).text, "progress")
        detail = (await staff.get(f"/staff/main/orders/{order.id}")).text
        assert "says: I’m here" in detail
        await server.move(order.id, Status.READY)
        # Who waits at the counter still does so when the food is done.
        assert "Customer is here" in in_column((await staff.get("/staff/main")).text, "ready")


@pytest.mark.parametrize(
    "fields",
    [
        {"status": Status.COLLECTED},
        {"status": Status.CANCELLED},
        {"status": Status.OUT_FOR_DELIVERY},
        {"fulfilment": Fulfilment.DELIVERY},
    ],
)
async def test_nobody_can_come_for_what_is_over_or_away(
    server: VenueServer, guest: httpx2.AsyncClient, fields: dict[str, Any]
) -> None:
    order = await server.place(**fields)
    assert not (await told(guest, path(server, order)))["may_arrive"]
    assert (await guest.post(path(server, order) + "/here")).status_code == 303
    assert (await now(server, order)).seq == order.seq


async def test_pressing_without_end_is_answered_calmly(
    server: VenueServer, guest: httpx2.AsyncClient
) -> None:
    order = await server.place()
    at = path(server, order)
    codes = [(await guest.post(f"{at}/here?lang=it")).status_code for _ in range(20)]
    assert codes == [303] * PRESSES_PER_MINUTE + [429] * (20 - PRESSES_PER_MINUTE)
    assert "Un momento" in (await guest.post(f"{at}/here?lang=it")).text


# ---- languages ----------------------------------------------------------------------------------


async def test_a_page_is_in_the_language_asked_for(
    server: VenueServer, guest: httpx2.AsyncClient
) -> None:
    await set_board(server, language="es")
    at = path(server, await server.place(status=Status.READY))
    asked = {"": "es", "?lang=de": "de", "?lang=%3Cb%3E": "es"}
    for query, language in asked.items():
        page = (await guest.get(at + query, headers={"Accept-Language": "ja"})).text
        assert f'<html lang="{language}">' in page
        assert LANGUAGES[language]["ready_text"] in page
    french = (await guest.get(at, headers={"Accept-Language": "fr-CA"})).text
    assert '<html lang="fr">' in french
    assert 'action="' in french
