"""Who is asking: API keys, session cookies, their cache, sign-in, and the cross-origin check."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.commands.keys import touch_key
from app.commands.passwords import LONGEST, hash_password, hash_pin, outdated, password_fits
from app.commands.people import SignedIn, extend_session, sign_in, still_open
from app.commands.pins import sign_in_by_pin, stored_pin
from app.domain.orders import NATIVE
from app.domain.people import (
    ANONYMOUS,
    KEY_LENGTH,
    KEY_PREFIX,
    READING,
    Caller,
    Scope,
    fingerprint,
)
from app.domain.problems import (
    CrossOrigin,
    KeyRevoked,
    ScreenRevoked,
    TooManyRequests,
    Unauthorized,
)
from app.domain.times import utc_now
from app.settings import Settings
from app.store import people, pins, screens
from app.store.database import Reading, Store
from app.store.pins import Tablet
from app.web.credentials import (
    Known,
    known_key,
    known_screen,
    known_session,
    stands,
    was_revoked,
)
from app.web.headers import sent_header

COOKIE = "rb_session"
TABLET_COOKIE = "rb_tablet"  # of a browser that several people share, each by a PIN
SCREEN_COOKIE = "rb_screen"
COOKIE_LASTS = timedelta(days=400)  # the longest a browser keeps one; what is stored decides
STREAMS = ("/events", "/feed", "/ws")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_CACHED = 10_000


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

    async def reader_of(self, connection: HTTPConnection) -> Caller:
        """The caller of a board, which a paired screen may read too. Raises as caller_of."""
        caller = await self.caller_of(connection)
        if not caller.credential:
            caller = await self.screen_of(connection)
            if caller.by_cookie and _can_do_harm(connection):
                self.check_origin(connection)
        return caller

    async def screen_of(self, connection: HTTPConnection) -> Caller:
        """The paired screen that is asking; ANONYMOUS for any other browser, and for a screen that
        was revoked."""
        secret = connection.cookies.get(SCREEN_COOKIE, "")
        known = await self._look_up(secret, known_screen) if secret else None
        return known.caller if known and known.caller.screen else ANONYMOUS

    async def screen_on_duty(self, connection: HTTPConnection) -> Caller:
        """The same for what only screens may do. Raises Unauthorized, ScreenRevoked."""
        caller = await self.screen_of(connection)
        if caller.screen is not None:
            return caller
        if await self.was_screen(connection):
            raise ScreenRevoked("Somebody revoked this screen. Pair it anew.")
        raise Unauthorized("This browser is not a paired screen. Open /tv to pair it.")

    async def was_screen(self, connection: HTTPConnection) -> bool:
        """Whether it is paired, or was until somebody revoked it."""
        secret = connection.cookies.get(SCREEN_COOKIE, "")
        return await self._store.read(partial(screens.by_secret, secret=secret)) is not None

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
        self._count_attempt(connection)
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

    async def tablet_of(self, connection: HTTPConnection) -> Tablet | None:
        """The shared tablet that asks, while it is allowed."""
        secret = connection.cookies.get(TABLET_COOKIE, "")
        return await self._store.read(partial(pins.tablet_by_secret, secret=secret))

    async def sign_in_by_pin(
        self, connection: HTTPConnection, tablet: Tablet, user: str, pin: str
    ) -> SignedIn:
        """`user` is an id. Raises Unauthorized, LockedOut or TooManyRequests."""
        self._count_attempt(connection)
        stored = await self._store.read(partial(stored_pin, tablet=tablet.id, user=user))
        fits, _ = await self._hold_against(pin, stored)
        change = partial(
            sign_in_by_pin,
            tablet=tablet.id,
            user=user,
            checked_hash=stored,
            fits=fits,
            agent=connection.headers.get("user-agent", ""),
        )
        return await self._store.write(change)

    async def hash_pin(self, pin: str) -> str:
        """Raises Invalid for what is no PIN."""
        async with self._hashing:
            return await asyncio.to_thread(hash_pin, pin)

    async def hash(self, password: str) -> str:
        """Raises Invalid for a password too short or too long."""
        async with self._hashing:
            return await asyncio.to_thread(hash_password, password)

    async def fits(self, user: str, password: str) -> bool:
        """Whether this is the password of the user with that id. Raises TooManyRequests: an open
        tablet must not be a place to guess its owner's password."""
        if not self._attempts.hit(self._allowed, "own-password", user):
            raise TooManyRequests("Too many attempts. Wait a minute.", retry_after=60)
        stored = await self._store.read(partial(people.password_hash, user=user))
        fits, _ = await self._hold_against(password, stored)
        return fits

    async def still_valid(self, credential: str) -> bool:
        """False once the key was revoked, its user disabled or signed out. Mere expiry does not
        end a running stream."""
        return await self._store.read(partial(stands, credential=credential))

    def drop_cache(self) -> None:
        self._cache.clear()
        self._generation += 1

    def set_cookie(
        self, response: Response, connection: HTTPConnection, secret: str, name: str = COOKIE
    ) -> None:
        response.set_cookie(
            name,
            secret,
            max_age=int(COOKIE_LASTS.total_seconds()),
            path=_cookie_path(connection),
            secure=self._over_https(connection),
            httponly=True,
            samesite="lax",
        )

    def clear_cookie(
        self, response: Response, connection: HTTPConnection, name: str = COOKIE
    ) -> None:
        response.delete_cookie(
            name,
            path=_cookie_path(connection),
            secure=self._over_https(connection),
            httponly=True,
            samesite="lax",
        )

    async def caller_of_secret(self, secret: str, dialect: str = NATIVE) -> Caller:
        """The caller of a key in one system's format. Raises Unauthorized; KeyRevoked for one
        that once was good."""
        known = await self._look_up(secret, partial(known_key, dialect=dialect))
        key = known.caller.key if known else None
        if known is None or key is None or key.dialect != dialect:  # kept as of another kind
            revoked = await self._store.read(partial(was_revoked, secret=secret, dialect=dialect))
            problem = KeyRevoked if revoked else Unauthorized
            raise problem("This API key is unknown, revoked or expired.")
        if known.stale(self._clock()):
            await self._touch(secret, known)
        return known.caller

    async def caller_of_session(self, secret: str) -> Caller:
        """ANONYMOUS for a session that is unknown, signed out or over."""
        if not secret:
            return ANONYMOUS
        known = await self._look_up(secret, known_session)
        if known is None or known.caller.user is None:  # kept as of another kind
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

    def _count_attempt(self, connection: HTTPConnection) -> None:
        address = connection.client.host if connection.client else ""
        if not self._attempts.hit(self._allowed, "sign-in", address):
            raise TooManyRequests("Too many sign-ins from here. Wait a minute.", retry_after=60)

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
    header = sent_header(connection.scope, b"authorization")
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
