"""Orders: the row is what they are looked up by, the body is all they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.orders import Order, order_body, order_from
from app.domain.times import to_ms
from app.domain.venues import Venue
from app.store.database import Reading, Row, Transaction
from app.store.order_row import (
    NUMBER_RESTS,
    columns,
    moved_columns,
    seldom,
    told,
    told_columns,
)
from app.store.rows import dump, load

ADD = """INSERT INTO orders (id, venue, serial, seq, source, ref, fingerprint, status, live, number,
number_free_at, day, shown, search, placed_at, moved_at, updated_at, due_at, wants_point, face,
native_dialect, native_value, code, fulfilment, amount, confirmed_at, ready_at, wanted_at, guest,
contact, seat, channel, dishes, tags, body)
VALUES (:id, :venue, :serial, :seq, :source, :ref, :fingerprint, :status, :live, :number,
:number_free_at, :day, :shown, :search, :placed_at, :moved_at, :updated_at, :due_at, :wants_point,
:face, :native_dialect, :native_value, :code, :fulfilment, :amount, :confirmed_at, :ready_at,
:wanted_at, :guest, :contact, :seat, :channel, :dishes, :tags, :body)"""
MOVED = """UPDATE orders SET seq = :seq, status = :status, moved_at = :moved_at,
updated_at = :updated_at, due_at = :due_at, wants_point = :wants_point, face = :face,
native_dialect = :native_dialect, native_value = :native_value, ready_at = :ready_at,
body = :body"""
TOLD = f"""{MOVED}, shown = :shown, search = :search, code = :code, fulfilment = :fulfilment,
amount = :amount, wanted_at = :wanted_at, guest = :guest, contact = :contact, seat = :seat,
channel = :channel, dishes = :dishes, tags = :tags"""
# A column that is left out leaves its indexes alone, and what is written is made durable page by
# page: those of the number and of the acceptance, which seldom change, would triple it.
SAVE_MOVED = f"{MOVED} WHERE id = :id"
SAVE_TOLD = f"{TOLD} WHERE id = :id"
SAVE = f"""{TOLD}, live = :live, number = :number, number_free_at = :number_free_at, day = :day,
confirmed_at = :confirmed_at WHERE id = :id"""
FIND = "SELECT body FROM orders WHERE id = :id AND venue = :venue"
BY_REF = """SELECT body, fingerprint FROM orders
WHERE venue = :venue AND source = :source AND ref = :ref"""
LIVE = "SELECT body FROM orders WHERE venue = :venue AND live = 1 ORDER BY placed_at, serial"
ENDED = """SELECT body FROM orders WHERE venue = :venue AND live = 0 AND moved_at >= :since
ORDER BY moved_at DESC, serial DESC LIMIT :limit"""
LIVE_BY_NUMBER = "SELECT body FROM orders WHERE venue = :venue AND number = :number AND live = 1"
SHOWN = "SELECT id FROM orders WHERE venue = :venue AND live = 1 AND shown = :shown AND id <> :id"
TAKEN = """SELECT id FROM orders WHERE venue = :venue AND number = :number
AND number_free_at > :now AND id <> :id
UNION ALL SELECT number FROM resting_numbers
WHERE venue = :venue AND number = :number AND free_at > :now LIMIT 1"""
LIVE_NUMBER = """SELECT id FROM orders WHERE venue = :venue AND number = :number AND live = 1
AND id <> :id LIMIT 1"""
LIVE_NUMBER_TODAY = """SELECT id FROM orders WHERE venue = :venue AND number = :number AND live = 1
AND day = :day AND id <> :id LIMIT 1"""
COUNT_TAKEN = """SELECT
(SELECT COUNT(*) FROM orders WHERE venue = :venue AND number_free_at > :now)
+ (SELECT COUNT(*) FROM resting_numbers WHERE venue = :venue AND free_at > :now) AS taken"""
REST = """INSERT INTO resting_numbers (venue, number, free_at) VALUES (:venue, :number, :free_at)
ON CONFLICT (venue, number) DO UPDATE SET free_at = excluded.free_at"""
WAKE = "DELETE FROM resting_numbers WHERE free_at <= :now"
WAITING_FOR_POINT = """SELECT body FROM orders
WHERE venue = :venue AND live = 1 AND wants_point = 1 ORDER BY moved_at, serial LIMIT 1"""
DUE = "SELECT venue, id FROM orders WHERE due_at <= :now ORDER BY due_at LIMIT :limit"
BY_SERIAL = "SELECT body FROM orders WHERE venue = :venue AND serial = :serial"
ANYWHERE = "SELECT body FROM orders WHERE id = :id"
UNFILLED = "SELECT venue, body FROM orders WHERE face = '' LIMIT 500"
DELETE = "DELETE FROM orders WHERE id = :id"
# Naming every venue lets it use the index on (venue, updated_at); without, it reads all orders.
FORGET = """DELETE FROM orders
WHERE venue IN (SELECT id FROM venues) AND updated_at < :before AND live = 0"""

# The two bounds say the same; updated_at is the one that has an index.
USUAL_TIME = """SELECT SUM(took) AS total, COUNT(*) AS n FROM (
SELECT ready_at - confirmed_at AS took FROM orders
WHERE venue = :venue AND updated_at >= :since AND ready_at >= :since AND confirmed_at < ready_at
ORDER BY updated_at DESC, id DESC LIMIT :limit) AS recent"""

# In memory from one change to the next: an order takes some 4 KB. Rubbish may be much larger.
MOST_KEPT, LONGEST_KEPT = 1024, 16 * 1024

LAST_NUMBER = "SELECT last_number, counted_day FROM venues WHERE id = :venue"
SET_LAST_NUMBER = """UPDATE venues SET last_number = :number, counted_day = :day
WHERE id = :venue"""


def add(
    tx: Transaction, order: Order, venue: Venue, fingerprint: str
) -> tuple[dict[str, Any], str]:
    """Store a new order; its body and the text of it."""
    text = dump(body := order_body(order))
    row = columns(order, body, venue) | {
        "venue": order.venue,
        "serial": order.serial,
        "source": order.source,
        "ref": order.ref,
        "fingerprint": fingerprint,
        "placed_at": body["placed_at"],
        "body": text,
    }
    tx.run(ADD, row)
    _keep(tx, order, text)
    return body, text


def save(
    tx: Transaction, order: Order, venue: Venue, before: Order | None = None
) -> tuple[dict[str, Any], str]:
    """Store an order after a change; its body and the text of it. `before`: what is stored, if
    known."""
    text = dump(body := order_body(order))
    if before is None or not order.live or seldom(order) != seldom(before):
        sql, row = SAVE, columns(order, body, venue)
    elif told(order) != told(before):
        sql, row = SAVE_TOLD, told_columns(order, body, venue)
    else:
        sql, row = SAVE_MOVED, moved_columns(order, body, venue)
    row["body"] = text
    tx.run(sql, row)
    _keep(tx, order, text)
    return body, text


def find(tx: Reading, venue_id: str, order_id: str) -> Order | None:
    """An order that was changed lately is not read again: most are changed several times in a few
    minutes, and to read one was a tenth of a change."""
    kept = tx.orders.get(order_id)
    if kept is not None and kept.venue == venue_id:
        return kept
    return _maybe(tx.one(FIND, id=order_id, venue=venue_id))


def by_serial(tx: Reading, venue_id: str, serial: int) -> Order | None:
    return _maybe(tx.one(BY_SERIAL, venue=venue_id, serial=serial))


def find_anywhere(tx: Reading, order_id: str) -> Order | None:
    """Whatever venue it belongs to; the caller must ask whether that one may be entered."""
    return _maybe(tx.one(ANYWHERE, id=order_id))


def by_ref(tx: Reading, venue_id: str, source: str, ref: str) -> tuple[Order, str] | None:
    """The order that carries a ref and the fingerprint of the body it came with."""
    row = tx.one(BY_REF, venue=venue_id, source=source, ref=ref)
    return None if row is None else (_order(row), row["fingerprint"])


def live(tx: Reading, venue_id: str) -> list[Order]:
    """In the order they were placed, also those of one moment: a commit has only one."""
    return [_order(row) for row in tx.all(LIVE, venue=venue_id)]


def recent_ended(tx: Reading, venue_id: str, since: datetime, limit: int = 200) -> list[Order]:
    """Collected and cancelled orders that ended after `since`, newest first."""
    rows = tx.all(ENDED, venue=venue_id, since=to_ms(since), limit=limit)
    return [_order(row) for row in rows]


def live_by_number(tx: Reading, venue_id: str, number: str) -> Order | None:
    return _maybe(tx.one(LIVE_BY_NUMBER, venue=venue_id, number=number))


def name_is_shown(tx: Reading, venue_id: str, shown: str, order_id: str) -> bool:
    """Whether another live order already shows this name (compared without case)."""
    return tx.one(SHOWN, venue=venue_id, shown=shown.casefold(), id=order_id) is not None


def number_taken(tx: Reading, venue_id: str, number: str, order_id: str) -> bool:
    """Whether another live order carries the number or one let go of it under two hours ago."""
    now = to_ms(tx.now)
    return tx.one(TAKEN, venue=venue_id, number=number, now=now, id=order_id) is not None


def number_live(
    tx: Reading, venue_id: str, number: str, order_id: str, day: str | None = None
) -> bool:
    """Whether another live order (of that working day, if given) carries the number."""
    sql = LIVE_NUMBER if day is None else LIVE_NUMBER_TODAY
    params = {} if day is None else {"day": day}
    return tx.one(sql, venue=venue_id, number=number, id=order_id, **params) is not None


def numbers_taken(tx: Reading, venue_id: str) -> int:
    row = tx.one(COUNT_TAKEN, venue=venue_id, now=to_ms(tx.now))
    assert row is not None
    return int(row["taken"])


def let_rest(tx: Transaction, venue_id: str, number: str) -> None:
    """Keep a number from being drawn for two hours: a guest may still hold it on a slip."""
    tx.run(REST, venue=venue_id, number=number, free_at=to_ms(tx.now + NUMBER_RESTS))


def last_number(tx: Reading, venue_id: str) -> tuple[int, str]:
    """The number given last and the working day it was given on."""
    row = tx.one(LAST_NUMBER, venue=venue_id)
    assert row is not None
    return int(row["last_number"]), row["counted_day"]


def set_last_number(tx: Transaction, venue_id: str, number: int, day: str) -> None:
    tx.run(SET_LAST_NUMBER, venue=venue_id, number=number, day=day)


def waiting_for_point(tx: Reading, venue_id: str) -> Order | None:
    """The order that has been ready the longest without a pickup point."""
    return _maybe(tx.one(WAITING_FOR_POINT, venue=venue_id))


def usual_time(tx: Reading, venue_id: str, since: datetime, limit: int) -> timedelta | None:
    """The mean time from acceptance to ready of the last orders, None if there are none."""
    row = tx.one(USUAL_TIME, venue=venue_id, since=to_ms(since), limit=limit)
    if row is None or not row["n"]:
        return None
    return timedelta(milliseconds=int(row["total"]) // row["n"])


def due(tx: Reading, limit: int = 100) -> list[tuple[str, str]]:
    """(venue id, order id) of orders that time alone should now move."""
    return [(row["venue"], row["id"]) for row in tx.all(DUE, now=to_ms(tx.now), limit=limit)]


def fill_columns(tx: Transaction, venue_of: Callable[[str], Venue]) -> None:
    """Fill the columns that a newer program looks orders up by, from their bodies."""
    while rows := tx.all(UNFILLED):
        for row in rows:
            save(tx, _order(row), venue_of(row["venue"]))


def delete(tx: Transaction, order_id: str) -> None:
    tx.run(DELETE, id=order_id)
    tx.orders.pop(order_id, None)


def forget(tx: Transaction, before_ms: int) -> int:
    """Delete ended orders not touched since; how many went. Rested numbers go quietly."""
    tx.run(WAKE, now=to_ms(tx.now))
    tx.orders.clear()
    return tx.run(FORGET, before=before_ms)


SORTABLE = frozenset(
    {"placed_at", "updated_at", "confirmed_at", "ready_at", "wanted_at"}
    | {"serial", "amount", "fulfilment"}
)  # fmt: skip
MATCHABLE = SORTABLE | {
    "id", "source", "ref", "status", "live", "number", "code", "face", "native_dialect",
    "native_value", "guest", "contact", "seat", "channel", "dishes", "tags",
}  # fmt: skip
OPERATORS = frozenset({"=", "<>", "<", "<=", ">", ">=", "contains", "in"})


@dataclass(frozen=True, slots=True)
class Match:
    """A condition on one column of MATCHABLE. `contains`: a part of the text, which is stored in
    folded case (tags are not); `in`: any of a tuple. Times are milliseconds."""

    column: str
    operator: str
    value: Any


def tagged(tag: str) -> Match:
    """Orders that carry exactly this tag."""
    return Match("tags", "contains", f"\n{tag}\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What to list. Times are milliseconds; `after` is the last row of the page before, `offset`
    the count of rows before it, for those who page by number. `all_of`: of each group at least
    one condition must hold; a group without any matches nothing."""

    statuses: tuple[str, ...] = ()
    text: str = ""
    number: str | None = None
    placed_after: int | None = None
    placed_before: int | None = None
    updated_after: int | None = None
    sort: str = "placed_at"
    descending: bool = True
    limit: int = 50
    after: tuple[int, str] | None = None
    offset: int = 0
    all_of: tuple[tuple[Match, ...], ...] = ()


