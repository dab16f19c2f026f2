"""SQL of PINs and of the tablets they may be used on."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from app.domain.people import Role, User, fingerprint
from app.domain.times import from_ms, to_ms
from app.store import people
from app.store.database import Reading, Row, Transaction

TABLET = "SELECT id, name, hash, allowed_by, created_at FROM tablets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tablet:
    """A browser that several people share; `allowed_by` is the name of who let it."""

    id: str
    name: str
    allowed_by: str
    created_at: datetime


def pin_hash(db: Reading, user: str) -> str:
    row = db.one("SELECT hash FROM pins WHERE user_id = :user", user=user)
    return str(row["hash"]) if row else ""


def users_with_pin(db: Reading) -> set[str]:
    """Their ids."""
    return {row["user_id"] for row in db.all("SELECT user_id FROM pins")}


def holders(db: Reading) -> list[User]:
    """Who may be chosen at a tablet, by name."""
    known = users_with_pin(db)
    return [
        user
        for user in people.all_users(db)
        if user.id in known and not user.disabled and user.role != Role.CUSTOMER
    ]


def save_pin(tx: Transaction, user: str, pin_hash: str) -> None:
    tx.run(
        "INSERT INTO pins (user_id, hash, set_at) VALUES (:user, :hash, :at)"
        " ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at",
        user=user,
        hash=pin_hash,
        at=to_ms(tx.now),
    )


def remove_pin(tx: Transaction, user: str) -> int:
    return tx.run("DELETE FROM pins WHERE user_id = :user", user=user)


def all_tablets(db: Reading) -> list[Tablet]:
    return [_tablet(row) for row in db.all(f"{TABLET} ORDER BY created_at, id")]


def tablet_by_id(db: Reading, tablet: str) -> Tablet | None:
    row = db.one(f"{TABLET} WHERE id = :id", id=tablet)
    return _tablet(row) if row else None


def tablet_by_secret(db: Reading, secret: str) -> Tablet | None:
    wanted = fingerprint(secret)
    row = db.one(f"{TABLET} WHERE hash = :hash", hash=wanted)
    return _tablet(row) if row and hmac.compare_digest(row["hash"], wanted) else None


def add_tablet(tx: Transaction, tablet: Tablet, secret: str) -> None:
    tx.run(
        "INSERT INTO tablets (id, name, hash, allowed_by, created_at)"
        " VALUES (:id, :name, :hash, :by, :at)",
        id=tablet.id,
        name=tablet.name,
        hash=fingerprint(secret),
        by=tablet.allowed_by,
        at=to_ms(tablet.created_at),
    )


def delete_tablet(tx: Transaction, tablet: str) -> int:
    """Every session that was opened on it ends too."""
    tx.run("DELETE FROM sessions WHERE tablet = :tablet", tablet=tablet)
    return tx.run("DELETE FROM tablets WHERE id = :id", id=tablet)


def end_pin_sessions(tx: Transaction, user: str) -> None:
    tx.run("DELETE FROM sessions WHERE user_id = :user AND tablet IS NOT NULL", user=user)


def _tablet(row: Row) -> Tablet:
    return Tablet(
        id=row["id"],
        name=row["name"],
        allowed_by=row["allowed_by"],
        created_at=from_ms(row["created_at"]),
    )
