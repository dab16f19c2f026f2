"""How much each actor did, for who presses the order button only for the points."""

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.dialects.hyra.answers import HyraCountsAnswer
from app.dialects.hyra.asking import Workspace, workspace
from app.dialects.hyra.bodies import DaysQuery, asked
from app.dialects.hyra.days import span_of
from app.dialects.hyra.errors import HyraErrorAnswer
from app.dialects.hyra.orders import ALL, KEY, told
from app.dialects.hyra.people import actor_answer
from app.dialects.hyra.words import NAME
from app.dialects.reading import validated
from app.domain.events import Kind
from app.domain.times import DAY, MILLISECOND, from_ms, iso, to_ms
from app.store.database import Reading
from app.store.events import Tally, tallies
from app.store.rows import dump
from app.web.context import house
from app.web.table import Entry

USUAL_SPAN_MS = 30 * DAY // MILLISECOND


async def count_actors(request: Request) -> Response:
    at = await workspace(request)
    query = validated(DaysQuery, asked(request))
    return told(
        request, dump(await house(request).store.read(partial(_counts, at=at, query=query)))
    )


def _counts(tx: Reading, at: Workspace, query: DaysQuery) -> dict[str, Any]:
    zone = at.venue.zone
    until = span_of(query.date_to, zone, tx.now)[1] if query.date_to else to_ms(tx.now) + 1
    since = until - USUAL_SPAN_MS
    if query.date_from:
        since = span_of(query.date_from, zone, tx.now)[0]
    found = tallies(tx, at.venue.id, NAME, (Kind.PLACED, Kind.STATUS), since, until)
    return {
        "date_from": iso(from_ms(since)),
        "date_to": iso(from_ms(until)),
        "actors": _by_actor(found),
    }


def _by_actor(found: list[Tally]) -> list[dict[str, Any]]:
    """One row an id, under the name it had last; who logged the most orders comes first."""
    rows: dict[Any, dict[str, Any]] = {}
    for tally in sorted(found, key=lambda one: one.last):
        key = (tally.actor.kind, tally.actor.id)
        row = rows.setdefault(key, {"orders": 0, "changes": 0, "first": tally.first})
        row["orders" if tally.kind == Kind.PLACED else "changes"] += tally.count
        row["actor"] = actor_answer(tally.actor, NAME)
        row["first"] = min(row["first"], tally.first)
        row["last"] = tally.last
    ranked = sorted(rows.values(), key=lambda row: (-row["orders"], -row["changes"], row["first"]))
    return [row | {"first": iso(row["first"]), "last": iso(row["last"])} for row in ranked]


ROUTES = (
    Entry(
        method="GET", path=ALL + "/actors", handler=count_actors, who=KEY,
        summary="Orders and changes of each actor, of the last 30 days unless asked otherwise",
        query=DaysQuery, answer=HyraCountsAnswer, refusal=HyraErrorAnswer,
    ),
)  # fmt: skip
