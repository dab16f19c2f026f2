"""The menu's part in orders, and changing the menu itself."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.commands.ledger import Ledger
from app.domain.events import Actor, Kind
from app.domain.menu import Printer, Station
from app.domain.orders import NATIVE, LineItem, new_id
from app.domain.problems import Conflict, NotFound
from app.store import menu
from app.store.database import Done, Outcome, Reading, Transaction, Unchanged
from app.store.menu import Thing


def line_item(
    tx: Reading,
    venue_id: str,
    menu_item_id: str,
    *,
    quantity: int,
    notes: str = "",
    surcharge: Decimal = Decimal(0),
) -> LineItem | None:
    """A line with the menu's name and price as they are now; None for an unknown item."""
    item = menu.item(tx, venue_id, menu_item_id)
    if item is None:
        return None
    line = LineItem(
        id=new_id(tx.now),
        name=item.name,
        quantity=quantity,
        unit_price=item.price,
        surcharge=surcharge,
        notes=notes,
        menu_item=item.id,
    )
    return known_items(tx, venue_id, (line,))[0]


def known_items(tx: Reading, venue_id: str, items: tuple[LineItem, ...]) -> tuple[LineItem, ...]:
    """The lines with what the menu says of them: category, station and printer."""
    if not items or menu.is_empty(tx, venue_id):
        return items
    return tuple(_known(tx, venue_id, item) for item in items)


def _known(tx: Reading, venue_id: str, line: LineItem) -> LineItem:
    item = menu.item(tx, venue_id, line.menu_item) if line.menu_item else None
    category = menu.category(tx, venue_id, item.category) if item else None
    if item is not None and category is not None and not line.category:
        line = replace(
            line,
            category=category.id,
            category_name=category.name,
            printer=line.printer or item.printer or category.printer or "",
        )
        station = menu.station(tx, venue_id, category.station) if category.station else None
        if station is not None and not line.station:
            return replace(line, station=station.name, station_id=station.id)
    if line.station and not line.station_id:
        named = menu.named(tx, venue_id, Station, line.station)
        return replace(line, station_id=named.id) if named else line
    return line


def save_thing(
    tx: Transaction,
    *,
    venue: str,
    thing: Thing,
    actor: Actor,
    dialect: str = NATIVE,
    create: bool = False,
) -> Outcome[Thing]:
    """Add or change a thing of the menu; `thing.venue` may be empty. Raises Conflict for a new one
    whose id is taken. Orders that were placed keep what the menu was."""
    ledger = Ledger(tx, venue, actor, dialect)
    thing = replace(thing, venue=ledger.venue.id)
    before = menu.one(tx, ledger.venue.id, type(thing), thing.id)
    if create and before is not None:
        raise Conflict(f"There is already a {menu.NAMES[type(thing)]} with the id {thing.id}.")
    if before == thing:
        return Unchanged(thing)
    _record(ledger, before, thing)
    menu.save(tx, thing)
    return Done(thing)


def change_thing(
    tx: Transaction,
    *,
    venue: str,
    kind: type[Thing],
    thing_id: str,
    changes: dict[str, Any],
    actor: Actor,
    dialect: str = NATIVE,
) -> Outcome[Thing]:
    """Change the fields that are given and no others. Raises NotFound."""
    ledger = Ledger(tx, venue, actor, dialect)
    before = menu.one(tx, ledger.venue.id, kind, thing_id)
    if before is None:
        raise NotFound(f"There is no {menu.NAMES[kind]} '{thing_id[:80]}'.")
    after = replace(before, **changes)
    if after == before:
        return Unchanged(before)
    _record(ledger, before, after)
    menu.save(tx, after)
    return Done(after)


def delete_thing(
    tx: Transaction, *, venue: str, kind: type[Thing], thing_id: str, actor: Actor
) -> Outcome[Thing]:
    """Raises NotFound."""
    ledger = Ledger(tx, venue, actor)
    found = menu.one(tx, ledger.venue.id, kind, thing_id)
    if found is None:
        raise NotFound(f"There is no {menu.NAMES[kind]} '{thing_id[:80]}'.")
    menu.delete(tx, found)
    body = {"kind": menu.NAMES[kind], "id": found.id} | menu.body_of(found)
    ledger.record(Kind.MENU, f"{menu.NAMES[kind]}:{found.id}", body, {"deleted": True})
    return Done(found)


def set_printer_status(
    tx: Transaction, *, venue: str, printer: Printer, actor: Actor, dialect: str
) -> Outcome[Printer]:
    """Told to everybody also when it is what it was: clients look for the answer to their probe."""
    ledger = Ledger(tx, venue, actor, dialect)
    printer = replace(printer, venue=ledger.venue.id)
    menu.save(tx, printer)
    body = {"id": printer.id} | menu.body_of(printer)
    ledger.record(Kind.PRINTER, f"printer:{printer.id}", body)
    return Done(printer)


def _record(ledger: Ledger, before: Thing | None, after: Thing) -> None:
    kind = menu.NAMES[type(after)]
    body = menu.body_of(after)
    old = menu.body_of(before) if before else {}
    changed = sorted(name for name in body if name in old and old[name] != body[name])
    detail: dict[str, Any] = {"changed": changed} if before else {"added": True}
    ledger.record(Kind.MENU, f"{kind}:{after.id}", {"kind": kind, "id": after.id} | body, detail)
