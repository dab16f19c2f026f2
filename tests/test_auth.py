"""Who is asking: keys, cookies, the cache, where a request came from, and signing in."""

import asyncio
import time
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest
from argon2 import PasswordHasher
from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.commands.keys import create_key, revoke_key
from app.commands.people import SESSION_LASTS, SignedIn, add_user, disable_user, sign_out
from app.domain.people import ANONYMOUS, Role, Scope
from app.domain.problems import CrossOrigin, LockedOut, TooManyRequests, Unauthorized
from app.settings import Settings
from app.store import people
from app.store.sqlite import SqliteStore
from app.web.auth import COOKIE, Auth
from tests.clock import Clock

PASSWORD = "correct horse"
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture
async def store(store: SqliteStore) -> SqliteStore:
    await store.write(partial(add_user, name="Anna", role=Role.ADMIN, password_hash=HASH))
    await store.write(partial(add_user, name="Sam", role=Role.STAFF, password_hash=HASH))
    return store


@pytest.fixture
def auth(store: SqliteStore, clock: Clock) -> Auth:
    auth = Auth(store, Settings(public_url="https://board.example/rb"), clock=clock)
    store.on_commit = lambda _events, credentials: auth.drop_cache() if credentials else None
    return auth


def asking(
    method: str = "GET", path: str = "/api/v1/x", kind: str = "http", **headers: str
) -> HTTPConnection:
    query = headers.pop("query", "")
    scope = {
        "type": kind,
        "path": path,
        "query_string": query.encode(),
        "headers": [
            (name.replace("_", "-").encode(), value.encode("latin-1"))
            for name, value in {"host": "till.lan:8080", **headers}.items()
        ],
        "client": ("192.0.2.7", 50000),
        "server": ("till.lan", 8080),
        "scheme": "http" if kind == "http" else "ws",
        "root_path": "",
    }
    return HTTPConnection(scope | ({"method": method} if kind == "http" else {}))


async def new_key(store: SqliteStore, *scopes: Scope, **more: Any) -> str:
    make = partial(create_key, name="till", scopes=scopes or (Scope.ORDERS_WRITE,), **more)
    return (await store.write(make)).secret


async def entered(auth: Auth, name: str = "Sam") -> SignedIn:
    return await auth.sign_in(asking(user_agent="Tablet"), name, PASSWORD)


def cookie(entered: SignedIn) -> str:
    return f"other=1; {COOKIE}={entered.secret}"


async def test_nobody_in_particular_may_nothing(auth: Auth) -> None:
    caller = await auth.caller_of(asking())
    assert caller == ANONYMOUS
    assert not any(caller.may(scope) for scope in Scope)


async def test_key_says_who_is_asking(auth: Auth, store: SqliteStore) -> None:
    secret = await new_key(store, Scope.ORDERS_WRITE, venues=["main"])
    caller = await auth.caller_of(asking(authorization=f"Bearer {secret}"))
    assert (caller.actor.kind, caller.actor.name) == ("key", "till")
    assert caller.may(Scope.ORDERS_WRITE)
    assert not caller.may(Scope.ORDERS_READ)
    assert (caller.may_enter("main"), caller.may_enter("other")) == (True, False)
    assert not caller.by_cookie


async def test_a_known_key_is_no_other_systems_and_no_session(
    auth: Auth, store: SqliteStore
) -> None:
    secret = await new_key(store)
    await auth.caller_of(asking(authorization=f"Bearer {secret}"))  # it is in the cache now
    with pytest.raises(Unauthorized):
        await auth.caller_of_secret(secret, "eatsa")
    assert await auth.caller_of_session(secret) == ANONYMOUS
    await auth.caller_of_secret(secret)


async def test_wrong_key_never_falls_through_to_the_cookie(auth: Auth, store: SqliteStore) -> None:
    known = await entered(auth)
    unknown = "rb_" + "x" * 43
    for header in (f"Bearer {unknown}", "Bearer", "Bearer x", unknown, "Digest y", "Bearer \xff"):
        with pytest.raises(Unauthorized):
            await auth.caller_of(asking(authorization=header, cookie=cookie(known)))


async def test_basic_credentials_of_a_proxy_are_none_of_ours(auth: Auth) -> None:
    known = await entered(auth)
    caller = await auth.caller_of(asking(authorization="Basic eDp5", cookie=cookie(known)))
    assert caller.actor.name == "Sam"


async def test_revoked_key_is_refused_at_once(auth: Auth, store: SqliteStore) -> None:
    secret = await new_key(store)
    asked = asking(authorization=f"Bearer {secret}")
    caller = await auth.caller_of(asked)
    await store.write(partial(revoke_key, key="till"))
    with pytest.raises(Unauthorized):
        await auth.caller_of(asked)
    assert not await auth.still_valid(caller.credential)


