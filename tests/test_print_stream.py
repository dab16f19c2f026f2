"""The print stream of our own: what a print agent needs, with replay."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

from app.commands.printing import close_day, open_drawer
from app.domain.menu import CashRegister
from app.domain.orders import LineItem, Status, new_id
from app.domain.people import Role, Scope
from app.domain.times import utc_now
from tests.clock import Clock
from tests.staff_browser import PAD, browser, session_of
from tests.venue_server import TILL, VenueServer, serving
from tests.wire import Feed, read_blocks

PRINTS = "/api/v1/venues/main/events?kind=print"


def line(station: str = "") -> LineItem:
    return LineItem(id=new_id(utc_now()), name="Soup", station=station)


async def test_a_confirmed_order_is_printed_once(server: VenueServer) -> None:
    async with Feed(server, PRINTS) as feed:
        assert (await feed.next()).event == "hello"
        order = await server.place(first_name="Ada", status=Status.PLACED)
        for status in ("queued", "preparing", "ready", "cancelled"):
            await server.move(order.id, status)
        told = [await feed.next(), await feed.next()]
    assert [(one.event, one.data["what"]) for one in told] == [
        ("print", "order"),
        ("print", "cancelled"),
    ]
    assert told[0].data["order"]["first_name"] == "Ada"


async def test_reprints_and_drawers_come_with_what_to_print(server: VenueServer) -> None:
    item = LineItem(id=new_id(utc_now()), name="Soup")
    order = await server.place(items=(item,))
    path = f"/api/v1/venues/main/orders/{order.id}/reprint"
    async with Feed(server, PRINTS) as feed:
        await feed.next()
        answer = await server.http.post(path, json={"items": [item.id], "receipt": True})
        assert (answer.status_code, answer.json()["id"]) == (200, order.id)
        told = (await feed.next()).data
        assert (told["what"], told["items"], told["receipt"]) == ("reprint", [item.id], True)
        register = CashRegister(id="r1", venue="", name="Front", printer="p1")
        drawer = partial(open_drawer, venue="main", register=register, actor=TILL)
        await server.store.write(drawer)
        told = (await feed.next()).data
        assert (told["what"], told["register"], told["printer"]) == ("drawer", "r1", "p1")


async def test_an_agent_that_was_away_is_given_what_it_missed(server: VenueServer) -> None:
    async with Feed(server, PRINTS) as feed:
        position = (await feed.next()).id
    order = await server.place(first_name="Ada")
    await server.move(order.id, "ready")
    await server.http.delete(f"/api/v1/venues/main/orders/{order.id}")
    await server.stop()
    await server.start()
    async with Feed(server, PRINTS, last=position) as feed:
        told = [await feed.next(), await feed.next()]
    assert [one.data["what"] for one in told] == ["order", "cancelled"]
    async with server.client() as client:
        headers = {"Authorization": f"Bearer {server.key}"}
        text = (await client.get(f"{PRINTS}&poll=1&after={position}", headers=headers)).text
    assert text.count("event: print") == 2


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422), ({"items": []}, 422), ({"items": ["nothing"]}, 422),
        ({"items": "x"}, 422), ({"receipt": "yes"}, 422), ({"receipt": True}, 200),
    ],
)  # fmt: skip
async def test_a_reprint_says_what(server: VenueServer, body: dict[str, Any], status: int) -> None:
    order = await server.place(first_name="Ada")
    path = f"/api/v1/venues/main/orders/{order.id}/reprint"
    assert (await server.http.post(path, json=body)).status_code == status


async def test_a_reprint_of_nothing_is_not_found(server: VenueServer) -> None:
    path = "/api/v1/venues/main/orders/nothing/reprint"
    assert (await server.http.post(path, json={"receipt": True})).status_code == 404


async def whats(server: VenueServer, query: str = "") -> list[str]:
    """What the print stream says from the venue's first event on."""
    path = f"{PRINTS}&poll=1&after=main.1.0&wait=0{query}"
    told = read_blocks((await server.http.get(path)).content)
    assert {block.event for block in told} <= {"", "print"}
    return [block.data["what"] for block in told if block.event]


async def test_an_order_is_printed_when_it_is_accepted_and_at_no_other_time(
    tmp_path: Path, clock: Clock
) -> None:
    # Time stands still: an order accepted and moved within one millisecond prints once as well.
    server = VenueServer(tmp_path, clock=clock)
    await server.start()
    for first, rest in (
        ("queued", ["preparing", "queued", "ready", "collected", "ready"]),
        ("placed", ["ready", "placed", "queued"]),
        ("ready", ["collected"]),
        ("scheduled", ["placed", "queued"]),
    ):
        order = await server.place(status=Status(first), items=(line("Bar"), line("Grill")))
        for status in rest:
            await server.move(order.id, status)
    assert await whats(server) == ["order"] * 4
    parts = await server.place(status=Status.PLACED, items=(line("Bar"), line("Grill")))
    await server.move(parts.id, "preparing", part="Bar")
    await server.move(parts.id, "preparing", part="Grill")
    assert await whats(server) == ["order"] * 5
    never = await server.place(status=Status.PLACED)
    await server.move(never.id, "cancelled")
    await server.http.delete(f"/api/v1/venues/main/orders/{never.id}")
    assert await whats(server) == ["order"] * 5
    await server.move(parts.id, "cancelled")
    await server.http.delete(f"/api/v1/venues/main/orders/{parts.id}")
    assert await whats(server) == ["order"] * 5 + ["cancelled"]
    await server.stop()