def search(tx: Reading, venue_id: str | Sequence[str], wanted: Search) -> list[Order]:
    """One page of orders of a venue or several; ties of the sorted time are broken by id, so pages
    never overlap."""
    assert wanted.sort in SORTABLE
    where, params = _conditions(venue_id, wanted)
    direction, beyond = ("DESC", "<") if wanted.descending else ("ASC", ">")
    if wanted.after is not None:
        params["at"], params["id"] = wanted.after
        where.append(f"({wanted.sort} {beyond} :at OR ({wanted.sort} = :at AND id {beyond} :id))")
    # What never came about is last, whichever way it is sorted; both engines agree on that.
    sql = (
        f"SELECT body FROM orders WHERE {' AND '.join(where)} "
        f"ORDER BY {_nulls_last(wanted.sort)}{wanted.sort} {direction}, id {direction} "
        "LIMIT :limit OFFSET :offset"
    )
    rows = tx.all(sql, **params, limit=wanted.limit, offset=wanted.offset)
    return [_order(row) for row in rows]


def count(tx: Reading, venue_id: str | Sequence[str], wanted: Search) -> int:
    """How many orders a search finds, without regard to its page."""
    where, params = _conditions(venue_id, wanted)
    row = tx.one(f"SELECT COUNT(*) AS n FROM orders WHERE {' AND '.join(where)}", **params)
    assert row is not None
    return int(row["n"])


