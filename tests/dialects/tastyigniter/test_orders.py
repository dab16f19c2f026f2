"""TastyIgniter's orders in its own JSON: what clients in the field send and rely on."""

import re
from typing import Any

import httpx2
import pytest
from hypothesis import given, strategies as st

from app.dialects.tastyigniter.settings import STATUSES, Settings
from app.dialects.tastyigniter.words import Table, words_of
from app.domain.faces import Face, every_face
from app.domain.orders import Fulfilment, Status
from tests.dialects.doors import connect, door, stored
from tests.dialects.tastyigniter.clients import ORDER, admin, created, customer, token_of
from tests.venue_server import VenueServer

ATTRIBUTES = {
    "order_id", "customer_id", "location_id", "address_id", "status_id", "assignee_id",
    "assignee_group_id", "first_name", "last_name", "email", "telephone", "payment", "comment",
    "order_type", "ip_address", "user_agent", "hash", "total_items", "order_total", "processed",
    "order_time", "order_date", "order_date_time", "created_at", "updated_at",
    "status_updated_at", "assignee_updated_at", "invoice_date", "order_time_is_asap",
    "delivery_comment", "invoice_prefix", "formatted_address", "customer_name",
    "order_type_name", "status_name", "currency", "order_totals", "order_menus", "notify",
}  # fmt: skip
DELIVERY: dict[str, Any] = {
    "first_name": "Test",
    "last_name": "User",
    "email": "test@example.com",
    "telephone": "123456",
    "comment": "Ring twice",
    "payment": "cod",
    "status_id": 1,
    "order_type": "delivery",
    "processed": True,
    "address": {"address_1": "1 Some Road", "city": "Town", "state": "ST", "postcode": "AB1",
                "country_id": "222"},
    "order_menus": [
        {"id": 6, "name": "ATA RICE", "qty": 1, "price": "12.00", "subtotal": "12.00",
         "comment": "", "options": []}
    ],
    "order_totals": [
        {"code": "subtotal", "title": "Sub Total", "value": "12.00"},
        {"code": "delivery", "title": "Delivery", "value": "2.5", "is_summable": True},
        {"code": "total", "title": "Order Total", "value": "99"},
    ],
}  # fmt: skip
SIX_DIGITS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


async def test_a_delivery_order_is_stored_and_its_totals_made_anew(server: VenueServer) -> None:
    async with admin(server) as client:
        answer = await client.post("/api/orders", json=DELIVERY)
        assert (answer.status_code, answer.headers["content-type"]) == (201, "application/json")
        data = answer.json()["data"]
        told = data["attributes"]
        assert (data["type"], data["id"]) == ("orders", str(told["order_id"]))
        assert set(told) == ATTRIBUTES
        assert (told["email"], told["order_type"], told["payment"]) == (
            "test@example.com", "delivery", "cod",
        )  # fmt: skip
        assert (told["order_total"], told["total_items"], told["processed"]) == (14.5, 1, True)
        assert [(row["code"], row["value"]) for row in told["order_totals"]] == [
            ("subtotal", 12), ("delivery", 2.5), ("total", 14.5),
        ]  # fmt: skip
        assert told["formatted_address"] == "1 Some Road, Town, ST, AB1"
        assert re.fullmatch(r"[0-9a-f]{32}", told["hash"])
        for name in ("created_at", "updated_at", "order_date_time", "status_updated_at"):
            assert SIX_DIGITS.fullmatch(told[name])
        assert told["order_time_is_asap"]
        (menu,) = told["order_menus"]
        assert (menu["menu_id"], menu["name"], menu["price"]) == (6, "ATA RICE", 12)
        assert menu["menu_options"] == []
        found = (await client.get(f"/api/orders/{data['id']}")).json()["data"]
        assert found == data


async def test_options_are_an_array_with_their_prices(server: VenueServer) -> None:
    row = {
        "id": 1, "name": "Pizza", "qty": "2", "price": 10,
        "options": [
            {"id": 3, "name": "Size", "values": [{"id": 9, "name": "Big", "price": "1.5"}]},
        ],
    }  # fmt: skip
    async with admin(server) as client:
        told = (await created(client, order_menus=[row]))["attributes"]
    (menu,) = told["order_menus"]
    assert menu["subtotal"] == 23
    (option,) = menu["menu_options"]
    assert (option["order_option_name"], option["order_option_price"]) == ("Big", 1.5)
    assert (option["menu_option_id"], option["order_option_category"]) == (3, "Size")


