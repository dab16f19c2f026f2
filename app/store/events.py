"""The event log: append-only, numbered per venue without gaps, in commit order."""

from collections.abc import Sequence
from dataclasses import dataclass
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
MOVES = f"""SELECT {COLUMNS} FROM events
WHERE venue = :venue AND seq > :above AND seq <= :up_to AND at >= :since AND at <= :until
AND kind IN ('status', 'part') ORDER BY seq"""
TALLIES = """SELECT actor, kind, COUNT(*) AS n, MIN(at) AS first_at, MAX(at) AS last_at FROM events
WHERE venue = :venue AND at >= :since AND at < :until AND dialect = :dialect AND kind IN ({kinds})
GROUP BY actor, kind"""
FORGET = "DELETE FROM events WHERE at < :before"
EVERYTHING = 2**31 - 1


def append(tx: Transaction, event: Event, body_text: str) -> None:
    """`body_text` is `event.body` as it was just written elsewhere: encoded once."""
    row = {
        "venue": event.venue,
        "seq": event.seq,
        "kind": event.kind,
        "at": to_ms(event.at),
        "actor": dump(_actor_body(event.actor)),
        "dialect": event.dialect,
        "subject": event.subject,
        "body": body_text,
        "detail": dump(event.detail),
    }
    tx.run(APPEND, row)
    tx.events.append(event)
    tx.seqs[event.venue] = event.seq


def _actor_body(actor: Actor) -> dict[str, Any]:
    return {"kind": actor.kind, "id": actor.id, "name": actor.name}


def events_after(tx: Reading, venue: str, seq: int, limit: int = EVERYTHING) -> list[Event]:
    return [event_from(row) for row in tx.all(AFTER, venue=venue, seq=seq, limit=limit)]


def history(tx: Reading, venue: str, subject: str) -> list[Event]:
    return [event_from(row) for row in tx.all(OF_SUBJECT, venue=venue, subject=subject)]


def moves_between(
    tx: Reading, venue: str, seqs: tuple[int, int], since: datetime, until: datetime
) -> list[Event]:
    """Moves of a stretch of the log: after the first seq up to the second, and of that time."""
    above, up_to = seqs
    span = {"above": above, "up_to": up_to, "since": to_ms(since), "until": to_ms(until)}
    return [event_from(row) for row in tx.all(MOVES, venue=venue, **span)]


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


@dataclass(frozen=True, slots=True)
class Tally:
    """How often an actor did one kind of thing, and when first and last."""

    actor: Actor
    kind: Kind
    count: int
    first: datetime
    last: datetime


def tallies(
    tx: Reading, venue: str, dialect: str, kinds: Sequence[Kind], since: int, until: int
) -> list[Tally]:
    """Of what came in through one dialect; milliseconds, `until` itself excluded. One whose name
    changed has more than one of a kind."""
    named = {f"kind{index}": kind for index, kind in enumerate(kinds)}
    sql = TALLIES.format(kinds=", ".join(f":{name}" for name in named))
    rows = tx.all(sql, venue=venue, dialect=dialect, since=since, until=until, **named)
    return [
        Tally(
            actor=Actor(**load(row["actor"])),
            kind=Kind(row["kind"]),
            count=row["n"],
            first=from_ms(row["first_at"]),
            last=from_ms(row["last_at"]),
        )
        for row in rows
    ]


def last_move(tx: Reading, venue: str, subject: str) -> Event | None:
    row = tx.one(LAST_MOVE, venue=venue, subject=subject)
    return None if row is None else event_from(row)


def event_before(tx: Reading, venue: str, subject: str, seq: int) -> Event | None:
    row = tx.one(BEFORE, venue=venue, subject=subject, seq=seq)
    return None if row is None else event_from(row)


def forget(tx: Transaction, before_ms: int) -> int:
    """Delete events older than the retention time; how many went."""
    return tx.run(FORGET, before=before_ms)


def event_from(row: Row) -> Event:
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
