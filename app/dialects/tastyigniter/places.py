"""Locations, of which a mount has one, and the menu as kitchen apps ask for it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.dialects.tastyigniter.answering import answer, row
from app.dialects.tastyigniter.attributes import number
from app.dialects.tastyigniter.errors import RecordNotFound
from app.dialects.tastyigniter.including import Resource, location_resource, resource
from app.dialects.tastyigniter.profiles import Profile, profile_of
from app.dialects.tastyigniter.settings import settings_of
from app.domain.menu import Category, MenuItem
from app.store import menu
from app.store.database import Reading
from app.web.context import house

MOST = 5000


async def list_locations(request: Request) -> Response:
    return answer(request, _paged([_location(request)]))


async def read_location(request: Request) -> Response:
    made = _location(request)
    given = request.path_params["id"]
    if given != str(settings_of(request.state.venue).location_id):
        raise RecordNotFound(given)
    return answer(request, made if profile_of(request) == Profile.FLAT else {"data": made})


async def list_menus(request: Request) -> Response:
    venue = request.state.venue
    found = await house(request).store.read(lambda tx: menu.items(tx, venue.id))
    groups = await house(request).store.read(lambda tx: menu.categories(tx, venue.id))
    numbers = {group.id: index for index, group in enumerate(groups, 1)}
    asked = "categories" in request.query_params.get("include", "")
    told = [_menu(index, item, numbers, asked) for index, item in enumerate(found, 1)]
    body = _paged(told)
    if asked:
        body["included"] = [_category(numbers[group.id], group) for group in groups]
    return answer(request, body)


async def list_categories(request: Request) -> Response:
    venue = request.state.venue

    def look(tx: Reading) -> list[Resource]:
        return [_category(i, one) for i, one in enumerate(menu.categories(tx, venue.id), 1)]

    return answer(request, _paged(await house(request).store.read(look)))


def _location(request: Request) -> dict[str, Any]:
    venue = request.state.venue
    made = location_resource(venue, settings_of(venue))
    return dict(made["attributes"]) if profile_of(request) == Profile.FLAT else made


def _menu(index: int, item: MenuItem, numbers: dict[str, int], asked: bool) -> Resource:
    made = resource(
        "menus",
        index,
        {
            "menu_id": index,
            "menu_name": item.name,
            "menu_description": item.description or "",
            "menu_price": number(item.price),
            "menu_status": item.available,
        },
    )
    group = numbers.get(item.category)
    if asked and group is not None:
        linked = {"data": [{"type": "categories", "id": str(group)}]}
        made["relationships"] = {"categories": linked}
    return made


def _category(index: int, of: Category) -> Resource:
    return resource(
        "categories",
        index,
        {"category_id": index, "name": of.name, "status": of.available, "priority": of.position},
    )


def _paged(rows: list[Any]) -> dict[str, Any]:
    count = len(rows)
    numbers = {
        "total": count, "count": count, "per_page": MOST, "current_page": 1, "total_pages": 1,
    }  # fmt: skip
    return {"data": rows, "meta": {"pagination": numbers}}


GATE = "list_locations:locations:*"
ROUTES = (
    row("GET", "/{api}/locations", list_locations, GATE, "List the locations, which is this one"),
    row("GET", "/{api}/locations/{id}", read_location, GATE, "Retrieve the location"),
    row("GET", "/{api}/menus", list_menus, GATE, "List the menu's items"),
    row("GET", "/{api}/categories", list_categories, GATE, "List the menu's categories"),
)