async def test_form_bodies_nest_with_brackets(server: VenueServer) -> None:
    form = {
        "first_name": "Test", "last_name": "User", "order_type": "collection", "status_id": "2",
        "order_menus[0][name]": "Soup", "order_menus[0][qty]": "2", "order_menus[0][price]": "3",
    }  # fmt: skip
    async with admin(server) as client:
        told = (await client.post("/api/orders/", data=form)).json()["data"]["attributes"]
    assert (told["status_id"], told["total_items"], told["order_total"]) == (2, 2, 6)


async def test_a_json_api_document_is_taken_too(server: VenueServer) -> None:
    document = {"data": {"type": "orders", "attributes": ORDER}}
    async with admin(server) as client:
        answer = await client.post("/api/orders", json=document)
    assert answer.status_code == 201


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_the_status_alone_is_enough(server: VenueServer, method: str) -> None:
    async with admin(server) as client:
        made = await created(client)
        path = f"/api/orders/{made['id']}"
        for status in (3, "4", 2, 5, 1):
            answer = await client.request(method, path, json={"status_id": status})
            assert answer.status_code == 200
            assert answer.json()["data"]["attributes"]["status_id"] == int(status)


async def test_put_changes_only_what_it_says(server: VenueServer) -> None:
    async with admin(server) as client:
        made = (await client.post("/api/orders", json=DELIVERY)).json()["data"]
        path = f"/api/orders/{made['id']}"
        told = (await client.put(path, json={"order_type": "collection"})).json()["data"]
        assert told["attributes"]["order_type"] == "collection"
        assert told["attributes"]["email"] == "test@example.com"
        assert told["attributes"]["order_total"] == 14.5
        row = {"name": "Tea", "price": 2}
        told = (await client.patch(path, json={"order_menus": [row]})).json()["data"]
        assert told["attributes"]["order_total"] == 4.5


async def test_one_history_row_for_each_change_and_each_comment(server: VenueServer) -> None:
    async with admin(server) as client:
        made = await created(client)
        path = f"/api/orders/{made['id']}"
        for body in (
            {"status_id": 3}, {"status_id": 3}, {"status_id": 3, "status_comment": "Soon"},
            {"status_id": 5, "status_comment": "Enjoy"},
        ):  # fmt: skip
            await client.patch(path, json=body)
        told = (await client.get(f"{path}?include=status_history")).json()
    rows = [one["attributes"] for one in told["included"]]
    assert [(row["status_id"], row["comment"]) for row in rows] == [
        (1, None), (3, None), (3, "Soon"), (5, "Enjoy"),
    ]  # fmt: skip
    assert rows[1]["notify"] is True
    linkage = told["data"]["relationships"]["status_history"]["data"]
    assert [one["id"] for one in linkage] == [one["id"] for one in told["included"]]


async def test_what_an_order_brings_along_is_real(server: VenueServer) -> None:
    guest = await customer(server)
    async with admin(server) as client:
        made = (
            await client.post("/api/orders", json=DELIVERY | {"customer_id": guest.serial})
        ).json()["data"]
        for name, kind, attribute, value in (
            ("customer", "customers", "full_name", "Test User"),
            ("location", "locations", "location_name", "Readyboard"),
            ("address", "addresses", "address_1", "1 Some Road"),
            ("payment_method", "payment_methods", "code", "cod"),
            ("status", "statuses", "status_name", "Received"),
        ):
            told = (await client.get(f"/api/orders/{made['id']}?include={name}")).json()
            (included,) = told["included"]
            assert told["data"]["relationships"][name]["data"] == {
                "type": kind, "id": included["id"],
            }  # fmt: skip
            assert included["attributes"][attribute] == value
        nothing = (await client.get(f"/api/orders/{made['id']}?include=assignee,rubbish")).json()
        assert "included" not in nothing
        assert "relationships" not in nothing["data"]


async def test_deleting_answers_as_documented(server: VenueServer) -> None:
    async with admin(server) as client:
        made = await created(client)
        path = f"/api/orders/{made['id']}"
        gone = await client.delete(path)
        assert gone.json() == {"id": int(made["id"]), "object": "order", "deleted": True}
        missing = await client.get(path)
    assert missing.status_code == 404
    assert missing.json() == {
        "message": f"Record with identifier [{made['id']}] not found.", "status_code": 404,
    }  # fmt: skip


