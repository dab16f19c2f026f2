"""Connect a venue to a foreign system, under the id it has over there."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.commands.ledger import Ledger
from app.commands.venues import keep
from app.domain.events import Actor
from app.domain.problems import NameTaken
from app.domain.venues import Numbering, Venue
from app.store import venues
from app.store.database import Outcome, Transaction, Unchanged

Settings = dict[str, Any]


def connect(
    tx: Transaction,
    *,
    venue: str,
    dialect: str,
    check: Callable[[Settings], Settings],
    own_id: str,
    actor: Actor,
    numbering: Numbering | None = None,
) -> Outcome[Venue]:
    """`check` makes the new settings of the old ones. `own_id`: the setting that is the venue's
    id in that system; left empty, it is the slug, or for a whole number the venue's running one.
    (A setting of None is such a whole number.) `numbering` is taken at the first connection,
    unless the venue has chosen one. Raises VenueNotFound, NameTaken."""
    ledger = Ledger(tx, venue, actor)
    before = ledger.venue
    known = before.dialects.get(dialect)
    settings = _with_own_id(tx, before, dialect, check(known or {}), own_id)
    after = replace(before, dialects=before.dialects | {dialect: settings})
    if known is None and numbering is not None and before.numbering == Numbering.DRAWN:
        after = replace(after, numbering=numbering)
    if after == before:
        return Unchanged(before)
    value = str(settings[own_id]) if own_id else before.slug
    other = venues.by_foreign_id(tx, dialect, value)
    if other is not None and other.id != before.id:
        raise NameTaken(f"The venue '{other.slug}' already has the id '{value}' there.")
    venues.set_foreign_id(tx, before.id, dialect, value, bool(settings["on"]))
    return keep(ledger, after)


def _with_own_id(
    tx: Transaction, venue: Venue, dialect: str, settings: Settings, own_id: str
) -> Settings:
    if not own_id or settings[own_id]:
        return settings
    if settings[own_id] == "":
        return settings | {own_id: venue.slug}
    number = venues.running_number(tx, venue.id)
    while (other := venues.by_foreign_id(tx, dialect, str(number))) and other.id != venue.id:
        number += 1
    return settings | {own_id: number}
