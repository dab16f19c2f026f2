"""The print stream of our own: what a print agent needs, with replay."""

from functools import partial
from typing import Any

import pytest

from app.commands.printing import open_drawer
from app.domain.menu import CashRegister
from app.domain.orders import LineItem, Status, new_id
from app.domain.times import utc_now
from tests.venue_server import TILL, VenueServer
from tests.wire import Feed

PRINTS = "/api/v1/venues/main/events?kind=print"


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
