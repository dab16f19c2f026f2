"""Creating an order and confirming it: one of many wins, in one transaction."""

from typing import Any

from app.commands.orders import NewOrder, place
from app.commands.status import change_status
from app.dialects.mysagra.bodies import ConfirmBody, ItemBody, OrderBody, check_lengths
from app.dialects.mysagra.errors import Refusal, no_reference
from app.dialects.mysagra.finding import order_at
from app.dialects.mysagra.ids import shown_id, stored_ids
from app.dialects.mysagra.payloads import NO_TABLE, said
from app.dialects.mysagra.pricing import ZERO, own_total, priced, repriced
from app.dialects.mysagra.words import MEANINGS, NAME, WORDS
from app.domain.events import Actor
from app.domain.orders import Order
from app.domain.venues import Venue
from app.store import menu
from app.store.database import Done, Outcome, Reading, Transaction

DISCOUNTED = f"{NAME}.discounted"


def create(
    tx: Transaction, *, venue: Venue, body: OrderBody, actor: Actor, surcharges: bool
) -> Outcome[Order]:
    """PENDING, or with `confirm` confirmed from the start. Raises Refusal."""
    check_lengths(body)
    confirm = body.confirm
    if confirm is not None:
        check_lengths(confirm)
    items: tuple[ItemBody, ...] = (confirm and confirm.orderItems) or body.orderItems
    lines = priced(tx, venue.id, items, surcharges=surcharges)
    own: dict[str, Any] = {"discount": "0"} if confirm is None else _paid(tx, venue, confirm)
    no_table = body.table in NO_TABLE
    customer = _customer((confirm and confirm.customer) or body.customer)
    word = "PENDING" if confirm is None else "CONFIRMED"
    new = NewOrder(
        status=MEANINGS[word].status,
        native=WORDS.native(word),
        table="" if no_table else body.table,
        items=lines,
        total=None if confirm is None else own_total(lines, confirm.discount),
        tags=_tags(confirm),
        extras={NAME: own | customer.pop("own") | ({"table": body.table} if no_table else {})},
        **customer,
    )
    outcome = place(tx, venue=venue.slug, new=new, actor=actor, dialect=NAME)
    assert isinstance(outcome, Done)  # only a repeated ref is none
    return Done(outcome.value.order)


def confirm(
    tx: Transaction, *, venue: Venue, shown: str, body: ConfirmBody, actor: Actor
) -> Outcome[Order]:
    """Raises OrderNotFound, Wrong, Refusal, the latter for every confirm but the first."""
    order = order_at(tx, venue.id, shown)
    only_pending(order)
    check_lengths(body)
    if body.orderItems:
        lines = priced(tx, venue.id, body.orderItems, surcharges=True)
    else:
        lines = repriced(tx, venue.id, order.items)
    own = said(order) | _paid(tx, venue, body)
    changes: dict[str, Any] = {"items": lines, "tags": _tags(body)}
    if order.confirmed_at is not None:  # put back to PENDING since: it is confirmed anew
        changes["confirmed_at"] = tx.now
    if order.source == NAME or body.orderItems:
        changes["total"] = own_total(lines, body.discount)
    elif body.discount:
        changes["total"] = max(ZERO, order.amount - body.discount)
    if body.customer is not None:
        customer = _customer(body.customer)
        own.pop("customer", None)
        own |= customer.pop("own")
        changes |= customer
    changes["extras"] = {NAME: own}
    move = WORDS.move("CONFIRMED", MEANINGS["CONFIRMED"], changes=changes, check=only_pending)
    return change_status(tx, venue=venue.slug, order=order.id, move=move, actor=actor, dialect=NAME)


def only_pending(order: Order) -> None:
    if WORDS.word_of(order) != "PENDING":
        raise Refusal(400, "Order is already confirmed", "BadRequestError")


def _paid(tx: Reading, venue: Venue, body: ConfirmBody) -> dict[str, Any]:
    return {
        "paymentMethod": body.paymentMethod,
        "discount": str(body.discount),
        "userId": body.userId,
        "cashRegisterId": _register(tx, venue, body.cashRegisterId),
    }


def _register(tx: Reading, venue: Venue, shown: str | None) -> str | None:
    """As clients name it; the venue's first where none was said, since receipts need one."""
    if shown is None:
        first = next(iter(menu.registers(tx, venue.id)), None)
        return shown_id(first.id) if first else None
    if all(menu.register(tx, venue.id, one) is None for one in stored_ids(shown)):
        raise no_reference("Cash register")
    return shown


def _customer(full: str) -> dict[str, Any]:
    """`Mario Rossi` is `Mario R.` on the board. `own`: what the two names together lose of it."""
    first, _, last = full.strip().rpartition(" ")
    first, last = (first, last) if first else (last, "")
    together = f"{first} {last}".strip()
    return {
        "first_name": first,
        "last_name": last,
        "own": {"customer": full} if together != full else {},
    }


def _tags(body: ConfirmBody | None) -> tuple[str, ...]:
    return (DISCOUNTED,) if body is not None and body.discount else ()
