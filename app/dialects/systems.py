"""The foreign systems there are, and connecting a venue to one."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from app.commands.dialects import connect
from app.dialects.eatsa import EATSA
from app.dialects.hyra import HYRA
from app.dialects.mysagra import MYSAGRA
from app.dialects.reading import validated
from app.dialects.shape import Credential, Dialect
from app.dialects.tastyigniter import TASTYIGNITER
from app.domain.events import Actor
from app.domain.venues import Numbering, Venue
from app.store.database import Outcome, Transaction

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
    return connect(
        tx,
        venue=venue,
        dialect=system,
        check=partial(_checked, dialect, changes),
        own_id=dialect.own_id,
        # MySagra's ticket numbers count from 1 each day, and they are the order's number.
        numbering=Numbering.COUNTED if system == "mysagra" else None,
        actor=actor,
    )


def _checked(dialect: Dialect, changes: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    return validated(dialect.settings, known | changes).model_dump(mode="json")
