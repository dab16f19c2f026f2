"""Take the guests out of ended orders: times, counts, numbers and amounts stay, no name does.

Some hundred orders a change, so that nobody waits long for the writer; call it until `left` is 0.
"""

from dataclasses import dataclass
from datetime import datetime

from app.commands.ledger import Ledger
from app.domain.anonymity import guest_records
from app.domain.events import ANONYMISED, Actor, Kind
from app.store import days
from app.store.database import Done, Outcome, Transaction, Unchanged

AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Anonymised:
    """What one round did; `left`: how many orders wait for the next."""

    orders: int = 0
    events: int = 0
    guests: int = 0
    left: int = 0


def anonymise(
    tx: Transaction,
    *,
    venue: str,
    before: datetime,
    actor: Actor,
    since: datetime | None = None,
    at_once: int = AT_ONCE,
) -> Outcome[Anonymised]:
    """Of orders wanted from `since` up to `before`, at most `at_once`; open ones are left alone.
    Screens start afresh, because an order that ended a moment ago may still stand on them.

    Raises VenueNotFound.
    """
    ledger = Ledger(tx, venue, actor)
    of, here = days.span(since, before), ledger.venue
    ended = days.named(tx, here.id, of, at_once)
    deleted = days.deleted_named(tx, here.id, of, at_once)
    ids = [*(order.id for order in ended), *deleted]
    if not ids:
        return Unchanged(Anonymised())
    customers: set[int] = set()
    addresses: set[int] = set()
    for order in ended:
        named, lived = guest_records(order)
        customers, addresses = customers | named, addresses | lived
        days.forget_names(tx, order, here)
    events = sum(days.forget_names_in_log(tx, here.id, one) for one in ids)
    guests = days.forget_guests(tx, here.id, customers, addresses)
    days.forget_answers(tx, here, ids, of.before)
    left = days.count_named(tx, here.id, of) + len(days.deleted_named(tx, here.id, of, at_once))
    done = Anonymised(orders=len(ids), events=events, guests=guests, left=left)
    ledger.record(Kind.DAY, ANONYMISED, {"orders": done.orders, "events": done.events})
    return Done(done)