def _nulls_last(column: str) -> str:
    nullable = column in ("confirmed_at", "ready_at")
    return f"CASE WHEN {column} IS NULL THEN 1 ELSE 0 END, " if nullable else ""


def _conditions(venue_id: str | Sequence[str], wanted: Search) -> tuple[list[str], dict[str, Any]]:
    ids = [venue_id] if isinstance(venue_id, str) else venue_id
    params: dict[str, Any] = {f"venue{index}": one for index, one in enumerate(ids)}
    where = [f"venue IN ({', '.join(f':{name}' for name in params)})" if ids else "1 = 0"]
    for index, status in enumerate(wanted.statuses):
        params[f"status{index}"] = status
    if wanted.statuses:
        names = ", ".join(f":status{i}" for i in range(len(wanted.statuses)))
        where.append(f"status IN ({names})")
    if wanted.text:
        where.append("search LIKE :text ESCAPE '!'")
        params["text"] = f"%{like(wanted.text.casefold())}%"
    bounds = (
        ("number = :number", "number", wanted.number),
        ("placed_at >= :placed_after", "placed_after", wanted.placed_after),
        ("placed_at < :placed_before", "placed_before", wanted.placed_before),
        ("updated_at > :updated_after", "updated_after", wanted.updated_after),
    )
    for condition, name, value in bounds:
        if value is not None:
            where.append(condition)
            params[name] = value
    for group in wanted.all_of:
        any_of = [_condition(match, params) for match in group]
        where.append(f"({' OR '.join(any_of) or '1 = 0'})")
    return where, params


def _condition(match: Match, params: dict[str, Any]) -> str:
    assert match.column in MATCHABLE
    assert match.operator in OPERATORS
    name = f"match{len(params)}"
    if match.operator == "contains":
        params[name] = f"%{like(match.value)}%"
        return f"{match.column} LIKE :{name} ESCAPE '!'"
    if match.operator == "in":
        names = [f"{name}_{index}" for index in range(len(match.value))]
        params.update(zip(names, match.value, strict=True))
        inside = ", ".join(f":{one}" for one in names)
        return f"{match.column} IN ({inside})" if names else "1 = 0"
    params[name] = match.value
    return f"{match.column} {match.operator} :{name}"


def like(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _keep(tx: Transaction, order: Order, text: str) -> None:
    if len(tx.orders) >= MOST_KEPT:
        tx.orders.clear()
    if len(text) <= LONGEST_KEPT:
        tx.orders[order.id] = order
    else:  # it may have been shorter before
        tx.orders.pop(order.id, None)


def _order(row: Row) -> Order:
    return order_from(load(row["body"]))


def _maybe(row: Row | None) -> Order | None:
    return None if row is None else _order(row)
