"""The menu by API and on the staff page, without scripts."""

import re
from typing import Any

import pytest

from app.domain.people import Role
from tests.staff_browser import browser, session_of
from tests.venue_server import VenueServer

API = "/api/v1/venues/main/menu"
PAGE = "/staff/main/menu"
MENU: dict[str, Any] = {
    "categories": [{"name": "Meat"}],
    "items": [{"id": "csteak0000001", "name": "Steak", "category": "Meat", "price": "15.50"}],
}


async def test_the_menu_is_written_and_read_by_api(server: VenueServer) -> None:
    tried = await server.http.post(API, json=MENU | {"dry_run": True})
    assert tried.json() == {"added": 2, "changed": 0, "same": 0, "removed": 0}
    assert (await server.http.get(API)).json()["items"] == []
    assert (await server.http.post(API, json=MENU)).json()["added"] == 2
    found = (await server.http.get(API)).json()
    assert found["items"][0]["price"] == "15.5"
    assert (await server.http.post(API, json=found | {"replace": True})).json()["same"] == 2
    sold_out = await server.http.patch(f"{API}/item/csteak0000001", json={"available": False})
    assert sold_out.json() == {"kind": "item", "id": "csteak0000001", "available": False}
    assert (await server.http.delete(f"{API}/item/csteak0000001")).status_code == 204


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", API, {"items": [{"name": "A"}]}, 422),
        ("POST", API, {"rubbish": []}, 422),
        ("PATCH", f"{API}/item/nothing", {"available": True}, 404),
        ("PATCH", f"{API}/printer/nothing", {"available": True}, 404),
        ("PATCH", f"{API}/item/nothing", {"available": "x"}, 422),
        ("DELETE", f"{API}/item/nothing", None, 404),
        ("DELETE", f"{API}/rubbish/nothing", None, 404),
        ("GET", "/api/v1/venues/moon/menu", None, 404),
    ],
)
async def test_refusals_by_api(
    server: VenueServer, method: str, path: str, body: Any, status: int
) -> None:
    assert (await server.http.request(method, path, json=body)).status_code == status


async def test_an_admin_makes_a_menu_by_hand(server: VenueServer) -> None:
    async with browser(server, await session_of(server, "Ada", Role.ADMIN)) as admin:
        assert "The menu is empty" in (await admin.get(PAGE)).text
        for kind, form in (
            ("station", {"name": "Grill"}),
            ("printer", {"name": "Kitchen", "ip": "10.0.0.9", "port": "9100"}),
            ("category", {"name": "Meat", "station": "Grill", "printer": "Kitchen",
                          "available": "true", "position": "1"}),
            ("ingredient", {"name": "Salt"}),
            ("item", {"name": "Steak <b>", "category": "Meat", "price": "15,50",
                      "available": "true", "ingredients": "Salt"}),
            ("register", {"name": "Front", "enabled": "true"}),
            ("banner", {"title": "Hello"}),
            ("instruction", {"text": "Pay at the desk"}),
        ):  # fmt: skip
            page = await admin.post(f"{PAGE}/{kind}", data=form)
            assert (kind, page.status_code) == (kind, 200)
            assert "Added" in page.text
        assert "Steak &lt;b&gt;" in page.text
        assert "15.50" in page.text
        found = (await server.http.get(API)).json()
        item = found["items"][0]
        changed = {"id": item["id"], "name": "Steak", "category": item["category"], "price": "16"}
        page = await admin.post(f"{PAGE}/item", data=changed)
        assert "Changed: Steak" in page.text
        after = (await server.http.get(API)).json()["items"][0]
        assert (after["price"], after["available"], after["ingredients"]) == ("16", False, [])
        gone = await admin.post(f"{PAGE}/item/{item['id']}/delete")
        assert "Removed: Steak" in gone.text
        wrong = await admin.post(f"{PAGE}/item", data={"name": "A"})
        assert wrong.status_code == 422
        assert (await admin.post(f"{PAGE}/rubbish", data={"name": "A"})).status_code == 404


async def test_staff_say_what_is_sold_out_and_no_more(server: VenueServer) -> None:
    await server.http.post(API, json=MENU)
    async with browser(server, await session_of(server, "Bob", Role.STAFF)) as staff:
        page = await staff.get(PAGE)
        assert "Mark sold out" in page.text
        assert "Add an item" not in page.text
        form = {"kind": "item", "id": "csteak0000001", "available": "false"}
        page = await staff.post(f"{PAGE}/available", data=form)
        assert "Steak is sold out" in re.sub("<[^>]+>", "", page.text)
        assert (await staff.post(f"{PAGE}/item", data={"name": "A"})).status_code == 403
    async with browser(server, await session_of(server, "Eve", Role.VIEWER)) as viewer:
        assert "Mark sold out" not in (await viewer.get(PAGE)).text
        assert (await viewer.post(f"{PAGE}/available", data=form)).status_code == 403


async def test_a_file_is_imported_on_the_page(server: VenueServer) -> None:
    text = b"name,category,price\nSteak,Meat,15.50\nCola,Drinks,3\n"
    async with browser(server, await session_of(server, "Ada", Role.ADMIN)) as admin:
        page = await admin.post(f"{PAGE}/file", files={"file": ("menu.csv", text)})
        assert "4 added, 0 changed" in page.text
        wrong = await admin.post(f"{PAGE}/file", files={"file": ("menu.csv", b"rubbish")})
        assert wrong.status_code == 422
        assert "name and category are needed" in wrong.text
        assert (await admin.post(f"{PAGE}/file", data={"x": "y"})).status_code >= 400
