"""Answers already given to an Idempotency-Key, kept for a day."""

from dataclasses import dataclass

from app.domain.times import to_ms
from app.store.database import Reading, Transaction

FIND = """SELECT fingerprint, status, answer FROM idempotency_keys
WHERE venue = :venue AND credential = :credential AND method = :method AND path = :path
AND key = :key AND at > :since"""
KEEP = """INSERT INTO idempotency_keys
(venue, credential, method, path, key, fingerprint, status, answer, at)
VALUES (:venue, :credential, :method, :path, :key, :fingerprint, :status, :answer, :at)
ON CONFLICT (venue, credential, method, path, key) DO UPDATE SET
fingerprint = excluded.fingerprint, status = excluded.status, answer = excluded.answer,
at = excluded.at"""
FORGET = "DELETE FROM idempotency_keys WHERE at <= :before"
DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asked what: the same five with another fingerprint is a reused key."""

    venue: str
    credential: str
    method: str
    path: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Answer:
    fingerprint: str
    status: int
    body: str


def find(tx: Reading, asked: Asked) -> Answer | None:
    row = tx.one(
        FIND,
        venue=asked.venue,
        credential=asked.credential,
        method=asked.method,
        path=asked.path,
        key=asked.key,
        since=to_ms(tx.now) - DAY_MS,
    )
    return None if row is None else Answer(row["fingerprint"], row["status"], row["answer"])


def keep(tx: Transaction, asked: Asked, status: int, body: str) -> None:
    tx.run(
        KEEP,
        venue=asked.venue,
        credential=asked.credential,
        method=asked.method,
        path=asked.path,
        key=asked.key,
        fingerprint=asked.fingerprint,
        status=status,
        answer=body,
        at=to_ms(tx.now),
    )


def forget(tx: Transaction) -> int:
    return tx.run(FORGET, before=to_ms(tx.now) - DAY_MS)
