"""A revoked key, a disabled user and a signed-out session lose their running streams at once."""

import asyncio
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from websockets.asyncio.client import connect

from app.commands.keys import revoke_key
from app.commands.people import SignedIn, add_user, disable_user, sign_in, sign_out
from app.domain.people import Role, Scope
from tests.venue_server import VenueServer
from tests.wire import Feed

pytestmark = pytest.mark.usefixtures("path")

EVENTS = "/api/v1/venues/main/events"


async def key_id(server: VenueServer, secret: str) -> str:
    caller = await server.house.auth._caller_of_key(secret)
    return caller.credential.removeprefix("key:")


async def test_a_revoked_key_ends_its_stream_and_opens_no_other(server: VenueServer) -> None:
    secret = await server.make_key(Scope.ORDERS_READ)
    key = await key_id(server, secret)
    async with Feed(server, f"{EVENTS}?key={secret}") as theirs, Feed(server, EVENTS) as ours:
        await theirs.until("hello")
        await server.store.write(partial(revoke_key, key=key))
        ended = await theirs.rest()
        await server.place(first_name="Ada")
        assert (await ours.until("placed")).data["seq"] == 1
    assert ended[-1].data["code"] == "ended"
    async with server.client(secret) as client:
        assert (await client.get(EVENTS + "?poll=1")).status_code == 401


async def test_a_key_revoked_by_another_process_ends_its_stream(server: VenueServer) -> None:
    secret = await server.make_key(Scope.ORDERS_READ)
    key = await key_id(server, secret)
    async with connect(
        f"ws://127.0.0.1:{server.port}/api/v1/venues/main/ws?key={secret}"
    ) as socket:
        await socket.recv()
        command = ("-m", "app", "key", "revoke", key, "--data", str(server.folder))
        child = await asyncio.create_subprocess_exec(sys.executable, *command)
        assert await child.wait() == 0
        await asyncio.wait_for(socket.wait_closed(), 2)
        assert socket.close_code == 1008


async def test_a_board_that_becomes_paired_ends_the_streams_of_strangers(
    server: VenueServer,
) -> None:
    secret = await server.make_key(Scope.BOARD_READ)
    board = "/api/v1/venues/main/board"
    await server.http.patch(board, json={"access": "paired"})
    async with Feed(server, f"/b/main/feed?key={secret}") as screen:
        await screen.until("hello")
        await server.http.patch(board, json={"access": "open"})
        async with Feed(server) as stranger:
            await stranger.until("hello")
            await server.http.patch(board, json={"access": "paired", "title": "Members"})
            ended = await stranger.rest()
        await screen.until("hello")
        assert (await screen.until("hello")).data["board"]["title"] == "Members"
        assert [told.data.get("code") for told in ended] == ["ended"]
        await server.store.write(partial(revoke_key, key=await key_id(server, secret)))
        assert (await screen.rest())[-1].data["code"] == "ended"


async def signed_in(server: VenueServer) -> SignedIn:
    await server.store.write(partial(add_user, name="Sam", role=Role.STAFF, password_hash="hash"))
    return await server.store.write(partial(sign_in, name="Sam", checked_hash="hash", fits=True))


async def end_of_stream(server: VenueServer, secret: str, ends: Callable[[], Any]) -> bytes:
    """Follow the event stream as a signed-in browser, do something that should end it, and
    answer the last words."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    cookie = f"Cookie: rb_session={secret}"
    writer.write(f"GET {EVENTS} HTTP/1.1\r\nHost: x\r\n{cookie}\r\n\r\n".encode())
    await asyncio.wait_for(reader.readuntil(b"event: hello"), 10)
    await ends()
    last = await asyncio.wait_for(reader.readuntil(b"0\r\n\r\n"), 2)
    writer.close()
    return last


async def test_signing_out_ends_the_stream(server: VenueServer) -> None:
    sam = await signed_in(server)
    leave = partial(sign_out, session=sam.session.id)
    last = await end_of_stream(server, sam.secret, lambda: server.store.write(leave))
    assert b'"code":"ended"' in last


async def test_disabling_a_user_ends_their_stream(server: VenueServer) -> None:
    sam = await signed_in(server)
    disable = partial(disable_user, user=sam.user.id)
    last = await end_of_stream(server, sam.secret, lambda: server.store.write(disable))
    assert b'"code":"ended"' in last
