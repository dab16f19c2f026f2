"""The venue's menu: read it, add to it and change it as a whole, or say what is sold out."""

import json
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.commands.menu import change_thing, delete_thing
from app.commands.menu_file import read_menu
from app.commands.menu_import import exported, import_menu
from app.domain.problems import NotFound
from app.store import venues
from app.store.menu import KINDS, Thing
from app.web.context import caller, house
from app.web.model import WireModel
from app.web.native.answering import json_answer
from app.web.native.types import Said
from app.web.table import Entry, Who

MENU = "/api/v1/venues/{venue}/menu"
Things = Annotated[list[dict[str, Any]], Field(max_length=20_000)]


class MenuAnswer(WireModel):
    """What `readyboard menu import` takes back."""

    stations: Things
    printers: Things
    registers: Things
    categories: Things
    ingredients: Things
    items: Things
    banners: Things
    instructions: Things


class MenuBody(Said):
    """Things with a known id, or without one a known name, are changed, the others are added.
    `replace`: what is not named is removed."""

    stations: Things = []
    printers: Things = []
    registers: Things = []
    categories: Things = []
    ingredients: Things = []
    items: Things = []
    banners: Things = []
    instructions: Things = []
    replace: Annotated[bool, Field(strict=True)] = False
    dry_run: Annotated[bool, Field(strict=True)] = False


class ImportAnswer(WireModel):
    added: int
    changed: int
    same: int
    removed: int


class AvailableBody(Said):
    available: Annotated[bool, Field(strict=True)]


class AvailableAnswer(WireModel):
    kind: Literal["item", "category"]
    id: str
    available: bool


async def read_whole(request: Request) -> Response:
    slug = request.path_params["venue"]
    told = await house(request).store.read(
        lambda tx: exported(tx, venues.open_by_slug(tx, slug).id)
    )
    return json_answer(told)


async def change_whole(request: Request) -> Response:
    body: MenuBody = request.state.body
    lists = body.model_dump(exclude={"replace", "dry_run"})
    change = partial(
        import_menu,
        venue=request.path_params["venue"],
        rows=read_menu(json.dumps(lists).encode(), "menu.json"),
        actor=caller(request).actor,
        replace_all=body.replace,
        dry_run=body.dry_run,
    )
    done = await house(request).store.write(change)
    names = ("added", "changed", "same", "removed")
    return json_answer({name: getattr(done, name) for name in names})


async def switch_thing(request: Request) -> Response:
    body: AvailableBody = request.state.body
    kind = request.path_params["kind"]
    if kind not in ("item", "category"):
        raise NotFound("Items and categories can be sold out, and nothing else.")
    change = partial(change_thing, changes={"available": body.available}, **_where(request))
    changed: Any = await house(request).store.write(change)
    return json_answer({"kind": kind, "id": changed.id, "available": changed.available})


async def remove_thing(request: Request) -> Response:
    await house(request).store.write(partial(delete_thing, **_where(request)))
    return Response(status_code=204)


def _where(request: Request) -> dict[str, Any]:
    kind: type[Thing] | None = KINDS.get(request.path_params["kind"])
    if kind is None:
        raise NotFound(f"The kinds are {', '.join(KINDS)}.")
    return {
        "venue": request.path_params["venue"],
        "kind": kind,
        "thing_id": request.path_params["thing"],
        "actor": caller(request).actor,
    }


ROUTES = (
    Entry(
        method="GET", path=MENU, handler=read_whole, who=Who.READ, summary="Read the menu",
        answer=MenuAnswer, problems=(404,),
    ),
    Entry(
        method="POST", path=MENU, handler=change_whole, who=Who.ADMIN,
        summary="Add to the menu and change it: all of it or nothing", body=MenuBody,
        answer=ImportAnswer, problems=(404,),
    ),
    Entry(
        method="PATCH", path=MENU + "/{kind}/{thing}", handler=switch_thing, who=Who.WRITE,
        summary="Say whether an item or a category can be ordered", body=AvailableBody,
        answer=AvailableAnswer, problems=(404,),
    ),
    Entry(
        method="DELETE", path=MENU + "/{kind}/{thing}", handler=remove_thing, who=Who.ADMIN,
        status=204, summary="Remove a thing of the menu", problems=(404,),
    ),
)  # fmt: skip
