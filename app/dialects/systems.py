"""The foreign systems there are, and connecting a venue to one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.commands.dialects import connect
from app.commands.keys import create_key
from app.commands.menu import save_thing
from app.dialects.eatsa import EATSA
from app.dialects.hyra import HYRA
from app.dialects.mysagra import MYSAGRA
from app.dialects.reading import validated
from app.dialects.shape import Credential, Dialect
from app.dialects.tastyigniter import TASTYIGNITER
from app.domain.events import Actor
from app.domain.menu import CashRegister
from app.domain.orders import new_id
from app.domain.people import Key
from app.domain.venues import Numbering, Venue
from app.store import menu
from app.store.database import Done, Outcome, Transaction

DIALECTS: Mapping[str, Dialect] = {
    dialect.name: dialect for dialect in (EATSA, MYSAGRA, TASTYIGNITER, HYRA)
}
CREDENTIALS: Mapping[str, tuple[Dialect, Credential]] = {
    credential.name: (dialect, credential)
    for dialect in DIALECTS.values()
    for credential in dialect.credentials
}


def change_system(
    tx: Transaction, *, venue: str, system: str, changes: dict[str, Any], actor: Actor
) -> Outcome[Venue]:
    """Connect a venue to a system, disconnect it (`on`: False) or change its settings there.
    Raises VenueNotFound, WrongFields, NameTaken (another venue has that id over there)."""
    dialect = DIALECTS[system]
    outcome = connect(
        tx,
        venue=venue,
        dialect=system,
        check=partial(_checked, dialect, changes),
        own_id=dialect.own_id,
        # MySagra's ticket numbers count from 1 each day, and they are the order's number.
        numbering=Numbering.COUNTED if system == "mysagra" else None,
        actor=actor,
    )
    if system == "mysagra" and isinstance(outcome, Done):
        _add_first_register(tx, outcome.value, actor)
    return outcome


def _add_first_register(tx: Transaction, venue: Venue, actor: Actor) -> None:
    """Tills send every payment with a register, and take the first there is."""
    if not menu.registers(tx, venue.id):
        register = CashRegister(id=new_id(tx.now), venue=venue.id, name="Register 1")
        save_thing(tx, venue=venue.slug, thing=register, actor=actor)


@dataclass(frozen=True, slots=True)
class Made:
    """`shown`: what the client is given, once. `connected`: slugs that were not before."""

    key: Key
    shown: str
    connected: tuple[str, ...]


def make_key(
    tx: Transaction, *, client: str, name: str, venues: Iterable[str], actor: Actor
) -> Outcome[Made]:
    """A key for a foreign system's client, in its format, and its venues connected to the system.
    Raises VenueNotFound, Invalid, NameTaken."""
    dialect, credential = CREDENTIALS[client]
    slugs = tuple(dict.fromkeys(venues))
    connected = []
    for slug in slugs:
        on = partial(
            change_system, venue=slug, system=dialect.name, changes={"on": True}, actor=actor
        )
        if isinstance(tx.attempt(on), Done):
            connected.append(slug)
    secret = credential.secret()
    outcome = create_key(
        tx,
        name=name,
        scopes=(),
        venues=slugs,
        secret=secret,
        dialect=dialect.name,
        kind=credential.kind,
        abilities=credential.abilities,
    )
    assert isinstance(outcome, Done)
    key = outcome.value.key
    return Done(Made(key, credential.shown(key.serial, secret), tuple(connected)))


def _checked(dialect: Dialect, changes: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    return validated(dialect.settings, known | changes).model_dump(mode="json")