async def test_key_expires_while_it_is_cached(auth: Auth, store: SqliteStore, clock: Clock) -> None:
    secret = await new_key(store, expires_at=clock.now + timedelta(hours=1))
    asked = asking(authorization=f"Bearer {secret}")
    caller = await auth.caller_of(asked)
    clock.now += timedelta(hours=1)
    with pytest.raises(Unauthorized):
        await auth.caller_of(asked)
    assert await auth.still_valid(caller.credential)  # expiry ends no running stream


async def test_known_key_is_not_looked_up_again(auth: Auth, store: SqliteStore) -> None:
    asked = asking(authorization=f"Bearer {await new_key(store)}")
    first = await auth.caller_of(asked)
    assert await auth.caller_of(asked) is first


async def test_lookup_begun_before_a_change_is_not_kept(auth: Auth, store: SqliteStore) -> None:
    asked = asking(authorization=f"Bearer {await new_key(store)}")
    looking = asyncio.create_task(auth.caller_of(asked))
    await asyncio.sleep(0)
    auth.drop_cache()
    first = await looking
    assert await auth.caller_of(asked) is not first


@pytest.mark.parametrize("name", ["key", "access_token"])
@pytest.mark.parametrize("path", ["/api/v1/venues/main/events", "/b/main/feed"])
async def test_stream_takes_a_key_in_its_address_for_reading(
    auth: Auth, store: SqliteStore, name: str, path: str
) -> None:
    query = urlencode({name: await new_key(store, Scope.ADMIN)})
    caller = await auth.caller_of(asking(path=path, query=query))
    assert caller.scopes == {Scope.ORDERS_READ, Scope.BOARD_READ}
    socket = await auth.caller_of(asking(kind="websocket", path="/b/main/ws", query=query))
    assert socket.may(Scope.ORDERS_READ)


async def test_key_in_any_other_address_is_nothing(auth: Auth, store: SqliteStore) -> None:
    query = urlencode({"key": await new_key(store)})
    assert await auth.caller_of(asking(path="/api/v1/venues/main/orders", query=query)) == ANONYMOUS
    assert await auth.caller_of(asking("POST", path="/x/feed", query=query)) == ANONYMOUS


async def test_cookie_says_who_is_asking(auth: Auth) -> None:
    known = await entered(auth)
    caller = await auth.caller_of(asking(cookie=cookie(known)))
    assert (caller.actor.kind, caller.actor.name, caller.by_cookie) == ("person", "Sam", True)
    assert caller.may(Scope.ORDERS_WRITE)
    assert not caller.may(Scope.ADMIN)
    assert caller.may_enter("anywhere")


async def test_unknown_cookie_is_nobody(auth: Auth) -> None:
    assert await auth.caller_of(asking(cookie=f"{COOKIE}=guess")) == ANONYMOUS


async def test_signed_out_session_is_nobody(auth: Auth, store: SqliteStore) -> None:
    known = await entered(auth)
    caller = await auth.caller_of(asking(cookie=cookie(known)))
    assert await auth.still_valid(caller.credential)
    await store.write(partial(sign_out, session=known.session.id))
    assert await auth.caller_of(asking(cookie=cookie(known))) == ANONYMOUS
    assert not await auth.still_valid(caller.credential)


async def test_disabled_user_is_nobody_at_once(auth: Auth, store: SqliteStore) -> None:
    known = await entered(auth)
    caller = await auth.caller_of(asking(cookie=cookie(known)))
    await store.write(partial(disable_user, user="Sam"))
    assert await auth.caller_of(asking(cookie=cookie(known))) == ANONYMOUS
    assert not await auth.still_valid(caller.credential)


async def test_anonymous_streams_stay_and_odd_credentials_do_not(auth: Auth) -> None:
    assert await auth.still_valid("")
    assert not await auth.still_valid("screen:1")


