"""The venue's menu on the staff page: what is sold out by one touch, the rest for admins."""

from functools import partial
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.commands.menu import change_thing, delete_thing
from app.commands.menu_file import FIELDS, one_row, read_menu
from app.commands.menu_import import Imported, import_menu
from app.domain.problems import Invalid, NotFound
from app.domain.venues import Venue
from app.store import menu, venues
from app.store.database import Reading
from app.store.menu import KINDS
from app.web.body import read_limited
from app.web.context import caller, house
from app.web.staff.forms import MOST_BYTES, Form, go, page, read_file, read_form

SWITCHES = {"item": "available", "category": "available", "register": "enabled"}
# The lists below the items, and how a person calls them.
OTHERS = (
    ("category", "Categories"), ("station", "Stations"), ("printer", "Printers"),
    ("register", "Cash registers"), ("ingredient", "Ingredients"), ("banner", "Banners"),
    ("instruction", "Order instructions"),
)  # fmt: skip
LARGEST_MENU = 4 * 2**20


class AvailableForm(Form):
    kind: Literal["item", "category"]
    id: Annotated[str, Field(max_length=80)]
    available: bool


async def show_menu(request: Request) -> Response:
    slug = request.path_params["venue"]
    venue, things = await house(request).store.read(partial(_look, slug=slug))
    names = {thing.id: menu.name_of(thing) for of in things.values() for thing in of}
    return page(
        request,
        "menu_page",
        venue=venue,
        things=things,
        others=OTHERS,
        fields=FIELDS,
        switches=SWITCHES,
        names=names,
        done=request.query_params.get("done", "")[:200],
    )


async def take_available(request: Request) -> Response:
    form = await read_form(request, AvailableForm)
    change = partial(
        change_thing,
        venue=request.path_params["venue"],
        kind=KINDS[form.kind],
        thing_id=form.id,
        changes={"available": form.available},
        actor=caller(request).actor,
    )
    changed: Any = await house(request).store.write(change)
    word = "can be ordered" if form.available else "is sold out"
    return _back(request, f"{changed.name} {word}.")


async def take_thing(request: Request) -> Response:
    """Add one, or change the one whose id comes along. An empty field is one left out."""
    kind = _kind(request)
    given = await _given(request)
    for name in ("available", "enabled"):
        if name in FIELDS[kind]:  # a box that is not ticked is not sent
            given[name] = given.get(name) == "true"
    if "ingredients" in FIELDS[kind]:
        named = str(given.get("ingredients", "")).split(",")
        given["ingredients"] = [name.strip() for name in named if name.strip()]
    done = await _import(request, [one_row(kind, given)])
    said = "Added" if done.added else "Changed" if done.changed else "Nothing changed in"
    return _back(request, f"{said}: {given.get('name') or given.get('title') or kind}.")


async def take_deleted(request: Request) -> Response:
    change = partial(
        delete_thing,
        venue=request.path_params["venue"],
        kind=KINDS[_kind(request)],
        thing_id=request.path_params["thing"],
        actor=caller(request).actor,
    )
    gone = await house(request).store.write(change)
    return _back(request, f"Removed: {menu.name_of(gone)}.")


async def take_file(request: Request) -> Response:
    given, name, _ = await read_file(request, LARGEST_MENU)
    if not name:
        raise Invalid("Choose a file first.", errors=[{"path": "file", "message": "missing"}])
    done = await _import(request, read_menu(given, name))
    return _back(request, f"{done.added} added, {done.changed} changed, {done.same} as before.")


async def _import(request: Request, rows: Any) -> Imported:
    change = partial(
        import_menu,
        venue=request.path_params["venue"],
        rows=rows,
        actor=caller(request).actor,
    )
    return await house(request).store.write(change)


async def _given(request: Request) -> dict[str, Any]:
    text = (await read_limited(request, MOST_BYTES)).decode("ascii", "replace")
    pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=50)
    return {name: value.replace("\r\n", "\n") for name, value in pairs if value.strip()}


def _kind(request: Request) -> str:
    kind: str = request.path_params["kind"]
    if kind not in KINDS:
        raise NotFound("There is no such list in the menu.")
    return kind


def _back(request: Request, done: str) -> Response:
    return go(request, f"/staff/{request.path_params['venue']}/menu", done=done)


def _look(tx: Reading, slug: str) -> tuple[Venue, dict[str, list[Any]]]:
    venue = venues.open_by_slug(tx, slug)
    return venue, {name: menu.every(tx, venue.id, kind) for name, kind in KINDS.items()}