async def test_filters_leave_what_is_to_print_of_those_orders(server: VenueServer) -> None:
    bar = await server.place(items=(line("Bar"),))
    await server.place(items=(line("Grill"),))
    body = {"items": [bar.items[0].id]}
    await server.http.post(f"/api/v1/venues/main/orders/{bar.id}/reprint", json=body)
    register = CashRegister(id="r1", venue="", name="Front")
    drawer = partial(open_drawer, venue="main", register=register, actor=TILL)
    await server.store.write(drawer)
    assert await whats(server) == ["order", "order", "reprint", "drawer"]
    assert await whats(server, "&kind=print") == ["order", "order", "reprint", "drawer"]
    assert await whats(server, "&station=Bar") == ["order", "reprint"]
    assert await whats(server, f"&order={bar.id}") == ["order", "reprint"]
    assert await whats(server, f"&order={bar.id}&station=Grill") == []


async def test_a_closure_is_printed_with_its_report(server: VenueServer) -> None:
    report = {"cashRegister": None, "report": {"totalOrders": 3}}
    closed = partial(close_day, venue="main", body=report, actor=TILL)
    await server.store.write(closed)
    async with Feed(server, PRINTS, last="main.1.0") as feed:
        told = await feed.next()
    assert (told.id, told.event) == ("main.1.1", "print")
    assert told.data == {"seq": 1, "at": told.data["at"], "what": "closure"} | report


async def test_the_websocket_says_the_same(server: VenueServer) -> None:
    url = f"ws://127.0.0.1:{server.port}/api/v1/venues/main/ws?kind=print&key={server.key}"
    async with connect(url) as socket:
        assert json.loads(await socket.recv())["event"] == "hello"
        await server.place(items=(line("Bar"),))
        told = json.loads(await socket.recv())
    assert (told["event"], told["id"], told["data"]["what"]) == ("print", "main.1.1", "order")
    assert told["data"]["order"]["items"][0]["station"] == "Bar"


async def test_its_heart_beats_and_has_no_id(tmp_path: Path) -> None:
    async with serving(tmp_path, beat_seconds=0.05) as server, Feed(server, PRINTS) as feed:
        assert (await feed.until("beat")).id is None


async def test_what_a_dialect_keeps_to_itself_is_on_no_stream(server: VenueServer) -> None:
    order = await server.place(items=(line("Bar"),), extras={"eatsa": {"unlock": "s3cret"}})
    body = {"receipt": True}
    await server.http.post(f"/api/v1/venues/main/orders/{order.id}/reprint", json=body)
    for query in ("kind=print", "kind=print&kind=placed", ""):
        path = f"/api/v1/venues/main/events?poll=1&after=main.1.0&{query}"
        text = (await server.http.get(path)).text
        assert text.count("event: print") >= 1
        assert "s3cret" not in text
        assert order.key not in text


async def test_reading_needs_one_scope_and_reprinting_the_other(server: VenueServer) -> None:
    order = await server.place(items=(line("Bar"),))
    path = f"/api/v1/venues/main/orders/{order.id}/reprint"
    async with server.client(await server.make_key(Scope.ORDERS_READ)) as reader:
        assert (await reader.post(path, json={"receipt": True})).status_code == 403
        assert (await reader.get(f"{PRINTS}&poll=1")).status_code == 200
    async with server.client(await server.make_key(Scope.ORDERS_WRITE)) as writer:
        assert (await writer.post(path, json={"receipt": True})).status_code == 200
        assert (await writer.get(f"{PRINTS}&poll=1")).status_code == 403
    async with server.client() as nobody:
        assert (await nobody.get(f"{PRINTS}&poll=1")).status_code == 401


@pytest.mark.parametrize(
    ("lines", "receipt", "said"),
    [(1, False, "1 line"), (2, True, "2 lines and the receipt"), (0, True, "the receipt")],
)
async def test_staff_read_who_had_what_printed_again(
    server: VenueServer, lines: int, receipt: bool, said: str
) -> None:
    order = await server.place(items=(line("Bar"), line("Grill")))
    body = {"items": [item.id for item in order.items[:lines]], "receipt": receipt}
    await server.http.post(f"/api/v1/venues/main/orders/{order.id}/reprint", json=body)
    async with browser(server, await session_of(server, "Anna", Role.STAFF)) as anna:
        page = await anna.get(f"{PAD}/orders/{order.id}")
    assert f"<b>Test (API key)</b> had printed again: {said}" in page.text
