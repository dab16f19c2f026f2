"""MySagra's channels to the byte: framing, which event goes where, and its exact members."""

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.commands.keys import revoke_key
from app.commands.menu import save_thing, set_printer_status
from app.commands.printing import close_day, open_drawer, reprint
from app.dialects.mysagra.channels import MOST_AT_ONCE
from app.domain.menu import CashRegister, Category, MenuItem, Printer, PrinterStatus
from app.domain.orders import LineItem, Order, Status, new_id
from app.domain.times import utc_now
from tests.dialects.doors import connect, credential
from tests.dialects.mysagra.listening import (
    FULL,
    ITEM,
    PAPER,
    SHORT,
    STATION,
    STATUS,
    Ears,
    Listener,
)
from tests.venue_server import TILL, VenueServer, serving

# What a step of another door says: channel -> (event, members). Steps are statuses to move to.
SAID: dict[str, dict[str, list[tuple[str, set[str]]]]] = {
    "placed": {"cashier": [("new-order", FULL)]},
    "queued": {
        "cashier": [("confirmed-order", SHORT)],
        "display": [("confirmed-order", SHORT | {"ordersStations"})],
        "printer": [("confirmed-order", FULL)],
        "ticket": [("confirmed-order", FULL)],
    },
    "preparing": {},  # reads as CONFIRMED still
    "ready": {name: [("order-status-update", STATUS)] for name in ("cashier", "display", "ticket")},
    "held": {},
    "collected": {
        name: [("order-status-update", STATUS)] for name in ("cashier", "display", "ticket")
    },
    "cancelled": {
        "cashier": [("order-cancelled", STATUS)],
        "display": [("order-cancelled", STATUS)],
        "printer": [("order-cancelled", PAPER)],
        "ticket": [("order-cancelled", STATUS)],
    },
}


def line(name: str = "Soup", **more: Any) -> LineItem:
    return LineItem(id=new_id(utc_now()), name=name, **more)


async def test_the_answer_and_the_first_comment(server: VenueServer) -> None:
    await connect(server, "mysagra")
    key = await credential(server, "mysagra-printer")
    async with Listener(server, "printer", key) as feed:
        assert feed.status == 200
        assert feed.head["content-type"] == "text/event-stream"
        assert feed.head["cache-control"] == "no-cache"
        assert feed.head["connection"] == "keep-alive"
        assert feed.head["x-accel-buffering"] == "no"
        assert "content-encoding" not in feed.head
        assert await feed.read() == b": keep-alive\n\n"


async def test_comments_keep_the_line_open(tmp_path: Path) -> None:
    async with serving(tmp_path, beat_seconds=0.05) as server:
        await connect(server, "mysagra")
        key = await credential(server, "mysagra-printer")
        async with Listener(server, "cashier", key) as feed:
            while feed.comments < 4:
                assert set((await feed.read()).split(b"\n\n")) == {b": keep-alive", b""}


async def test_each_step_of_another_door_is_told_where_it_belongs(server: VenueServer) -> None:
    async with Ears(server) as ears:
        order = await server.place(
            first_name="Mario", last_name="Rossi", status=Status.PLACED, items=(line(),)
        )
        await ears.hear(SAID["placed"])
        for status in ("queued", "preparing", "ready", "held", "collected", "cancelled"):
            await server.move(order.id, status)
            heard = await ears.hear(SAID[status])
            for told in (one for events in heard.values() for one in events):
                assert told.data.get("status") in (None, "CONFIRMED", _word(status))
        await ears.nothing_more()


def _word(status: str) -> str:
    return {"ready": "COMPLETED", "collected": "PICKED_UP", "cancelled": "CANCELLED"}.get(
        status, "CONFIRMED"
    )


async def test_an_order_made_ready_at_once_is_confirmed_and_then_completed(
    server: VenueServer,
) -> None:
    async with Ears(server) as ears:
        await server.place(first_name="Ada", status=Status.READY)
        both = [("confirmed-order", SHORT), ("order-status-update", STATUS)]
        heard = (await ears.hear({"cashier": both}))["cashier"]
        assert heard[0].id is None  # only the last of two carries the id
        assert heard[1].id is not None
        assert ears.on["cashier"].reads[-1].count(b"event: ") == 2


