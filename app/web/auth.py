"""Who is asking: API keys, session cookies, their cache, sign-in, and the cross-origin check."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.commands.keys import touch_key
from app.commands.passwords import LONGEST, hash_password, outdated, password_fits
from app.commands.people import SignedIn, extend_session, sign_in, still_open
from app.domain.events import Actor
from app.domain.orders import NATIVE
from app.domain.people import (
    ANONYMOUS,
    KEY_LENGTH,
    KEY_PREFIX,
    READING,
    SCOPES_OF,
    Caller,
    Scope,
    fingerprint,
)
from app.domain.problems import CrossOrigin, KeyRevoked, TooManyRequests, Unauthorized
from app.domain.times import EPOCH, utc_now
from app.settings import Settings
from app.store import people
from app.store.database import Reading, Store

COOKIE = "rb_session"
COOKIE_LASTS = timedelta(days=400)  # the longest a browser keeps one; the stored session decides
TOUCH_AFTER = timedelta(hours=1)
STREAMS = ("/events", "/feed", "/ws")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_CACHED = 10_000


@dataclass(frozen=True, slots=True)
class Known:
    """A credential as looked up: its caller, when it ends, and when its use was last noted (not
    for our own keys)."""

    caller: Caller
    expires_at: datetime | None
    seen_at: datetime | None = None

    def stale(self, now: datetime) -> bool:
        """Whether it is time to note once more that it is in use."""
        return self.seen_at is not None and now - self.seen_at > TOUCH_AFTER


class Auth:
    """The cache makes the hot path one SHA-256 and one dictionary look-up; it is dropped after
    every commit that changed a credential, also one of another process."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        *,
        clock: Callable[[], datetime] = utc_now,
        attempts_per_minute: int = 30,
    ) -> None:
        self._store = store
        self._public_host = urlsplit(str(settings.public_url or "")).netloc.lower()
        self._public_https = str(settings.public_url or "").startswith("https:")
        self._clock = clock
        self._cache: dict[str, Known] = {}
        self._generation = 0
        self._attempts = FixedWindowRateLimiter(MemoryStorage())
        self._allowed = RateLimitItemPerMinute(attempts_per_minute)
        # argon2 takes 64 MiB a run: a flood of sign-ins must queue, not fill the memory.
        self._hashing = asyncio.Semaphore(2)

    async def caller_of(self, connection: HTTPConnection) -> Caller:
        """Raises Unauthorized for a wrong key, which never falls through to the cookie, and
        CrossOrigin for a cookie that another site made the browser send."""
        secret = _bearer(connection)
        if secret is not None:
            return await self._caller_of_key(secret)
        secret = _key_in_query(connection)
        if secret is not None:
            caller = await self._caller_of_key(secret)
            return replace(caller, scopes=_reading(caller))  # addresses leak: read-only
        caller = await self.caller_of_session(connection.cookies.get(COOKIE, ""))
        if caller.by_cookie and _can_do_harm(connection):
            self.check_origin(connection)
        return caller

    def check_origin(self, connection: HTTPConnection) -> None:
        """Raises CrossOrigin unless this site's own page sent the request. Browsers on plain
        HTTP send no Sec-Fetch-Site, so then Origin has to name this host."""
        site = connection.headers.get("sec-fetch-site")
        if site is not None:
            if site in ("same-origin", "none"):
                return
        else:
            origin = urlsplit(connection.headers.get("origin", "")).netloc.lower()
            hosts = {connection.headers.get("host", "").lower(), self._public_host}
            if origin and origin in hosts:
                return
        raise CrossOrigin("This request came from another site's page.")

    async def sign_in(self, connection: HTTPConnection, name: str, password: str) -> SignedIn:
        """Raises Unauthorized, LockedOut or TooManyRequests; the same for a name nobody has."""
        address = connection.client.host if connection.client else ""
        if not self._attempts.hit(self._allowed, "sign-in", address):
            raise TooManyRequests("Too many sign-ins from here. Wait a minute.", retry_after=60)
        stored = await self._store.read(partial(_stored_hash, name=name))
        fits, new_hash = await self._hold_against(password, stored)
        change = partial(
            sign_in,
            name=name,
            checked_hash=stored,
            fits=fits,
            agent=connection.headers.get("user-agent", ""),
            new_hash=new_hash,
        )
        return await self._store.write(change)

    async def hash(self, password: str) -> str:
        """Raises Invalid for a password too short or too long."""
        async with self._hashing:
            return await asyncio.to_thread(hash_password, password)

    async def fits(self, user: str, password: str) -> bool:
        """Whether this is the password of the user with that id."""
        stored = await self._store.read(partial(people.password_hash, user=user))
        fits, _ = await self._hold_against(password, stored)
        return fits

    async def still_valid(self, credential: str) -> bool:
        """False once the key was revoked, its user disabled or signed out. Mere expiry does not
        end a running stream."""
        return await self._store.read(partial(_stands, credential=credential))

    def drop_cache(self) -> None:
        self._cache.clear()
        self._generation += 1

    def set_cookie(self, response: Response, connection: HTTPConnection, secret: str) -> None:
        response.set_cookie(
            COOKIE,
            secret,
            max_age=int(COOKIE_LASTS.total_seconds()),
            path=_cookie_path(connection),
            secure=self._over_https(connection),
            httponly=True,
            samesite="lax",
        )

    def clear_cookie(self, response: Response, connection: HTTPConnection) -> None:
        response.delete_cookie(
            COOKIE,
            path=_cookie_path(connection),
            secure=self._over_https(connection),
            httponly=True,
            samesite="lax",
        )

    async def caller_of_secret(self, secret: str, dialect: str = NATIVE) -> Caller:
        """The caller of a key in one system's format. Raises Unauthorized; KeyRevoked for one
        that once was good."""
        known = await self._look_up(secret, partial(_known_key, dialect=dialect))
        if known is None:
            revoked = await self._store.read(partial(_was_revoked, secret=secret, dialect=dialect))
            problem = KeyRevoked if revoked else Unauthorized
            raise problem("This API key is unknown, revoked or expired.")
        if known.stale(self._clock()):
            await self._touch(secret, known)
        return known.caller

    async def caller_of_session(self, secret: str) -> Caller:
        """ANONYMOUS for a session that is unknown, signed out or over."""
        if not secret:
            return ANONYMOUS
        known = await self._look_up(secret, _known_session)
        if known is None:
            return ANONYMOUS
        if known.stale(self._clock()):
            await self._prolong(secret, known)
        return known.caller

    async def _caller_of_key(self, secret: str) -> Caller:
        if not (secret.startswith(KEY_PREFIX) and len(secret) == KEY_LENGTH):
            raise Unauthorized("That is not an API key.")
        return await self.caller_of_secret(secret)

    async def _look_up(
        self, secret: str, look: Callable[[Reading, str], Known | None]
    ) -> Known | None:
        name = fingerprint(secret)
        known = self._cache.get(name)
        if known is None:
            generation = self._generation
            known = await self._store.read(lambda db: look(db, secret))
            if known is not None and generation == self._generation:
                self._remember(name, known)
        if known is None or (known.expires_at is not None and known.expires_at <= self._clock()):
            return None
        return known

    def _remember(self, name: str, known: Known) -> None:
        if len(self._cache) >= MOST_CACHED:
            self._cache.clear()
        self._cache[name] = known

    async def _touch(self, secret: str, known: Known) -> None:
        generation, now = self._generation, self._clock()
        assert known.caller.key is not None
        await self._store.write(partial(touch_key, key=known.caller.key.id))
        if generation == self._generation:
            self._remember(fingerprint(secret), Known(known.caller, known.expires_at, now))

    async def _prolong(self, secret: str, known: Known) -> None:
        generation = self._generation
        session = known.caller.credential.removeprefix("session:")
        kept = await self._store.write(partial(extend_session, session=session))
        if kept is not None and generation == self._generation:
            fresh = Known(known.caller, kept.expires_at, kept.seen_at)
            self._remember(fingerprint(secret), fresh)

    async def _hold_against(self, password: str, stored: str) -> tuple[bool, str | None]:
        """Whether it fits, and a new hash if the stored one was made with lower costs."""
        async with self._hashing:
            if not await asyncio.to_thread(password_fits, password, stored):
                return False, None
            again = outdated(stored) and len(password) <= LONGEST
            return True, await asyncio.to_thread(hash_password, password) if again else None

    def _over_https(self, connection: HTTPConnection) -> bool:
        return self._public_https or connection.url.scheme in ("https", "wss")


