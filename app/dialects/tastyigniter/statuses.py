"""The status resource: the venue's own table, which admins name and add to."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from app.commands.dialects import connect
from app.dialects.tastyigniter import rules
from app.dialects.tastyigniter.answering import answer, row
from app.dialects.tastyigniter.attributes import six_digits
from app.dialects.tastyigniter.bodies import read_attributes
from app.dialects.tastyigniter.errors import RecordNotFound, WrongValues
from app.dialects.tastyigniter.including import Resource, status_resource
from app.dialects.tastyigniter.listing import PAGE_LIMIT
from app.dialects.tastyigniter.profiles import Profile, profile_of
from app.dialects.tastyigniter.rules import truth, whole
from app.dialects.tastyigniter.settings import Settings, StatusRow, settings_of
from app.dialects.tastyigniter.words import NAME
from app.domain.venues import Venue
from app.store.database import Done, Outcome, Transaction
from app.web.context import caller, house
from app.web.model import WireModel

KIND = "status"
RULES: dict[str, list[rules.Rule]] = {
    "status_name": [rules.text, rules.between(2, 32)],
    "status_for": [rules.one_of("order", "reservation")],
    "notify_customer": [rules.boolean],
    "status_color": [rules.text, rules.at_most(7)],
    "status_comment": [rules.text, rules.at_most(200)],
}
REQUIRED = ("status_name", "status_for", "notify_customer")
Rows = list[StatusRow]


class StatusBody(WireModel):
    model_config = ConfigDict(extra="allow")

    status_name: str | None = None
    status_for: str | None = None
    notify_customer: bool | None = None
    status_color: str | None = None
    status_comment: str | None = None


@dataclass(frozen=True, slots=True)
class Rewritten:
    rows: Rows
    row: StatusRow


async def list_statuses(request: Request) -> Response:
    query = request.query_params
    wanted = query.get("status_for", query.get("filter[status_for]"))
    rows = [r for r in _settings(request).statuses if wanted in (None, r.status_for)]
    page, size = whole(query.get("page", 1)) or 1, whole(query.get("pageLimit", PAGE_LIMIT))
    size, page = max(1, size or PAGE_LIMIT), max(1, page)
    told = [_told(request, one) for one in rows[(page - 1) * size : page * size]]
    numbers = {
        "total": len(rows), "count": len(told), "per_page": size, "current_page": page,
        "total_pages": max(1, -(-len(rows) // size)),
    }  # fmt: skip
    return answer(request, {"data": told, "meta": {"pagination": numbers}})


async def read_status(request: Request) -> Response:
    return answer(request, _one(request, _row(_settings(request), request.path_params["id"])))


async def create_status(request: Request) -> Response:
    given = await read_attributes(request, KIND)
    _check(given, create=True)

    def add(rows: Rows, now: str) -> Rewritten:
        number = max((one.status_id for one in rows), default=0) + 1
        made = _changed(StatusRow(status_id=number, status_name="xx", created_at=now), given, now)
        return Rewritten([*rows, made], made)

    return answer(request, _one(request, await _rewrite(request, add)), 201)


async def change_status(request: Request) -> Response:
    number = request.path_params["id"]
    _row(_settings(request), number)
    given = await read_attributes(request, KIND, number)
    _check(given, create=False)

    def change(rows: Rows, now: str) -> Rewritten:
        before = next((one for one in rows if str(one.status_id) == number), None)
        if before is None:
            raise RecordNotFound(number)
        after = _changed(before, given, now)
        return Rewritten([after if one is before else one for one in rows], after)

    return answer(request, _one(request, await _rewrite(request, change)))


async def delete_status(request: Request) -> Response:
    number = request.path_params["id"]
    found = _row(_settings(request), number)

    def drop(rows: Rows, now: str) -> Rewritten:
        return Rewritten([one for one in rows if str(one.status_id) != number], found)

    await _rewrite(request, drop)
    return Response(status_code=204, headers={"Vary": "Accept"})


def _settings(request: Request) -> Settings:
    return settings_of(request.state.venue)


def _row(settings: Settings, number: str) -> StatusRow:
    found = next((one for one in settings.statuses if str(one.status_id) == number), None)
    if found is None:
        raise RecordNotFound(number)
    return found


def _check(given: dict[str, Any], *, create: bool) -> None:
    wrong = rules.wrong_fields(given, RULES, REQUIRED if create else ())
    if wrong:
        raise WrongValues(wrong)


def _changed(row: StatusRow, given: dict[str, Any], now: str) -> StatusRow:
    told = {name: given[name] for name in RULES if given.get(name) is not None}
    if "notify_customer" in told:
        told["notify_customer"] = truth(told["notify_customer"])
    return row.model_copy(update=told | {"updated_at": now})


def _told(request: Request, of: StatusRow) -> Resource | dict[str, Any]:
    made = status_resource(of, KIND)
    return dict(made["attributes"]) if profile_of(request) == Profile.FLAT else made


def _one(request: Request, of: StatusRow) -> dict[str, Any]:
    made = _told(request, of)
    return made if profile_of(request) == Profile.FLAT else {"data": made}


async def _rewrite(request: Request, rewrite: Callable[[Rows, str], Rewritten]) -> StatusRow:
    change = partial(_in_settings, request.state.venue, rewrite, caller(request).actor)
    return await house(request).store.write(change)


def _in_settings(
    venue: Venue, rewrite: Callable[[Rows, str], Rewritten], actor: Any, tx: Transaction
) -> Outcome[StatusRow]:
    made: list[StatusRow] = []

    def check(known: dict[str, Any]) -> dict[str, Any]:
        settings = Settings.model_validate(known)
        done = rewrite(settings.statuses, six_digits(tx.now) or "")
        made.append(done.row)
        return settings.model_copy(update={"statuses": done.rows}).model_dump(mode="json")

    connect(tx, venue=venue.slug, dialect=NAME, check=check, own_id="location_id", actor=actor)
    return Done(made[0])


GATE = "use_statuses:status:*"
ROUTES = tuple(
    entry
    for path in ("/{api}/status", "/{api}/statuses")
    for entry in (
        row("GET", path, list_statuses, GATE, "List the statuses"),
        row("POST", path, create_status, GATE, "Add a status", body=StatusBody, status=201),
        row("GET", path + "/{id}", read_status, GATE, "Retrieve a status"),
        row("PATCH", path + "/{id}", change_status, GATE, "Change a status", body=StatusBody),
        row("PUT", path + "/{id}", change_status, GATE, "Change it", body=StatusBody),
        row("DELETE", path + "/{id}", delete_status, GATE, "Delete a status", status=204),
    )
)
