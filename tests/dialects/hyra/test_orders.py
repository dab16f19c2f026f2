"""The Hyra-style routes: what they answer, and every way they refuse."""

from functools import partial
from typing import Any

import pytest

from app.commands.keys import revoke_key
from tests.dialects.doors import connect, credential, door, stored
from tests.dialects.hyra.conftest import Cafe
from tests.venue_server import VenueServer

ALL = "/players/orders/main"
NOBODY = "0" * 24
GOOD = {"customer": 9, "actor": 7}
ERROR_WORDS = {
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 409: "Conflict", 429: "Too Many Requests",
}  # fmt: skip


def refused(answer: Any, status: int, message: str = "") -> None:
    body = answer.json()
    assert answer.status_code == status, body
    assert set(body) == {"statusCode", "error", "message"}
    assert body["statusCode"] == status
    assert body["error"] == ERROR_WORDS.get(status, body["error"])
    assert message in body["message"], body


async def test_an_order_is_logged(cafe: Cafe) -> None:
    body = GOOD | {"items": ["item 1", "item 2"], "status": "waiting_for_preparation"}
    answer = await cafe.http.post(ALL, json=body | {"customer_name": "Bob"})
    assert answer.status_code == 201
    made = answer.json()
    assert made == {"error": False, "id": made["id"], "order_number": "1001"}
    assert len(made["id"]) == 24
    assert int(made["id"], 16) >= 0
    order = await stored(cafe.server, made["id"])
    assert (order.number, order.name, order.status) == ("1001", "Bob", "queued")
    assert [item.name for item in order.items] == ["item 1", "item 2"]
    again = await cafe.http.post(ALL, json=GOOD)
    assert again.json()["order_number"] == "1002"


TAKEN: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    ({}, {"status": "submitted", "items": []}),
    ({"items": []}, {"items": []}),
    ({"items": {}}, {"items": []}),
    ({"items": None, "status": None, "customer_name": None}, {"items": [], "status": "submitted"}),
    ({"customer": "9", "actor": "7"}, {}),
    ({"customer": 9.0, "actor": " 7 "}, {}),
    ({"customer": "-1"}, {}),
    ({"status": "handed_to"}, {"status": "handed_to", "status_label": "Handed to"}),
    ({"customer_name": "  a\n b\t c "}, {}),
    ({"something": {"new": [1]}}, {}),
    ({"items": ["a"] * 200}, {"items": ["a"] * 200}),
)


async def test_what_may_be_sent_of_an_order(cafe: Cafe) -> None:
    for change, wanted in TAKEN:
        row = await cafe.show(await cafe.log(**(GOOD | change)))
        assert row | wanted == row, change
        assert row["actor"] == {"exists": True, "id": 7, "username": "", "display_name": ""}
        assert row["customer"]["id"] == (-1 if change.get("customer") == "-1" else 9)
    assert (await cafe.list(username="a b c"))["total"] == 1


@pytest.mark.parametrize(
    ("actor", "word"), [(1, "POS"), (2, "Kiosk"), (3, "Mobile Ordering"), (4, "NPC")]
)
async def test_stand_ins_are_shown_as_their_words(cafe: Cafe, actor: int, word: str) -> None:
    order = await cafe.log(customer=actor, actor=actor, actor_name="Somebody", customer_name="C")
    await cafe.move(order, "preparing", preparer=actor)
    row = await cafe.show(order)
    stand_in = {"exists": False, "id": actor, "username": word, "display_name": word}
    # A customer of that id is a user: the document's own example orders for { UserId = 1 }.
    assert row["customer"] == {"exists": True, "id": actor, "username": "C", "display_name": "C"}
    assert row["actor"] == row["preparer"] == stand_in
    assert [step["actor"] for step in row["history"]] == [stand_in, stand_in]


WRONG_ORDERS: tuple[tuple[Any, str], ...] = (
    ({"actor": 7}, "Customer is required"),
    ({}, "Customer is required"),
    ([], "Customer is required"),
    (GOOD | {"customer": None}, "Customer is required"),
    (GOOD | {"customer": ""}, "Customer is required"),
    (GOOD | {"customer": 0}, "Customer is required"),
    ({"customer": 9}, "Actor is required"),
    (GOOD | {"actor": None}, "Actor is required"),
    (GOOD | {"actor": 0}, "Actor is required"),
    (GOOD | {"actor": -1}, "Actor is required"),
    (GOOD | {"actor": "-1"}, "Actor is required"),
    (GOOD | {"customer": "Bob"}, "Customer must be a user id"),
    (GOOD | {"customer": 1.5}, "Customer must be a user id"),
    (GOOD | {"customer": True}, "Customer must be a user id"),
    (GOOD | {"customer": [9]}, "Customer must be a user id"),
    (GOOD | {"customer": 10**20}, "Customer must be a user id"),
    (GOOD | {"actor": {"UserId": 7}}, "Actor must be a user id"),
    (GOOD | {"actor": "٧"}, "Actor must be a user id"),
    (GOOD | {"status": "eaten"}, "Unknown status 'eaten'; known are submitted, "),
    (GOOD | {"status": "Completed"}, "Unknown status 'Completed'"),
    (GOOD | {"status": 5}, "status: Input should be a valid string"),
    (GOOD | {"items": "Latte"}, "items: "),
    (GOOD | {"items": {"a": "b"}}, "items: "),
    (GOOD | {"items": [5]}, "items/0: "),
    (GOOD | {"items": [""]}, "items/0: "),
    (GOOD | {"items": ["a" * 201]}, "items/0: "),
    (GOOD | {"items": ["\x00"]}, "items/0: "),
    (GOOD | {"items": ["a"] * 201}, "items: "),
    (GOOD | {"customer_name": "a" * 81}, "customer_name: "),
    (GOOD | {"actor_name": "\x07"}, "actor_name: "),
    (GOOD | {"actor_name": 5}, "actor_name: "),
    ("text", "Send a JSON object"),
    (7, "Send a JSON object"),
    ([1], "Send a JSON object"),
)


