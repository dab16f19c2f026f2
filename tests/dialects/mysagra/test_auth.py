"""Section 2: logging in and out, cookies, bearers, and who may do what."""

import asyncio
import re
from functools import partial
from typing import Any
from uuid import UUID

from app.commands.pins import allow_tablet, set_pin, sign_in_by_pin
from app.domain.people import Role, Scope
from tests.dialects.doors import connect, credential
from tests.dialects.mysagra.stall import PASSWORD, PIZZA, Stall, stall_at
from tests.staff_browser import NO_HASH
from tests.venue_server import VenueServer

NO_LOGIN = {"message": "Authentication required"}
EXPIRED = {"message": "Session expired or logged out", "error": "UnauthorizedError"}
NOT_ALLOWED = {"message": "Insufficient permissions"}
COOKIE = re.compile(r"(mysagra_token|mysagra_session)=([^;]+)")


async def test_a_login_answers_the_user_and_sets_both_cookies_to_the_token(stall: Stall) -> None:
    await stall.user("Olga", Role.STAFF)
    body = {"username": "olga", "password": PASSWORD}
    answer = await stall.client().post("/auth/login", json=body)
    told = answer.json()
    assert answer.status_code == 200
    assert {k: told[k] for k in ("username", "role")} == {"username": "Olga", "role": "operator"}
    assert told["id"] == told["userId"]
    assert re.fullmatch(r"c[0-9a-f]{24}", told["id"])
    cookies = answer.headers.get_list("set-cookie")
    values = COOKIE.findall(";".join(cookies))
    assert dict(values) == {"mysagra_token": told["token"], "mysagra_session": told["token"]}
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Path=/" in cookie
        assert "Secure" not in cookie
        assert int(re.search(r"Max-Age=(\d+)", cookie)[1]) >= 6 * 3600  # type: ignore[index]
        assert '"' not in cookie


async def test_over_https_the_cookies_are_secure(stall: Stall) -> None:
    await stall.user("Olga", Role.STAFF)
    body = {"username": "Olga", "password": PASSWORD}
    answer = await stall.client(X_Forwarded_Proto="https").post("/auth/login", json=body)
    assert all("Secure" in one for one in answer.headers.get_list("set-cookie"))


WRONG_LOGINS: list[tuple[Any, int, Any]] = [
    (
        {"username": "nobody", "password": PASSWORD},
        404,
        {"message": "User not found", "error": "NotFoundError"},
    ),
    (
        {"username": "Anna", "password": "not hers"},
        401,
        {"message": "Invalid credentials", "error": "UnauthorizedError"},
    ),
    ({"username": "Vera", "password": PASSWORD}, 403, NOT_ALLOWED),
    ({"username": "Carl", "password": PASSWORD}, 403, NOT_ALLOWED),
]


BAD_LOGINS: list[Any] = [
    {},
    {"username": "Anna"},
    {"password": "x"},
    {"username": "a" * 101, "password": "x"},
    {"username": "Anna", "password": "x" * 101},
    {"username": 5, "password": "x"},
    {"username": "An\x00na", "password": "x"},
    ["Anna", "x"],
]


async def test_who_cannot_log_in_is_told_why(stall: Stall) -> None:
    for name, role in (("Anna", Role.ADMIN), ("Vera", Role.VIEWER), ("Carl", Role.CUSTOMER)):
        await stall.user(name, role)
    client = stall.client()
    for body, status, said in WRONG_LOGINS:
        answer = await client.post("/auth/login", json=body)
        assert (answer.status_code, answer.json()) == (status, said)
        assert "set-cookie" not in answer.headers
    for bad in BAD_LOGINS:
        answer = await client.post("/auth/login", json=bad)
        assert answer.status_code == 400
        assert set(answer.json()) == {"errors"}


async def test_too_many_wrong_passwords_lock_the_name(stall: Stall) -> None:
    await stall.user("Anna", Role.ADMIN)
    client, body = stall.client(), {"username": "Anna", "password": "wrong one"}
    statuses = [(await client.post("/auth/login", json=body)).status_code for _ in range(5)]
    assert statuses == [401] * 5
    answer = await client.post("/auth/login", json=body)
    assert answer.status_code == 429
    assert answer.json() == {"message": "Too many requests", "error": "TooManyRequestsError"}
    assert int(answer.headers["retry-after"]) > 0


