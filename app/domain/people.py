"""Who may do what: users and their roles, sessions, API keys, and the caller of one request."""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.domain.events import Actor
from app.domain.orders import NATIVE
from app.domain.screens import Screen


class Role(StrEnum):
    ADMIN = "admin"
    STAFF = "staff"
    VIEWER = "viewer"
    CUSTOMER = "customer"  # a guest who signs in through a foreign system; nothing of ours opens


class Scope(StrEnum):
    """What a credential is good for. `admin` includes the others."""

    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    BOARD_READ = "board:read"
    ADMIN = "admin"


READING = frozenset({Scope.ORDERS_READ, Scope.BOARD_READ})
SCOPES_OF = {
    Role.VIEWER: READING,
    Role.STAFF: READING | {Scope.ORDERS_WRITE},
    Role.ADMIN: frozenset(Scope),
    Role.CUSTOMER: frozenset[Scope](),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    id: str
    name: str
    role: Role
    created_at: datetime
    disabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser. `seen_at` is kept to the hour, `agent` is what the browser calls
    itself, so that its owner can tell the tablet from the telephone. `tablet`: the id of the
    shared tablet it was opened on with a PIN; None: with the password."""

    id: str
    user: str
    agent: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    tablet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An API key without its secret; `venues` holds the slugs it is bound to, None is every one.

    `dialect`: the foreign system it was made for, which alone takes it; `kind`, `owner` (an id)
    and `abilities` are that system's. `serial` counts all keys. `last_used_at` is kept to the hour.
    """

    id: str
    name: str
    last4: str
    scopes: frozenset[Scope]
    venues: frozenset[str] | None
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    dialect: str = NATIVE
    kind: str = ""
    serial: int = 0
    owner: str | None = None
    abilities: frozenset[str] = frozenset()
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who is asking, by `key`, as `user` or as `screen`. `credential` is `key:<id>`,
    `session:<id>`, `screen:<id>` or empty; `tablet`: the shared one (an id) on which the user gave
    a PIN only; `by_cookie` says that a browser sent it by itself, so
    that the request's origin has to be looked at."""

    actor: Actor
    scopes: frozenset[Scope] = frozenset()
    venues: frozenset[str] | None = None
    credential: str = ""
    by_cookie: bool = False
    key: Key | None = None
    user: User | None = None
    tablet: str | None = None
    screen: Screen | None = None

    def may(self, scope: str) -> bool:
        return scope in self.scopes or Scope.ADMIN in self.scopes

    def may_enter(self, venue: str) -> bool:
        """`venue` is a slug."""
        return self.venues is None or venue in self.venues


ANONYMOUS = Caller(actor=Actor(kind="person"))

KEY_PREFIX = "rb_"
KEY_LENGTH = len(KEY_PREFIX) + 43


def new_secret() -> str:
    """256 random bits as 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def new_key_secret() -> str:
    return KEY_PREFIX + new_secret()


def fingerprint(secret: str) -> str:
    """What is stored of a secret: SHA-256. Enough for 256 random bits; passwords get argon2."""
    return hashlib.sha256(secret.encode()).hexdigest()


def by_pin(user: User) -> User:
    """The user as far as a PIN goes: never more than staff."""
    return replace(user, role=Role.STAFF) if user.role == Role.ADMIN else user


def folded_name(name: str) -> str:
    """Sign-in names are one and the same in any case and any Unicode spelling."""
    return unicodedata.normalize("NFKC", name).strip().casefold()
