"""The short number on the guest's slip, and the letters that keep two live names apart."""

from datetime import datetime
from itertools import chain, count

from app.commands.ledger import Ledger
from app.domain.names import inferred_name, most_letters
from app.domain.orders import Order, Status
from app.domain.problems import NumberInUse
from app.domain.venues import Numbering
from app.store import orders

# Widen while fewer than this many numbers are free.
FEW = 50
WIDTHS = (999, 9_999, 99_999)


def with_number(ledger: Ledger, order: Order, before: Order | None = None) -> Order:
    """The order with a number, if it is time for one and it has none that it can keep. `before`:
    the order as it is stored; while it was live, nobody else can have been given its number."""
    venue = ledger.venue
    if not order.live:
        return order
    if order.number is not None:
        held = before is not None and before.live and before.number == order.number
        if held or not _is_live(ledger, order, order.number):
            return order
        order = order.but(number=None)  # back to life, but the number went to another
    match venue.numbering:
        case Numbering.DRAWN:
            return _numbered(ledger, order, _draw(ledger, order), ledger.now)
        case Numbering.COUNTED if order.confirmed_at is None:
            return order
        case Numbering.COUNTED:
            return _numbered(ledger, order, _count(ledger, order), ledger.now)
        case Numbering.SERIAL:
            return _numbered(ledger, order, _serial(ledger, order), ledger.now)


def with_own_number(ledger: Ledger, order: Order, number: str) -> Order:
    """The order with the number its sender chose; raises NumberInUse."""
    scheduled = order.status == Status.SCHEDULED and order.scheduled_at
    order = _numbered(ledger, order, number, max(scheduled or ledger.now, ledger.now))
    if order.live and _is_live(ledger, order, number):
        raise NumberInUse(f"Number {number} is carried by another live order.")
    return order


def with_serial_number(ledger: Ledger, order: Order, base: int) -> Order:
    """The order numbered by its serial from `base` on; where a live order has that, with a tail."""
    return _numbered(ledger, order, _serial(ledger, order, base), ledger.now)


def with_letters(ledger: Ledger, order: Order) -> Order:
    """The order showing as many letters of the surname as tell it from the live ones before it."""
    if order.name:
        return order
    most = most_letters(order.last_name)
    for letters in range(1, most + 1):
        name = inferred_name(order.first_name, order.last_name, letters)
        if name is None or not orders.name_is_shown(ledger.tx, order.venue, name, order.id):
            return order.but(name_letters=letters)
    return order.but(name_letters=most)


def _numbered(ledger: Ledger, order: Order, number: str, at: datetime) -> Order:
    """The order with a number of the working day of `at`."""
    venue = ledger.venue
    # Counted numbers begin again each day: at its end they make room on the board.
    leaves = venue.day_end(at) if venue.numbering == Numbering.COUNTED else None
    return order.but(number=number, day=venue.day(at), off_board_at=leaves)


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


def _serial(ledger: Ledger, order: Order, base: int = 0) -> str:
    """The order's own serial; where a client's number got there first, with a tail."""
    serial = str(base + order.serial)
    tails = chain([serial], (f"{serial}-{tail}" for tail in count(2)))
    return next(number for number in tails if not _is_live(ledger, order, number))