async def test_session_slides_while_used_and_ends_unused(
    auth: Auth, store: SqliteStore, clock: Clock
) -> None:
    asked = asking(cookie=cookie(known := await entered(auth)))
    for _ in range(3):
        clock.now += SESSION_LASTS - timedelta(days=1)
        assert (await auth.caller_of(asked)).actor.name == "Sam"
    kept = await store.read(partial(people.session_by_id, session=known.session.id))
    assert kept is not None
    assert kept.seen_at == clock.now
    clock.now += SESSION_LASTS
    assert await auth.caller_of(asked) == ANONYMOUS


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
        {"origin": "http://till.lan:8080"},
        {"origin": "https://board.example"},
    ],
)
async def test_own_pages_may_post(auth: Auth, headers: dict[str, str]) -> None:
    known = await entered(auth)
    asked = asking("POST", cookie=cookie(known), **headers)
    assert (await auth.caller_of(asked)).actor.name == "Sam"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site", "origin": "http://till.lan:8080"},
        {"origin": "null"},
        {"origin": "http://till.lan"},
        {"origin": "http://evil.example"},
        {"origin": ""},
    ],
)
async def test_other_sites_may_not_use_the_cookie(auth: Auth, headers: dict[str, str]) -> None:
    known = await entered(auth)
    for method in ("POST", "PATCH", "DELETE"):
        with pytest.raises(CrossOrigin):
            await auth.caller_of(asking(method, cookie=cookie(known), **headers))
    with pytest.raises(CrossOrigin):
        await auth.caller_of(asking(kind="websocket", cookie=cookie(known), **headers))
    assert (await auth.caller_of(asking(cookie=cookie(known), **headers))).by_cookie


async def test_keys_may_come_from_anywhere(auth: Auth, store: SqliteStore) -> None:
    secret = await new_key(store)
    asked = asking("POST", authorization=f"Bearer {secret}", origin="http://evil.example")
    assert (await auth.caller_of(asked)).may(Scope.ORDERS_WRITE)


async def test_wrong_password_and_unknown_name_answer_alike(auth: Auth) -> None:
    said = []
    for name in ("Sam", "nobody"):
        with pytest.raises(Unauthorized) as refusal:
            await auth.sign_in(asking(), name, "wrong password")
        said.append(refusal.value.detail)
    assert said[0] == said[1]


async def test_unknown_name_takes_as_long_as_a_known_one(auth: Auth) -> None:
    """Both run argon2; without it an answer takes well under a tenth of that work."""
    began = time.process_time()
    await asyncio.to_thread(PasswordHasher().hash, "x")
    hashing = time.process_time() - began
    began = time.process_time()
    with pytest.raises(Unauthorized):
        await auth.sign_in(asking(), "nobody", "wrong password")
    assert time.process_time() - began > hashing / 3


async def test_lock_out_holds_for_the_right_password_too(auth: Auth) -> None:
    for _ in range(5):
        with pytest.raises(Unauthorized):
            await auth.sign_in(asking(), "Sam", "wrong password")
    with pytest.raises(LockedOut):
        await entered(auth)


async def test_guesses_at_the_same_time_all_count(auth: Auth) -> None:
    guesses = (auth.sign_in(asking(), "Sam", f"guess {n}") for n in range(8))
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(isinstance(answer, Unauthorized) for answer in answers) == 5
    assert sum(isinstance(answer, LockedOut) for answer in answers) == 3


async def test_one_address_gets_so_many_attempts_a_minute(store: SqliteStore) -> None:
    auth = Auth(store, Settings(), attempts_per_minute=2)
    await entered(auth, "Sam")
    await entered(auth, "Anna")
    with pytest.raises(TooManyRequests) as refusal:
        await entered(auth, "Anna")
    assert refusal.value.extra["retry_after"] == 60


async def test_old_hash_is_made_anew_at_sign_in(auth: Auth, store: SqliteStore) -> None:
    known = await entered(auth)
    stored = await store.read(partial(people.password_hash, user=known.user.id))
    assert stored != HASH
    assert await auth.fits(known.user.id, PASSWORD)
    assert not await auth.fits(known.user.id, "wrong password")


async def test_session_keeps_what_the_browser_calls_itself(auth: Auth) -> None:
    assert (await entered(auth)).session.agent == "Tablet"


async def test_cookie_is_closed_to_scripts_and_other_sites(auth: Auth, store: SqliteStore) -> None:
    response = Response()
    auth.set_cookie(response, asking(), "secret")
    line = response.headers["set-cookie"].lower()
    assert "httponly" in line
    assert "samesite=lax" in line
    assert "secure" in line.split("; ")  # public_url is https
    plain = Response()
    Auth(store, Settings()).set_cookie(plain, asking(), "secret")
    assert "secure" not in plain.headers["set-cookie"].split("; ")
    gone = Response()
    auth.clear_cookie(gone, asking())
    assert "max-age=0" in gone.headers["set-cookie"].lower()


async def test_full_cache_starts_afresh(
    auth: Auth, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.auth.MOST_CACHED", 1)
    for _ in range(2):
        asked = asking(authorization=f"Bearer {await new_key(store)}")
        first = await auth.caller_of(asked)
        assert await auth.caller_of(asked) is first


async def test_hash_is_made_beside_the_loop(auth: Auth) -> None:
    assert (await auth.hash(PASSWORD)).startswith("$argon2id$")
