"""SQL of users, sessions, API keys, set-up links and lock-outs."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from app.domain.people import (
    Key,
    Role,
    Scope,
    Session,
    User,
    fingerprint,
    folded_name,
)
from app.domain.times import from_ms, opt_from_ms, opt_ms, to_ms
from app.store.database import Reading, Row, Transaction

USER = "SELECT id, name, role, password_hash, disabled, created_at FROM users"
SESSION = "SELECT id, user_id, hash, agent, created_at, seen_at, expires_at, tablet FROM sessions"
KEY = (
    "SELECT id, name, hash, last4, scopes, bound, created_at, expires_at, revoked_at, dialect,"
    " kind, serial, owner, abilities, last_used_at FROM api_keys"
)


@dataclass(frozen=True, slots=True)
class LockOut:
    failures: int
    last_at: datetime
    locked_until: datetime


def all_users(db: Reading) -> list[User]:
    return [_user(row) for row in db.all(f"{USER} ORDER BY folded_name")]


def user_by_id(db: Reading, user: str) -> User | None:
    row = db.one(f"{USER} WHERE id = :id", id=user)
    return _user(row) if row else None


def user_by_name(db: Reading, name: str) -> User | None:
    row = db.one(f"{USER} WHERE folded_name = :folded", folded=folded_name(name))
    return _user(row) if row else None


def password_hash(db: Reading, user: str) -> str:
    row = db.one("SELECT password_hash FROM users WHERE id = :id", id=user)
    return str(row["password_hash"]) if row else ""


def has_admin(db: Reading) -> bool:
    """A disabled admin counts too: the set-up link must never come back by disabling."""
    return db.one("SELECT id FROM users WHERE role = :role", role=Role.ADMIN) is not None


def other_admin(db: Reading, user: str) -> bool:
    """Another admin than `user` who can still sign in."""
    sql = "SELECT id FROM users WHERE role = :role AND disabled = 0 AND id <> :id"
    return db.one(sql, role=Role.ADMIN, id=user) is not None


def add_user(tx: Transaction, user: User, password_hash: str) -> None:
    tx.run(
        "INSERT INTO users (id, name, folded_name, role, password_hash, disabled, created_at)"
        " VALUES (:id, :name, :folded, :role, :hash, :disabled, :created_at)",
        id=user.id,
        name=user.name,
        folded=folded_name(user.name),
        role=user.role,
        hash=password_hash,
        disabled=int(user.disabled),
        created_at=to_ms(user.created_at),
    )


def save_user(tx: Transaction, user: User) -> None:
    tx.run(
        "UPDATE users SET role = :role, disabled = :disabled WHERE id = :id",
        id=user.id,
        role=user.role,
        disabled=int(user.disabled),
    )


def save_password(tx: Transaction, user: str, password_hash: str) -> None:
    tx.run("UPDATE users SET password_hash = :hash WHERE id = :id", id=user, hash=password_hash)


def session_by_secret(db: Reading, secret: str) -> Session | None:
    wanted = fingerprint(secret)
    row = db.one(f"{SESSION} WHERE hash = :hash", hash=wanted)
    return _session(row) if row and hmac.compare_digest(row["hash"], wanted) else None


def session_by_id(db: Reading, session: str) -> Session | None:
    row = db.one(f"{SESSION} WHERE id = :id", id=session)
    return _session(row) if row else None


def sessions_of(db: Reading, user: str) -> list[Session]:
    rows = db.all(f"{SESSION} WHERE user_id = :user ORDER BY seen_at DESC", user=user)
    return [_session(row) for row in rows]


def add_session(tx: Transaction, session: Session, secret: str) -> None:
    tx.run(
        "INSERT INTO sessions (id, user_id, hash, agent, created_at, seen_at, expires_at, tablet)"
        " VALUES (:id, :user, :hash, :agent, :created_at, :seen_at, :expires_at, :tablet)",
        id=session.id,
        user=session.user,
        hash=fingerprint(secret),
        agent=session.agent,
        created_at=to_ms(session.created_at),
        seen_at=to_ms(session.seen_at),
        expires_at=to_ms(session.expires_at),
        tablet=session.tablet,
    )


def extend_session(tx: Transaction, session: str, seen_at: datetime, expires_at: datetime) -> None:
    tx.run(
        "UPDATE sessions SET seen_at = :seen_at, expires_at = :expires_at WHERE id = :id",
        id=session,
        seen_at=to_ms(seen_at),
        expires_at=to_ms(expires_at),
    )


def delete_session(tx: Transaction, session: str) -> int:
    return tx.run("DELETE FROM sessions WHERE id = :id", id=session)


def delete_sessions_of(tx: Transaction, user: str, keep: str = "") -> int:
    sql = "DELETE FROM sessions WHERE user_id = :user AND id <> :keep"
    return tx.run(sql, user=user, keep=keep)


def delete_expired_sessions(tx: Transaction, before: datetime) -> int:
    return tx.run("DELETE FROM sessions WHERE expires_at < :before", before=to_ms(before))


def all_keys(db: Reading) -> list[Key]:
    return [_key(db, row) for row in db.all(f"{KEY} ORDER BY created_at, id")]


def key_by_id(db: Reading, key: str) -> Key | None:
    row = db.one(f"{KEY} WHERE id = :id", id=key)
    return _key(db, row) if row else None


def keys_by_name(db: Reading, name: str) -> list[Key]:
    sql = f"{KEY} WHERE name = :name AND revoked_at IS NULL"
    return [_key(db, row) for row in db.all(sql, name=name)]


def key_by_secret(db: Reading, secret: str) -> Key | None:
    wanted = fingerprint(secret)
    row = db.one(f"{KEY} WHERE hash = :hash", hash=wanted)
    return _key(db, row) if row and hmac.compare_digest(row["hash"], wanted) else None


def add_key(tx: Transaction, key: Key, secret: str, venue_ids: list[str]) -> None:
    tx.run(
        "INSERT INTO api_keys (id, name, hash, last4, scopes, bound, created_at, expires_at,"
        " dialect, kind, serial, owner, abilities)"
        " VALUES (:id, :name, :hash, :last4, :scopes, :bound, :created_at, :expires_at,"
        " :dialect, :kind, :serial, :owner, :abilities)",
        id=key.id,
        name=key.name,
        hash=fingerprint(secret),
        last4=key.last4,
        scopes=" ".join(sorted(key.scopes)),
        bound=int(key.venues is not None),
        created_at=to_ms(key.created_at),
        expires_at=opt_ms(key.expires_at),
        dialect=key.dialect,
        kind=key.kind,
        serial=key.serial,
        owner=key.owner,
        abilities=" ".join(sorted(key.abilities)),
    )
    for venue in venue_ids:
        sql = "INSERT INTO key_venues (key_id, venue_id) VALUES (:key, :venue)"
        tx.run(sql, key=key.id, venue=venue)


def next_key_serial(db: Reading) -> int:
    row = db.one("SELECT COALESCE(MAX(serial), 0) + 1 AS n FROM api_keys")
    assert row is not None
    return int(row["n"])


def touch_key(tx: Transaction, key: str, at: datetime) -> None:
    tx.run("UPDATE api_keys SET last_used_at = :at WHERE id = :id", id=key, at=to_ms(at))


def revoke_key(tx: Transaction, key: str, at: datetime) -> None:
    tx.run("UPDATE api_keys SET revoked_at = :at WHERE id = :id", id=key, at=to_ms(at))


def replace_setup_link(tx: Transaction, secret: str, at: datetime) -> None:
    delete_setup_links(tx)
    tx.run(
        "INSERT INTO setup_links (hash, created_at) VALUES (:hash, :at)",
        hash=fingerprint(secret),
        at=to_ms(at),
    )


def setup_link_holds(db: Reading, secret: str) -> bool:
    wanted = fingerprint(secret)
    row = db.one("SELECT hash FROM setup_links WHERE hash = :hash", hash=wanted)
    return row is not None and hmac.compare_digest(row["hash"], wanted)


def delete_setup_links(tx: Transaction) -> int:
    return tx.run("DELETE FROM setup_links")


def lock_out(db: Reading, name: str) -> LockOut | None:
    """Kept by the hash of the name that was typed, whether or not a user has it: an answer must
    not tell who exists, and people type passwords into the wrong field."""
    sql = "SELECT failures, last_at, locked_until FROM lock_outs WHERE name_hash = :hash"
    row = db.one(sql, hash=fingerprint(folded_name(name)))
    if row is None:
        return None
    return LockOut(row["failures"], from_ms(row["last_at"]), from_ms(row["locked_until"]))


def save_lock_out(tx: Transaction, name: str, lock: LockOut) -> None:
    tx.run(
        "INSERT INTO lock_outs (name_hash, failures, last_at, locked_until)"
        " VALUES (:hash, :failures, :last_at, :until)"
        " ON CONFLICT (name_hash) DO UPDATE SET failures = excluded.failures,"
        " last_at = excluded.last_at, locked_until = excluded.locked_until",
        hash=fingerprint(folded_name(name)),
        failures=lock.failures,
        last_at=to_ms(lock.last_at),
        until=to_ms(lock.locked_until),
    )


def forget_lock_out(tx: Transaction, name: str) -> None:
    sql = "DELETE FROM lock_outs WHERE name_hash = :hash"
    tx.run(sql, hash=fingerprint(folded_name(name)))


def forget_lock_outs_before(tx: Transaction, before: datetime) -> None:
    tx.run("DELETE FROM lock_outs WHERE last_at < :before", before=to_ms(before))


def _user(row: Row) -> User:
    return User(
        id=row["id"],
        name=row["name"],
        role=Role(row["role"]),
        disabled=bool(row["disabled"]),
        created_at=from_ms(row["created_at"]),
    )


def _session(row: Row) -> Session:
    return Session(
        id=row["id"],
        user=row["user_id"],
        agent=row["agent"],
        created_at=from_ms(row["created_at"]),
        seen_at=from_ms(row["seen_at"]),
        expires_at=from_ms(row["expires_at"]),
        tablet=row["tablet"],
    )


def _key(db: Reading, row: Row) -> Key:
    slugs = db.all(
        "SELECT venues.slug FROM key_venues JOIN venues ON venues.id = key_venues.venue_id"
        " WHERE key_venues.key_id = :key",
        key=row["id"],
    )
    return Key(
        id=row["id"],
        name=row["name"],
        last4=row["last4"],
        scopes=frozenset(Scope(word) for word in row["scopes"].split()),
        venues=frozenset(slug["slug"] for slug in slugs) if row["bound"] else None,
        created_at=from_ms(row["created_at"]),
        expires_at=opt_from_ms(row["expires_at"]),
        revoked_at=opt_from_ms(row["revoked_at"]),
        dialect=row["dialect"],
        kind=row["kind"],
        serial=row["serial"],
        owner=row["owner"],
        abilities=frozenset(row["abilities"].split()),
        last_used_at=opt_from_ms(row["last_used_at"]),
    )
