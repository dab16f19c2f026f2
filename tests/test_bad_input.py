"""Rubbish gets a 4xx with a reason, changes nothing and is never a crash."""

import json
import logging
from typing import Any

import pytest
from hypothesis import given, strategies as st

from app.web.body import PLAIN, STRICT
from tests.venue_server import VenueServer

ORDERS = "/api/v1/venues/main/orders"
JSON = {"Content-Type": "application/json"}
MARKUP = "<script>alert(1)</script>&\"'"

WRONG_FIELDS: list[tuple[dict[str, Any], str]] = [
    ({"surname": "x"}, "surname"),
    ({"first_name": 5}, "first_name"),
    ({"first_name": "x" * 10_000}, "first_name"),
    ({"first_name": "a\u0000b"}, "first_name"),
    ({"first_name": "a\u001bb"}, "first_name"),
    ({"first_name": "a\u0085b"}, "first_name"),
    ({"name": ""}, "name"),
    ({"number": "1234567890"}, "number"),
    ({"number": 10**23}, "number"),
    ({"number": True}, "number"),
    ({"number": "<b>"}, "number"),
    ({"status": "cooked"}, "status"),
    ({"scheduled_at": "tomorrow"}, "scheduled_at"),
    ({"scheduled_at": "2026-11-21T12:00:00"}, "scheduled_at"),
    ({"scheduled_at": "9999-12-31T23:59:59Z"}, "scheduled_at"),
    ({"total": "1e400"}, "total"),
    ({"total": "NaN"}, "total"),
    ({"total": "0.00001"}, "total"),
    ({"items": [{"name": "x", "quantity": 0}]}, "items/0/quantity"),
    ({"items": [{"name": "x", "quantity": 10**23}]}, "items/0/quantity"),
    ({"items": [{"name": "x", "quantity": 1.5}]}, "items/0/quantity"),
    ({"items": [{"quantity": 1}]}, "items/0/name"),
    ({"items": {}}, "items"),
    ({"items": [{"name": "x"}] * 201}, "items"),
]

UNREADABLE = {
    "not JSON": b"{",
    "nothing": b"",
    "invalid UTF-8": b'{"first_name": "\xff"}',
    "UTF-16": '{"first_name": "Ada"}'.encode("utf-16"),
    "duplicated key": b'{"first_name": "Ada", "first_name": "Bo"}',
    "duplicated key inside": b'{"items": [{"name": "x", "name": "y"}]}',
    "NaN": b'{"total": NaN}',
    "bottomless": b"[" * 100_000,
    "bottomless object": b'{"a":' * 40_000,
    "endless number": b'{"total": ' + b"9" * 100_000 + b"}",
    "two documents": b"{}{}",
}


@pytest.fixture(autouse=True)
def no_crash_is_logged(caplog: pytest.LogCaptureFixture) -> Any:
    yield
    assert [r for r in caplog.records if r.levelno >= logging.ERROR] == []


@pytest.mark.parametrize(("body", "path"), WRONG_FIELDS, ids=lambda value: str(value)[:40])
async def test_a_wrong_field_is_named(server: VenueServer, body: dict[str, Any], path: str) -> None:
    answer = await server.http.post(ORDERS, json=body)
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")
    assert any(error["path"].startswith(path) for error in answer.json()["errors"])
    assert (await server.http.get(ORDERS)).json()["orders"] == []


async def test_every_wrong_field_is_named_at_once(server: VenueServer) -> None:
    answer = await server.http.post(ORDERS, json={"first_name": 1, "last_name": 2, "x": 3})
    assert {error["path"] for error in answer.json()["errors"]} == {"first_name", "last_name", "x"}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_an_unreadable_body_is_refused(server: VenueServer, body: bytes) -> None:
    answer = await server.http.post(ORDERS, content=body, headers=JSON)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await server.http.get(ORDERS)).json()["orders"] == []


