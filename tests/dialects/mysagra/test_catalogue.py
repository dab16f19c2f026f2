"""The menu, its devices and the day's closure, as MySagra's clients ask for them."""

from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.commands.menu import save_thing
from app.domain.menu import (
    Banner,
    CashRegister,
    Category,
    Ingredient,
    MenuItem,
    OrderInstruction,
    Printer,
    Station,
)
from app.domain.orders import LineItem, Status, new_id
from app.domain.people import Role
from app.domain.times import utc_now
from app.store import events, menu
from tests.dialects.doors import connect, credential, door
from tests.staff_browser import session_of
from tests.venue_server import TILL, VenueServer

THINGS: list[Any] = [
    Station(id="cstation000001", venue="", name="Grill"),
    Printer(id="cprinter000001", venue="", name="Kitchen", ip="10.0.0.9"),
    CashRegister(id="cregister000001", venue="", name="Front", printer="cprinter000001"),
    CashRegister(id="cregister000002", venue="", name="Closed", enabled=False),
    Category(
        id="ccategory000001", venue="", name="Meat", printer="cprinter000001",
        station="cstation000001",
    ),
    Category(id="ccategory000002", venue="", name="Old", available=False, position=1),
    Ingredient(id="cingredient000001", venue="", name="Salt"),
    MenuItem(
        id="cfood000001", venue="", name="Steak", category="ccategory000001", price=Decimal(15),
        ingredients=("cingredient000001",),
    ),
    MenuItem(id="cfood000002", venue="", name="Ribs", category="ccategory000001", available=False),
    Banner(id="cbanner000001", venue="", title="Hello", image="/uploads/a.png"),
    OrderInstruction(id="cinstr000001", venue="", text="Pay at the desk"),
]  # fmt: skip
FOOD = {"id", "name", "description", "price", "available", "categoryId", "printerId", "category"}
CATEGORY = {"id", "name", "available", "position", "image", "printerId", "stationId"}
PRINTER = {"id", "name", "ip", "mac", "port", "description", "status"}
REGISTER = {"id", "name", "enabled", "defaultPrinterId"}


async def stock(server: VenueServer) -> None:
    for thing in THINGS:
        await server.store.write(partial(save_thing, venue="main", thing=thing, actor=TILL))
    await connect(server, "mysagra")


async def till(server: VenueServer, role: Role = Role.ADMIN) -> httpx2.AsyncClient:
    secret = await session_of(server, f"{role} person", role)
    return door(server, "mysagra", Cookie=f"mysagra_session={secret}")


LISTS = [
    ("/v1/foods", FOOD, 2),
    ("/v1/foods?include=ingredients", FOOD | {"ingredients"}, 2),
    ("/v1/categories", CATEGORY, 2),
    ("/v1/categories?available=true", CATEGORY, 1),
    ("/v1/categories?include=foods", CATEGORY | {"foods"}, 2),
    ("/v1/categories?include=foods.ingredients&foodsAvailable=true", CATEGORY | {"foods"}, 2),
    ("/v1/stations", {"id", "name"}, 2),
    ("/v1/stations?include=categories.foods", {"id", "name", "categories"}, 2),
    ("/v1/printers", PRINTER, 1),
    ("/v1/cash-registers?enabled=true", REGISTER, 1),
    ("/v1/cash-registers", REGISTER, 2),
    ("/v1/cash-registers?include=printer", REGISTER | {"defaultPrinter"}, 2),
    ("/v1/ingredients", {"id", "name"}, 1),
    ("/v1/banners", {"id", "title", "text", "image", "position"}, 1),
    ("/v1/order-instructions", {"id", "text", "position"}, 1),
]


async def test_every_list_has_its_members(server: VenueServer) -> None:
    await stock(server)
    async with await till(server) as client:
        for path, members, count in LISTS:
            answer = await client.get(path)
            assert (path, answer.status_code) == (path, 200)
            assert (path, len(answer.json())) == (path, count)
            assert all(set(one) == members for one in answer.json())
        names = [one["name"] for one in (await client.get("/v1/stations")).json()]
        assert names == sorted(names) == ["Grill", "Kitchen"]  # the venue's default is one
        foods = (await client.get("/v1/categories?include=foods&foodsAvailable=true")).json()
        assert [len(one["foods"]) for one in foods] == [1, 0]


