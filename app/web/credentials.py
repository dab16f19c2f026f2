"""Keys, sessions and paired screens as kept: whose they are, and whether they still hold."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.events import Actor
from app.domain.orders import NATIVE
from app.domain.people import SCOPES_OF, Caller, Scope, by_pin
from app.domain.times import EPOCH
from app.store import people, screens
from app.store.database import Reading

TOUCH_AFTER = timedelta(hours=1)


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


def known_key(db: Reading, secret: str, dialect: str) -> Known | None:
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


def was_revoked(db: Reading, secret: str, dialect: str) -> bool:
    """Whether it is a key that once was good."""
    key = people.key_by_secret(db, secret)
    return key is not None and key.dialect == dialect and key.revoked_at is not None


def known_session(db: Reading, secret: str) -> Known | None:
    session = people.session_by_secret(db, secret)
    user = people.user_by_id(db, session.user) if session else None
    if session is None or user is None or user.disabled:
        return None
    user = by_pin(user) if session.tablet else user
    caller = Caller(
        actor=Actor(kind="person", id=user.id, name=user.name),
        scopes=SCOPES_OF[user.role],
        credential=f"session:{session.id}",
        by_cookie=True,
        user=user,
        tablet=session.tablet,
    )
    return Known(caller, session.expires_at, session.seen_at)


def known_screen(db: Reading, secret: str) -> Known | None:
    screen = screens.by_secret(db, secret)
    if screen is None or screen.revoked_at is not None:
        return None
    caller = Caller(
        actor=Actor(kind="screen", id=screen.id, name=screen.name),
        scopes=frozenset({Scope.BOARD_READ}),
        venues=frozenset({screen.venue}),
        credential=f"screen:{screen.id}",
        by_cookie=True,
        screen=screen,
    )
    return Known(caller, None)


def stands(db: Reading, credential: str) -> bool:
    """Whether a running stream of that credential may go on; see Caller.credential."""
    kind, _, name = credential.partition(":")
    match kind:
        case "key":
            key = people.key_by_id(db, name)
            return key is not None and key.revoked_at is None
        case "session":
            session = people.session_by_id(db, name)
            user = people.user_by_id(db, session.user) if session else None
            return user is not None and not user.disabled
        case "screen":
            screen = screens.by_id(db, name)
            return screen is not None and screen.revoked_at is None
        case _:
            return credential == ""