async def test_a_lone_surrogate_is_refused(server: VenueServer) -> None:
    body = b'{"first_name": "\\ud800"}'
    assert (await server.http.post(ORDERS, content=body, headers=JSON)).status_code in (400, 422)


async def test_a_large_body_is_refused_before_it_is_read(server: VenueServer) -> None:
    body = json.dumps({"note": "x" * 300_000}).encode()
    announced = await server.http.post(ORDERS, content=body, headers=JSON)

    async def in_pieces() -> Any:
        for start in range(0, len(body), 10_000):
            yield body[start : start + 10_000]

    streamed = await server.http.post(ORDERS, content=in_pieces(), headers=JSON)
    assert (announced.status_code, announced.json()["type"]) == (413, "too-large")
    assert (streamed.status_code, streamed.json()["type"]) == (413, "too-large")


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_another_media_type_is_refused(server: VenueServer, media: str) -> None:
    headers = {"Content-Type": media} if media else {}
    answer = await server.http.post(ORDERS, content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (415, "unsupported-media-type")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=many",
        "status=cooked",
        "sort=name",
        "cursor=xyz",
        "cursor=%FF",
        "placed_after=yesterday",
        "colour=red",
        "search=" + "x" * 201,
        "number=1&number=2",
    ],
)
async def test_a_wrong_parameter_is_refused(server: VenueServer, query: str) -> None:
    answer = await server.http.get(f"{ORDERS}?{query}")
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/api/v1/venues/nowhere/orders", "venue-not-found"),
        ("POST", "/api/v1/venues/nowhere/orders", "venue-not-found"),
        ("GET", f"{ORDERS}/zzz", "order-not-found"),
        ("GET", f"{ORDERS}/%00", "order-not-found"),
        ("GET", f"{ORDERS}/{'x' * 4000}", "order-not-found"),
        ("GET", "/b/%F0%9F%8D%94.json", "venue-not-found"),
        ("GET", "/nothing/here", "not-found"),
        ("GET", "/static/x/..%2f..%2fpyproject.toml", "not-found"),
        ("GET", "/static/x/%2Fetc%2Fpasswd", "not-found"),
    ],
)
async def test_what_is_not_there_is_not_found(
    server: VenueServer, method: str, path: str, kind: str
) -> None:
    body: dict[str, Any] | None = {} if method == "POST" else None
    answer = await server.http.request(method, path, json=body)
    assert answer.status_code == 404
    if not path.startswith("/static"):
        assert answer.json()["type"] == kind


@pytest.mark.parametrize("key", ["", "x" * 256])
async def test_an_odd_idempotency_key_is_refused(server: VenueServer, key: str) -> None:
    answer = await server.http.post(ORDERS, json={}, headers={"Idempotency-Key": key})
    assert answer.status_code == 422


@pytest.mark.parametrize("authorization", ["Bearer rb_wrong", "Bearer", "rb_wrong", "Bearer \xff"])
async def test_a_wrong_key_is_unauthorized(server: VenueServer, authorization: str) -> None:
    async with server.client() as client:
        header = (b"Authorization", authorization.encode("latin-1"))
        answer = await client.get(ORDERS, headers=[header])
    assert (answer.status_code, answer.json()["type"]) == (401, "unauthorized")
    assert "Bearer" in answer.headers["www-authenticate"]


async def test_markup_in_a_name_stays_text_everywhere(server: VenueServer) -> None:
    await server.http.post(ORDERS, json={"name": MARKUP, "note": MARKUP})
    page = (await server.http.get("/b/main")).text
    assert "<script>alert" not in page
    assert "<script>alert" not in (await server.http.get("/b/main?plain=1")).text
    assert (await server.http.get("/b/main.json")).json()["cards"][0]["name"] == MARKUP


@given(st.from_regex(PLAIN, fullmatch=True))
def test_a_body_too_plain_to_be_odd_is_good_json(raw: bytes) -> None:
    assert len(STRICT.decode(raw.decode())) <= 1