async def test_one_of_each_is_read(server: VenueServer) -> None:
    await stock(server)
    async with await till(server) as client:
        steak = (await client.get("/v1/foods/cfood000001")).json()
        assert set(steak) == FOOD | {"ingredients"}
        assert (steak["price"], steak["printerId"]) == ("15", "cprinter000001")
        assert (await client.get("/v1/printers/cprinter000001")).json()["ip"] == "10.0.0.9"
        path = "/v1/cash-registers/cregister000001?include=printer"
        assert set((await client.get(path)).json()["defaultPrinter"]) == PRINTER
        bare = (await client.get("/v1/cash-registers/cregister000002?include=printer")).json()
        assert (bare["defaultPrinterId"], bare["defaultPrinter"]) == (None, None)


async def test_anybody_reads_a_food_and_a_printer_is_told_401_of_no_food(
    server: VenueServer,
) -> None:
    await stock(server)
    order = await server.place(
        items=(LineItem(id=new_id(utc_now()), name="Loose", unit_price=Decimal(3)),)
    )
    line = f"c{order.items[0].id}"
    async with door(server, "mysagra") as nobody:
        assert (await nobody.get("/v1/foods/cfood000001")).status_code == 200
        loose = (await nobody.get(f"/v1/foods/{line}")).json()
        assert (loose["name"], loose["price"], loose["printerId"]) == ("Loose", "3", None)
        assert set(loose) == FOOD | {"ingredients"}
        assert (await nobody.get("/v1/foods/cfood009999")).status_code == 404
        assert (await nobody.get("/v1/foods/x")).status_code == 400
    key = await credential(server, "mysagra-printer")
    async with door(server, "mysagra", **{"X-API-KEY": key}) as printer:
        assert (await printer.get(f"/v1/foods/{line}")).status_code == 200
        assert (await printer.get("/v1/foods/cfood009999")).status_code == 401


async def test_an_old_line_is_found_by_when_it_was_made(server: VenueServer) -> None:
    await stock(server)
    order = await server.place(items=(LineItem(id=new_id(utc_now()), name="Done"),))
    await server.move(order.id, Status.COLLECTED)
    async with door(server, "mysagra") as nobody:
        found = await nobody.get(f"/v1/foods/c{order.items[0].id}")
    assert found.json()["name"] == "Done"


RIGHTS = [  # method, path, body, and what an operator, a printer and a web page are answered
    ("GET", "/v1/printers", None, 200, 200, 403),
    ("PATCH", "/v1/printers/cprinter000001", {"status": "ONLINE"}, 403, 200, 403),
    ("PUT", "/v1/printers/cprinter000001", {"name": "Bar"}, 403, 200, 403),
    ("POST", "/v1/printers", {"name": "Bar"}, 403, 403, 403),
    ("GET", "/v1/cash-registers?enabled=true", None, 200, 200, 403),
    ("GET", "/v1/cash-registers", None, 403, 200, 403),
    ("GET", "/v1/stations", None, 200, 200, 403),
    ("POST", "/v1/stations", {"name": "Bar"}, 403, 403, 403),
    ("GET", "/v1/foods", None, 200, 403, 403),
    (
        "POST",
        "/v1/foods",
        {"name": "A", "price": 1, "categoryId": "ccategory000001"},
        403,
        201,
        403,
    ),
    ("PATCH", "/v1/foods/cfood000001", {"available": False}, 200, 403, 403),
    ("PATCH", "/v1/categories/ccategory000001", {"available": False}, 200, 403, 403),
    ("PATCH", "/v1/categories/ccategory000001", {"name": "New"}, 403, 403, 403),
    ("GET", "/v1/categories", None, 200, 403, 200),
    ("GET", "/v1/banners", None, 200, 403, 200),
    ("GET", "/v1/order-instructions", None, 200, 403, 200),
    ("GET", "/v1/ingredients", None, 200, 403, 403),
    ("POST", "/v1/cash-registers/cregister000001/open-drawer", None, 201, 403, 403),
    ("POST", "/v1/reports/general-closure", {}, 201, 403, 403),
]