async def test_a_pending_order_that_goes_is_not_spoken_of(server: VenueServer) -> None:
    async with Ears(server) as ears:
        for gone in ("cancelled", "deleted"):
            order = await server.place(first_name=gone, status=Status.PLACED)
            await ears.hear(SAID["placed"])
            if gone == "deleted":
                await server.http.delete(f"/api/v1/venues/main/orders/{order.id}")
            else:
                await server.move(order.id, "cancelled")
        await ears.nothing_more()


async def test_a_deleted_order_is_cancelled_once(server: VenueServer) -> None:
    async with Ears(server) as ears:
        order = await server.place(first_name="Ada")
        await ears.hear(SAID["queued"])
        await server.move(order.id, "cancelled")
        await ears.hear(SAID["cancelled"])
        await server.http.delete(f"/api/v1/venues/main/orders/{order.id}")
        await ears.nothing_more()


async def test_one_station_is_told_to_displays_and_kitchens_only(server: VenueServer) -> None:
    async with Ears(server) as ears:
        order = await server.place(items=(line(station="Bar"), line(station="Grill")))
        await ears.hear(SAID["queued"])
        await server.move(order.id, "ready", part="Bar")
        update = [("order-station-status-update", STATION)]
        heard = await ears.hear({"display": update, "ticket": update})
        assert heard["display"][0].data["status"] == "COMPLETED"
        await ears.nothing_more()


async def test_printers_get_whole_orders(server: VenueServer) -> None:
    menu: list[Any] = [
        Printer(id="c-printer-1", venue="", name="Bar"),
        Category(id="c-category-1", venue="", name="Drinks", printer="c-printer-1"),
        MenuItem(id="c-item-0001", venue="", name="Cola", category="c-category-1"),
    ]
    for thing in menu:
        await server.store.write(partial(save_thing, venue="main", thing=thing, actor=TILL))
    async with Ears(server) as ears:
        order = await server.place(
            items=(line("Cola", menu_item="c-item-0001", quantity=2), line("Extra"))
        )
        heard = (await ears.hear(SAID["queued"]))["printer"][0].data
        assert [set(item) for item in heard["orderItems"]] == [ITEM, ITEM]
        food = heard["orderItems"][0]["food"]
        assert food == {
            "id": "c-item-0001",
            "name": "Cola",
            "printerId": "c-printer-1",
            "category": {"id": "c-category-1", "name": "Drinks", "station": None},
        }
        assert heard["orderItems"][1]["food"]["id"] == f"c{order.items[1].id}"
        await server.move(order.id, "cancelled")
        gone = (await ears.hear(SAID["cancelled"]))["printer"][0].data
        assert gone["printers"] == ["c-printer-1"]


async def test_what_is_no_order_goes_to_one_channel(server: VenueServer) -> None:
    order = await server.place(items=(line(),))
    register = CashRegister(id="c-register", venue="", name="Front", printer=None)
    printer = Printer(id="c-printer-1", venue="", name="Bar", status=PrinterStatus.ONLINE)
    food = Category(id="c-category-1", venue="", name="Food")
    item = MenuItem(id="c-item-0001", venue="", name="Soup", category="c-category-1")
    steps: list[tuple[Any, str, str, set[str]]] = [
        (
            partial(reprint, order=order.id, items=[order.items[0].id], receipt=False),
            "printer", "reprint-order", FULL | {"reprintOrderItems", "reprintReceipt"},
        ),
        (partial(open_drawer, register=register), "printer", "open-drawer",
         {"cashRegisterId", "printerId"}),
        (partial(close_day, body={"cashRegister": None, "report": {}}), "printer",
         "general-closure", {"cashRegister", "report"}),
        (partial(set_printer_status, printer=printer, dialect="mysagra"), "cashier",
         "printer-status-changed", {"id", "status"}),
        (partial(save_thing, thing=replace(food, available=False)), "cashier",
         "category-availability-changed", {"id", "available"}),
        (partial(save_thing, thing=replace(item, available=False)), "cashier",
         "food-availability-changed", {"id", "available"}),
    ]  # fmt: skip
    for thing in (food, item):  # that a thing is new is no news to a till
        await server.store.write(partial(save_thing, venue="main", thing=thing, actor=TILL))
    async with Ears(server) as ears:
        for change, channel, event, members in steps:
            await server.store.write(partial(change, venue="main", actor=TILL))
            await ears.hear({channel: [(event, members)]})
        await ears.nothing_more()


