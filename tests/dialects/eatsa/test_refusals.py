"""What eatsa's clients are refused, and in which words; who is let in."""

import re
from typing import Any

import httpx2

from app.dialects.eatsa.dialect import EATSA
from tests.dialects.doors import connect
from tests.dialects.eatsa.partner import partner, sent
from tests.venue_server import VenueServer

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"ref_id": None}, "FIELD_IS_REQUIRED", "ref_id"),
    ({"store_id": None}, "FIELD_IS_REQUIRED", "store_id"),
    ({"user": None}, "FIELD_IS_REQUIRED", "user"),
    ({"user": {"ref_id": "x", "last_name": "Doe"}}, "FIELD_IS_REQUIRED", "user/first_name"),
    ({"line_items": None}, "FIELD_IS_REQUIRED", "line_items"),
    ({"line_items": [{}]}, "FIELD_IS_REQUIRED", "item_id"),
    ({"line_items": []}, "INVALID_INPUT", "line_items"),
    ({"line_items": "soup"}, "INVALID_INPUT", "line_items"),
    ({"scheduled_time": "soon"}, "INVALID_INPUT", "scheduled_time"),
    ({"scheduled_time": 5}, "INVALID_INPUT", "scheduled_time"),
    ({"total": "much"}, "INVALID_INPUT", "total"),
    ({"total": 10**30}, "INVALID_INPUT", "total"),
    ({"unlock_code": "no spaces please"}, "INVALID_INPUT", "unlock_code"),
    ({"service_type": "by air"}, "INVALID_INPUT", "service_type"),
    ({"channel": "a\u0000b"}, "INVALID_INPUT", "channel"),
    ({"special_instructions": "x" * 3000}, "INVALID_INPUT", "special_instructions"),
]


async def test_a_wrong_order_is_refused_by_name(server: VenueServer) -> None:
    async with partner(server) as client:
        for body, code, said in WRONG:
            answer = await client.post("/v1/orders", json=sent("x") | body)
            told = answer.json()
            assert (body, answer.status_code, told["code"]) == (body, 400, code)
            assert told["id"] == told["code"]
            assert said in told["message"]


REFUSED = [
    ("GET", "/v1/orders/nothing", None, 404, "NOT_FOUND"),
    ("GET", "/v1/orders/nothing/eta", None, 404, "NOT_FOUND"),
    ("PUT", "/v1/orders/nothing", {"status": "in_queue"}, 404, "NOT_FOUND"),
    ("POST", "/v1/orders", {"ref_id": "x"}, 400, "FIELD_IS_REQUIRED"),
    ("POST", "/v1/orders", sent("x", store_id="moon"), 404, "NOT_FOUND"),
    ("GET", "/v1/stores/moon", None, 404, "NOT_FOUND"),
    ("GET", "/v1/stores/moon/locations", None, 404, "NOT_FOUND"),
    ("GET", "/v1/nothing", None, 404, "NOT_FOUND"),
    ("GET", "/", None, 404, "NOT_FOUND"),
    ("DELETE", "/v1/orders", None, 405, "ERROR"),
    ("POST", "/v1/location/assign", {"line_item_id": "x"}, 404, "NOT_FOUND"),
    ("POST", "/v1/location/assign", {}, 400, "FIELD_IS_REQUIRED"),
    ("GET", f"/v1/orders/{'x' * 5000}", None, 404, "NOT_FOUND"),
    ("GET", "/v1/orders/%00%ff", None, 404, "NOT_FOUND"),
    ("PUT", "/v1/stores/main/locations/enable", {"location": "1F"}, 400, "FIELD_IS_REQUIRED"),
    ("PUT", "/v1/stores/main/locations/1F", {"disabled": None}, 400, "FIELD_IS_REQUIRED"),
    ("PUT", "/v1/stores/main/locations/1F", {"disabled": True}, 404, "NOT_FOUND"),
    ("PUT", "/v1/stores/main/pickup-locations/1F", {"disabled": "x"}, 400, "INVALID_INPUT"),
    ("GET", f"/v1/order-analytics?channel={'x' * 5000}", None, 400, "INVALID_INPUT"),
    ("GET", "/v1/order-analytics?page=99999999999999999999", None, 400, "INVALID_INPUT"),
    ("GET", "/v1/order-analytics?updated_at_before=0001-01-01", None, 400, "INVALID_INPUT"),
    ("GET", "/v1/stores?page=0", None, 400, "INVALID_INPUT"),
    ("GET", "/v1/order-analytics?per_page=0", None, 400, "INVALID_INPUT"),
    ("GET", "/v1/order-analytics?created_at_after=never", None, 400, "INVALID_INPUT"),
    ("GET", "/v1/order-analytics?store_id=moon", None, 404, "NOT_FOUND"),
]


