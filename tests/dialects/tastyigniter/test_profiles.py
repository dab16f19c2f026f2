"""Strict JSON:API, the flat first generation, tokens, statuses and locations."""

from typing import Any

import pytest

from app.commands.people import disable_user
from tests.dialects.doors import connect, door
from tests.dialects.tastyigniter.clients import (
    JSON_API,
    ORDER,
    PASSWORD,
    admin,
    created,
    customer,
    strict,
    user,
)
from tests.venue_server import VenueServer

DOCUMENT = {"data": {"type": "orders", "attributes": ORDER}}
SENT = {"Content-Type": JSON_API}


async def test_a_strict_order_is_made_changed_and_deleted(server: VenueServer) -> None:
    async with strict(server) as client:
        answer = await client.post("/api/orders", json=DOCUMENT, headers=SENT)
        made = answer.json()["data"]
        assert answer.headers["location"] == f"{server.url}/tastyigniter/api/orders/{made['id']}"
        path = f"/api/orders/{made['id']}"
        body: dict[str, Any] = {
            "data": {
                "type": "orders", "id": int(made["id"]), "attributes": {"status_id": 3},
                "relationships": {}, "meta": {},
            }
        }  # fmt: skip
        changed = await client.patch(path, json=body, headers=SENT)
        assert (changed.status_code, changed.json()["data"]["attributes"]["status_id"]) == (200, 3)
        assert (await client.get(f"{path}?include=")).json()["included"] == []
        assert (await client.delete(path)).status_code == 204
        assert (await client.delete(path)).status_code == 404


REFUSED: list[tuple[str, str, Any, dict[str, str], int]] = [
    ("POST", "/api/orders", {"data": {"attributes": ORDER}}, SENT, 400),
    ("POST", "/api/orders", {"data": {"type": "menus", "attributes": ORDER}}, SENT, 409),
    ("POST", "/api/orders", {"data": {"type": "orders", "id": "7"}}, SENT, 403),
    ("POST", "/api/orders", {"data": []}, SENT, 400),
    ("POST", "/api/orders", {"data": {"type": "orders"}}, SENT, 422),
    ("POST", "/api/orders", DOCUMENT, {"Content-Type": JSON_API + "; charset=utf-8"}, 415),
    ("POST", "/api/orders", DOCUMENT, {"Content-Type": JSON_API + '; ext="x"'}, 415),
    ("POST", "/api/orders", DOCUMENT, {"Content-Type": "text/plain"}, 415),
    ("PATCH", "/api/orders/1", {"data": {"type": "orders"}}, SENT, 400),
    ("PATCH", "/api/orders/1", {"data": {"type": "orders", "id": "2"}}, SENT, 409),
    ("PATCH", "/api/orders/1", {"data": {"type": "menus", "id": "1"}}, SENT, 409),
    ("GET", "/api/orders", None, {"Accept": JSON_API + "; charset=utf-8"}, 406),
    ("GET", "/api/orders?include=rubbish", None, {}, 400),
    ("GET", "/api/orders?sort=rubbish", None, {}, 400),
    ("GET", "/api/orders?unheard=of", None, {}, 400),
    ("GET", "/api/orders?page=x", None, {}, 400),
    ("GET", "/api/orders/1?page=1", None, {}, 400),
    ("GET", "/api/orders/77", None, {}, 404),
    ("GET", "/api/orders/x", None, {}, 404),
    ("GET", "/api/nothing", None, {}, 404),
    ("PUT", "/api/orders", None, {}, 405),
    ("GET", "/api/orders", None, {"Authorization": "Bearer x"}, 401),
]


async def test_strict_refusals_are_error_objects(server: VenueServer) -> None:
    async with strict(server) as client:
        await created(client)
        for method, path, body, headers, status in REFUSED:
            answer = await client.request(method, path, json=body, headers=headers)
            assert (path, headers, answer.status_code) == (path, headers, status)
            assert {error["status"] for error in answer.json()["errors"]} == {str(status)}


async def test_strict_errors_point_at_what_is_wrong(server: VenueServer) -> None:
    async with strict(server) as client:
        body = {"data": {"type": "orders", "attributes": {"email": "x"}}}
        errors = (await client.post("/api/orders", json=body, headers=SENT)).json()["errors"]
        pointers = {error["source"]["pointer"] for error in errors}
        assert pointers == {
            f"/data/attributes/{name}"
            for name in ("first_name", "last_name", "order_type", "email")
        }
        wrong = (await client.get("/api/orders?sort=rubbish")).json()["errors"]
        assert wrong[0]["source"] == {"parameter": "sort"}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("sort=-order_id", "321"), ("sort=order_id", "123"), ("sort=order_id desc", "321"),
        ("page[number]=2&page[size]=2", "3"), ("page=2&pageLimit=2", "3"),
        ("filter[status]=3", "23"), ("status=3", "23"), ("filter[customer]=1", ""),
        ("include=status,status_history,location,customer", "123"),
    ],
)  # fmt: skip
async def test_strict_lists(server: VenueServer, query: str, ids: str) -> None:
    async with strict(server) as client:
        for status in (1, 3, 3):
            await created(client, status_id=status)
        found = (await client.get(f"/api/orders?{query}")).json()
    assert "".join(one["id"] for one in found["data"]) == ids


