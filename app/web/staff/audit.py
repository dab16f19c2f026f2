"""Who did what: the venue's event log in words, newest first."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from pydantic import ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.domain.day import Step, harmless
from app.domain.events import ABOUT_AN_ORDER, ANONYMISED, Actor, Event, Kind
from app.domain.names import shown_name
from app.domain.orders import NATIVE
from app.domain.problems import Invalid
from app.domain.times import to_ms
from app.domain.venues import Venue
from app.store import audit, venues
from app.store.audit import Wanted
from app.store.database import Reading, Store
from app.web.body import wrong_fields
from app.web.context import house
from app.web.model import WireModel
from app.web.staff.forms import page
from app.web.staff.words import actor_name, what_was_done

A_PAGE = 100
A_STRETCH, MOST_STRETCHES = 500, 200  # of the file: 100,000 lines
KIND_WORDS = {
    Kind.PLACED: "Placed",
    Kind.STATUS: "Moved",
    Kind.PART: "Moved at a station",
    Kind.EDITED: "Changed",
    Kind.DELETED: "Deleted",
    Kind.PRINT: "Printed again",
    Kind.DRAWER: "Opened a drawer",
    Kind.CLOSURE: "Printed a closure",
    Kind.MENU: "Changed the menu",
    Kind.PRINTER: "Changed a printer",
    Kind.BOARD: "Changed settings",
    Kind.DAY: "Closed a day",
}
STEP_WORDS = {
    Step.CSV: "took the CSV of {day}",
    Step.BACKUP: "backed up at the end of {day}",
    Step.ANONYMISE: "ended {day} without names",
    Step.CLOSE: "closed {day}",
}
HEADS = ("seq", "at", "who", "by", "through", "what", "number", "order", "note")


class Query(WireModel):
    """`since` and `until` are local times of the venue, as a browser's field writes them."""

    model_config = ConfigDict(extra="ignore")

    who: str = Field("", max_length=100)
    kind: Kind | None = None
    number: str = Field("", max_length=80)
    order: str | None = Field(None, max_length=40)
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = Field(None, ge=1, le=2**53)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was done."""

    seq: int
    at: str
    who: str
    through: str
    what: str
    number: str
    order: str
    note: str


async def show_audit(request: Request) -> Response:
    query = _query(request)
    look = partial(_look, slug=request.path_params["venue"], query=query, limit=A_PAGE + 1)
    venue, found, actors = await house(request).store.read(look)
    shown = found[:A_PAGE]
    return page(
        request,
        "audit",
        venue=venue,
        lines=[_line(event, venue) for event in shown],
        actors=[(actor.id or actor.name, actor_name(actor)) for actor in actors],
        kinds=KIND_WORDS,
        query=query,
        asked=_asked(request),
        older=shown[-1].seq if len(found) > A_PAGE else 0,
    )


async def send_csv(request: Request) -> Response:
    slug, query = request.path_params["venue"], _query(request)
    venue = await house(request).store.read(partial(venues.open_by_slug, slug=slug))
    name = f"{venue.slug}-who-did-what.csv"
    return StreamingResponse(
        _csv(house(request).store, venue, query),
        media_type="text/csv",
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )


async def _csv(store: Store, venue: Venue, query: Query) -> AsyncIterator[bytes]:
    """A stretch of the log at a time: the whole of it would fill the memory, and the boards would
    wait while it is written."""
    yield BOM_UTF8 + _csv_lines([HEADS])
    wanted = _wanted(query, venue, A_STRETCH)
    for _ in range(MOST_STRETCHES):
        lines, last = await store.read(partial(_stretch, venue=venue, wanted=wanted))
        yield lines
        if not last:
            return
        wanted = replace(wanted, before=last)


def _stretch(db: Reading, venue: Venue, wanted: Wanted) -> tuple[bytes, int]:
    """Its lines, and the seq it ended at; 0 after the last."""
    found = audit.found(db, venue.id, wanted)
    lines = _csv_lines(_cells(event, venue) for event in found)
    return lines, found[-1].seq if len(found) == wanted.limit else 0


def _csv_lines(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _query(request: Request) -> Query:
    """An empty field is one that was left out. Raises Invalid."""
    given = {name: value for name, value in request.query_params.items() if value.strip()}
    try:
        return Query.model_validate(given)
    except ValidationError as error:
        wrong = wrong_fields(error)
        told = "; ".join(f"{item['path']}: {item['message']}" for item in wrong)
        raise Invalid(told, errors=wrong) from None


def _asked(request: Request) -> dict[str, str]:
    """The filter as it was asked for, less the place in the list."""
    names = ("who", "kind", "number", "order", "since", "until")
    given = {name: request.query_params.get(name, "") for name in names}
    return {name: value for name, value in given.items() if value}


def _look(
    db: Reading, slug: str, query: Query, limit: int
) -> tuple[Venue, list[Event], list[Actor]]:
    venue = venues.open_by_slug(db, slug)
    found = audit.found(db, venue.id, _wanted(query, venue, limit))
    return venue, found, audit.actors(db, venue.id)


def _wanted(query: Query, venue: Venue, limit: int) -> Wanted:
    return Wanted(
        who=query.who,
        kind=query.kind,
        number=query.number.strip().removeprefix("#"),
        order=query.order,
        since=_ms(query.since, venue),
        until=_ms(query.until, venue),
        before=query.before,
        limit=limit,
    )


def _ms(at: datetime | None, venue: Venue) -> int | None:
    if at is None:
        return None
    return to_ms(at if at.tzinfo else at.replace(tzinfo=venue.zone))


def _line(event: Event, venue: Venue) -> Line:
    order = event.order() if event.kind in ABOUT_AN_ORDER else None
    return Line(
        seq=event.seq,
        at=event.at.astimezone(venue.zone).strftime("%d %b %H:%M:%S"),
        who=actor_name(event.actor),
        through="" if event.dialect == NATIVE else event.dialect,
        what=_what(event),
        number=(order.number or shown_name(order) or "–") if order else "",
        order=order.id if order and event.kind != Kind.DELETED else "",
        note=str(event.detail.get("note", "")),
    )


def _cells(event: Event, venue: Venue) -> list[object]:
    line = _line(event, venue)
    at = event.at.astimezone(venue.zone).isoformat(timespec="milliseconds")
    who = (harmless(event.actor.name or event.actor.kind), event.actor.kind)
    texts = (event.dialect, line.what, line.number, line.order, line.note)
    return [event.seq, at, *who, *map(harmless, texts)]


def _what(event: Event) -> str:
    body, about = event.body, event.subject.partition(":")[2]
    match event.kind:
        case kind if kind in ABOUT_AN_ORDER:
            return what_was_done(event)
        case Kind.DAY if event.subject == ANONYMISED:
            return f"took the names out of {body['orders']} orders"
        case Kind.DAY:
            return STEP_WORDS[body["step"]].format(day=body["day"])
        case Kind.BOARD if "pickup_point" in body:
            return f"changed the pickup point {body['pickup_point']['name']}"
        case Kind.BOARD if event.subject == "venue":
            return "changed the settings of the venue"
        case Kind.BOARD:
            verb = "removed" if body.get("removed") else "changed"
            return f"{verb} the board {about}".rstrip()
        case Kind.MENU:
            verb = "removed from" if event.detail.get("deleted") else "changed on"
            return f"{verb} the menu: {body.get('name') or body.get('title') or about}"
        case _:
            return (
                f"{KIND_WORDS.get(event.kind, event.kind).lower()} {body.get('name', '')}".strip()
            )
