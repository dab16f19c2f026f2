"""A client that was away: what it missed comes whole, before anything live, to the byte as it was;
and whatever it reads of the socket ends where a frame ends."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from functools import partial

from app.commands.keys import revoke_key
from app.dialects.mysagra.channels import CHANNELS
from app.domain.orders import LineItem, new_id
from app.domain.times import utc_now
from tests.dialects.doors import connect, credential
from tests.dialects.mysagra.listening import PATIENCE, Ears, Heard, Listener
from tests.dialects.mysagra.stall import OVEN, PIZZA, REGISTER, WINE, Stall
from tests.venue_server import VenueServer

CASH = {"paymentMethod": "CASH"}


async def evening(stall: Stall) -> str:
    """Something of every kind, by MySagra's own clients and by other doors; the last order."""
    till, server = stall.till, stall.server
    pending = await stall.order(PIZZA, WINE)
    path = f"/v1/orders/{pending['id']}"
    await till.post(f"{path}/confirm", json=CASH | {"discount": 1.5})
    await till.patch(f"{path}/stations/{OVEN}", json={"status": "COMPLETED"})
    await till.post(f"{path}/reprint", json={"reprintReceipt": True})
    await stall.patch(pending, "PICKED_UP")
    await till.post(f"/v1/cash-registers/{REGISTER}/open-drawer")
    await till.patch("/v1/printers/cprinter01", json={"status": "ERROR"})
    await till.patch(f"/v1/foods/{PIZZA}", json={"available": False})
    await till.patch("/v1/categories/ccategory1", json={"available": False})
    await stall.patch(await stall.confirmed(PIZZA), "CANCELLED")
    other = await server.place(first_name="Ada", status="ready")
    await server.http.delete(f"/api/v1/venues/main/orders/{other.id}")
    await till.post("/v1/reports/general-closure", json={})
    return str((await stall.confirmed(PIZZA))["id"])


async def up_to(feed: Listener, order: str) -> list[Heard]:
    found = [await feed.next()]
    while found[-1].data.get("id") != order:
        found.append(await feed.next())
    return found


async def test_every_channel_is_given_what_it_missed_as_it_was(stall: Stall) -> None:
    server = stall.server
    async with Ears(server) as ears:
        await stall.order()  # where all of them were when they left
        await stall.confirmed()
        first = {name: await ears.on[name].named("confirmed-order") for name in CHANNELS}
        last = await evening(stall)
        live = {name: await up_to(ears.on[name], last) for name in CHANNELS}
    key = await credential(server, "mysagra-printer")
    await server.stop()
    await server.start()
    for again in range(2):  # out of the log, then out of the ring
        for name in CHANNELS:
            async with Listener(server, name, key, last=first[name].id) as feed:
                assert await feed.read() == b": keep-alive\n\n"
                missed = await up_to(feed, last)
                assert (again, name, [one.raw for one in missed]) == (
                    again, name, [one.raw for one in live[name]],
                )  # fmt: skip
                # Nothing twice, and then live.
                await server.place(first_name="Eve")
                assert (await feed.next()).event == "confirmed-order"
    events = {one.event for told in live.values() for one in told}
    assert events == {
        "new-order", "confirmed-order", "order-status-update", "order-station-status-update",
        "order-cancelled", "reprint-order", "open-drawer", "general-closure",
        "food-availability-changed", "category-availability-changed", "printer-status-changed",
    }  # fmt: skip
    names = {one.event for one in live["printer"]}
    assert names == {
        "confirmed-order", "order-cancelled", "reprint-order", "open-drawer", "general-closure",
    }  # fmt: skip


async def test_a_restart_of_the_server_goes_on_counting(server: VenueServer) -> None:
    await connect(server, "mysagra")
    key = await credential(server, "mysagra-printer")
    ids: list[int] = []
    for _ in range(3):
        async with Listener(server, "ticket", key) as feed:
            await feed.read()
            await server.place(first_name="Ada")
            ids.append(int((await feed.next()).id or ""))
        await server.stop()
        await server.start()
    assert ids == sorted(set(ids))
    assert min(ids) > 10**10  # of the venue's first epoch; a restored copy begins a higher one


