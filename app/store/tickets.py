"""What guests' tickets need: the secret behind their links, recent orders, who wants a message."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.orders import BEFORE_READY, Status
from app.domain.times import opt_ms, to_ms
from app.domain.waiting import Making
from app.store.database import Reading, Row, Transaction
from app.store.rows import load

MOST_MAKINGS = 1000

SECRET = "SELECT value FROM secrets WHERE name = :name"
KEEP_SECRET = """INSERT INTO secrets (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO NOTHING"""
MAKINGS = """SELECT placed_at, ready_at, moved_at, status, body FROM orders
WHERE venue = :venue AND placed_at >= :since ORDER BY placed_at DESC, id DESC LIMIT :limit"""
WISH = "SELECT order_id FROM ticket_wishes WHERE order_id = :order"
ADD_WISH = """INSERT INTO ticket_wishes (order_id, language, seen, told, tries, due_at)
VALUES (:order, :language, :seen, :told, 0, NULL) ON CONFLICT (order_id) DO NOTHING"""
NEWS = """SELECT ticket_wishes.* FROM ticket_wishes
LEFT JOIN orders ON orders.id = ticket_wishes.order_id
WHERE orders.id IS NULL OR orders.seq <> ticket_wishes.seen OR ticket_wishes.due_at <= :now
ORDER BY ticket_wishes.order_id LIMIT :limit"""
KEEP = """UPDATE ticket_wishes SET seen = :seen, told = :told, tries = :tries, due_at = :due_at
WHERE order_id = :order"""
TOLD = """UPDATE ticket_wishes SET told = :told, tries = 0, due_at = :due_at
WHERE order_id = :order AND seen = :seen"""
DROP = "DELETE FROM ticket_wishes WHERE order_id = :order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A guest's wish to be told. `tries`: how often the present state could not be."""

    order: str
    language: str
    told: str
    tries: int


def secret(tx: Reading, name: str) -> bytes | None:
    row = tx.one(SECRET, name=name)
    return None if row is None else bytes.fromhex(row["value"])


def keep_secret(tx: Transaction, name: str, value: bytes) -> None:
    tx.run(KEEP_SECRET, name=name, value=value.hex())


def makings(tx: Reading, venue: str, since: int) -> list[Making]:
    """How the kitchen had the venue's orders placed since then; those for a later time aside."""
    rows = tx.all(MAKINGS, venue=venue, since=since, limit=MOST_MAKINGS)
    bodies = ((row, load(row["body"])) for row in rows)
    return [_making(row, body) for row, body in bodies if body["scheduled_at"] is None]


def wished(tx: Reading, order: str) -> bool:
    return tx.one(WISH, order=order) is not None


def add_wish(tx: Transaction, order: str, language: str, seen: int, told: str) -> None:
    tx.run(ADD_WISH, order=order, language=language, seen=seen, told=told)


def news(tx: Reading, limit: int = 50) -> list[Wish]:
    """Wishes whose order has changed or is gone, and those to be tried again."""
    rows = tx.all(NEWS, now=to_ms(tx.now), limit=limit)
    return [
        Wish(order=r["order_id"], language=r["language"], told=r["told"], tries=r["tries"])
        for r in rows
    ]


def keep_wish(
    tx: Transaction,
    wish: Wish,
    seen: int,
    due: datetime | None,
    *,
    told: str = "",
    tries: int = 0,
) -> None:
    """`due`: when to look again even if nothing happens to the order."""
    at = opt_ms(due)
    tx.run(KEEP, order=wish.order, seen=seen, told=told, tries=tries, due_at=at)


def note_told(tx: Transaction, order: str, seen: int, state: str, due: datetime | None) -> None:
    """Of the order as it was at that seq: what has happened since is told on its own."""
    tx.run(TOLD, order=order, seen=seen, told=state, due_at=opt_ms(due))


def drop_wish(tx: Transaction, order: str) -> None:
    tx.run(DROP, order=order)


def _making(row: Row, body: dict[str, Any]) -> Making:
    cooking = Status(row["status"]) in BEFORE_READY
    ready = row["ready_at"]
    return Making(
        stations=frozenset(part["station"] for part in body["parts"]),
        placed=row["placed_at"],
        left=None if cooking else row["moved_at"] if ready is None else ready,
        ready=not cooking and ready is not None,
    )
