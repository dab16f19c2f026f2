"""One order through all five doors: placed by one, moved by the next, seen right in every read, on
the board and in the streams."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from app.codes import display_code
from app.domain.orders import Order
from app.domain.people import Role
from app.store import orders
from tests.dialects.doors import connect, credential, door
from tests.dialects.mysagra.listening import Listener
from tests.staff_browser import session_of
from tests.venue_server import VenueServer
from tests.wire import Feed

SYSTEMS = ("eatsa", "mysagra", "tastyigniter", "hyra")
# Our status -> the word each system reads when another wrote it.
READ = {
    "placed": ("in_queue", "PENDING", 1, "submitted"),
    "queued": ("in_queue", "CONFIRMED", 2, "waiting_for_preparation"),
    "preparing": ("on_the_line", "CONFIRMED", 3, "preparing"),
    "reassigning": ("on_the_line", "CONFIRMED", 3, "finding_new_colleague"),
    "ready": ("ready_for_pickup", "COMPLETED", 4, "waiting_for_pickup"),
    "held": ("hold_in_back", "COMPLETED", 4, "waiting_for_pickup"),
    "reserving": ("ready_to_serve_again", "COMPLETED", 4, "waiting_for_pickup"),
    "collected": ("delivered_to_customer", "PICKED_UP", 5, "completed"),
    "cancelled": ("attendant_canceled", "CANCELLED", 9, "cancelled"),
}
# What each system writes to make an order ready, collected, cancelled: and so on with the others.
WRITES: dict[str, dict[str, Any]] = {
    "eatsa": {"ready": "ready_for_pickup", "collected": "delivered_to_customer"},
    "mysagra": {"ready": "COMPLETED", "collected": "PICKED_UP", "cancelled": "CANCELLED"},
    "tastyigniter": {"preparing": 3, "ready": 4, "collected": 5, "cancelled": 9},
    "hyra": {
        "preparing": "preparing", "ready": "waiting_for_pickup", "collected": "completed",
        "cancelled": "cancelled",
    },
}  # fmt: skip


class Doors:
    """A client of every system at one venue."""

    def __init__(self, server: VenueServer) -> None:
        self.server = server
        self.on: dict[str, httpx2.AsyncClient] = {}

    async def open(self) -> None:
        await connect(self.server)
        keys = {name: await credential(self.server, name) for name in SYSTEMS if name != "mysagra"}
        session = await session_of(self.server, "Anna", Role.ADMIN)
        heads = {
            "eatsa": {"X-AuthToken": keys["eatsa"]},
            "mysagra": {"Authorization": f"Bearer {session}"},
            "tastyigniter": {"Authorization": f"Bearer {keys['tastyigniter']}"},
            "hyra": {"Authorization": f"Bearer {keys['hyra']}"},
        }
        self.on = {name: door(self.server, name, **heads[name]) for name in SYSTEMS}

    async def close(self) -> None:
        for client in self.on.values():
            await client.aclose()

    async def place(self, system: str) -> Order:
        """An order for Mario Rossi with one soup, as the system's own clients send it."""
        sent: dict[str, tuple[str, Any]] = {
            "eatsa": ("/v1/orders", {
                "ref_id": "x1", "store_id": "main", "line_items": [{"item_id": "soup"}],
                "user": {"ref_id": "u", "first_name": "Mario", "last_name": "Rossi"},
            }),
            "tastyigniter": ("/api/orders", {
                "first_name": "Mario", "last_name": "Rossi", "order_type": "collection",
                "status_id": 2, "order_menus": [{"name": "Soup"}],
            }),
            "hyra": ("/players/orders/main", {
                "customer": 77, "actor": 2, "items": ["Soup"], "customer_name": "Mario Rossi",
                "status": "waiting_for_preparation",
            }),
        }  # fmt: skip
        if system == "mysagra":
            return await self._place_at_till()
        path, body = sent[system]
        answer = await self.on[system].post(path, json=body)
        assert answer.status_code == 201, answer.text
        return await self.newest()

    async def _place_at_till(self) -> Order:
        menu = {"categories": [{"name": "Food"}], "items": [{"name": "Soup", "category": "Food"}]}
        await self.server.http.post("/api/v1/venues/main/menu", json=menu)
        till = self.on["mysagra"]
        food = (await till.get("/v1/foods")).json()[0]["id"]
        body = {
            "table": "NO_TABLE", "customer": "Mario Rossi",
            "orderItems": [{"foodId": food, "quantity": 1}],
            "confirm": {"paymentMethod": "CASH"},
        }  # fmt: skip
        answer = await till.post("/v1/orders", json=body)
        assert answer.status_code == 201, answer.text
        return await self.newest()

    async def newest(self) -> Order:
        def look(tx: Any) -> Order:
            venue = tx.one("SELECT id FROM venues WHERE slug = 'main'")["id"]
            return orders.search(tx, venue, orders.Search(sort="serial", limit=1))[0]

        return await self.server.store.read(look)

    async def move(self, system: str, order: Order, word: Any) -> httpx2.Response:
        path, body = {
            "eatsa": (f"/v1/orders/{order.id}", {"status": word}),
            "mysagra": (f"/v1/orders/c{order.id}", {"status": word}),
            "tastyigniter": (f"/api/orders/{order.serial}", {"status_id": word}),
            "hyra": (f"/players/orders/main/{order.id}", {"status": word}),
        }[system]
        method = "PUT" if system == "eatsa" else "PATCH"
        return await self.on[system].request(method, path, json=body)

    async def read(self, order: Order) -> tuple[Any, ...]:
        """The word each system reads now."""
        told = await self.told(order)
        return tuple(told[system][0] for system in SYSTEMS)

    async def told(self, order: Order) -> dict[str, tuple[Any, str]]:
        """(status word, number shown to the guest) in each system's own read."""
        eatsa = (await self.on["eatsa"].get(f"/v1/orders/{order.id}")).json()
        mysagra = (await self.on["mysagra"].get(f"/v1/orders/c{order.id}")).json()
        path = f"/api/orders/{order.serial}"
        tasty = (await self.on["tastyigniter"].get(path)).json()["data"]["attributes"]
        hyra = (await self.on["hyra"].get(f"/players/orders/main/{order.id}")).json()
        return {
            "eatsa": (eatsa["status"], eatsa["human_readable_id"]),
            "mysagra": (mysagra["status"], mysagra["displayCode"]),
            "tastyigniter": (tasty["status_id"], str(tasty["order_id"])),
            "hyra": (hyra["status"], hyra["order_number"]),
        }

    async def card(self) -> dict[str, Any] | None:
        """The order's card on the public board."""
        async with self.server.client() as nobody:
            cards = (await nobody.get("/b/main.json")).json()["cards"]
        return dict(cards[0]) if cards else None


