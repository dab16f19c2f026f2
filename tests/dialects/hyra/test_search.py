"""The list: every filter, pages, the history of one order, and counts of each actor."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.orders import LineItem, Status
from tests.clock import Clock
from tests.dialects.doors import connect, credential, door
from tests.dialects.hyra.conftest import Cafe
from tests.venue_server import VenueServer

ALL = "/players/orders/main"


@pytest.fixture
async def timed(tmp_path: Path, clock: Clock) -> AsyncIterator[Cafe]:
    """The clock stands at noon UTC of 2026-11-21, and the venue is in New York."""
    server = VenueServer(tmp_path, clock=clock)
    await server.start()
    await connect(server, "hyra")
    zone = await server.http.patch("/api/v1/venues/main", json={"time_zone": "America/New_York"})
    assert zone.status_code == 200
    key = await credential(server, "hyra")
    async with door(server, "hyra", authorization=f"Bearer {key}") as http:
        yield Cafe(server, http, key, "")
    await server.stop()


async def fill(cafe: Cafe, clock: Clock) -> dict[str, str]:
    """Orders by a letter each: a and b two days ago, c and d yesterday, e and f today."""
    ids = {}
    clock.forward(days=-2)
    ids["a"] = await cafe.log(
        customer=9, customer_name="Bob Ross", actor=7, actor_name="Ada",
        items=["Iced Latte", "Tea"], status="waiting_for_preparation",
    )  # fmt: skip
    await cafe.move(ids["a"], "preparing", preparer=31, preparer_name="Zoë")
    clock.forward(seconds=1)
    ids["b"] = await cafe.log(customer=77, customer_name="bobby", actor=2, items=["100% Juice_"])
    clock.forward(days=1, seconds=-1)
    ids["c"] = await cafe.log(customer=9, actor=8, actor_name="Adam Ross", items=["Tea"])
    await cafe.move(ids["c"], "preparing", preparer=4)
    await cafe.move(ids["c"], "finding_new_colleague")
    await cafe.move(ids["c"], "preparing", preparer=32, preparer_name="Yan")
    clock.forward(seconds=1)
    lines = (LineItem(id="c1", name="Latte", quantity=2), LineItem(id="c2", name="Cake"))
    placed = await cafe.server.place(first_name="Mario", last_name="Rossi", items=lines)
    ids["d"] = placed.id
    await cafe.server.move(placed.id, Status.READY)
    clock.forward(days=1, seconds=-1)
    ids["e"] = await cafe.log(customer=31, actor=7, actor_name="Ada", status="completed")
    await cafe.move(ids["e"], "cancelled")
    clock.forward(seconds=1)
    ids["f"] = await cafe.log(customer=1, actor=1, status="handed_to")
    return ids


FOUND: tuple[tuple[dict[str, Any], str], ...] = (
    ({}, "fedcba"),
    ({"username": "BOB"}, "ba"),
    ({"username": "ross"}, "da"),
    ({"username": "100%"}, ""),
    ({"user_id": 9}, "ca"),
    ({"user_id": "09"}, "ca"),
    ({"user_id": "Bob"}, ""),
    ({"user_id": 3}, ""),
    ({"item": "latte"}, "da"),
    ({"item": "100% juice_"}, "b"),
    ({"item": "100_"}, ""),
    ({"order_number": "1001"}, "a"),
    ({"order_number": 1004}, "d"),
    ({"order_number": "1"}, ""),
    ({"order_number": "abc"}, ""),
    ({"order_number": "9" * 30}, ""),
    ({"actor": 7}, "ea"),
    ({"actor": "ada"}, "eca"),
    ({"actor": "AD"}, "eca"),
    ({"actor": "kiosk"}, "b"),
    ({"actor": 1}, "f"),
    ({"actor": "Zoë"}, ""),
    ({"actor": "actor"}, ""),
    ({"actor": "hyra"}, ""),
    ({"preparer": 31}, "a"),
    ({"preparer": "zoë"}, "a"),
    ({"preparer": "ZOË"}, "a"),
    ({"preparer": "npc"}, "c"),  # whoever began it is found too
    ({"preparer": 32}, "c"),
    ({"preparer": "ada"}, ""),
    ({"status": "preparing"}, "ca"),
    ({"status": "waiting_for_pickup"}, "d"),
    ({"status": "cancelled, submitted"}, "eb"),
    ({"status": "handed_to"}, "f"),
    ({"status": ","}, ""),
    ({"date_from": "2026-11-20"}, "fedc"),
    ({"date_to": "2026-11-20"}, "dcba"),
    ({"date_from": "2026-11-20", "date_to": "2026-11-20"}, "dc"),
    ({"date_from": "yesterday", "date_to": "yesterday"}, "dc"),
    ({"date_from": "today"}, "fe"),
    ({"date_from": "2026-11-20T12:00:00Z"}, "fedc"),
    ({"date_from": "2026-11-20T07:00:00.001"}, "fed"),
    ({"date_to": "2026-11-20T12:00:00+00:00"}, "cba"),
    ({"date_to": "2026-11-20T06:59:59"}, "ba"),
    ({"search": "latte"}, "da"),
    ({"search": "ross"}, "dca"),
    ({"search": "1003"}, "c"),
    ({"search": "31"}, "ea"),
    ({"search": "kiosk"}, "b"),
    ({"search": "Waiting for pickup"}, "d"),
    ({"search": "handed_to"}, "f"),
    ({"search": "PREPARING"}, "ca"),
    ({"search": "2026-11-20"}, "dc"),
    ({"search": "Today"}, "fe"),
    ({"search": "2026-11-99"}, ""),
    ({"search": "nobody"}, ""),
    ({"search": "user"}, ""),
    ({"search": "preparer"}, ""),
    ({"search": "%"}, "b"),
    ({"search": "  ", "status": ""}, "fedcba"),
    ({"search": "tea", "user_id": 9, "status": "preparing", "actor": 8}, "c"),
    ({"page_size": 4}, "fedc"),
    ({"page_size": 4, "page": 2}, "ba"),
    ({"page_size": 4, "page": 3}, ""),
    ({"unknown": "x"}, "fedcba"),
)


async def test_every_filter_finds_what_it_should(timed: Cafe, clock: Clock) -> None:
    ids = await fill(timed, clock)
    letters = {order: letter for letter, order in ids.items()}
    for query, wanted in FOUND:
        page = await timed.list(**query)
        found = "".join(letters[row["id"]] for row in page["orders"])
        assert found == wanted, query
    for letter, order in ids.items():
        page = await timed.list(search=order.upper())
        assert [letters[row["id"]] for row in page["orders"]] == [letter]


async def test_pages_do_not_overlap_and_tell_how_many_there_are(cafe: Cafe) -> None:
    made = {await cafe.log() for _ in range(5)}
    pages = [await cafe.list(page=page, page_size=2) for page in (1, 2, 3, 4)]
    assert [len(page["orders"]) for page in pages] == [2, 2, 1, 0]
    assert {row["id"] for page in pages for row in page["orders"]} == made
    for number, page in enumerate(pages, 1):
        told = {name: page[name] for name in ("page", "page_size", "pages", "total")}
        assert told == {"page": number, "page_size": 2, "pages": 3, "total": 5}
    assert await cafe.list(item="x") == {
        "orders": [], "page": 1, "page_size": 50, "pages": 0, "total": 0,
    }  # fmt: skip


WRONG_QUERIES: tuple[tuple[dict[str, Any], str], ...] = (
    ({"status": "eaten"}, "Unknown status 'eaten'"),
    ({"status": "preparing,eaten"}, "Unknown status 'eaten'"),
    ({"date_from": "soon"}, "is no day and no time"),
    ({"date_to": "2026-13-01"}, "is no day and no time"),
    ({"date_to": "0001-01-01"}, "is no day and no time"),
    ({"date_to": "9999-12-31"}, "is no day and no time"),
    ({"date_from": "9999-12-31T23:59:59"}, "is no day and no time"),
    ({"page": 0}, "page: "),
    ({"page": "x"}, "page: "),
    ({"page": "9" * 5000}, "page: "),
    ({"page": 1_000_001}, "page: "),
    ({"page_size": 0}, "page_size: "),
    ({"page_size": 201}, "page_size: "),
    ({"search": "a" * 201}, "search: "),
    ({"item": "\x00"}, "item: "),
)


async def test_wrong_questions_are_refused(cafe: Cafe) -> None:
    for query, message in WRONG_QUERIES:
        answer = await cafe.http.get(ALL, params=query)
        assert answer.status_code == 400, query
        assert message in answer.json()["message"]
    counts = await cafe.http.get(ALL + "/actors", params={"date_to": "soon"})
    assert (counts.status_code, counts.json()["error"]) == (400, "Bad Request")


async def test_a_row_tells_contents_cashier_and_times(timed: Cafe, clock: Clock) -> None:
    ids = await fill(timed, clock)
    rows = {row["id"]: row for row in (await timed.list())["orders"]}
    assert rows[ids["a"]] == {
        "_id": ids["a"],
        "id": ids["a"],
        "order_number": "1001",
        "status": "preparing",
        "status_label": "Preparing",
        "items": ["Iced Latte", "Tea"],
        "customer": {"exists": True, "id": 9, "username": "Bob Ross", "display_name": "Bob Ross"},
        "actor": {"exists": True, "id": 7, "username": "Ada", "display_name": "Ada"},
        "preparer": {"exists": True, "id": 31, "username": "Zoë", "display_name": "Zoë"},
        "createdAt": "2026-11-19T12:00:00.000Z",
        "updatedAt": "2026-11-19T12:00:00.000Z",
    }
    other = rows[ids["d"]]
    assert other["items"] == ["2 × Latte", "Cake"]
    assert other["order_number"] == "1004"
    guest = {"exists": False, "id": None, "username": "Mario R.", "display_name": "Mario R."}
    nobody = {"exists": False, "id": None, "username": "", "display_name": ""}
    assert (other["customer"], other["actor"], other["preparer"]) == (guest, nobody, None)


async def test_the_history_tells_every_change_with_time_actor_and_preparer(
    timed: Cafe, clock: Clock
) -> None:
    order = await timed.log(actor=3, items=["Tea"], status="waiting_for_preparation")
    for word, more in (
        ("preparing", {"preparer": 31, "preparer_name": "Zoë"}),
        ("preparing", {"preparer": 31, "preparer_name": "Zoë"}),  # the same again
        ("preparing", {"preparer": 32, "preparer_name": "Yan"}),  # handed over
        ("finding_new_colleague", {}),
        ("finding_new_colleague", {}),
    ):
        clock.forward(minutes=1)
        await timed.move(order, word, **more)
    clock.forward(minutes=1)
    await timed.server.move(order, Status.READY)
    clock.forward(minutes=1)
    await timed.server.move(order, Status.HELD)
    clock.forward(minutes=1)
    await timed.server.http.patch(f"/api/v1/venues/main/orders/{order}", json={"note": "x"})
    await timed.move(order, "completed")
    told = [
        (
            step["status"],
            step["createdAt"][11:19],
            step["actor"]["display_name"],
            step["preparer"] and step["preparer"]["id"],
        )
        for step in (await timed.show(order))["history"]
    ]
    assert told == [
        ("waiting_for_preparation", "12:00:00", "Mobile Ordering", None),
        ("preparing", "12:01:00", "Zoë", 31),
        ("preparing", "12:03:00", "Yan", 32),
        ("finding_new_colleague", "12:04:00", "Test hyra", None),
        ("waiting_for_pickup", "12:06:00", "Till", None),
        ("waiting_for_pickup", "12:07:00", "Till", None),
        ("completed", "12:08:00", "Test hyra", None),
    ]


async def test_an_order_of_another_door_can_be_prepared_here(cafe: Cafe) -> None:
    placed = await cafe.server.place(first_name="Mario", extras={"eatsa": {"x": 1}})
    await cafe.move(placed.id, "preparing", preparer=31, preparer_name="Zoë")
    row = await cafe.show(placed.id)
    assert [step["actor"]["id"] for step in row["history"]] == [None, 31]
    assert row["actor"]["display_name"] == ""
    for query in ({"preparer": 31}, {"search": "zoë"}, {"username": "mario"}):
        assert (await cafe.list(**query))["total"] == 1
    native = (await cafe.server.http.get(f"/api/v1/venues/main/orders/{placed.id}")).json()
    assert native["status"] == "preparing"


async def test_what_each_actor_did_is_counted(timed: Cafe, clock: Clock) -> None:
    await fill(timed, clock)
    clock.forward(minutes=1)
    spammed = [await timed.log(actor=7, actor_name="Ada L.") for _ in range(3)]
    await timed.server.http.delete(f"/api/v1/venues/main/orders/{spammed[0]}")
    answer = await timed.http.get(ALL + "/actors")
    body = answer.json()
    told = {
        row["actor"]["display_name"]: (row["actor"]["id"], row["orders"], row["changes"])
        for row in body["actors"]
    }
    assert told == {
        "Ada L.": (7, 5, 0), "Kiosk": (2, 1, 0), "Adam Ross": (8, 1, 0), "POS": (1, 1, 0),
        "Zoë": (31, 0, 1), "NPC": (4, 0, 1), "Yan": (32, 0, 1), "Test hyra": (None, 0, 2),
    }  # fmt: skip
    first = body["actors"][0]
    assert first["actor"]["username"] == "Ada L."
    assert (first["first"], first["last"]) == (
        "2026-11-19T12:00:00.000Z", "2026-11-21T12:01:01.000Z",
    )  # fmt: skip
    assert body["date_from"] == "2026-10-22T12:01:01.001Z"
    some = await timed.http.get(
        ALL + "/actors", params={"date_from": "yesterday", "date_to": "yesterday"}
    )
    found = [row["actor"]["id"] for row in some.json()["actors"]]
    assert (found[0], set(found[1:])) == (8, {4, 32, None})
    assert some.json()["date_from"] == "2026-11-20T05:00:00.000Z"
    assert some.json()["date_to"] == "2026-11-21T05:00:00.000Z"


async def test_whoever_prepared_it_earlier_is_remembered_up_to_a_point(cafe: Cafe) -> None:
    order = await cafe.log()
    for preparer in range(100, 130):
        await cafe.move(order, "preparing", preparer=preparer, preparer_name=f"P{preparer}")
    found = [(await cafe.list(preparer=preparer))["total"] for preparer in range(100, 130)]
    assert found == [0] * 9 + [1] * 21
    assert len(str((await cafe.list())["orders"])) < 1000
