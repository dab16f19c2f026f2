"""The event log as it is searched by people: newest first, by who, what, which order and when."""

from dataclasses import dataclass

from app.domain.events import Actor, Event, Kind
from app.store.database import Reading
from app.store.events import COLUMNS, event_from
from app.store.orders import like
from app.store.rows import dump, load

# Of the last events only: the list is to choose from, and the log is long.
ACTORS = """SELECT DISTINCT actor FROM (SELECT actor FROM events WHERE venue = :venue
ORDER BY seq DESC LIMIT 20000) AS recent"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`who`: an actor's id, or its name where it has none. `order`: an id. Times are milliseconds,
    `until` itself excluded; `before`: a seq, for the page after the one that ended there."""

    who: str = ""
    kind: Kind | None = None
    number: str = ""
    order: str | None = None
    since: int | None = None
    until: int | None = None
    before: int | None = None
    limit: int = 100


def found(tx: Reading, venue_id: str, wanted: Wanted) -> list[Event]:
    """Newest first."""
    where = ["venue = :venue"]
    params: dict[str, object] = {"venue": venue_id}
    bounds = (
        ("at >= :since", "since", wanted.since),
        ("at < :until", "until", wanted.until),
        ("seq < :before", "before", wanted.before),
        ("kind = :kind", "kind", wanted.kind),
        ("subject = :subject", "subject", wanted.order),
    )
    for condition, name, value in bounds:
        if value is not None:
            where.append(condition)
            params[name] = value
    if wanted.who:
        # As the JSON was written: {"kind":…,"id":…,"name":…}; a name in it has its quotes escaped.
        where.append("(actor LIKE :id ESCAPE '!' OR actor LIKE :name ESCAPE '!')")
        said = like(dump(wanted.who))
        params |= {"id": f'%"id":{said},%', "name": f'%"id":null,"name":{said}}}'}
    if wanted.number:
        where.append("body LIKE :number ESCAPE '!'")
        params["number"] = f'%"number":{like(dump(wanted.number))},%'
    rows = tx.all(
        f"SELECT {COLUMNS} FROM events WHERE {' AND '.join(where)} ORDER BY seq DESC LIMIT :limit",
        **params,
        limit=wanted.limit,
    )
    return [event_from(row) for row in rows]


def actors(tx: Reading, venue_id: str) -> list[Actor]:
    """Who did anything lately, by name."""
    known = {Actor(**load(row["actor"])) for row in tx.all(ACTORS, venue=venue_id)}
    return sorted(known, key=lambda actor: (actor.kind, actor.name.casefold(), actor.id or ""))
