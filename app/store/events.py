"""The event log: append-only, numbered per venue without gaps, in commit order."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app.domain.events import Actor, Event, Kind
from app.domain.times import from_ms, to_ms
from app.store.database import Reading, Row, Transaction
from app.store.rows import dump, load

COLUMNS = "venue, seq, kind, at, actor, dialect, subject, body, detail"
APPEND = f"""INSERT INTO events ({COLUMNS})
VALUES (:venue, :seq, :kind, :at, :actor, :dialect, :subject, :body, :detail)"""
AFTER = (
    f"SELECT {COLUMNS} FROM events WHERE venue = :venue AND seq > :seq ORDER BY seq LIMIT :limit"
)
OF_SUBJECT = (
    f"SELECT {COLUMNS} FROM events WHERE venue = :venue AND subject = :subject ORDER BY seq"
)
LAST_MOVE = f"""SELECT {COLUMNS} FROM events
WHERE venue = :venue AND subject = :subject AND kind IN ('status', 'part')
ORDER BY seq DESC LIMIT 1"""
BEFORE = f"""SELECT {COLUMNS} FROM events
WHERE venue = :venue AND subject = :subject AND seq < :seq ORDER BY seq DESC LIMIT 1"""
FORGET = "DELETE FROM events WHERE at < :before"
EVERYTHING = 2**31 - 1


def append(tx: Transaction, event: Event, body_text: str) -> None:
    """`body_text` is `event.body` as it was just written elsewhere: encoded once."""
    tx.run(
        APPEND,
        venue=event.venue,
        seq=event.seq,
        kind=event.kind,
        at=to_ms(event.at),
        actor=dump(asdict(event.actor)),
        dialect=event.dialect,
        subject=event.subject,
        body=body_text,
        detail=dump(event.detail),
    )
    tx.events.append(event)


def events_after(tx: Reading, venue: str, seq: int, limit: int = EVERYTHING) -> list[Event]:
    return [_event(row) for row in tx.all(AFTER, venue=venue, seq=seq, limit=limit)]


def history(tx: Reading, venue: str, subject: str) -> list[Event]:
    return [_event(row) for row in tx.all(OF_SUBJECT, venue=venue, subject=subject)]


@dataclass(frozen=True, slots=True)
class Step:
    """An event about an order without the order itself: enough to tell its times."""

    kind: Kind
    at: datetime
    detail: dict[str, Any]


def steps(tx: Reading, venue: str, subjects: Sequence[str]) -> dict[str, list[Step]]:
    """What happened to each of these orders, oldest first."""
    names = {f"subject{index}": subject for index, subject in enumerate(subjects)}
    sql = f"""SELECT subject, kind, at, detail FROM events
WHERE venue = :venue AND subject IN ({", ".join(f":{name}" for name in names)}) ORDER BY seq"""
    found: dict[str, list[Step]] = {subject: [] for subject in subjects}
    for row in tx.all(sql, venue=venue, **names) if names else []:
        step = Step(Kind(row["kind"]), from_ms(row["at"]), load(row["detail"]))
        found[row["subject"]].append(step)
    return found


def last_move(tx: Reading, venue: str, subject: str) -> Event | None:
    row = tx.one(LAST_MOVE, venue=venue, subject=subject)
    return None if row is None else _event(row)


def event_before(tx: Reading, venue: str, subject: str, seq: int) -> Event | None:
    row = tx.one(BEFORE, venue=venue, subject=subject, seq=seq)
    return None if row is None else _event(row)


def forget(tx: Transaction, before_ms: int) -> int:
    """Delete events older than the retention time; how many went."""
    return tx.run(FORGET, before=before_ms)


def _event(row: Row) -> Event:
    actor: dict[str, Any] = load(row["actor"])
    return Event(
        venue=row["venue"],
        seq=row["seq"],
        kind=Kind(row["kind"]),
        at=from_ms(row["at"]),
        actor=Actor(**actor),
        dialect=row["dialect"],
        subject=row["subject"],
        body=load(row["body"]),
        detail=load(row["detail"]),
    )