async def test_who_may_what(server: VenueServer) -> None:
    await stock(server)
    printer = {"X-API-KEY": await credential(server, "mysagra-printer")}
    web = {"X-API-KEY": await credential(server, "mysagra-web")}
    async with await till(server, Role.STAFF) as operator, door(server, "mysagra") as nobody:
        for method, path, body, for_operator, for_printer, for_web in RIGHTS:
            statuses = [
                (await client.request(method, path, json=body, headers=headers)).status_code
                for client, headers in ((operator, {}), (nobody, printer), (nobody, web))
            ]
            assert (path, statuses) == (path, [for_operator, for_printer, for_web])
            assert (await nobody.request(method, path, json=body)).status_code == 401
        refused = await operator.get("/v1/cash-registers")
        assert refused.json() == {
            "message": "Operators can only access enabled cash registers",
            "error": "ForbiddenError",
        }


async def test_a_patch_changes_only_what_it_says(server: VenueServer) -> None:
    await stock(server)
    async with await till(server) as client:
        path = "/v1/categories/ccategory000001"
        before = (await client.get("/v1/categories")).json()[0]
        after = (await client.patch(path, json={"name": "Grilled"})).json()
        assert after == before | {"name": "Grilled"}
        steak = (await client.get("/v1/foods/cfood000001")).json()
        assert steak["printerId"] == "cprinter000001"
        gone = (await client.patch(path, json={"stationId": None})).json()
        assert (gone["stationId"], gone["printerId"]) == (None, "cprinter000001")
        wrong = await client.patch(path, json={"printerId": "cnothing000001"})
        assert wrong.json()["error"] == "ForeignKeyConstraintViolation"


async def test_a_printer_service_tells_its_status_and_nothing_else(server: VenueServer) -> None:
    await stock(server)
    key = await credential(server, "mysagra-printer")
    path = "/v1/printers/cprinter000001"
    async with door(server, "mysagra", **{"X-API-KEY": key}) as client:
        for _ in range(2):
            told = (await client.patch(path, json={"status": "ONLINE"})).json()
            assert (told["status"], set(told)) == ("ONLINE", PRINTER)
        for body in ({"ip": "10.0.0.1"}, {"status": "BROKEN"}, {}, {"status": "ERROR", "port": 1}):
            refused = await client.patch(path, json=body)
            assert (refused.status_code, set(refused.json())) == (400, {"errors"})
        put = await client.put(path, json={"name": "Bar", "ip": "10.0.0.2", "port": 9101})
        assert (put.json()["name"], put.json()["port"]) == ("Bar", 9101)
        assert (
            await client.patch("/v1/printers/cnothing000001", json={"status": "ERROR"})
        ).json() == {
            "message": "Resource not found.",
            "error": "RecordNotFound",
        }

    def printer_events(tx: Any) -> int:
        venue = tx.one("SELECT id FROM venues")["id"]
        return sum(event.kind == "printer" for event in events.events_after(tx, venue, 0))

    assert await server.store.read(printer_events) == 3  # twice the same status is told twice


async def test_new_things_have_mysagras_ids(server: VenueServer) -> None:
    await stock(server)
    async with await till(server) as client:
        station = await client.post("/v1/stations", json={"name": "Bar"})
        assert (station.status_code, set(station.json())) == (201, {"id", "name"})
        assert station.json()["id"].startswith("c")
        again = await client.post("/v1/stations", json={"name": "Bar"})
        assert again.json()["error"] == "UniqueConstraintViolation"
        body = {"name": "Fries", "price": "3.50", "categoryId": "ccategory000001"}
        fries = await client.post("/v1/foods", json=body | {"ingredients": ["cingredient000001"]})
        assert fries.json()["price"] == "3.5"
        assert fries.json()["foodIngredients"][0]["ingredientId"] == "cingredient000001"
        found = (await client.get(f"/v1/foods/{fries.json()['id']}")).json()
        assert found["name"] == "Fries"
        wrong = await client.post("/v1/foods", json=body | {"categoryId": "cnothing000001"})
        assert (wrong.status_code, wrong.json()["error"]) == (400, "ForeignKeyConstraintViolation")
        assert (await client.post("/v1/foods", json={})).status_code == 400


