"""SQL of paired screens and of the codes of those that wait."""

import hmac
from datetime import datetime

from app.domain.people import fingerprint
from app.domain.screens import Screen, ShownCode
from app.domain.times import from_ms, opt_from_ms, to_ms
from app.store.database import Reading, Row, Transaction

SCREEN = (
    "SELECT screens.id, venues.slug AS venue_slug, screens.board, screens.name, screens.hash,"
    " screens.created_at, screens.paired_by, screens.last_seen_at, screens.revoked_at"
    " FROM screens JOIN venues ON venues.id = screens.venue"
)
CODE = "SELECT code, hash, expires_at FROM screen_codes"


def all_screens(db: Reading) -> list[Screen]:
    """Revoked ones too."""
    rows = db.all(f"{SCREEN} ORDER BY venues.slug, screens.name, screens.id")
    return [_screen(row) for row in rows]


def screens_of(db: Reading, venue_id: str) -> list[Screen]:
    """Those of a venue that are not revoked."""
    sql = f"{SCREEN} WHERE screens.venue = :venue AND screens.revoked_at IS NULL"
    rows = db.all(f"{sql} ORDER BY screens.name, screens.id", venue=venue_id)
    return [_screen(row) for row in rows]


def by_id(db: Reading, screen: str) -> Screen | None:
    row = db.one(f"{SCREEN} WHERE screens.id = :id", id=screen)
    return _screen(row) if row else None


def by_secret(db: Reading, secret: str) -> Screen | None:
    wanted = fingerprint(secret)
    row = db.one(f"{SCREEN} WHERE screens.hash = :hash", hash=wanted)
    return _screen(row) if row and hmac.compare_digest(row["hash"], wanted) else None


def named(db: Reading, name: str) -> list[Screen]:
    """Those of that name that are not revoked."""
    sql = f"{SCREEN} WHERE screens.name = :name AND screens.revoked_at IS NULL"
    return [_screen(row) for row in db.all(sql, name=name)]


def add(tx: Transaction, screen: Screen, venue_id: str, hashed: str) -> None:
    tx.run(
        "INSERT INTO screens (id, venue, board, name, hash, created_at, paired_by)"
        " VALUES (:id, :venue, :board, :name, :hash, :created_at, :paired_by)",
        id=screen.id,
        venue=venue_id,
        board=screen.board,
        name=screen.name,
        hash=hashed,
        created_at=to_ms(screen.created_at),
        paired_by=screen.paired_by,
    )


def change(tx: Transaction, screen: Screen) -> None:
    sql = "UPDATE screens SET name = :name, board = :board WHERE id = :id"
    tx.run(sql, id=screen.id, name=screen.name, board=screen.board)


def touch(tx: Transaction, screen: str, at: datetime) -> int:
    sql = "UPDATE screens SET last_seen_at = :at WHERE id = :id"
    return tx.run(sql, id=screen, at=to_ms(at))


def revoke(tx: Transaction, screen: str, at: datetime) -> None:
    tx.run("UPDATE screens SET revoked_at = :at WHERE id = :id", id=screen, at=to_ms(at))


def code_by_secret(db: Reading, secret: str) -> ShownCode | None:
    """The code that browser shows; None once its time is over."""
    wanted = fingerprint(secret)
    row = db.one(f"{CODE} WHERE hash = :hash AND expires_at > :now", hash=wanted, now=_now(db))
    return _code(row) if row and hmac.compare_digest(row["hash"], wanted) else None


def hash_of_code(db: Reading, code: str) -> str | None:
    """The fingerprint of the browser that shows the code; None once its time is over."""
    row = db.one(f"{CODE} WHERE code = :code AND expires_at > :now", code=code, now=_now(db))
    return None if row is None else str(row["hash"])


def count_codes(db: Reading, address: str | None = None) -> int:
    """How many are kept, of all addresses or of one."""
    where = "" if address is None else " WHERE address = :address"
    given = {} if address is None else {"address": address}
    row = db.one(f"SELECT COUNT(*) AS n FROM screen_codes{where}", **given)
    assert row is not None
    return int(row["n"])


def add_code(tx: Transaction, shown: ShownCode, secret: str, address: str) -> None:
    tx.run(
        "INSERT INTO screen_codes (code, hash, address, expires_at)"
        " VALUES (:code, :hash, :address, :expires_at)",
        code=shown.code,
        hash=fingerprint(secret),
        address=address,
        expires_at=to_ms(shown.expires_at),
    )


def delete_code(tx: Transaction, code: str) -> None:
    tx.run("DELETE FROM screen_codes WHERE code = :code", code=code)


def delete_expired_codes(tx: Transaction) -> None:
    tx.run("DELETE FROM screen_codes WHERE expires_at <= :now", now=_now(tx))


def _now(db: Reading) -> int:
    return to_ms(db.now)


def _screen(row: Row) -> Screen:
    return Screen(
        id=row["id"],
        venue=row["venue_slug"],
        board=row["board"],
        name=row["name"],
        created_at=from_ms(row["created_at"]),
        paired_by=row["paired_by"],
        last_seen_at=opt_from_ms(row["last_seen_at"]),
        revoked_at=opt_from_ms(row["revoked_at"]),
    )


def _code(row: Row) -> ShownCode:
    return ShownCode(code=row["code"], expires_at=from_ms(row["expires_at"]))