def raw_reader(server: VenueServer, channel: str, key: str, last: str) -> socket.socket:
    """A client whose system hands it little at a time."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", server.port))
    client.setblocking(False)
    head = f"GET /mysagra/events/{channel} HTTP/1.1\r\nHost: x\r\nX-API-KEY: {key}\r\n"
    client.sendall(f"{head}Last-Event-ID: {last}\r\n\r\n".encode())
    return client


async def test_what_a_slow_reader_reads_is_every_frame_once_and_in_order(
    server: VenueServer,
) -> None:
    await connect(server, "mysagra")
    key = await credential(server, "mysagra-printer")
    many = tuple(LineItem(id=new_id(utc_now()), name="x" * 150) for _ in range(25))
    placed = [await server.place(first_name="First")]
    client, loop = raw_reader(server, "printer", key, str(10**10 + placed[0].seq)), None
    loop = asyncio.get_running_loop()
    placed = [await server.place(items=many) for _ in range(60)]
    text = b""
    async with asyncio.timeout(PATIENCE):
        while f"c{placed[-1].id}".encode() not in text or not text.endswith(b"\n\n\r\n"):
            text += await loop.sock_recv(client, 1000)
            assert max(server.unsent_bytes()) <= 16_384
    client.close()
    ids = [line[4:] for line in text.split(b"\n") if line.startswith(b"id: ")]
    assert ids == [b"%d" % (10**10 + order.seq) for order in placed]
    chunks = chunks_of(text.partition(b"\r\n\r\n")[2])
    assert all(chunk.endswith(b"\n\n") and b"\r" not in chunk for chunk in chunks)
    assert max(map(len, chunks)) <= 16_000


def chunks_of(body: bytes) -> list[bytes]:
    """The pieces of a chunked body."""
    found = []
    while body:
        size, _, rest = body.partition(b"\r\n")
        found.append(rest[: int(size, 16)])
        body = rest[int(size, 16) + 2 :]
    return found


async def test_each_read_of_the_socket_ends_on_a_blank_line(server: VenueServer) -> None:
    await connect(server, "mysagra")
    key = await credential(server, "mysagra-printer")
    items = tuple(LineItem(id=new_id(utc_now()), name="Sòup 🍲") for _ in range(30))
    client = raw_reader(server, "printer", key, "")
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**20)
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(PATIENCE):
        head = await loop.sock_recv(client, 65536)
        while b": keep-alive\n\n" not in head:  # the head and the first comment may come apart
            head += await loop.sock_recv(client, 65536)
        for number in range(20):
            order = await server.place(first_name=f"Guest {number}", items=items)
            read = await loop.sock_recv(client, 65536)
            assert read.endswith(b"\n\n\r\n")
            assert f'"id":"c{order.id}"'.encode() in read
            assert read.count(b"event: ") == 1
    client.close()


async def nothing(_: VenueServer, __: str) -> None:
    """Bad from the start."""


async def revoke(server: VenueServer, _: str) -> None:
    await server.store.write(partial(revoke_key, key="Test mysagra-printer"))


async def test_who_may_not_follow_is_told_so_and_no_stream_opens(server: VenueServer) -> None:
    await connect(server, "mysagra")
    good = await credential(server, "mysagra-printer")
    web = await credential(server, "mysagra-web")
    table: list[tuple[str, str, int, Callable[[VenueServer, str], Awaitable[None]]]] = [
        ("printer", "", 401, nothing),
        ("printer", "rubbish", 400, nothing),
        ("printer", "ms_pt_" + "x" * 43, 401, nothing),
        ("printer", web, 403, nothing),
        ("kitchen", good, 400, nothing),
        ("Printer", good, 400, nothing),
        ("kitchen", web, 403, nothing),  # who it is comes before what is asked
        ("display", good, 403, revoke),
    ]
    for channel, key, status, first in table:
        await first(server, key)
        async with Listener(server, channel, key) as feed:
            assert (channel, key, feed.status) == (channel, key, status)
            assert feed.head["content-type"].startswith("application/json")
    assert server.house.hub.viewer_count == 0


async def test_head_opens_no_stream(server: VenueServer) -> None:
    await connect(server, "mysagra")
    key = await credential(server, "mysagra-printer")
    for channel in CHANNELS:
        answer = await server.http.head(f"/mysagra/events/{channel}", headers={"X-API-KEY": key})
        assert (answer.status_code, answer.content) == (200, b"")