async def test_the_token_is_taken_by_either_cookie_and_as_bearer(stall: Stall) -> None:
    await stall.user("Olga", Role.STAFF)
    for way in ("mysagra_token", "mysagra_session", "bearer"):
        token = await stall.log_in("Olga")
        cookie, bearer = {"Cookie": f"{way}={token}"}, {"Authorization": f"Bearer {token}"}
        headers = bearer if way == "bearer" else cookie
        client = stall.client(**headers)
        assert (await client.get("/v1/orders")).status_code == 200
        out = await client.post("/auth/logout")
        assert (out.status_code, out.json()) == (200, {"message": "Logged out successfully"})
        cleared = [one for one in out.headers.get_list("set-cookie") if "Max-Age=0" in one]
        assert {one.split("=")[0] for one in cleared} == {"mysagra_token", "mysagra_session"}
        again = await stall.client(**headers).get("/v1/orders")
        assert (again.status_code, again.json()) == (401, EXPIRED)


NO_CREDENTIALS: list[tuple[dict[str, str], str]] = [
    ({}, ""),
    ({"Cookie": "mysagra_token=garbage"}, ""),
    ({"Cookie": "mysagra_session="}, ""),
    ({"Authorization": "Bearer undefined"}, ""),
    ({"Authorization": "Basic YTpi"}, ""),
    ({"Authorization": "Bearer rb_unknown"}, ""),
    ({}, "?token=abc&access_token=abc"),
]


async def test_without_a_credential_nothing_opens(stall: Stall) -> None:
    for headers, query in NO_CREDENTIALS:
        answer = await stall.client(**headers).get(f"/v1/orders{query}")
        assert (answer.status_code, answer.json()) == (401, NO_LOGIN), headers


async def test_a_bearer_that_does_not_stand_gives_way_to_the_cookie(stall: Stall) -> None:
    """The running system ignores Authorization, so clients may send anything there."""
    await stall.user("Olga", Role.STAFF)
    client = stall.client(
        Authorization="Bearer undefined", Cookie=f"mysagra_token={await stall.log_in('Olga')}"
    )
    assert (await client.get("/v1/orders")).status_code == 200


async def test_a_cookie_does_not_write_for_another_site(stall: Stall) -> None:
    await stall.user("Olga", Role.STAFF)
    cookie = f"mysagra_token={await stall.log_in('Olga')}"
    client = stall.client(Cookie=cookie, Sec_Fetch_Site="cross-site")
    assert (await client.get("/v1/orders")).status_code == 200
    assert (await client.post("/v1/orders", json={})).status_code == 403
    own = stall.client(Cookie=cookie, Sec_Fetch_Site="same-origin")
    assert (await own.post("/v1/orders", json={})).status_code == 400


ID = "c" + "0" * 24
ROWS = [
    ("GET", "/v1/orders", "staff"),
    ("POST", "/v1/orders", "staff+web"),
    ("GET", f"/v1/orders/{ID}", "staff"),
    ("PATCH", f"/v1/orders/{ID}", "staff"),
    ("DELETE", f"/v1/orders/{ID}", "staff"),
    ("POST", f"/v1/orders/{ID}/confirm", "staff"),
    ("PATCH", f"/v1/orders/{ID}/stations/{ID}", "staff"),
    ("POST", f"/v1/orders/{ID}/reprint", "staff+printer"),
    ("GET", "/v1/roles", "staff"),
    ("GET", "/v1/users", "staff"),
    ("POST", "/v1/users", "admin"),
    ("GET", "/v1/api-keys", "admin"),
    ("POST", "/v1/api-keys", "admin"),
    ("DELETE", f"/v1/api-keys/{ID}", "admin"),
]
HOLDS = {
    "admin": {"staff", "menu", "admin"},
    "maintainer": {"staff", "menu"},
    "operator": {"staff"},
    "printer": {"printer"},
    "web": {"web"},
    "rb_all": {"staff", "menu", "admin"},
    "viewer": set(),
}


async def test_each_role_and_key_may_do_what_its_row_says(stall: Stall) -> None:
    await connect(stall.server, "mysagra", maintainers="Someone, mia")
    roles = {"Ada": Role.ADMIN, "Mia": Role.STAFF, "Olga": Role.STAFF}
    for name, role in roles.items():
        await stall.user(name, role)
    named = dict(zip(("admin", "maintainer", "operator"), roles, strict=True))
    clients = {
        who: stall.client(Cookie=f"mysagra_session={await stall.log_in(name)}")
        for who, name in named.items()
    }
    clients |= {kind: await stall.with_key(kind) for kind in ("printer", "web")}
    clients["rb_all"] = stall.till
    reads = await stall.server.make_key(Scope.BOARD_READ)
    clients["viewer"] = stall.client(Authorization=f"Bearer {reads}")
    for method, path, who in ROWS:
        for holder, client in clients.items():
            answer = await client.request(method, path, json={})
            allowed = bool(HOLDS[holder] & set(who.split("+")))
            assert (answer.status_code not in (401, 403)) == allowed, (method, path, holder)
            if not allowed:
                assert (answer.status_code, answer.json()) == (403, NOT_ALLOWED)
        nobody = await stall.client().request(method, path, json={})
        assert (nobody.status_code, nobody.json()) == (401, NO_LOGIN)