def _bearer(connection: HTTPConnection) -> str | None:
    header = connection.headers.get("authorization")
    if header is None:
        return None
    scheme, _, secret = header.partition(" ")
    if scheme.lower() == "basic":  # meant for a proxy in front of us, which passed it on
        return None
    return secret.strip() if scheme.lower() == "bearer" else header


def _key_in_query(connection: HTTPConnection) -> str | None:
    """Only streams take a key in the address, because browsers can set no header on them."""
    if connection.scope["type"] == "http" and not (
        connection.scope["method"] == "GET" and connection.scope["path"].endswith(STREAMS)
    ):
        return None
    query = connection.query_params
    return query.get("key", query.get("access_token"))


def _reading(caller: Caller) -> frozenset[Scope]:
    return frozenset(scope for scope in READING if caller.may(scope))


def _can_do_harm(connection: HTTPConnection) -> bool:
    return connection.scope["type"] == "websocket" or connection.scope["method"] not in SAFE


def _cookie_path(connection: HTTPConnection) -> str:
    return str(connection.scope.get("app_root_path", connection.scope.get("root_path", ""))) or "/"


def _stored_hash(db: Reading, name: str) -> str:
    still_open(db, name)
    user = people.user_by_name(db, name)
    return people.password_hash(db, user.id) if user else ""


def _known_key(db: Reading, secret: str, dialect: str) -> Known | None:
    key = people.key_by_secret(db, secret)
    if key is None or key.revoked_at is not None or key.dialect != dialect:
        return None
    caller = Caller(
        actor=Actor(kind="key", id=key.id, name=key.name),
        scopes=key.scopes,
        venues=key.venues,
        credential=f"key:{key.id}",
        key=key,
    )
    noted = key.last_used_at or EPOCH
    return Known(caller, key.expires_at, None if dialect == NATIVE else noted)


def _was_revoked(db: Reading, secret: str, dialect: str) -> bool:
    key = people.key_by_secret(db, secret)
    return key is not None and key.dialect == dialect and key.revoked_at is not None


def _known_session(db: Reading, secret: str) -> Known | None:
    session = people.session_by_secret(db, secret)
    user = people.user_by_id(db, session.user) if session else None
    if session is None or user is None or user.disabled:
        return None
    caller = Caller(
        actor=Actor(kind="person", id=user.id, name=user.name),
        scopes=SCOPES_OF[user.role],
        credential=f"session:{session.id}",
        by_cookie=True,
        user=user,
    )
    return Known(caller, session.expires_at, session.seen_at)


def _stands(db: Reading, credential: str) -> bool:
    kind, _, name = credential.partition(":")
    match kind:
        case "key":
            key = people.key_by_id(db, name)
            return key is not None and key.revoked_at is None
        case "session":
            session = people.session_by_id(db, name)
            user = people.user_by_id(db, session.user) if session else None
            return user is not None and not user.disabled
        case _:
            return credential == ""
