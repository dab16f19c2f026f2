"""Anonymise leaves counts and times, no names: not in the orders, the log, or the file itself."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from app.commands.anonymise import Anonymised, anonymise
from app.commands.guests import add_address, add_customer, known_customer
from app.commands.status import Move, change_status
from app.domain.anonymity import anonymous
from app.domain.orders import LineItem, Order, Status, new_id
from app.domain.problems import Unavailable
from app.store import guests, idempotency, orders
from app.store.database import Done, Transaction
from app.store.idempotency import Asked
from app.store.overwriting import overwrite_old_copies
from app.store.sqlite import FILE_NAME
from tests.kitchen import COOK, Kitchen
from tests.venue_server import VenueServer
from tests.wire import Feed

POISON = (
    "Xerxes", "Quagmire", "Zoltan", "quagmire@example.com", "555-0199-4417", "Smith wedding",
    "nut allergy, blue jacket", "Happy birthday Ottilie", "Hohenzollern Lane 7", "unlock-8844",
    "called twice, angry", "Wilhelmina",
)  # fmt: skip
SECRETS = {
    "name": "Xerxes Q.",
    "first_name": "Zoltan",
    "last_name": "Quagmire",
    "table": "Smith wedding",
    "note": "nut allergy, blue jacket",
    "phone": "555-0199-4417",
    "email": "quagmire@example.com",
    "channel": "Web",
    "tags": ("tastyigniter.customer:1", "mysagra.discounted"),
}


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob(f"{FILE_NAME}*")))


@pytest.fixture
async def eaten(kitchen: Kitchen) -> Order:
    """A collected order that has everything personal an order can have."""
    item = LineItem(
        id=new_id(kitchen.clock()),
        name="Burger",
        quantity=2,
        notes="Happy birthday Ottilie",
        customer_name="Wilhelmina",
    )
    venue = await kitchen.venue()

    def records(tx: Transaction) -> Done[int]:
        customer = known_customer(
            tx,
            venue.id,
            first_name="Zoltan",
            last_name="Quagmire",
            email="quagmire@example.com",
            telephone="555-0199-4417",
        )
        made = add_address(tx, venue.id, customer.serial, {"address_1": "Hohenzollern Lane 7"})
        return Done(made.serial)

    address = await kitchen.store.write(records)
    extras = {
        "tastyigniter": {"customer_id": 1, "address_id": address, "ip_address": "203.0.113.77"},
        "eatsa": {"unlock_code": "unlock-8844"},
        "mysagra": {"customer": "Zoltan Quagmire", "discount": "1.50", "paymentMethod": "CASH"},
    }
    order = await kitchen.place(**SECRETS, items=(item,), total=None, extras=extras)
    kitchen.clock.forward(minutes=9)
    order = await kitchen.move(order, "ready", note="called twice, angry")
    kitchen.clock.forward(minutes=3)
    return await kitchen.move(order, "collected")


async def run(kitchen: Kitchen, **more: object) -> Anonymised:
    options = {"before": kitchen.clock() + timedelta(days=1)} | more
    return await kitchen.store.write(
        partial(anonymise, venue="main", actor=COOK, **options)  # type: ignore[arg-type]
    )


async def test_no_name_remains_anywhere_in_the_file(
    kitchen: Kitchen, eaten: Order, tmp_path: Path
) -> None:
    for words in POISON:
        assert words.casefold().encode() in everything(tmp_path).lower(), words
    done = await run(kitchen)
    assert (done.orders, done.events, done.guests, done.left) == (1, 3, 1, 0)
    await kitchen.store.on_writer(overwrite_old_copies)
    left = everything(tmp_path).lower()
    for words in (*POISON, "203.0.113.77"):
        assert words.casefold().encode() not in left, words


async def test_counts_times_amounts_and_numbers_stay(kitchen: Kitchen, eaten: Order) -> None:
    before = await kitchen.history(eaten)
    await run(kitchen)
    order, after = await kitchen.order(eaten), await kitchen.history(eaten)
    assert order == anonymous(eaten)
    kept = ("number", "seq", "status", "placed_at", "ready_at", "collected_at", "amount", "channel")
    for name in kept:
        assert getattr(order, name) == getattr(eaten, name)
    assert [line.name for line in order.items] == ["Burger"]
    assert order.tags == ("mysagra.discounted",)
    assert order.extras == {"mysagra": {"discount": "1.50", "paymentMethod": "CASH"}}
    told = [(event.seq, event.kind, event.at, event.actor, event.dialect) for event in before]
    assert [(e.seq, e.kind, e.at, e.actor, e.dialect) for e in after] == told
    assert after[1].detail["from"] == "queued"


async def test_open_orders_keep_their_names(kitchen: Kitchen, eaten: Order) -> None:
    waiting = await kitchen.place(first_name="Ada", tags=("tastyigniter.customer:1",))
    done = await run(kitchen)
    assert (done.orders, done.guests) == (1, 0)
    assert (await kitchen.order(waiting)).first_name == "Ada"
    venue = await kitchen.venue()
    guest = await kitchen.store.read(partial(guests.customer, venue=venue.id, serial=1))
    assert guest is not None
    assert guest.first_name == "Zoltan"


async def test_only_orders_of_that_time_are_touched(kitchen: Kitchen, eaten: Order) -> None:
    kitchen.clock.forward(days=2)
    later = await kitchen.move(await kitchen.place(first_name="Ada"), "collected")
    done = await run(kitchen, before=kitchen.clock() - timedelta(days=1))
    assert done.orders == 1
    assert (await kitchen.order(later)).first_name == "Ada"
    done = await run(kitchen, since=kitchen.clock() + timedelta(hours=1))
    assert done.orders == 0
    assert (await run(kitchen)).orders == 1


async def test_nothing_is_done_twice_and_no_seq_is_used(kitchen: Kitchen, eaten: Order) -> None:
    await run(kitchen)
    seq = (await kitchen.venue()).seq
    assert await run(kitchen) == Anonymised()
    assert (await kitchen.venue()).seq == seq


async def test_an_order_that_came_back_is_done_again(kitchen: Kitchen, eaten: Order) -> None:
    await run(kitchen)
    order = await kitchen.recall(eaten)
    assert order.first_name == ""
    await kitchen.edit(order, first_name="Zoltan")
    await kitchen.move(order, "collected")
    assert (await run(kitchen)).orders == 1
    assert (await kitchen.order(order)).first_name == ""


async def test_deleted_orders_are_forgotten_in_the_log_too(
    kitchen: Kitchen, eaten: Order, tmp_path: Path
) -> None:
    await kitchen.delete(eaten)
    done = await run(kitchen)
    assert (done.orders, done.events) == (1, 4)
    await kitchen.store.on_writer(overwrite_old_copies)
    assert b"nut allergy" not in everything(tmp_path)
    assert await run(kitchen) == Anonymised()


async def test_many_are_done_in_rounds(kitchen: Kitchen) -> None:
    for number in range(5):
        await kitchen.move(await kitchen.place(first_name=f"Guest {number}"), "collected")
    rounds = [await run(kitchen, at_once=2) for _ in range(3)]
    assert [(one.orders, one.left) for one in rounds] == [(2, 3), (2, 1), (1, 0)]


async def test_a_guest_who_acted_is_not_named_in_the_log(kitchen: Kitchen) -> None:
    venue = await kitchen.venue()
    guest = await kitchen.store.write(
        partial(
            add_customer,
            venue=venue.id,
            first_name="Zoltan",
            last_name="Quagmire",
            email="quagmire@example.com",
            password_hash="none",
        )
    )
    order = await kitchen.place(first_name="Zoltan", tags=("tastyigniter.customer:1",))
    actor = replace(COOK, id=guest.user, name="quagmire@example.com")
    move = Move(status=Status.CANCELLED)
    change = partial(change_status, venue="main", order=order.id, move=move, actor=actor)
    await kitchen.store.write(change)
    done = await run(kitchen)
    assert done.guests == 0  # an account of one's own is kept
    [_, cancelled] = await kitchen.history(order)
    assert (cancelled.actor.name, cancelled.actor.id) == ("Guest", None)


def answered(tx: Transaction, *, asked: Asked, text: str) -> Done[None]:
    idempotency.keep(tx, asked, 200, text)
    return Done(None)


async def test_kept_answers_to_repeated_requests_go(kitchen: Kitchen, eaten: Order) -> None:
    asked = Asked(
        venue="main", credential="key:a", method="POST", path="/x", key="1", fingerprint="f"
    )

    for key, answer in (("1", f'{{"id":"{eaten.id}","name":"Zoltan"}}'), ("2", '{"id":"other"}')):
        await kitchen.store.write(partial(answered, asked=replace(asked, key=key), text=answer))
    since = kitchen.clock() - timedelta(hours=1)
    await run(kitchen, since=since, before=kitchen.clock())
    left = await kitchen.store.read(lambda tx: tx.all("SELECT key FROM idempotency_keys"))
    assert [row["key"] for row in left] == ["2"]


async def test_an_open_screen_starts_afresh_without_the_name(server: VenueServer) -> None:
    order = await server.place(first_name="Zoltan", last_name="Quagmire")
    async with Feed(server) as board, Feed(server, "/api/v1/venues/main/events") as log:
        assert "Zoltan Q." in str((await board.until("hello")).data)
        await log.until("hello")
        await server.move(order.id, "ready")
        await server.move(order.id, "cancelled")
        assert (await board.until("order")).data["card"]["name"] == "Zoltan Q."
        before = server.house.clock() + timedelta(days=1)
        change = partial(anonymise, venue="main", before=before, actor=COOK)
        await server.store.write(change)
        fresh = await board.until("hello")
        assert fresh.data["cards"]
        assert "Zoltan" not in str(fresh.data)
        seq = (await log.until("hello")).data["seq"]
    async with Feed(server, f"/api/v1/venues/main/events?after={seq - 2}") as late:
        assert "Zoltan" not in str((await late.next()).data)
    async with Feed(server, "/b/main/feed") as again:
        assert "Zoltan" not in str((await again.until("hello")).data)


async def test_a_search_for_the_guest_finds_nothing(kitchen: Kitchen, eaten: Order) -> None:
    venue = await kitchen.venue()
    wanted = orders.Search(text="quagmire")
    assert await kitchen.store.read(lambda tx: orders.count(tx, venue.id, wanted)) == 1
    await run(kitchen)
    assert await kitchen.store.read(lambda tx: orders.count(tx, venue.id, wanted)) == 0
    wanted = orders.Search(text="burger")
    assert await kitchen.store.read(lambda tx: orders.count(tx, venue.id, wanted)) == 1


async def test_a_file_that_cannot_be_rewritten_is_told(tmp_path: Path) -> None:
    file = tmp_path / "busy.db"
    with closing(sqlite3.connect(file)) as one, closing(sqlite3.connect(file, timeout=0)) as other:
        one.execute("CREATE TABLE t (a TEXT)")
        one.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="Do it once more"):
            overwrite_old_copies(other)
        one.execute("ROLLBACK")
        overwrite_old_copies(other)