async def test_every_refusal_has_eatsas_shape(server: VenueServer) -> None:
    async with partner(server) as client:
        for method, path, body, status, code in REFUSED:
            answer = await client.request(method, path, json=body)
            assert (path, answer.status_code) == (path, status)
            assert set(answer.json()) == {"id", "code", "message"}
            assert answer.json()["code"] == code


RUBBISH = [
    (b"{", 400), (b"\xff", 400), (b"[]", 400), (b"", 400), (b'{"a":1,"a":2}', 400),
    (b"[" * 100_000, 400), (b'"' + b"x" * 300_000 + b'"', 413),
]  # fmt: skip


async def test_rubbish_is_refused_in_eatsas_shape(server: VenueServer) -> None:
    async with partner(server) as client:
        for content, status in RUBBISH:
            answer = await client.post("/v1/orders", content=content)
            assert (content[:9], answer.status_code) == (content[:9], status)
            assert set(answer.json()) == {"id", "code", "message"}


async def test_every_route_asks_for_a_token_and_knows_its_methods(server: VenueServer) -> None:
    async with partner(server) as client, server.client() as nobody:
        for entry in EATSA.table:
            path = re.sub(r"{.*?}", "main", entry.path)
            answer = await nobody.request(entry.method, f"/eatsa{path}")
            assert (path, answer.status_code) == (path, 401)
            assert answer.json()["code"] == "UNAUTHORIZED"
            other = await client.delete(path)
            assert (path, other.status_code, other.json()["code"]) == (path, 405, "ERROR")
            assert entry.method in other.headers["allow"]


async def _status(client: httpx2.AsyncClient, path: str = "/v1/stores", **headers: str) -> Any:
    answer = await client.get(path, headers=headers)
    return answer.status_code, answer.json().get("code")


async def test_without_a_good_token_nobody_is_let_in(server: VenueServer) -> None:
    async with partner(server) as client, server.client() as nobody:
        assert await _status(client) == (200, None)
        url = "/eatsa/v1/stores"
        assert await _status(nobody, url) == (401, "UNAUTHORIZED")
        assert await _status(nobody, url, **{"x-authtoken": "rubbish"}) == (401, "UNAUTHORIZED")
        assert await _status(nobody, url, **{"x-authtoken": server.key}) == (401, "UNAUTHORIZED")
        good = client.headers["x-authtoken"]
        for spelling in ("x-authtoken", "X-Authtoken", "X-AuthToken", "X-AUTHTOKEN"):
            assert await _status(nobody, url, **{spelling: good}) == (200, None)


async def test_an_open_store_lets_its_own_network_in(server: VenueServer) -> None:
    async with partner(server, open=True), server.client() as nobody:
        for address, status in (
            ("127.0.0.1", 200), ("192.168.1.20", 200), ("10.0.0.5", 200), ("fd00::7", 200),
            ("::ffff:192.168.1.20", 200), ("8.8.8.8", 401), ("::ffff:8.8.8.8", 401),
            ("2606:4700::1111", 401),
        ):  # fmt: skip
            asked = {"X-Forwarded-For": address}
            told = await _status(nobody, "/eatsa/v1/stores", **asked)
            assert (address, told[0]) == (address, status)
        wrong = {"x-authtoken": "rubbish"}  # who shows a token is held to it
        assert await _status(nobody, "/eatsa/v1/stores", **wrong) == (401, "UNAUTHORIZED")


async def test_with_no_store_connected_nothing_is_found(server: VenueServer) -> None:
    await connect(server, "hyra")
    async with server.client() as nobody:
        assert await _status(nobody, "/eatsa/v1/stores") == (404, "NOT_FOUND")


async def test_plain_http_can_be_refused(server: VenueServer) -> None:
    async with partner(server, https_only=True) as client:
        assert await _status(client) == (403, "FORBIDDEN")
        assert await _status(client, **{"X-Forwarded-Proto": "https"}) == (200, None)


async def test_a_limit_is_kept(server: VenueServer) -> None:
    async with partner(server, requests_per_minute=2) as client:
        answers = [await client.get("/v1/stores/main") for _ in range(4)]
    assert [answer.status_code for answer in answers][:1] == [200]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["retry-after"] == "60"
