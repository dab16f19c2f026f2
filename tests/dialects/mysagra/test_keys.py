"""Section 2.2: API keys, made, listed, used and revoked."""

import re

import pytest

from tests.dialects.mysagra.stall import PIZZA, Stall

FORMAT = {"PRINTER": r"ms_pt_[A-Za-z0-9_-]{43}", "WEBAPP": r"ms_wb_[A-Za-z0-9_-]{43}"}
ORDER = {"table": "1", "customer": "A", "orderItems": [{"foodId": PIZZA, "quantity": 1}]}


@pytest.mark.parametrize("kind", FORMAT)
async def test_a_key_is_made_shown_once_listed_and_revoked(stall: Stall, kind: str) -> None:
    made = await stall.till.post("/v1/api-keys", json={"name": "Kitchen", "type": kind})
    told = made.json()
    assert made.status_code == 201
    assert set(told) == {"id", "type", "apiKey", "key", "createdAt"}
    assert told["apiKey"] == told["key"]
    assert re.fullmatch(FORMAT[kind], told["apiKey"])
    listed = {
        "id": told["id"], "prefix": told["apiKey"][:6], "last_digits": told["apiKey"][-4:],
        "type": kind, "name": "Kitchen", "createdAt": told["createdAt"], "lastUsedAt": None,
        "revokedAt": None,
    }  # fmt: skip
    assert (await stall.till.get("/v1/api-keys")).json() == [listed]
    assert told["apiKey"] not in (await stall.till.get("/v1/api-keys")).text
    client = stall.client(X_API_KEY=told["apiKey"])
    assert (await client.get("/v1/orders")).status_code == 403
    assert (await stall.till.get("/v1/api-keys")).json()[0]["lastUsedAt"]
    gone = await stall.till.delete(f"/v1/api-keys/{told['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await stall.till.get("/v1/api-keys")).json()[0]["revokedAt"]
    refused = await client.post("/v1/orders", json=ORDER)
    assert refused.status_code == 403
    assert refused.json() == {"message": "API Key has been revoked", "error": "ForbiddenError"}
    assert (await stall.till.delete(f"/v1/api-keys/{told['id']}")).status_code == 204


BAD_KEYS = [
    ("nonsense", 400, {"message": "Invalid API key", "error": "BadRequestError"}),
    ("rb_" + "x" * 43, 400, {"message": "Invalid API key", "error": "BadRequestError"}),
    ("ms_pt_" + "x" * 43, 401, {"message": "Invalid API Key", "error": "UnauthorizedError"}),
    ("ms_wb_", 401, {"message": "Invalid API Key", "error": "UnauthorizedError"}),
]


async def test_a_bad_key_is_told_apart_from_an_unknown_one(stall: Stall) -> None:
    for key, status, said in BAD_KEYS:
        answer = await stall.client(X_API_KEY=key).get("/v1/orders")
        assert (answer.status_code, answer.json()) == (status, said), key


async def test_the_key_is_looked_at_before_the_bearer(stall: Stall) -> None:
    both = stall.client(X_API_KEY="nonsense", Authorization=f"Bearer {stall.server.key}")
    assert (await both.get("/v1/orders")).status_code == 400


async def test_a_key_is_taken_as_bearer_too(stall: Stall) -> None:
    told = await stall.till.post("/v1/api-keys", json={"name": "Web", "type": "WEBAPP"})
    client = stall.client(Authorization=f"Bearer {told.json()['apiKey']}")
    assert (await client.post("/v1/orders", json=ORDER)).status_code == 201
    assert (await client.get("/v1/orders")).status_code == 403


async def test_a_web_key_creates_but_never_confirms_nor_sets_prices(stall: Stall) -> None:
    web = await stall.with_key("web")
    refused = await web.post("/v1/orders", json=ORDER | {"confirm": {"paymentMethod": "CASH"}})
    assert refused.status_code == 403
    assert refused.json() == {
        "message": "API key cannot confirm orders",
        "error": "ForbiddenError",
    }
    priced = [{"foodId": PIZZA, "quantity": 2, "surcharge": -10}]
    made = await web.post("/v1/orders", json=ORDER | {"orderItems": priced})
    assert (made.json()["surcharge"], made.json()["total"]) == ("0", "17")


BAD_BODIES = [
    ({}, {"name", "type"}),
    ({"name": "", "type": "PRINTER"}, {"name"}),
    ({"name": "x" * 81, "type": "PRINTER"}, {"name"}),
    ({"name": "x", "type": "DISPLAY"}, {"type"}),
    ({"name": 5, "type": None}, {"name", "type"}),
]


async def test_a_bad_key_request_names_its_fields(stall: Stall) -> None:
    for body, fields in BAD_BODIES:
        answer = await stall.till.post("/v1/api-keys", json=body)
        assert answer.status_code == 400
        assert {error["path"][0] for error in answer.json()["errors"]} == fields, body
    assert (await stall.till.delete("/v1/api-keys/c000000000")).status_code == 404
    assert (await stall.till.delete("/v1/api-keys/x")).status_code == 400
