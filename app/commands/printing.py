"""What a print agent is told beside the orders themselves: reprints, drawers, the day's closure."""

from collections.abc import Callable, Sequence
from typing import Any

from app.commands.ledger import Ledger
from app.domain.events import Actor, Kind
from app.domain.menu import CashRegister
from app.domain.orders import NATIVE, Order, order_body
from app.domain.problems import Invalid
from app.store.database import Done, Outcome, Transaction


def reprint(
    tx: Transaction,
    *,
    venue: str,
    order: str,
    items: Sequence[str],
    receipt: bool,
    actor: Actor,
    dialect: str = NATIVE,
    check: Callable[[Order], None] | None = None,
) -> Outcome[Order]:
    """Ask for slips of some lines (ids) again, or the receipt, or both. Raises OrderNotFound,
    Invalid for a line the order has not, and what `check` raises."""
    ledger = Ledger(tx, venue, actor, dialect)
    found = ledger.order(order)
    if check is not None:
        check(found)
    known = {item.id for item in found.items}
    unknown = [item for item in items if item not in known]
    if unknown:
        message = f"The order has no line '{unknown[0][:80]}'."
        raise Invalid(message, errors=[{"path": "items", "message": message}])
    detail = {"items": list(items), "receipt": receipt}
    ledger.record(Kind.PRINT, found.id, order_body(found), detail)
    return Done(found)


def open_drawer(
    tx: Transaction, *, venue: str, register: CashRegister, actor: Actor, dialect: str = NATIVE
) -> Outcome[CashRegister]:
    ledger = Ledger(tx, venue, actor, dialect)
    body = {"register": register.id, "name": register.name, "printer": register.printer}
    ledger.record(Kind.DRAWER, f"register:{register.id}", body)
    return Done(register)


def close_day(
    tx: Transaction, *, venue: str, body: dict[str, Any], actor: Actor, dialect: str = NATIVE
) -> Outcome[dict[str, Any]]:
    """`body` is the report as it is to be printed."""
    Ledger(tx, venue, actor, dialect).record(Kind.CLOSURE, "closure", body)
    return Done(body)
