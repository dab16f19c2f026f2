"""The orders of a working day, and the log's memory of those who ate."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app.domain.anonymity import anonymous
from app.domain.day import Bounds, wanted_at
from app.domain.events import ABOUT_AN_ORDER, Actor
from app.domain.orders import Order, order_body, order_from
from app.domain.people import Role
from app.domain.times import to_ms
from app.domain.venues import Venue
from app.store import orders
from app.store.database import Reading, Row, Transaction
from app.store.orders import Match, Search
from app.store.rows import dump, load

GUEST = Actor(kind="person", name="Guest")
MARK = "anonymised"  # in the detail of an event that was rewritten
NAMED = """SELECT body FROM orders WHERE venue = :venue AND live = 0 AND anonymised_seq <> seq
AND wanted_at >= :since AND wanted_at < :before ORDER BY wanted_at, id LIMIT :limit"""
COUNT_NAMED = """SELECT COUNT(*) AS n FROM orders WHERE venue = :venue AND live = 0
AND anonymised_seq <> seq AND wanted_at >= :since AND wanted_at < :before"""
MARK_ORDER = "UPDATE orders SET anonymised_seq = seq WHERE id = :id"
DELETED = """SELECT subject FROM events WHERE venue = :venue AND kind = 'deleted' AND at >= :since
AND at < :before AND detail NOT LIKE :marked ORDER BY at, seq LIMIT :limit"""
OF_SUBJECT = """SELECT seq, kind, actor, body, detail FROM events
WHERE venue = :venue AND subject = :subject"""
REWRITE = """UPDATE events SET actor = :actor, body = :body, detail = :detail
WHERE venue = :venue AND seq = :seq"""
CUSTOMERS = "SELECT tags FROM orders WHERE venue = :venue AND tags LIKE :tag"
A_CUSTOMER = re.compile(r"\.customer:([0-9]+)\n")
GUESTS = "SELECT id FROM users WHERE role = :role"
FORGET_CUSTOMER = """UPDATE customers
SET first_name = '', last_name = '', email = '', folded_email = '', telephone = ''
WHERE venue = :venue AND serial = :serial AND user_id IS NULL"""
FORGET_ADDRESSES = "DELETE FROM addresses WHERE venue = :venue AND customer = :customer"
FORGET_ADDRESS = """DELETE FROM addresses
WHERE venue = :venue AND serial = :serial AND customer IS NULL"""
ANSWERS = (
    "SELECT credential, method, path, key, answer, at FROM idempotency_keys WHERE venue = :venue"
)
FORGET_ANSWER = """DELETE FROM idempotency_keys WHERE venue = :venue AND credential = :credential
AND method = :method AND path = :path AND key = :key"""


@dataclass(frozen=True, slots=True)
class Span:
    """Of the moments orders were wanted for; milliseconds, `before` itself excluded."""

    since: int
    before: int


def span(since: datetime | None, before: datetime) -> Span:
    return Span(0 if since is None else to_ms(since), to_ms(before))


def orders_of(tx: Reading, venue_id: str, day: Bounds) -> list[Order]:
    """All orders that belong to a working day, the first wanted first."""
    inside = (
        (Match("wanted_at", ">=", to_ms(day.start)),),
        (Match("wanted_at", "<", to_ms(day.end)),),
    )
    wanted = Search(all_of=inside, sort="wanted_at", descending=False, limit=2**31 - 1)
    return orders.search(tx, venue_id, wanted)


def open_orders(tx: Reading, venue_id: str, day: Bounds) -> list[Order]:
    """What is still open at the end of a day, from earlier days too; what is ordered for a later
    day may stay."""
    return [order for order in orders.live(tx, venue_id) if wanted_at(order) < day.end]


def named(tx: Reading, venue_id: str, of: Span, limit: int) -> list[Order]:
    """Ended orders whose guests' names have not been taken out since their last change."""
    rows = tx.all(NAMED, venue=venue_id, since=of.since, before=of.before, limit=limit)
    return [order_from(load(row["body"])) for row in rows]


def count_named(tx: Reading, venue_id: str, of: Span) -> int:
    row = tx.one(COUNT_NAMED, venue=venue_id, since=of.since, before=of.before)
    assert row is not None
    return int(row["n"])


def deleted_named(tx: Reading, venue_id: str, of: Span, limit: int) -> list[str]:
    """Ids of orders that were deleted in that time and that the log still knows by name."""
    marked = f'%"{MARK}":true%'
    rows = tx.all(
        DELETED, venue=venue_id, since=of.since, before=of.before, marked=marked, limit=limit
    )
    return [row["subject"] for row in rows]


def forget_names(tx: Transaction, order: Order, venue: Venue) -> None:
    """Rewrite the order's row. The seq stays: nothing happened to the order."""
    orders.save(tx, anonymous(order), venue)
    tx.run(MARK_ORDER, id=order.id)


def forget_names_in_log(tx: Transaction, venue_id: str, subject: str) -> int:
    """Rewrite every event about an order; how many. What happened, when and by which member of
    staff stays, so does each event's seq."""
    guests = {row["id"] for row in tx.all(GUESTS, role=Role.CUSTOMER)}
    rows = tx.all(OF_SUBJECT, venue=venue_id, subject=subject)
    rows = [row for row in rows if row["kind"] in ABOUT_AN_ORDER]
    for row in rows:
        tx.run(REWRITE, venue=venue_id, seq=row["seq"], **_nameless(row, guests))
    return len(rows)


def forget_guests(tx: Transaction, venue_id: str, customers: set[int], addresses: set[int]) -> int:
    """Blank the records of guests whose last named order is gone, and drop their addresses; how
    many. Who has an account of their own keeps it."""
    gone = 0
    named = _still_named(tx, venue_id) if customers else set()
    for serial in customers - named:
        if tx.run(FORGET_CUSTOMER, venue=venue_id, serial=serial):
            tx.run(FORGET_ADDRESSES, venue=venue_id, customer=serial)
            gone += 1
    for serial in addresses:
        tx.run(FORGET_ADDRESS, venue=venue_id, serial=serial)
    return gone


def _still_named(tx: Reading, venue_id: str) -> set[int]:
    """Customers that an order speaks of. All at once: a search takes as long for each of them."""
    rows = tx.all(CUSTOMERS, venue=venue_id, tag="%.customer:%")
    return {int(serial) for row in rows for serial in A_CUSTOMER.findall(row["tags"])}


def forget_answers(tx: Transaction, venue: Venue, ids: Sequence[str], before: int) -> None:
    """Drop the answers kept for repeated requests that were given before, or tell of an order."""
    for row in tx.all(ANSWERS, venue=venue.slug):
        if row["at"] < before or any(one in row["answer"] for one in ids):
            key = {name: row[name] for name in ("credential", "method", "path", "key")}
            tx.run(FORGET_ANSWER, venue=venue.slug, **key)


def _nameless(row: Row, guests: set[str]) -> dict[str, Any]:
    actor, detail = Actor(**load(row["actor"])), load(row["detail"])
    detail.pop("note", None)
    return {
        "actor": dump(asdict(GUEST if actor.id in guests else actor)),
        "body": dump(order_body(anonymous(order_from(load(row["body"]))))),
        "detail": dump(detail | {MARK: True}),
    }