async def test_ids_only_grow_and_bring_back_what_was_missed(server: VenueServer) -> None:
    await connect(server, "mysagra")
    key = await credential(server, "mysagra-printer")
    async with Listener(server, "printer", key) as feed:
        await feed.read()
        first = await server.place(first_name="One")
        seen = (await feed.next()).id
        await server.place(first_name="Two")
        await server.move(first.id, "cancelled")
        live = [await feed.next(), await feed.next()]
    await server.stop()
    await server.start()
    async with Listener(server, "printer", key, last=seen) as feed:
        again = [await feed.next(), await feed.next()]
        assert [one.raw for one in again] == [one.raw for one in live]
        await server.place(first_name="Three")
        ids = [int(str(one.id)) for one in (*again, await feed.next())]
    assert ids == sorted(ids)
    assert again[0].data["orderItems"] == []
    async with Listener(server, "display", key, last=seen) as feed:
        assert set((await feed.next()).data) == SHORT | {"ordersStations"}


@pytest.mark.parametrize(
    "last", ["rubbish", "", "-1", "99999999999999999999", "1.5", "70000000000"]
)
async def test_a_position_that_means_nothing_starts_live(server: VenueServer, last: str) -> None:
    await connect(server, "mysagra")
    key = await credential(server, "mysagra-printer")
    await server.place(first_name="Before")
    async with Listener(server, "printer", key, last=last) as feed:
        assert feed.status == 200
        await feed.read()
        await server.place(first_name="After", table="7")
        assert (await feed.next()).data["table"] == "7"


async def test_replay_is_written_in_pieces_of_whole_frames(server: VenueServer) -> None:
    await connect(server, "mysagra")
    key = await credential(server, "mysagra-printer")
    async with Listener(server, "printer", key) as feed:
        await feed.read()
        await server.place(first_name="First")
        seen = (await feed.next()).id
    names = [line("x" * 150) for _ in range(20)]
    many = [server.place(first_name=f"{i}", items=tuple(names)) for i in range(30)]
    await asyncio.gather(*many)
    async with Listener(server, "printer", key, last=seen) as feed:
        for _ in range(30):
            assert len((await feed.next()).data["orderItems"]) == 20
        sizes = [(len(read), read.count(b"event: ")) for read in feed.reads]
    assert all(size <= MOST_AT_ONCE or frames == 1 for size, frames in sizes)
    assert sum(size for size, _ in sizes) > 2 * MOST_AT_ONCE


async def test_a_slow_reader_never_has_two_writes_waiting(server: VenueServer) -> None:
    await connect(server, "mysagra")
    key = await credential(server, "mysagra-printer")
    big = tuple(line("y" * 180) for _ in range(40))
    async with Listener(server, "printer", key) as feed:
        await feed.read()
        placed: list[Order] = []
        while max(server.unsent_bytes()) == 0 and len(placed) < 2000:
            placed.append(await server.place(items=big))
        for _ in range(20):
            placed.append(await server.place(items=big))
        one = len(repr(placed[-1])) * 3
        assert 0 < max(server.unsent_bytes()) <= max(MOST_AT_ONCE, one)
        for _ in placed:
            await feed.named("confirmed-order")


async def test_a_revoked_key_ends_its_streams_and_a_web_key_gets_none(server: VenueServer) -> None:
    await connect(server, "mysagra")
    key = await credential(server, "mysagra-printer")
    async with Listener(server, "printer", key) as feed:
        await feed.read()
        await server.store.write(partial(revoke_key, key="Test mysagra-printer"))
        with pytest.raises(EOFError):
            await feed.read()
        assert feed.reads == [b": keep-alive\n\n"]
    async with Listener(server, "printer", key) as feed:
        assert feed.status == 403
    async with Listener(server, "printer", await credential(server, "mysagra-web")) as feed:
        assert feed.status == 403
    other = await credential(server, "mysagra-printer")
    async with Listener(server, "rubbish", other) as feed:
        assert feed.status == 400


async def test_a_stopping_server_just_closes(server: VenueServer) -> None:
    await connect(server, "mysagra")
    async with Listener(server, "display", await credential(server, "mysagra-printer")) as feed:
        await feed.read()
        await server.stop()
        with pytest.raises((EOFError, asyncio.IncompleteReadError)):
            await feed.read()
    await server.start()