async def test_a_pin_makes_no_maintainer(stall: Stall) -> None:
    await connect(stall.server, "mysagra", maintainers="mia")
    await stall.user("Mia", Role.STAFF)
    store = stall.server.store
    mia = await store.write(partial(set_pin, user="Mia", pin_hash=NO_HASH))
    made = await store.write(partial(allow_tablet, name="Counter", allowed_by="Mia"))
    change = partial(sign_in_by_pin, tablet=made.tablet.id, user=mia.id, checked_hash=NO_HASH)
    entered = await store.write(partial(change, fits=True))
    client = stall.client(Cookie=f"mysagra_session={entered.secret}")
    assert (await client.get("/v1/roles")).status_code == 200
    refused = await client.post("/v1/stations", json={"name": "Bar"})
    assert (refused.status_code, refused.json()) == (403, NOT_ALLOWED)


async def test_our_own_keys_open_what_their_scopes_say(stall: Stall) -> None:
    reads = stall.client(Authorization=f"Bearer {await stall.server.make_key(Scope.ORDERS_READ)}")
    writes = stall.client(Authorization=f"Bearer {await stall.server.make_key(Scope.ORDERS_WRITE)}")
    assert (await reads.get("/v1/orders")).status_code == 200
    assert (await reads.post("/v1/orders", json={})).status_code == 403
    assert (await writes.get("/v1/orders")).status_code == 403
    assert (await writes.post("/v1/orders", json={})).status_code == 400
    assert (await writes.get("/v1/api-keys")).status_code == 403


async def test_the_credential_is_looked_at_before_the_parameters(stall: Stall) -> None:
    assert (await stall.client().get("/v1/orders/bad id")).status_code == 401
    assert (await (await stall.with_key("web")).get("/v1/orders?limit=0")).status_code == 403
    assert (await stall.till.get("/v1/orders?limit=0")).status_code == 400


async def test_every_answer_carries_the_id_of_its_request(stall: Stall) -> None:
    for path in ("/v1/orders", "/v1/orders/none", "/nowhere"):
        echoed = await stall.till.get(path, headers={"X-Request-ID": "abc-1"})
        assert echoed.headers["x-request-id"] == "abc-1"
        made = await stall.client().get(path)
        assert UUID(made.headers["x-request-id"]).version == 4


async def test_a_venue_may_limit_requests_but_not_its_screens(server: VenueServer) -> None:
    async with stall_at(server, requests_per_minute=3) as stall:
        printer = await stall.with_key("printer")
        found = [(await printer.get("/v1/orders")).status_code for _ in range(4)]
        assert found == [403] * 4  # a refusal costs nothing
        answers = [await stall.till.get("/v1/orders") for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        refused = answers[-1]
        assert refused.json() == {"message": "Too many requests", "error": "TooManyRequestsError"}
        assert refused.headers["ratelimit-policy"] == "3;w=60"
        assert refused.headers["ratelimit-limit"] == "3"
        assert refused.headers["ratelimit-remaining"] == "0"
        assert int(refused.headers["ratelimit-reset"]) > 0
        assert int(refused.headers["retry-after"]) > 0
        for _ in range(5):
            async with asyncio.timeout(5), printer.stream("GET", "/events/printer") as stream:
                assert stream.status_code == 200


async def test_a_key_of_another_venue_opens_nothing_here(stall: Stall) -> None:
    made = await stall.server.http.post("/api/v1/venues", json={"slug": "bar", "name": "Bar"})
    assert made.status_code == 201
    await connect(stall.server, "mysagra", venue="bar")
    await stall.order(PIZZA)
    key = await credential(stall.server, "mysagra-web", venue="bar")
    answer = await stall.client(X_API_KEY=key).post(
        "/v1/orders",
        json={"table": "1", "customer": "A", "orderItems": [{"foodId": PIZZA, "quantity": 1}]},
    )
    assert answer.status_code == 400  # the pizza is on the other venue's menu