async def test_wrong_orders_are_refused(cafe: Cafe) -> None:
    for body, message in WRONG_ORDERS:
        refused(await cafe.http.post(ALL, json=body), 400, message)
    assert (await cafe.list())["total"] == 0


WRONG_CHANGES: tuple[tuple[Any, str], ...] = (
    ({}, "Status is required"),
    ([], "Status is required"),
    ({"preparer": 5}, "Status is required"),
    ({"status": None}, "status: "),
    ({"status": "eaten"}, "Unknown status 'eaten'"),
    ({"status": "preparing", "preparer": "Bob"}, "Preparer must be a user id"),
    ({"status": "preparing", "preparer": 0}, "Preparer is required"),
    ({"status": "preparing", "preparer": 5, "preparer_name": "a" * 81}, "preparer_name: "),
)


async def test_wrong_changes_are_refused(cafe: Cafe) -> None:
    order = await cafe.log()
    for body, message in WRONG_CHANGES:
        refused(await cafe.http.patch(f"{ALL}/{order}", json=body), 400, message)
    assert (await cafe.show(order))["status"] == "submitted"


async def test_a_change_answers_what_it_made_of_the_order(cafe: Cafe) -> None:
    order = await cafe.log()
    answer = await cafe.move(order, "preparing", preparer="156", preparer_name="Ada")
    assert answer == {"error": False, "id": order, "order_number": "1001", "status": "preparing"}


UNREADABLE: tuple[tuple[bytes, str], ...] = (
    (b"{", "not valid JSON"),
    (b"\xff", "not valid UTF-8"),
    (b'{"customer": 1, "customer": 2}', "twice"),
    (b'{"customer": NaN}', "not a JSON number"),
    (b"[" * 100_000, "nested too deeply"),
    (b'{"customer": "\\ud800", "actor": 1}', "Customer must be a user id"),
    (b'{"customer": 1, "actor": 1, "items": ["\\ud800"]}', "items/0"),
    (b'{"customer": 1' + b"0" * 5000 + b"}", ""),
    (b"", "Customer is required"),
)


async def test_bodies_that_are_no_json_are_refused(cafe: Cafe) -> None:
    for content, message in UNREADABLE:
        refused(await cafe.http.post(ALL, content=content), 400, message)
    refused(await cafe.http.post(ALL, content=b" " * 300_000), 413, "at most 262144 bytes")


async def test_any_media_type_will_do(cafe: Cafe) -> None:
    for media in ("text/plain", "application/x-www-form-urlencoded", "nonsense"):
        content = b'{"customer": 9, "actor": 7}'
        answer = await cafe.http.post(ALL, content=content, headers={"Content-Type": media})
        assert answer.status_code == 201


ROUTES = (
    ("POST", ALL), ("GET", ALL), ("GET", ALL + "/actors"),
    ("GET", f"{ALL}/{NOBODY}"), ("PATCH", f"{ALL}/{NOBODY}"),
)  # fmt: skip
METHODS = (
    ("PUT", ALL, "GET, HEAD, POST"),
    ("DELETE", ALL, "GET, HEAD, POST"),
    ("DELETE", f"{ALL}/{NOBODY}", "GET, HEAD, PATCH"),
    ("POST", f"{ALL}/{NOBODY}", "GET, HEAD, PATCH"),
    ("PATCH", ALL + "/actors", "GET, HEAD"),
    ("POST", "/orderlog.lua", "GET, HEAD"),
)
NOWHERE = ("/", "/players", "/players/orders", "/players/orders/main/a/b", "/workspace/main/roles")


async def test_without_a_valid_key_nothing_opens(cafe: Cafe) -> None:
    for scheme in ("", "wrong", "Bearer", "Bearer wrong", f"Basic {cafe.key}", cafe.key):
        headers = {"authorization": scheme} if scheme else {}
        async with door(cafe.server, "hyra", **headers) as nobody:
            for method, path in (*ROUTES, ("GET", "/players/orders/elsewhere")):
                answer = await nobody.request(method, path)
                refused(answer, 401)
                assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_keys_of_other_doors_and_revoked_ones_open_nothing(cafe: Cafe) -> None:
    foreign = [cafe.server.key, await credential(cafe.server, "eatsa")]
    for key in foreign:
        async with door(cafe.server, "hyra", authorization=f"Bearer {key}") as other:
            refused(await other.get(ALL), 401, "unknown, revoked or expired")
    await cafe.server.store.write(partial(revoke_key, key="Test hyra"))
    refused(await cafe.http.get(ALL), 401)


