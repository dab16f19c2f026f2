"""Refusals have one shape and stable names."""

import httpx2
import pytest

from app.domain.problems import Problem
from tests.venue_server import VenueServer

# Published: clients act on these words. Add to the table, never change a row.
SLUGS = {
    "board-not-found": 404,
    "code-not-found": 404,
    "conflict": 409,
    "cross-origin": 403,
    "forbidden": 403,
    "idempotency-key-reused": 409,
    "internal-error": 500,
    "invalid-request": 422,
    "key-not-found": 404,
    "last-admin": 409,
    "locked-out": 429,
    "malformed-request": 400,
    "method-not-allowed": 405,
    "name-taken": 409,
    "not-connected": 404,
    "not-found": 404,
    "nothing-to-recall": 409,
    "number-in-use": 409,
    "order-not-found": 404,
    "orders-open": 409,
    "pickup-point-in-use": 409,
    "pickup-point-not-found": 404,
    "ref-taken": 409,
    "screen-not-found": 404,
    "screen-revoked": 401,
    "seq-mismatch": 409,
    "setup-done": 409,
    "station-not-found": 422,
    "ticket-not-found": 404,
    "too-large": 413,
    "too-many-requests": 429,
    "unauthorized": 401,
    "unavailable": 503,
    "unlock-code-needed": 409,
    "unsupported-media-type": 415,
    "user-not-found": 404,
    "venue-not-found": 404,
    "wrong-database": 503,
    "wrong-unlock-code": 409,
}


def kinds(of: type[Problem]) -> list[type[Problem]]:
    return [kind for child in of.__subclasses__() for kind in [child, *kinds(child)]]


def test_every_refusal_has_its_published_name_and_status() -> None:
    found = {
        kind.slug: kind.status
        for kind in kinds(Problem)
        if kind.__module__ == "app.domain.problems"
    }
    assert found == SLUGS


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "POST"])
async def test_a_wrong_method_says_which_are_right(server: VenueServer, method: str) -> None:
    answer = await server.http.request(method, "/healthz")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.json()["type"] == "method-not-allowed"


async def test_one_address_with_many_methods_names_them_all(server: VenueServer) -> None:
    answer = await server.http.put("/api/v1/venues/main/orders/x", json={})
    assert answer.headers["allow"] == "DELETE, GET, HEAD, PATCH"


async def test_a_person_gets_a_page(server: VenueServer) -> None:
    async with server.client() as browser:
        answer = await browser.get("/b/nowhere", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_a_form_that_cannot_be_read_is_malformed(server: VenueServer) -> None:
    async with server.client() as browser:
        answer = await browser.post(
            "/staff/sign-in",
            content=b"--x\r\nrubbish",
            headers={"Content-Type": "multipart/form-data; boundary=x", "Origin": server.url},
        )
    assert 400 <= answer.status_code < 500


async def test_our_own_mistake_tells_nothing_of_the_inside(
    server: VenueServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def burst(look: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(server.store, "read", burst)
    answer = await server.http.get("/api/v1/venues/main/orders/x")
    assert (answer.status_code, answer.json()["type"]) == (500, "internal-error")
    assert "secret" not in answer.text


async def test_every_answer_forbids_guessing_its_type(server: VenueServer) -> None:
    answers: list[httpx2.Response] = [
        await server.http.get(path) for path in ("/healthz", "/nothing", "/b/main", "/docs")
    ]
    assert {answer.headers["x-content-type-options"] for answer in answers} == {"nosniff"}
