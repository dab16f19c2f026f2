"""The same frames over WebSocket."""

import asyncio
import json
from functools import partial
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.commands.people import add_user, sign_in
from app.domain.people import Role, Scope
from tests.venue_server import VenueServer

pytestmark = pytest.mark.usefixtures("path")

EVENTS = "/api/v1/venues/main/ws"


def address(server: VenueServer, path: str) -> str:
    return f"ws://127.0.0.1:{server.port}{path}"


async def hear(socket: ClientConnection) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), 10))
    return told


async def test_a_viewer_gets_the_state_then_every_change(server: VenueServer) -> None:
    async with connect(address(server, "/b/main/ws")) as socket:
        assert (await hear(socket))["event"] == "hello"
        order = await server.place(first_name="Ada")
        told = await hear(socket)
    assert (told["event"], told["id"]) == ("order", "main.1.1")
    assert told["data"]["card"]["key"] == order.key


async def test_a_ping_is_answered(server: VenueServer) -> None:
    async with connect(address(server, "/b/main/ws")) as socket:
        await asyncio.wait_for(await socket.ping(), 10)


async def test_what_viewers_say_is_ignored(server: VenueServer) -> None:
    async with connect(address(server, "/b/main/ws")) as socket:
        await hear(socket)
        await socket.send("hello?")
        await socket.send(b"\x00\xff")
        await server.place(first_name="Ada")
        assert (await hear(socket))["event"] == "order"


async def test_a_position_brings_what_was_missed(server: VenueServer) -> None:
    await server.place(first_name="Ada")
    await server.place(first_name="Bo")
    async with connect(address(server, "/b/main/ws?after=main.1.1")) as socket:
        assert (await hear(socket))["id"] == "main.1.2"


async def test_the_event_socket_takes_a_key_in_the_address(server: VenueServer) -> None:
    async with connect(address(server, f"{EVENTS}?key={server.key}&kind=status")) as socket:
        assert (await hear(socket))["event"] == "hello"
        order = await server.place(first_name="Ada")
        await server.move(order.id, "ready")
        assert (await hear(socket))["event"] == "status"


@pytest.mark.parametrize(("key", "status"), [("", 401), ("rb_wrong", 401)])
async def test_without_a_good_key_there_is_no_event_socket(
    server: VenueServer, key: str, status: int
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(address(server, f"{EVENTS}?key={key}"))
    assert refused.value.response.status_code == status
    assert json.loads(refused.value.response.body or b"")["type"] == "unauthorized"


async def test_a_key_for_boards_only_opens_no_event_socket(server: VenueServer) -> None:
    key = await server.make_key(Scope.BOARD_READ)
    with pytest.raises(InvalidStatus) as refused:
        await connect(address(server, f"{EVENTS}?key={key}"))
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    ("origin", "opens"), [("http://127.0.0.1:{port}", True), ("https://evil.example", False)]
)
async def test_a_signed_in_browser_opens_it_only_from_our_own_pages(
    server: VenueServer, origin: str, opens: bool
) -> None:
    await server.store.write(partial(add_user, name="Sam", role=Role.VIEWER, password_hash="h"))
    session = await server.store.write(partial(sign_in, name="Sam", checked_hash="h", fits=True))
    headers = {"Cookie": f"rb_session={session.secret}", "Origin": origin.format(port=server.port)}
    if opens:
        async with connect(address(server, EVENTS), additional_headers=headers) as socket:
            assert (await hear(socket))["event"] == "hello"
    else:
        with pytest.raises(InvalidStatus) as refused:
            await connect(address(server, EVENTS), additional_headers=headers)
        assert json.loads(refused.value.response.body or b"")["type"] == "cross-origin"


async def test_a_long_message_closes_it(server: VenueServer) -> None:
    async with connect(address(server, "/b/main/ws")) as socket:
        await hear(socket)
        await socket.send("x" * 100_000)
        await asyncio.wait_for(socket.wait_closed(), 10)
        assert socket.close_code == 1009


async def test_the_header_wins_over_the_address(server: VenueServer) -> None:
    await server.place(first_name="Ada")
    await server.place(first_name="Bo")
    path, last = address(server, "/b/main/ws?after=main.1.0"), {"Last-Event-ID": "main.1.1"}
    async with connect(path, additional_headers=last) as socket:
        assert (await hear(socket))["id"] == "main.1.2"


async def test_an_unknown_venue_has_no_socket(server: VenueServer) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(address(server, "/b/nowhere/ws"))
    assert refused.value.response.status_code == 404


async def test_a_stopping_server_says_so_and_closes(server: VenueServer) -> None:
    async with connect(address(server, "/b/main/ws")) as socket:
        await hear(socket)
        await server.stop()
        told = await hear(socket)
        with pytest.raises(ConnectionClosed):
            await hear(socket)
        assert socket.close_code == 1012
    assert told["data"]["code"] == "restarting"
    assert 200 <= told["data"]["retry"] <= 2000
    await server.start()