BAD: list[tuple[str, dict[str, Any]]] = [
    ("first_name", {"first_name": ""}),
    ("first_name", {"first_name": "x" * 49}),
    ("first_name", {"first_name": 5}),
    ("last_name", {"last_name": None}),
    ("order_type", {"order_type": "by air!"}),
    ("email", {"email": "nobody"}),
    ("email", {"email": "x" * 100 + "@example.com"}),
    ("telephone", {"telephone": 123}),
    ("comment", {"comment": "x" * 501}),
    ("comment", {"comment": "a\u0000b"}),
    ("payment", {"payment": "a b"}),
    ("customer_id", {"customer_id": "me"}),
    ("status_id", {"status_id": 77}),
    ("status_id", {"status_id": 8}),  # a reservation's
    ("status_id", {"status_id": "x"}),
    ("location_id", {"location_id": 99}),
    ("order_menus", {"order_menus": "soup"}),
    ("order_menus.0.name", {"order_menus": [{"qty": 1}]}),
    ("order_menus.0.qty", {"order_menus": [{"name": "A", "qty": 0}]}),
    ("order_menus.0.price", {"order_menus": [{"name": "A", "price": "x"}]}),
    ("order_menus.0.price", {"order_menus": [{"name": "A", "price": 1e300}]}),
    ("order_totals.0.code", {"order_totals": [{"value": 1}]}),
    ("order_totals.0.value", {"order_totals": [{"code": "tip", "value": "x"}]}),
    ("order_date", {"order_date": "soon"}),
    ("order_time", {"order_date": "2025-01-01", "order_time": "noon"}),
    ("address.address_1", {"order_type": "delivery", "address": {"address_1": "x"}}),
    ("address.city", {"order_type": "delivery", "address": {"city": "x"}}),
    ("address.country_id", {"order_type": "delivery", "address": {"country_id": "x"}}),
    ("address_id", {"order_type": "delivery", "address_id": "x"}),
]


async def test_every_wrong_field_is_named(server: VenueServer) -> None:
    async with admin(server) as client:
        for field, body in BAD:
            answer = await client.post("/api/orders", json=ORDER | body)
            assert (field, answer.status_code) == (field, 422)
            told = answer.json()
            assert set(told) == {"message", "errors", "status_code"}
            assert list(told["errors"]) == [field]
            assert all(isinstance(text, str) for text in told["errors"][field])
        both = (await client.post("/api/orders", json={"email": "x"})).json()["errors"]
    assert set(both) == {"first_name", "last_name", "order_type", "email"}
    assert both["first_name"] == ["The First Name field is required."]


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b"{", "application/json", 400), (b"[]", "application/json", 400),
        (b'{"a":1,"a":2}', "application/json", 400), (b"\xff", "application/json", 400),
        (b"{}", "application/json", 422), (b"", "application/json", 422),
        (b"x" * 300_000, "application/json", 413),
        (b"a=%ff", "application/x-www-form-urlencoded", 400),
        (b"--x\r\nrubbish", "multipart/form-data; boundary=x", 422),
    ],
)  # fmt: skip
async def test_rubbish_is_refused(
    server: VenueServer, content: bytes, media: str, status: int
) -> None:
    async with admin(server) as client:
        headers = {"Content-Type": media}
        answer = await client.post("/api/orders", content=content, headers=headers)
    assert answer.status_code == status
    assert "message" in answer.json()


async def _ids(client: httpx2.AsyncClient, query: str) -> list[str]:
    answer = await client.get(f"/api/orders?{query}")
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["data"]]


