"""The short number on the guest's slip, and the letters that keep two live names apart."""

from dataclasses import replace

from app.commands.ledger import Ledger
from app.domain.names import inferred_name, most_letters
from app.domain.orders import UNRELEASED, Order
from app.domain.problems import NumberInUse
from app.domain.venues import Numbering
from app.store import orders

# Widen while fewer than this many numbers are free.
FEW = 50
WIDTHS = (999, 9_999, 99_999)


def with_number(ledger: Ledger, order: Order) -> Order:
    """The order with a number, if it is time for one and it has none that it can keep."""
    venue = ledger.venue
    if not order.live:
        return order
    if order.number is not None:
        if not _is_live(ledger, order, order.number):
            return order
        order = replace(order, number=None)  # back to life, but the number went to another
    match venue.numbering:
        case Numbering.DRAWN:
            number = _draw(ledger, order)
        case Numbering.COUNTED if order.status in UNRELEASED:
            return order
        case Numbering.COUNTED:
            number = _count(ledger, order)
            order = replace(order, off_board_at=venue.day_end(ledger.now))
        case Numbering.SERIAL:
            number = _serial(ledger, order)
    return replace(order, number=number, day=venue.day(ledger.now))


def with_own_number(ledger: Ledger, order: Order, number: str) -> Order:
    """The order with the number its sender chose; raises NumberInUse."""
    order = replace(order, day=ledger.venue.day(ledger.now))
    if _is_live(ledger, order, number):
        raise NumberInUse(f"Number {number} is carried by another live order.")
    return replace(order, number=number)


def with_letters(ledger: Ledger, order: Order) -> Order:
    """The order showing as many letters of the surname as tell it from the live ones before it."""
    if order.name:
        return order
    most = most_letters(order.last_name)
    for letters in range(1, most + 1):
        name = inferred_name(order.first_name, order.last_name, letters)
        if name is None or not orders.name_is_shown(ledger.tx, order.venue, name, order.id):
            return replace(order, name_letters=letters)
    return replace(order, name_letters=most)


def _is_live(ledger: Ledger, order: Order, number: str) -> bool:
    # Counted numbers begin again each day, so yesterday's open order may carry today's number.
    day = order.day if ledger.venue.numbering == Numbering.COUNTED else None
    return orders.number_live(ledger.tx, order.venue, number, order.id, day)


def _draw(ledger: Ledger, order: Order) -> str:
    """The next free number after the last given, 1-999 in turn; wider when those run short."""
    tx, venue = ledger.tx, ledger.venue
    taken = orders.numbers_taken(tx, venue.id)
    top = next((width for width in WIDTHS if width - taken >= FEW), WIDTHS[-1])
    number, _ = orders.last_number(tx, venue.id)
    for _ in range(top):
        number = number + 1 if number < top else 1
        if not orders.number_taken(tx, venue.id, str(number), order.id):
            orders.set_last_number(tx, venue.id, number, "")
            return str(number)
    raise NumberInUse("Every order number is in use.")


def _count(ledger: Ledger, order: Order) -> str:
    """From 1 at the start of the working day, without gaps."""
    tx, venue, day = ledger.tx, ledger.venue, ledger.venue.day(ledger.now)
    last, counted_day = orders.last_number(tx, venue.id)
    number = last + 1 if counted_day == day else 1
    while orders.number_live(tx, venue.id, str(number), order.id, day):
        number += 1
    orders.set_last_number(tx, venue.id, number, day)
    return str(number)


def _serial(ledger: Ledger, order: Order) -> str:
    number = str(order.serial)
    return f"{number}-2" if _is_live(ledger, order, number) else number
