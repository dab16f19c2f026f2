"""Where an admin connects a venue to other ordering systems: a staff page, and the same by API."""

from functools import partial
from typing import Any, Literal
from urllib.parse import parse_qsl

from pydantic import ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from app.dialects.fields import SettingField, setting_fields
from app.dialects.guides import guide_rows
from app.dialects.shape import Dialect
from app.dialects.systems import CREDENTIALS, DIALECTS, change_system, make_key
from app.domain.problems import Invalid, NotFound
from app.store import venues
from app.web.body import read_limited
from app.web.context import caller, house
from app.web.model import WireModel
from app.web.native.answering import json_answer
from app.web.staff.forms import Form, go, page, read_form
from app.web.table import Entry, Who

SYSTEMS = "/api/v1/venues/{venue}/systems"
STAFF = "/staff/{venue}/systems"
LARGEST_FORM = 64 * 1024


class SystemBody(WireModel):
    """`on`, and whatever settings the system has; those left out stay as they are."""

    model_config = ConfigDict(extra="allow")

    on: bool = True


class SystemAnswer(WireModel):
    system: str
    title: str
    settings: dict[str, Any]
    enter: dict[str, str]
    keys: list[str]


class SystemsAnswer(WireModel):
    systems: list[SystemAnswer]


class NewKeyForm(Form):
    client: Literal["eatsa", "mysagra-printer", "mysagra-web", "tastyigniter", "hyra"]


async def list_systems(request: Request) -> Response:
    return json_answer({"systems": [await _answer(request, name) for name in DIALECTS]})


async def change_one(request: Request) -> Response:
    dialect = _dialect(request)
    body: SystemBody = request.state.body
    changes = body.model_dump(exclude_unset=True)
    await _change(request, dialect, changes)
    return json_answer(await _answer(request, dialect.name))


async def show_systems(request: Request) -> Response:
    return await _page(request)


async def take_settings(request: Request) -> Response:
    """Fields of a form are text; an empty one is back at its default."""
    dialect = _dialect(request)
    text = (await read_limited(request, LARGEST_FORM)).decode("ascii", "replace")
    given = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
    venue = await _venue(request)
    changes = {"on": given.get("on") == "true"}
    if given.get("do") == "save":
        changes |= {field.name: _typed(field, given) for field in setting_fields(dialect, venue)}
    await _change(request, dialect, changes)
    return go(request, f"/staff/{venue.slug}/systems", done=dialect.title)


async def take_new_key(request: Request) -> Response:
    """The one answer that holds the key; it is stored nowhere, so it is shown at once."""
    client = (await read_form(request, NewKeyForm)).client
    slug = request.path_params["venue"]
    change = partial(
        make_key, client=client, name=client, venues=[slug], actor=caller(request).actor
    )
    made = await house(request).store.write(change)
    return await _page(request, secret=made.shown, client=client)


async def _page(request: Request, secret: str = "", client: str = "") -> Response:
    venue, settings = await _venue(request), house(request).settings
    cards = [
        {
            "name": dialect.name,
            "title": dialect.title,
            "on": dialect.settings_of(venue).on,
            "fields": setting_fields(dialect, venue),
            "enter": guide_rows(dialect.name, venue, settings),
            "notes": dialect.guide.notes,
            "clients": dialect.credentials,
        }
        for dialect in DIALECTS.values()
    ]
    done = request.query_params.get("done", "")[:40]
    told = {"secret": secret, "client": client, "done": done}
    return page(request, "systems", venue=venue, cards=cards, **told)


async def _answer(request: Request, name: str) -> dict[str, Any]:
    venue, dialect = await _venue(request), DIALECTS[name]
    return {
        "system": name,
        "title": dialect.title,
        "settings": dialect.settings_of(venue).model_dump(mode="json"),
        "enter": dict(guide_rows(name, venue, house(request).settings)),
        "keys": [key for key, (of, _) in CREDENTIALS.items() if of is dialect],
    }


async def _change(request: Request, dialect: Dialect, changes: dict[str, Any]) -> None:
    change = partial(
        change_system,
        venue=request.path_params["venue"],
        system=dialect.name,
        changes=changes,
        actor=caller(request).actor,
    )
    await house(request).store.write(change)


async def _venue(request: Request) -> Any:
    slug = request.path_params["venue"]
    return await house(request).store.read(lambda tx: venues.open_by_slug(tx, slug))


def _dialect(request: Request) -> Dialect:
    dialect = DIALECTS.get(request.path_params["system"])
    if dialect is None:
        raise NotFound(f"The systems are {', '.join(DIALECTS)}.")
    return dialect


def _typed(field: SettingField, given: dict[str, str]) -> Any:
    text = given.get(field.name, "").strip()
    if field.kind == "switch":
        return text == "true"
    if field.kind == "number":
        if text and not text.lstrip("-").isdigit():
            message = "write a whole number"
            raise Invalid(
                f"{field.name}: {message}", errors=[{"path": field.name, "message": message}]
            )
        return int(text) if text else None
    if field.kind == "choice":
        return text or field.value
    return text


ROUTES = (
    Entry(
        method="GET", path=SYSTEMS, handler=list_systems, who=Who.ADMIN,
        summary="The other ordering systems, their settings at this venue, and what their clients "
        "are told", answer=SystemsAnswer, problems=(404,),
    ),
    Entry(
        method="PATCH", path=SYSTEMS + "/{system}", handler=change_one, who=Who.ADMIN,
        summary="Connect the venue to a system, disconnect it, or change its settings there",
        body=SystemBody, answer=SystemAnswer, problems=(404, 409),
    ),
    Entry(method="GET", path=STAFF, handler=show_systems, who=Who.ADMIN, page=True),
    Entry(method="POST", path=STAFF + "/keys", handler=take_new_key, who=Who.ADMIN, page=True),
    Entry(
        method="POST", path=STAFF + "/{system}", handler=take_settings, who=Who.ADMIN, page=True
    ),
)  # fmt: skip
