"""What eatsa's clients may do to orders: place one, and move it as the state machine allows."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from app.commands.ledger import Ledger
from app.commands.orders import NewOrder, place
from app.commands.points import reserve
from app.commands.status import change_status
from app.dialects.eatsa.answers import tax_body, user_id
from app.dialects.eatsa.bodies import LineBody, OrderBody
from app.dialects.eatsa.errors import Refusal
from app.dialects.eatsa.words import ALIASES, MEANINGS, WORDS, may_follow
from app.domain.events import Actor, Kind
from app.domain.orders import Fulfilment, LineItem, Modifier, Order, Tax, new_id
from app.domain.problems import OrderNotFound, PointInUse
from app.domain.venues import PickupPoint
from app.store import menu, orders, venues
from app.store.database import Done, Outcome, Reading, Refused, Transaction, Unchanged

EATSA = "eatsa"
FULL = "No pickup location is free; the order waits to be served again."
HUNDRED = Decimal(100)


def create(tx: Transaction, *, venue: str, body: OrderBody, actor: Actor) -> Outcome[Order]:
    """Raises a Refusal for a ref_id that was used before."""
    names = _menu_names(tx, venue, body)
    lines = [(_line_item(tx, line, names), line) for line in body.line_items]
    user = body.user
    # The board's name is what they were asked to show, else it is made of the user's names.
    new = NewOrder(
        ref=body.ref_id,
        number=body.ref_human_readable_id,
        name=body.status_board_display_name or None,
        first_name=user.first_name or "",
        last_name=user.last_name or "",
        email=user.email or "",
        fulfilment=Fulfilment.DINE_IN if body.service_type == "dine_in" else Fulfilment.PICKUP,
        channel=body.channel or "",
        note=body.special_instructions or "",
        total=None if body.total is None else Decimal(body.total) / HUNDRED,
        items=tuple(item for item, _ in lines),
        scheduled_at=body.scheduled_time,
        extras={EATSA: _extras(body, {item.id: _kept(item, line) for item, line in lines})},
    )
    outcome = place(tx, venue=venue, new=new, actor=actor, dialect=EATSA)
    assert not isinstance(outcome, Refused)
    if not outcome.value.created:
        raise Refusal(400, "DUPLICATED_ORDER", f"An order with ref_id '{body.ref_id}' exists.")
    return Done(outcome.value.order)


def put_status(
    tx: Transaction, *, venue: str, order: str, word: str, actor: Actor
) -> Outcome[Order]:
    """Raises a Refusal for an unknown word and for a move that the state machine has not."""
    new = ALIASES.get(word, word)
    if new not in MEANINGS:
        raise Refusal(400, "INVALID_INPUT", f"'{word}' is no status.")

    def check(found: Order) -> None:
        before = WORDS.word_of(found)
        if not may_follow(before, new):
            raise Refusal(409, "INVALID_REQUEST", f"From {before} an order cannot go to {new}.")

    move = partial(_move, venue=venue, order=order, actor=actor)
    found = _order(tx, venue, order)
    if new == "ready_for_pickup" and WORDS.word_of(found) != new:
        check(found)
        if not _has_place(tx, found):
            tx.attempt(partial(move, word="ready_to_serve_again"))
            return Refused(Refusal(409, "NO_PICKUP_LOCATIONS_AVAILABLE", FULL))
    return move(tx, word=new, check=check, sent=word if word != new else "")


def assign_location(
    tx: Transaction, *, venue: str, order: str, actor: Actor
) -> Outcome[PickupPoint]:
    """Reserve a place before the order is ready. Raises a Refusal when none is free."""
    ledger = Ledger(tx, venue, actor, EATSA)
    found = ledger.order(order)
    if not found.live:
        raise Refusal(409, "INVALID_REQUEST", "The order needs no location any more.")
    had = venues.point_of(tx, found.id)
    if had is not None:
        return Unchanged(had)
    try:
        point = reserve(ledger, found)
    except PointInUse:
        raise Refusal(409, "NO_PICKUP_LOCATIONS_AVAILABLE", "No location is free.") from None
    ledger.save(Kind.EDITED, found, {"reserved": point.id})
    return Done(point)


def _move(
    tx: Transaction, *, venue: str, order: str, word: str, actor: Actor, **more: Any
) -> Outcome[Order]:
    move = WORDS.move(word, MEANINGS[word], **more)
    return change_status(tx, venue=venue, order=order, move=move, actor=actor, dialect=EATSA)


def _order(tx: Reading, slug: str, order_id: str) -> Order:
    venue = venues.by_slug(tx, slug)
    found = venue and orders.find(tx, venue.id, order_id)
    if not found:
        raise OrderNotFound(f"There is no order '{order_id}'.")
    return found


def _has_place(tx: Reading, order: Order) -> bool:
    """A store without any locations needs none."""
    points = venues.points(tx, order.venue)
    return not points or any(p.free or (p.order == order.id and not p.disabled) for p in points)


def _menu_names(tx: Reading, slug: str, body: OrderBody) -> Mapping[str, str]:
    """The menu's names of items that were sent without one."""
    venue = venues.by_slug(tx, slug)
    if venue is None or all(line.ref_item_name for line in body.line_items):
        return {}
    found = (menu.item(tx, venue.id, line.item_id) for line in body.line_items)
    return {item.id: item.name for item in found if item is not None}


def _line_item(tx: Reading, line: LineBody, names: Mapping[str, str]) -> LineItem:
    return LineItem(
        id=new_id(tx.now),
        name=line.ref_item_name or names.get(line.item_id, line.item_id),
        unit_price=Decimal(line.price or 0) / HUNDRED,
        notes=line.special_instructions or "",
        customer_name=line.customer_name or "",
        menu_item=line.item_id if line.item_id in names else "",
        modifiers=tuple(
            Modifier(name=m.modifier_name or m.modifier_id, price=Decimal(m.price or 0) / HUNDRED)
            for m in line.modifications or ()
        ),
        taxes=tuple(Tax(name=t.name, amount=Decimal(t.amount) / HUNDRED) for t in line.taxes or ()),
    )


def _kept(item: LineItem, line: LineBody) -> dict[str, Any]:
    """A line as it is answered, names and prices as they were sent."""
    kept: dict[str, Any] = {
        "item_id": line.item_id,
        "customer_name": line.customer_name,
        "special_instructions": line.special_instructions,
        "modifications": [
            {"modifier_id": m.modifier_id, "modifier_name": m.modifier_name or m.modifier_id}
            | ({} if m.ref_id is None else {"ref_id": m.ref_id})
            | ({} if m.price is None else {"price": m.price, "modifier_price": m.price})
            for m in line.modifications or ()
        ],
    }
    for name in ("ref_id", "total_price", "price"):
        if getattr(line, name) is not None:
            kept[name] = getattr(line, name)
    if line.taxes is not None:
        kept["taxes"] = [tax_body(t.id, t.name, t.amount) for t in line.taxes]
    return kept


def _extras(body: OrderBody, lines: dict[str, Any]) -> dict[str, Any]:
    user, sent = body.user, body.authorization
    extras: dict[str, Any] = {
        "lines": lines,
        "user_ref_id": user.ref_id or "",
        "user_id": user.id or (user_id(user.ref_id) if user.ref_id else ""),
        "payments": [p.model_dump() for p in body.payments or ()],
    }
    code = body.unlock_code or (sent.unlock_code if sent else None)
    return extras | ({"unlock_code": code} if code else {})