async def test_lists_are_sorted_filtered_and_paged(server: VenueServer) -> None:
    async with admin(server) as client:
        for index, (name, status) in enumerate([("Ada", 1), ("Bob", 3), ("Cleo", 3)]):
            row = {"name": "A", "price": index}
            await created(
                client, first_name=name, status_id=status, order_menus=[row],
                email=f"{name.lower()}@example.com",
            )  # fmt: skip
        for query, ids in (
            ("", "123"), ("sort=order_id%20desc", "321"), ("sort=order_id+asc", "123"),
            ("sort=order_id", "321"), ("sort=date_added+desc", "321"), ("sort=total desc", "321"),
            ("sort[]=order_id desc", "321"), ("sort=rubbish", "123"), ("pageLimit=2", "12"),
            ("pageLimit=2&page=2", "3"), ("page=9", ""), ("pageLimit=5000", "123"),
            ("page=x&pageLimit=-1", "123"), ("status=3", "23"), ("status[]=1&status[]=3", "123"),
            ("status=9", ""), ("search=ada", "1"), ("search=USER bob", "2"), ("search=3", "3"),
            ("search=example.com", "123"), ("location=1", "123"), ("location=7", ""),
            ("customer=1", "1"), ("customer=x", ""), ("unheard=of", "123"),
            ("dateTimeFilter[startAt]=2020-01-01", "123"),
            ("dateTimeFilter[endAt]=2020-01-01", ""), ("status_for=order", "123"),
        ):  # fmt: skip
            assert (query, "".join(await _ids(client, query))) == (query, ids)
        page = (await client.get("/api/orders?pageLimit=2&sort=order_id desc&page=1")).json()
    assert page["meta"]["pagination"] == {
        "total": 3, "count": 2, "per_page": 2, "current_page": 1, "total_pages": 2,
    }  # fmt: skip
    assert set(page["links"]) == {"self", "first", "last", "next"}
    assert "pageLimit=2" in page["links"]["next"]
    assert "sort=order_id" in page["links"]["next"]


async def test_pages_joined_are_the_whole(server: VenueServer) -> None:
    async with admin(server) as client:
        for _ in range(7):
            await created(client)
        found: list[str] = []
        url = "/api/orders?pageLimit=3&include=status,status_history,customer"
        while url:
            page = (await client.get(url)).json()
            found += [one["id"] for one in page["data"]]
            url = page["links"].get("next", "")
    assert found == [str(number) for number in range(1, 8)]


async def test_an_order_of_another_door_has_every_attribute(server: VenueServer) -> None:
    async with admin(server) as client:
        for status in Status:
            order = await server.place(first_name="Ada", status=status, total=12)
            told = (await client.get(f"/api/orders/{order.serial}")).json()["data"]["attributes"]
            assert set(told) == ATTRIBUTES
            settings = Settings()
            assert told["status_id"] == int(words_of(settings).word_of(order))
        url = "/api/orders?include=customer,location,address,payment_method,status,status_history"
        assert (await client.get(f"{url},assignee,assignee_group")).status_code == 200


async def test_the_same_key_makes_the_same_order(server: VenueServer) -> None:
    async with admin(server) as client:
        headers = {"Idempotency-Key": "once"}
        answers = [await client.post("/api/orders", json=ORDER, headers=headers) for _ in range(3)]
        assert {answer.json()["data"]["id"] for answer in answers} == {"1"}
        other = await client.post("/api/orders", json=DELIVERY, headers=headers)
    assert other.status_code == 409


async def test_a_scheduled_time_is_the_venues_own(server: VenueServer) -> None:
    await server.http.patch("/api/v1/venues/main", json={"time_zone": "Europe/Rome"})
    async with admin(server) as client:
        told = (await created(client, order_date="2096-07-01", order_time="13:30"))["attributes"]
    assert told["order_date_time"] == "2096-07-01T11:30:00.000000Z"
    assert (told["order_time"], told["order_time_is_asap"]) == ("13:30", False)


async def test_the_gates_and_abilities(server: VenueServer) -> None:
    guest = await customer(server)
    async with admin(server) as client:
        made = await created(client)
        mine = await created(client, customer_id=guest.serial)
    tokens = {
        "read": await token_of(server, "orders:read"),
        "write": await token_of(server, "orders:write"),
        "all": await token_of(server, "orders:*"),
        "other": await token_of(server, "menus:*"),
        "customer": await token_of(server, kind="customer", owner=guest.user),
    }
    own, others = f"/api/orders/{mine['id']}", f"/api/orders/{made['id']}"
    for token, method, path, body, status in (
        ("read", "GET", others, None, 200), ("read", "PATCH", others, {"status_id": 2}, 403),
        ("read", "POST", "/api/orders", ORDER, 403), ("write", "GET", others, None, 403),
        ("write", "PATCH", others, {"status_id": 2}, 200), ("all", "GET", others, None, 200),
        ("all", "PATCH", others, {"status_id": 2}, 200), ("other", "GET", others, None, 403),
        ("other", "GET", "/api/status", None, 403), ("customer", "GET", own, None, 200),
        ("customer", "GET", others, None, 404), ("customer", "PATCH", own, {"status_id": 2}, 403),
        ("customer", "DELETE", own, None, 403), ("customer", "POST", "/api/orders", ORDER, 201),
        ("customer", "GET", "/api/status", None, 403),
        ("customer", "GET", "/api/locations", None, 200),
    ):  # fmt: skip
        bearer = f"Bearer {tokens[token]}"
        async with door(server, "tastyigniter", Authorization=bearer) as client:
            answer = await client.request(method, path, json=body)
            assert (token, method, path, answer.status_code) == (token, method, path, status)
            if method == "POST" and status == 201:
                told = answer.json()["data"]["attributes"]
                assert told["customer_id"] == guest.serial
            if path == "/api/orders" and method == "GET":
                assert all(one["id"] != made["id"] for one in answer.json()["data"])