async def test_a_key_opens_its_own_workspace_only(cafe: Cafe) -> None:
    made = await cafe.server.http.post("/api/v1/venues", json={"slug": "airport"})
    assert made.status_code == 201
    await connect(cafe.server, "hyra", venue="airport", workspace_id="Cafe_2")
    key = await credential(cafe.server, "hyra", "airport")
    async with door(cafe.server, "hyra", authorization=f"bearer {key}") as airport:
        for method, path in ROUTES:
            refused(await airport.request(method, path), 403, "another workspace")
        for method, path in ROUTES:
            elsewhere = path.replace("main", "airport")
            refused(await airport.request(method, elsewhere), 404, "no such workspace")
        theirs = await airport.post("/players/orders/Cafe_2", json=GOOD)
        assert theirs.json()["order_number"] == "1001"
    refused(await cafe.http.get(f"{ALL}/{theirs.json()['id']}"), 404, "no such order")
    refused(
        await cafe.http.patch(f"{ALL}/{theirs.json()['id']}", json={"status": "completed"}), 404
    )


async def test_a_venue_that_is_not_connected_is_no_workspace(cafe: Cafe) -> None:
    await connect(cafe.server, "hyra", on=False)
    refused(await cafe.http.get(ALL), 404, "no such workspace")


async def test_unknown_orders_are_not_found(cafe: Cafe) -> None:
    for order in (NOBODY, "1001", "x", "%00", "ü", "a" * 500, NOBODY.replace("0", "F")):
        refused(await cafe.http.get(f"{ALL}/{order}"), 404, "no such order")
        change = {"status": "completed"}
        refused(await cafe.http.patch(f"{ALL}/{order}", json=change), 404, "no such order")


async def test_unknown_addresses_and_methods(cafe: Cafe) -> None:
    for path in NOWHERE:
        refused(await cafe.http.get(path), 404, "nothing at this address")
    for method, path, allow in METHODS:
        answer = await cafe.http.request(method, path)
        refused(answer, 405)
        assert answer.headers["allow"] == allow


async def test_the_venues_limit_is_told_and_held(cafe: Cafe) -> None:
    assert "x-ratelimit-limit" not in (await cafe.http.get(ALL)).headers
    await connect(cafe.server, "hyra", requests_per_minute=3)
    answers = [
        await cafe.http.get(ALL),
        await cafe.http.post(ALL, json={}),
        await cafe.http.post(ALL, json=GOOD),
        await cafe.http.get(ALL),
        await cafe.http.patch(f"{ALL}/{NOBODY}", json={}),
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 201, 429, 429]
    for answer in answers:
        assert answer.headers["x-ratelimit-limit"] == "3"
        assert 1 <= int(answer.headers["x-ratelimit-reset"]) <= 60
    refused(answers[-1], 429, "Too many requests")
    assert answers[-1].headers["retry-after"] == answers[-1].headers["x-ratelimit-reset"]
    other = await credential(cafe.server, "hyra")
    async with door(cafe.server, "hyra", authorization=f"Bearer {other}") as game:
        assert (await game.get(ALL)).status_code == 200  # each key has its own count


async def test_an_idempotency_key_makes_a_write_safe_to_repeat(cafe: Cafe) -> None:
    headers = {"Idempotency-Key": "one"}
    first = await cafe.http.post(ALL, json=GOOD, headers=headers)
    again = await cafe.http.post(ALL, json=GOOD | {"customer": "9"}, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    refused(await cafe.http.post(ALL, json=GOOD | {"actor": 8}, headers=headers), 409)
    assert (await cafe.list())["total"] == 1
    path, change = f"{ALL}/{first.json()['id']}", {"status": "preparing"}
    moved = await cafe.http.patch(path, json=change, headers=headers)
    await cafe.move(first.json()["id"], "completed")
    late = await cafe.http.patch(path, json=change, headers=headers)
    assert late.json() == moved.json()
    assert (await cafe.show(first.json()["id"]))["status"] == "completed"
    for key in ("", "x" * 256):
        wrong = {"Idempotency-Key": key}
        refused(await cafe.http.post(ALL, json=GOOD, headers=wrong), 400, "Idempotency-Key")


async def test_the_workspace_id_is_one_step_of_an_address(server: VenueServer) -> None:
    await connect(server, "hyra")
    path = "/api/v1/venues/main/systems/hyra"
    for wrong in ("a/b", "..", "a b", "é", "x" * 81):
        answer = await server.http.patch(path, json={"settings": {"workspace_id": wrong}})
        assert answer.status_code == 422, answer.text
    shown = (await server.http.get("/api/v1/venues/main/systems")).json()["systems"]
    enter = next(one["enter"] for one in shown if one["system"] == "hyra")
    assert enter["Workspace id"] == "main"
    assert enter["Lua module"] == enter["Base address"] + "/orderlog.lua"