async def test_a_content_type_on_a_get_is_strict_too(server: VenueServer) -> None:
    async with admin(server) as client:
        answer = await client.get("/api/orders/", headers=SENT)
    assert (answer.status_code, answer.headers["content-type"]) == (200, JSON_API)


async def test_tokens_are_issued_to_admins_and_customers(server: VenueServer) -> None:
    await connect(server, "tastyigniter")
    owner = await user(server, "Anna", "anna@example.com")
    guest = await customer(server)
    async with door(server, "tastyigniter") as nobody:
        for email, is_admin in (("anna@example.com", True), (guest.email, False)):
            body = {
                "email": email, "password": PASSWORD, "device_name": "x", "is_admin": is_admin,
            }  # fmt: skip
            answer = await nobody.post("/api/token", json=body)
            assert (answer.status_code, answer.json()["status_code"]) == (201, 201)
            token = answer.json()["token"]
            assert len(token.partition("|")[2]) == 80
            headers = {"Authorization": f"Bearer {token}"}
            who = (await nobody.get("/api/token/user", headers=headers)).json()
            assert (who["status_code"], who["user"]["email"]) == (200, email)
            bare = {"Authorization": f"Bearer {token.partition('|')[2]}"}
            assert (await nobody.get("/api/orders", headers=bare)).status_code == 200
            wrong_id = {"Authorization": f"Bearer 999|{token.partition('|')[2]}"}
            assert (await nobody.get("/api/orders", headers=wrong_id)).status_code == 401
            other = body | {"is_admin": not is_admin}
            assert (await nobody.post("/api/token", json=other)).status_code == 422
        assert (await nobody.get("/api/token/user")).status_code == 401
        wrong = await nobody.post("/api/token", data=body | {"password": "wrong"})
        assert wrong.status_code == 422
        assert wrong.json()["errors"]["email"] == ["The provided credentials are incorrect."]
        empty = (await nobody.post("/api/token", json={})).json()["errors"]
        assert set(empty) == {"email", "password", "device_name"}
        ability = await nobody.post("/api/token", json=body | {"abilities": ["a b"]})
        assert "abilities.0" in ability.json()["errors"]
        await user(server, "Berta", "berta@example.com")
        await server.store.write(lambda tx: disable_user(tx, user=owner))
        inactive = await nobody.post(
            "/api/token",
            json=body | {"email": "anna@example.com", "is_admin": True},
        )
        assert inactive.json()["errors"]["email"] == ["Inactive user account"]


async def test_tokens_of_the_first_generation_make_answers_flat(server: VenueServer) -> None:
    await connect(server, "tastyigniter")
    await user(server, "Anna", "anna@example.com")
    form = {"username": "Anna", "password": PASSWORD, "device_name": "home"}
    async with door(server, "tastyigniter") as client:
        answer = await client.post("/api/admin/token", data=form)
        assert answer.json()["status_code"] == 201
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        made = await client.post("/api/orders", json=ORDER)
        assert made.json()["status"] == {
            "status_id": 1, "status_name": "Received", "status_comment": "",
            "status_color": "#686663", "notify_customer": True, "status_for": "order",
        }  # fmt: skip
        listed = await client.get("/api/orders?pageLimit=10&sort=date_added+desc")
        assert listed.headers["content-type"] == "application/json"
        (row,) = listed.json()["data"]
        assert (row["order_id"], row["status_id"], row["location_id"]) == (1, 1, 1)
        assert "attributes" not in row
        (place,) = (await client.get("/api/locations?pageLimit=1000")).json()["data"]
        assert (place["location_telephone"], place["options"]) == ("", {})
        gone = await client.get("/api/orders/9")
        assert (gone.status_code, gone.headers["content-type"]) == (404, "application/json")


async def test_statuses_are_the_venues_own(server: VenueServer) -> None:
    body = {"status_name": "Plating", "status_for": "order", "notify_customer": True}
    async with admin(server) as client:
        listed = (await client.get("/api/statuses?status_for=order&pageLimit=20")).json()["data"]
        assert [one["id"] for one in listed] == ["1", "2", "3", "4", "5", "9"]
        assert listed[0]["type"] == "status"
        made = await client.post("/api/status", json=body)
        assert (made.status_code, made.json()["data"]["id"]) == (201, "10")
        path = "/api/status/10"
        shown = (await client.get(path)).json()["data"]["attributes"]
        assert (shown["status_name"], shown["status_for"]) == ("Plating", "order")
        changed = await client.patch(path, json={"status_name": "Serving"})
        assert changed.json()["data"]["attributes"]["status_name"] == "Serving"
        order = await created(client, status_id=10)
        assert order["attributes"]["status_name"] == "Serving"
        assert (await client.delete(path)).status_code == 204
        assert (await client.get(path)).status_code == 404
        for wrong, field in (
            (body | {"status_name": "x"}, "status_name"),
            (body | {"status_for": "invalid"}, "status_for"),
            ({"status_name": "Ok", "status_for": "order"}, "notify_customer"),
        ):
            answer = await client.post("/api/status", json=wrong)
            assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])


async def test_the_strict_profile_covers_the_other_resources(server: VenueServer) -> None:
    async with strict(server) as client:
        for path in (
            "/api/status", "/api/status/1", "/api/locations", "/api/locations/1", "/api/menus",
            "/api/menus?include=categories&pageLimit=5000&location=1", "/api/categories",
        ):  # fmt: skip
            assert (await client.get(path)).status_code == 200
        assert (await client.get("/api/locations/9")).status_code == 404
