"""The venue's menu: one row for each thing, looked up by kind and id or listed in order."""

from dataclasses import asdict
from typing import Any, TypeVar

from app.domain.menu import (
    Banner,
    CashRegister,
    Category,
    Ingredient,
    MenuItem,
    OrderInstruction,
    Printer,
    PrinterStatus,
    Station,
)
from app.domain.orders import money_body, money_from
from app.store.database import Reading, Transaction
from app.store.rows import dump, load

Thing = (
    Station | Printer | CashRegister | Category | Ingredient | MenuItem | Banner | OrderInstruction
)
T = TypeVar("T", bound=Thing)

KINDS: dict[str, type[Thing]] = {
    "station": Station,
    "printer": Printer,
    "register": CashRegister,
    "category": Category,
    "ingredient": Ingredient,
    "item": MenuItem,
    "banner": Banner,
    "instruction": OrderInstruction,
}
NAMES: dict[type, str] = {kind: name for name, kind in KINDS.items()}

ALL = """SELECT id, venue, body FROM menu WHERE venue = :venue AND kind = :kind
ORDER BY position, name, id"""
ONE = "SELECT id, venue, body FROM menu WHERE venue = :venue AND kind = :kind AND id = :id"
NAMED = """SELECT id, venue, body FROM menu
WHERE venue = :venue AND kind = :kind AND name = :name LIMIT 1"""
SAVE = """INSERT INTO menu (venue, kind, id, name, position, body)
VALUES (:venue, :kind, :id, :name, :position, :body)
ON CONFLICT (venue, kind, id) DO UPDATE SET
name = excluded.name, position = excluded.position, body = excluded.body"""
DELETE = "DELETE FROM menu WHERE venue = :venue AND kind = :kind AND id = :id"
ANY = "SELECT id FROM menu WHERE venue = :venue LIMIT 1"


def every(tx: Reading, venue_id: str, kind: type[T]) -> list[T]:
    """All of a kind, in the venue's order."""
    rows = tx.all(ALL, venue=venue_id, kind=NAMES[kind])
    return [_thing(kind, row["id"], row["venue"], row["body"]) for row in rows]


def one(tx: Reading, venue_id: str, kind: type[T], thing_id: str) -> T | None:
    row = tx.one(ONE, venue=venue_id, kind=NAMES[kind], id=thing_id)
    return None if row is None else _thing(kind, row["id"], row["venue"], row["body"])


def named(tx: Reading, venue_id: str, kind: type[T], name: str) -> T | None:
    """The first with exactly this name."""
    row = tx.one(NAMED, venue=venue_id, kind=NAMES[kind], name=name)
    return None if row is None else _thing(kind, row["id"], row["venue"], row["body"])


def is_empty(tx: Reading, venue_id: str) -> bool:
    return tx.one(ANY, venue=venue_id) is None


def save(tx: Transaction, thing: Thing) -> None:
    tx.run(
        SAVE,
        venue=thing.venue,
        kind=NAMES[type(thing)],
        id=thing.id,
        name=name_of(thing),
        position=getattr(thing, "position", 0),
        body=dump(body_of(thing)),
    )


def delete(tx: Transaction, thing: Thing) -> None:
    tx.run(DELETE, venue=thing.venue, kind=NAMES[type(thing)], id=thing.id)


def stations(tx: Reading, venue_id: str) -> list[Station]:
    return every(tx, venue_id, Station)


def printers(tx: Reading, venue_id: str) -> list[Printer]:
    return every(tx, venue_id, Printer)


def registers(tx: Reading, venue_id: str) -> list[CashRegister]:
    return every(tx, venue_id, CashRegister)


def categories(tx: Reading, venue_id: str) -> list[Category]:
    return every(tx, venue_id, Category)


def items(tx: Reading, venue_id: str) -> list[MenuItem]:
    return every(tx, venue_id, MenuItem)


def ingredients(tx: Reading, venue_id: str) -> list[Ingredient]:
    return every(tx, venue_id, Ingredient)


def banners(tx: Reading, venue_id: str) -> list[Banner]:
    return every(tx, venue_id, Banner)


def instructions(tx: Reading, venue_id: str) -> list[OrderInstruction]:
    return every(tx, venue_id, OrderInstruction)


def station(tx: Reading, venue_id: str, thing_id: str) -> Station | None:
    return one(tx, venue_id, Station, thing_id)


def printer(tx: Reading, venue_id: str, thing_id: str) -> Printer | None:
    return one(tx, venue_id, Printer, thing_id)


def register(tx: Reading, venue_id: str, thing_id: str) -> CashRegister | None:
    return one(tx, venue_id, CashRegister, thing_id)


def category(tx: Reading, venue_id: str, thing_id: str) -> Category | None:
    return one(tx, venue_id, Category, thing_id)


def item(tx: Reading, venue_id: str, thing_id: str) -> MenuItem | None:
    return one(tx, venue_id, MenuItem, thing_id)


def ingredient(tx: Reading, venue_id: str, thing_id: str) -> Ingredient | None:
    return one(tx, venue_id, Ingredient, thing_id)


def name_of(thing: Thing) -> str:
    match thing:
        case Banner():
            return thing.title
        case OrderInstruction():
            return thing.text[:80]
        case _:
            return thing.name


def body_of(thing: Thing) -> dict[str, Any]:
    """As stored and as told in events: everything but whose it is; money in ten-thousandths."""
    body = asdict(thing)
    del body["id"], body["venue"]
    if "price" in body:
        body["price"] = money_body(body["price"])
    return body


def _thing(kind: type[T], thing_id: str, venue: str, text: str) -> T:
    body = load(text)
    if "price" in body:
        body["price"] = money_from(body["price"])
    if "ingredients" in body:
        body["ingredients"] = tuple(body["ingredients"])
    if "status" in body:
        body["status"] = PrinterStatus(body["status"])
    return kind(id=thing_id, venue=venue, **body)