@pytest.fixture
async def doors(server: VenueServer) -> AsyncIterator[Doors]:
    opened = Doors(server)
    await opened.open()
    yield opened
    await opened.close()


@pytest.mark.parametrize("maker", SYSTEMS)
async def test_an_order_of_one_door_is_seen_through_all(doors: Doors, maker: str) -> None:
    order = await doors.place(maker)
    told = await doors.told(order)
    assert tuple(told[system][0] for system in SYSTEMS) == READ["queued"]
    assert told["mysagra"][1] == display_code(order.serial)
    assert told["tastyigniter"][1] == str(order.serial)
    assert told["hyra"][1] == str(1000 + order.serial)
    assert told["eatsa"][1] == order.number
    card = await doors.card()
    assert card is not None
    # A player's name is a name they chose for all to see; a guest's surname is not shown.
    shown = "Mario Rossi" if maker == "hyra" else "Mario R."
    assert (card["name"], card["number"]) == (shown, order.number)
    if maker == "hyra":
        assert order.number == "1001"


@pytest.mark.parametrize("maker", SYSTEMS)
@pytest.mark.parametrize("mover", SYSTEMS)
async def test_each_door_moves_what_another_placed(doors: Doors, maker: str, mover: str) -> None:
    order = await doors.place(maker)
    steps = [(s, w) for s, w in WRITES[mover].items() if s != "cancelled"]
    async with Feed(doors.server) as board:
        await board.until("hello")
        for status, word in steps:
            answer = await doors.move(mover, order, word)
            assert answer.status_code == 200, answer.text
            assert await doors.read(order) == READ[status]
            told = await board.next()
            assert told.event in ("order", "gone")
            if status == "ready":
                assert told.data["card"]["column"] == "ready"
        native = (await doors.server.http.get(f"/api/v1/venues/main/orders/{order.id}")).json()
        assert native["status"] == steps[-1][0]
        assert native["native"] == {"dialect": mover, "value": str(steps[-1][1])}