async def test_without_a_token_the_answer_is_exactly_this(server: VenueServer) -> None:
    await connect(server, "tastyigniter")
    async with door(server, "tastyigniter") as nobody:
        for headers in ({}, {"Authorization": "Bearer 1|rubbish"}, {"Authorization": "Basic x"}):
            answer = await nobody.get("/api/orders", headers=headers)
            assert (answer.status_code, answer.text) == (401, '{"message":"Unauthenticated."}')


async def test_an_action_may_be_open_or_off(server: VenueServer) -> None:
    async with admin(server, list_orders="all", create_orders="off") as client:
        off = await client.post("/api/orders", json=ORDER)
        assert (off.status_code, off.json()) == (404, {})
    async with door(server, "tastyigniter") as nobody:
        assert (await nobody.get("/api/orders")).status_code == 200
        assert (await nobody.get("/api/nothing")).status_code == 404
        assert (await nobody.get("/other/orders")).status_code == 404
        assert (await nobody.post("/api/locations")).status_code == 405
    await connect(server, "tastyigniter", api_prefix="rest", list_orders="all")
    async with door(server, "tastyigniter") as nobody:
        assert (await nobody.get("/rest/orders")).status_code == 200
        assert (await nobody.get("/api/orders")).status_code == 404


CUSTOM = Settings.model_validate(
    {
        "statuses": [
            *STATUSES,
            {"status_id": 12, "status_name": "Waiting", "means": "held"},
            {"status_id": 13, "status_name": "Collect", "means": None},
            {"status_id": 14, "status_name": "Plating"},
        ],
        "ready_status": 13,
        "processing_statuses": [2, 3, 4, 14],
    }
)
TABLES = st.sampled_from([Settings(), CUSTOM])


@given(TABLES, st.sampled_from(list(Fulfilment)))
def test_the_six_ids_come_back_as_themselves(settings: Settings, way: Fulfilment) -> None:
    table = Table(settings)
    for number in (1, 2, 3, 4, 5, 9):
        if number == 4 and settings.ready_status and way != Fulfilment.DELIVERY:
            continue  # then the ready status is its own
        means = table.meaning(number, way)
        face = Face(means.status, means.some_ready, means.cancelled_by, way)
        assert table.project(face) == str(number)


@given(TABLES, st.sampled_from(every_face()))
def test_every_order_has_an_id_of_the_table(settings: Settings, face: Face) -> None:
    table = Table(settings)
    assert table.row(int(table.project(face))) is not None


async def test_a_custom_id_comes_back_as_written(server: VenueServer) -> None:
    statuses = [*STATUSES, {"status_id": 14, "status_name": "Plating"}]
    async with admin(server, statuses=statuses, processing_statuses=[2, 3, 4, 14]) as client:
        made = await created(client, status_id=14)
        assert made["attributes"]["status_id"] == 14
        order = (await client.get(f"/api/orders/{made['id']}")).json()["data"]["attributes"]
        assert (order["status_id"], order["status_name"]) == (14, "Plating")
        listed = (await client.get("/api/orders?status=14")).json()["data"]
        assert len(listed) == 1


async def test_a_coarser_id_does_not_knock_an_order_back(server: VenueServer) -> None:
    order = await server.place(first_name="Ada", status=Status.REASSIGNING)
    async with admin(server) as client:
        answer = await client.patch(f"/api/orders/{order.serial}", json={"status_id": 3})
        assert answer.status_code == 200
    assert (await stored(server, order.id)).status == Status.REASSIGNING
