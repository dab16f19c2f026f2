"""API keys: make one, revoke one. The secret is answered once and kept only as a hash."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.orders import NATIVE, new_id
from app.domain.people import Key, Scope, new_key_secret
from app.domain.problems import Conflict, Invalid, KeyNotFound, VenueNotFound
from app.store import people
from app.store.database import Done, Outcome, Reading, Transaction, Unchanged
from app.store.venues import by_slug

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    key: Key
    secret: str


def create_key(
    tx: Transaction,
    *,
    name: str,
    scopes: Iterable[Scope],
    venues: Iterable[str] | None = None,
    expires_at: datetime | None = None,
    secret: str | None = None,
    dialect: str = NATIVE,
    kind: str = "",
    owner: str | None = None,
    abilities: Iterable[str] = (),
) -> Outcome[NewKey]:
    """`venues` are slugs; None makes a key for every venue, those of later too. `secret`: in the
    format of the foreign system whose key it is, at least 200 random bits."""
    name = name.strip()
    wanted = frozenset(scopes)
    _check(tx, name, wanted, expires_at, dialect)
    bound = None if venues is None else frozenset(venues)
    secret = secret or new_key_secret()
    key = Key(
        id=new_id(tx.now),
        name=name,
        last4=secret[-4:],
        scopes=wanted,
        venues=bound,
        created_at=tx.now,
        expires_at=expires_at,
        dialect=dialect,
        kind=kind,
        serial=people.next_key_serial(tx),
        owner=owner,
        abilities=frozenset(abilities),
    )
    people.add_key(tx, key, secret, [_venue_id(tx, slug) for slug in sorted(bound or ())])
    tx.credentials_changed = True
    return Done(NewKey(key=key, secret=secret))


def touch_key(tx: Transaction, *, key: str) -> Outcome[None]:
    """Note that a key is in use; called at most once an hour."""
    people.touch_key(tx, key, tx.now)
    return Done(None)


def revoke_key(tx: Transaction, *, key: str) -> Outcome[Key]:
    """`key` is an id, or the name of the one key in use that has it."""
    found = find_key(tx, key)
    if found.revoked_at is not None:
        return Unchanged(found)
    people.revoke_key(tx, found.id, tx.now)
    tx.credentials_changed = True
    return Done(replace(found, revoked_at=tx.now))


def find_key(db: Reading, key: str) -> Key:
    by_id = people.key_by_id(db, key)
    if by_id is not None:
        return by_id
    named = people.keys_by_name(db, key)
    if len(named) > 1:
        raise Conflict(f"{len(named)} keys are named {key[:LONGEST_NAME]}; say which by its id.")
    if not named:
        raise KeyNotFound(f"There is no key {key[:LONGEST_NAME]}.")
    return named[0]


def _check(
    db: Reading,
    name: str,
    scopes: frozenset[Scope],
    expires_at: datetime | None,
    dialect: str = NATIVE,
) -> None:
    errors = []
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        message = f"A key's name has 1 to {LONGEST_NAME} letters, on one line."
        errors.append({"path": "name", "message": message})
    if not scopes and dialect == NATIVE:
        errors.append({"path": "scopes", "message": "A key needs at least one scope."})
    if expires_at is not None and expires_at <= db.now:
        errors.append({"path": "expires_at", "message": "That time is over."})
    if errors:
        raise Invalid(" ".join(error["message"] for error in errors), errors=errors)


def _venue_id(db: Reading, slug: str) -> str:
    venue = by_slug(db, slug)
    if venue is None:
        raise VenueNotFound(f"There is no venue {slug[:40]}.")
    return venue.id