@pytest.mark.parametrize("canceller", ["mysagra", "tastyigniter", "hyra"])
async def test_a_cancelled_order_is_cancelled_for_all(doors: Doors, canceller: str) -> None:
    order = await doors.place("eatsa")
    assert (await doors.move(canceller, order, WRITES[canceller]["cancelled"])).status_code == 200
    assert await doors.read(order) == READ["cancelled"]
    refused = await doors.move("eatsa", order, "ready_for_pickup")
    assert (refused.status_code, refused.json()["code"]) == (409, "INVALID_REQUEST")


async def test_every_status_of_ours_reads_as_in_the_table(doors: Doors) -> None:
    order = await doors.place("eatsa")
    for status, words in READ.items():
        await doors.server.move(order.id, status)
        assert await doors.read(order) == words


async def test_repeating_what_one_reads_never_knocks_an_order_back(doors: Doors) -> None:
    order = await doors.place("eatsa")
    for status in ("preparing", "reassigning", "held", "collected"):
        moved = await doors.server.move(order.id, status)
        for system, word in zip(SYSTEMS, READ[status], strict=True):
            assert (await doors.move(system, order, word)).status_code == 200
        assert (await doors.newest()).seq == moved.seq


async def test_every_door_hears_of_the_others_on_the_printer_channel(doors: Doors) -> None:
    key = await credential(doors.server, "mysagra-printer")
    async with Listener(doors.server, "printer", key) as printer:
        await printer.read()
        for maker in ("eatsa", "tastyigniter", "hyra"):
            order = await doors.place(maker)
            heard = await printer.named("confirmed-order")
            assert heard.data["id"] == f"c{order.id}"
            assert heard.data["customer"].startswith("Mario")
            assert len(heard.data["orderItems"]) == 1
            food = heard.data["orderItems"][0]["food"]["id"]
            answer = await doors.on["mysagra"].get(f"/v1/foods/{food}")
            assert answer.status_code == 200


async def test_a_deleted_order_is_gone_from_every_read(doors: Doors) -> None:
    order = await doors.place("hyra")
    assert (await doors.on["tastyigniter"].delete(f"/api/orders/{order.serial}")).status_code == 200
    for system, path in (
        ("eatsa", f"/v1/orders/{order.id}"),
        ("mysagra", f"/v1/orders/c{order.id}"),
        ("tastyigniter", f"/api/orders/{order.serial}"),
        ("hyra", f"/players/orders/main/{order.id}"),
    ):
        assert (system, (await doors.on[system].get(path)).status_code) == (system, 404)
    assert await doors.card() is None


async def test_history_tells_who_said_what_in_which_words(doors: Doors) -> None:
    order = await doors.place("mysagra")
    await doors.move("tastyigniter", order, 3)
    await doors.move("hyra", order, "waiting_for_pickup")
    await doors.move("eatsa", order, "delivered_to_customer")
    path = f"/api/v1/venues/main/orders/{order.id}/history"
    told = (await doors.server.http.get(path)).json()["events"]
    assert [(one["dialect"], one["detail"].get("native_to")) for one in told[1:]] == [
        ("tastyigniter", "3"),
        ("hyra", "waiting_for_pickup"),
        ("eatsa", "delivered_to_customer"),
    ]
