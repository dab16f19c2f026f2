"""Creating and changing orders, with the guests and addresses that come with them."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.commands.guests import add_address, known_customer
from app.commands.orders import NewOrder, edit, place
from app.commands.status import change_status
from app.dialects.tastyigniter import fields
from app.dialects.tastyigniter.attributes import said
from app.dialects.tastyigniter.errors import RecordNotFound
from app.dialects.tastyigniter.rules import whole
from app.dialects.tastyigniter.settings import Settings
from app.dialects.tastyigniter.words import NAME, Table, words_of
from app.domain.events import Actor
from app.domain.orders import Order, Status
from app.domain.venues import Venue
from app.store import guests, orders
from app.store.database import Done, Outcome, Refused, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks from where. `customer`: of a customer's token, whose orders are all theirs."""

    venue: Venue
    settings: Settings
    actor: Actor
    customer: int | None = None
    address: str = ""
    agent: str = ""


def create(tx: Transaction, *, asked: Asked, given: Mapping[str, Any]) -> Outcome[Order]:
    venue, settings = asked.venue, asked.settings
    plain = fields.plain_changes(given, venue)
    lines, kept = fields.items({"order_menus": given.get("order_menus") or []}, tx.now)
    rows = fields.merged_totals([], given.get("order_totals") or [])
    extras = fields.extras(given) | {"lines": kept, "totals": rows}
    extras |= {"hash": secrets.token_hex(16), "ip_address": asked.address}
    extras |= {"user_agent": asked.agent[:200]}
    extras["customer_id"] = _customer(tx, asked, plain, extras.get("customer_id"))
    extras |= _address(tx, venue, given, extras["customer_id"])
    status = whole(given.get("status_id")) or settings.default_status
    scheduled = plain.get("scheduled_at")
    meaning = Table(settings).meaning(status, plain["fulfilment"])
    waits = meaning.status == Status.PLACED and scheduled and scheduled - venue.lead > tx.now
    new = NewOrder(
        status=Status.SCHEDULED if waits else meaning.status,
        cancelled_by=meaning.cancelled_by,
        native=words_of(settings).native(str(status)),
        status_note=str(given.get("status_comment") or ""),
        items=lines,
        total=fields.total_of(lines, rows),
        tags=_tags(extras),
        extras={NAME: extras},
        **plain,
    )
    outcome = place(tx, venue=venue.slug, new=new, actor=asked.actor, dialect=NAME)
    assert not isinstance(outcome, Refused)
    return Done(outcome.value.order)


def update(
    tx: Transaction, *, asked: Asked, serial: int, given: Mapping[str, Any]
) -> Outcome[Order]:
    """Only what is given changes; the status with all else in one event. Raises RecordNotFound."""
    venue, settings = asked.venue, asked.settings
    order = orders.by_serial(tx, venue.id, serial)
    if order is None:
        raise RecordNotFound(str(serial))
    changes = _changes(tx, asked, order, given)
    status = whole(given.get("status_id"))
    comment = str(given.get("status_comment") or "")
    if status is None and not comment:
        return edit(
            tx, venue=venue.slug, order=order.id, changes=changes, actor=asked.actor, dialect=NAME
        )
    words = words_of(settings)
    word = words.word_of(order) if status is None else str(status)
    meaning = Table(settings).meaning(int(word), changes.get("fulfilment", order.fulfilment))
    move = words.move(word, meaning, note=comment, changes=changes)
    return change_status(
        tx, venue=venue.slug, order=order.id, move=move, actor=asked.actor, dialect=NAME
    )


def _changes(
    tx: Transaction, asked: Asked, order: Order, given: Mapping[str, Any]
) -> dict[str, Any]:
    changes = fields.plain_changes(given, asked.venue)
    extras = said(order) | fields.extras(given)
    lines = order.items
    if "order_menus" in given:
        lines, extras["lines"] = fields.items({"order_menus": given["order_menus"] or []}, tx.now)
        changes["items"] = lines
    if given.get("order_totals"):
        extras["totals"] = fields.merged_totals(extras.get("totals", []), given["order_totals"])
    if "order_menus" in given or given.get("order_totals"):
        changes["total"] = fields.total_of(lines, extras.get("totals", []))
    extras |= _address(tx, asked.venue, given, extras.get("customer_id"))
    if extras != said(order):
        changes |= {"extras": {NAME: extras}, "tags": _tags(extras)}
    return changes


def _customer(
    tx: Transaction, asked: Asked, plain: Mapping[str, Any], given: int | None
) -> int | None:
    """A customer's token makes its own orders; else as was said; else who has the address."""
    if asked.customer is not None:
        return asked.customer
    if given is not None or not plain.get("email"):
        return given
    return known_customer(
        tx,
        asked.venue.id,
        first_name=plain["first_name"],
        last_name=plain["last_name"],
        email=plain["email"],
        telephone=plain.get("phone", ""),
    ).serial


def _address(
    tx: Transaction, venue: Venue, given: Mapping[str, Any], customer: int | None
) -> dict[str, Any]:
    body = fields.address_of(given)
    if body is not None:
        made = add_address(tx, venue.id, customer, body)
        return {"address_id": made.serial, "formatted_address": made.formatted}
    known = whole(given.get("address_id"))
    found = guests.address(tx, venue.id, known) if known is not None else None
    return {"formatted_address": found.formatted} if found else {}


def _tags(extras: Mapping[str, Any]) -> tuple[str, ...]:
    customer = extras.get("customer_id")
    return () if customer is None else (f"{NAME}.customer:{customer}",)