async def test_a_venue_has_a_first_register(server: VenueServer) -> None:
    await connect(server, "mysagra")
    async with await till(server) as client:
        (register,) = (await client.get("/v1/cash-registers")).json()
        drawer = await client.post(f"/v1/cash-registers/{register['id']}/open-drawer")
        assert (drawer.status_code, set(drawer.json())) == (201, {"id", "defaultPrinterId"})
        missing = await client.post("/v1/cash-registers/cnothing000001/open-drawer")
        assert missing.status_code == 404


async def test_the_closure_adds_up_the_day(server: VenueServer) -> None:
    await stock(server)
    item = LineItem(
        id=new_id(utc_now()),
        name="Steak",
        menu_item="cfood000001",
        unit_price=Decimal(15),
        quantity=2,
    )
    paid = {"paymentMethod": "CASH", "cashRegisterId": "cregister000001", "discount": "5"}
    await server.place(items=(item,), extras={"mysagra": paid})
    cancelled = await server.place(items=(item,))
    await server.move(cancelled.id, "cancelled")
    await server.place(items=(item,), status=Status.PLACED)
    async with await till(server) as client:
        answer = await client.post("/v1/reports/general-closure", json={})
        (report,) = answer.json()
        assert answer.status_code == 201
        assert (report["totalRevenue"], report["totalCashRevenue"]) == (25, 25)
        assert (report["totalCardRevenue"], report["totalOrders"]) == (0, 1)
        assert "averageCompletitionTime" in report
        (category,) = report["categoryStats"]
        assert (category["categoryName"], category["quantity"]) == ("Meat", 2)
        assert category["foodStats"][0]["foodName"] == "Steak"
        stats = report["cashRegisterStats"]
        cash = {one["cashRegisterName"]: one["totalCashRevenue"] for one in stats}
        assert cash == {"Closed": 0, "Front": 25}
        one = {"cashRegister": "cregister000002"}
        empty = (await client.post("/v1/reports/general-closure", json=one)).json()[0]
        assert empty["totalOrders"] == 0
        wrong = await client.post(
            "/v1/reports/general-closure", json={"cashRegister": "cnothing000001"}
        )
        assert wrong.status_code == 400


async def test_health_tells_how_it_is(server: VenueServer) -> None:
    await connect(server, "mysagra")
    async with door(server, "mysagra") as nobody:
        health = (await nobody.get("/health")).json()
    assert health["status"] == "ok"
    assert health["uptime"] >= 0


def _put_pictures(data: Path) -> None:
    folder = data / "uploads"
    folder.mkdir()
    (folder / "a.png").write_bytes(b"png")
    (folder / "b.txt").write_text("secret")
    (data / "readyboard.toml").write_text("")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("a.png", 200), ("b.txt", 404), ("../readyboard.toml", 404), ("..%2Freadyboard.toml", 404),
        ("%00.png", 404), ("nothing.png", 404), ("x" * 400 + ".png", 404), ("", 404),
    ],
)  # fmt: skip
async def test_only_pictures_of_the_folder_are_served(
    server: VenueServer, path: str, status: int
) -> None:
    await connect(server, "mysagra")
    _put_pictures(server.folder)
    async with door(server, "mysagra") as nobody:
        answer = await nobody.get(f"/uploads/{path}")
    assert answer.status_code == status
    assert "secret" not in answer.text


async def test_an_order_keeps_what_the_menu_was(server: VenueServer) -> None:
    await stock(server)
    item = LineItem(id=new_id(utc_now()), name="Steak", menu_item="cfood000001")
    first = await server.place(items=(item,))
    assert (first.items[0].category_name, first.items[0].station) == ("Meat", "Grill")
    assert (first.items[0].station_id, first.items[0].printer) == (
        "cstation000001",
        "cprinter000001",
    )
    async with await till(server) as client:
        await client.patch("/v1/categories/ccategory000001", json={"name": "Grilled"})
    second = await server.place(items=(item,))
    assert second.items[0].category_name == "Grilled"
    kept = await server.store.read(lambda tx: menu.categories(tx, first.venue))
    assert kept[0].name == "Grilled"
    order = (await server.http.get(f"/api/v1/venues/main/orders/{first.id}")).json()
    assert order["items"][0]["station"] == "Grill"
