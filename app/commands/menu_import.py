"""Import a menu in one change: all of a file or nothing, and twice the same is once."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

from app.commands.menu import delete_thing, save_thing
from app.commands.menu_file import LISTS, Row, refusal, refuse_all
from app.domain.events import Actor
from app.domain.orders import new_id
from app.store import menu, venues
from app.store.database import Done, Outcome, Reading, Refused, Transaction, Unchanged
from app.store.menu import KINDS, Thing

REFERENCES = {"category": "category", "station": "station", "printer": "printer"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How many things were added, changed, left as they were, and removed."""

    added: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0


def import_menu(
    tx: Transaction,
    *,
    venue: str,
    rows: Sequence[Row],
    actor: Actor,
    replace_all: bool = False,
    dry_run: bool = False,
) -> Outcome[Imported]:
    """A thing with an id is the one with that id, else the one with that name. `replace_all`: what
    the file does not name goes. Raises VenueNotFound, Invalid with every row that is wrong."""
    found = venues.open_by_slug(tx, venue)
    things = _things(tx, found.id, rows)
    counted = Imported()
    for thing in things:
        before = menu.one(tx, found.id, type(thing), thing.id)
        change = partial(save_thing, venue=venue, thing=thing, actor=actor)
        is_new = not isinstance(tx.attempt(change), Unchanged)
        name = "same" if not is_new else "added" if before is None else "changed"
        counted = replace(counted, **{name: getattr(counted, name) + 1})
    if replace_all:
        counted = replace(counted, removed=_remove_others(tx, venue, found.id, things, actor))
    nothing = dry_run or not (counted.added or counted.changed or counted.removed)
    return Unchanged(counted) if nothing else Done(counted)


def exported(tx: Reading, venue_id: str) -> dict[str, list[dict[str, Any]]]:
    """The menu as a file that import takes back; prices are decimal texts."""
    return {
        name: [_told(thing) for thing in menu.every(tx, venue_id, KINDS[kind])]
        for name, kind in LISTS.items()
    }


def _told(thing: Thing) -> dict[str, Any]:
    told = {"id": thing.id} | menu.body_of(thing)
    if "price" in told:
        told["price"] = f"{getattr(thing, 'price'):f}"  # noqa: B009 only items have one
    if "ingredients" in told:
        told["ingredients"] = list(told["ingredients"])
    told.pop("status", None)  # what a printer does now is no part of a menu
    return {name: value for name, value in told.items() if value is not None}


def _things(tx: Transaction, venue_id: str, rows: Sequence[Row]) -> list[Thing]:
    errors: list[dict[str, str]] = []
    known: dict[tuple[str, str], str] = {}  # (kind, id or name) -> id
    made: dict[tuple[str, str], Thing] = {}
    for row in rows:
        values = _linked(tx, venue_id, row, known, errors)
        before = _before(tx, venue_id, row, values)
        thing_id = row.id or (before.id if before else known.get((row.kind, _name(row)), ""))
        thing_id = thing_id or new_id(tx.now)
        thing = _merged(before or made.get((row.kind, thing_id)), row, venue_id, thing_id, values)
        if thing is None:
            errors.append(refusal(row, "something that is needed is missing"))
            continue
        if row.kind != "item":  # two items may have one name, in two categories
            known[row.kind, _name(row)] = thing_id
        known[row.kind, thing_id] = thing_id
        made[row.kind, thing_id] = thing
    if errors:
        raise refuse_all(errors)
    return list(made.values())


def _linked(
    tx: Reading,
    venue_id: str,
    row: Row,
    known: dict[tuple[str, str], str],
    errors: list[dict[str, str]],
) -> dict[str, Any]:
    """The row's fields with ids for what it names by id or name."""
    values = dict(row.fields)
    for field, kind in REFERENCES.items():
        if values.get(field):
            found = _resolve(tx, venue_id, kind, values[field], known)
            if found is None:
                errors.append(refusal(row, f"there is no {kind} '{values[field]}'"))
            values[field] = found
    if "ingredients" in values:
        parts = [_resolve(tx, venue_id, "ingredient", one, known) for one in values["ingredients"]]
        for name, part in zip(values["ingredients"], parts, strict=True):
            if part is None:
                errors.append(refusal(row, f"there is no ingredient '{name}'"))
        values["ingredients"] = tuple(part for part in parts if part)
    return values


def _resolve(
    tx: Reading, venue_id: str, kind: str, said: str, known: dict[tuple[str, str], str]
) -> str | None:
    if (kind, said) in known:
        return known[kind, said]
    found = menu.one(tx, venue_id, KINDS[kind], said) or menu.named(tx, venue_id, KINDS[kind], said)
    return found.id if found else None


def _before(tx: Reading, venue_id: str, row: Row, values: dict[str, Any]) -> Any:
    kind = KINDS[row.kind]
    if row.id is not None:
        return menu.one(tx, venue_id, kind, row.id)
    if row.kind != "item":
        return menu.named(tx, venue_id, kind, _name(row))
    same = (item for item in menu.items(tx, venue_id) if item.name == values.get("name"))
    return next((item for item in same if item.category == values.get("category")), None)


def _merged(
    before: Any, row: Row, venue_id: str, thing_id: str, values: dict[str, Any]
) -> Thing | None:
    """What the file leaves out stays as it is."""
    if before is not None:
        merged: Thing = replace(before, **values)
        return merged
    kind = KINDS[row.kind]
    names = {one.name for one in fields(kind)}
    try:
        return kind(id=thing_id, venue=venue_id, **{n: v for n, v in values.items() if n in names})
    except TypeError:
        return None


def _name(row: Row) -> str:
    return str(row.fields.get("name") or row.fields.get("title") or row.fields.get("text") or "")


def _remove_others(
    tx: Transaction, venue: str, venue_id: str, things: Sequence[Thing], actor: Actor
) -> int:
    kept = {(type(thing), thing.id) for thing in things}
    gone = 0
    for kind in KINDS.values():
        for thing in menu.every(tx, venue_id, kind):
            if (kind, thing.id) not in kept:
                drop = partial(delete_thing, venue=venue, kind=kind, thing_id=thing.id, actor=actor)
                assert not isinstance(tx.attempt(drop), Refused)
                gone += 1
    return gone
