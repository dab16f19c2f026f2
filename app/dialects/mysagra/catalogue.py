"""The menu behind the orders: foods, categories, stations, ingredients, banners, instructions."""

from functools import partial
from typing import Annotated, Any, Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.commands.menu import change_thing, save_thing
from app.dialects.mysagra.answering import Sent, actor, answer, asked, path_ids, row, sent_body
from app.dialects.mysagra.asking import is_operator, kind_of
from app.dialects.mysagra.bodies import Cuid
from app.dialects.mysagra.errors import Refusal, no_reference, not_found
from app.dialects.mysagra.finding import thing_of
from app.dialects.mysagra.ids import name_id, shown_id, shown_or_none, stored_ids
from app.dialects.mysagra.loose import food_of_line
from app.dialects.mysagra.payloads import money
from app.dialects.mysagra.words import NAME
from app.dialects.reading import validated
from app.domain.menu import Category, Ingredient, MenuItem, Station
from app.domain.orders import new_id
from app.domain.problems import Forbidden
from app.domain.venues import Venue
from app.store import menu
from app.store.database import Reading
from app.store.menu import Thing
from app.web.context import caller, house
from app.web.native.types import Line, Money, Name

Switch = Annotated[bool, Field(strict=True)]
Position = Annotated[int, Field(ge=0, le=1_000_000)]


class FoodBody(Sent):
    name: Name
    description: Line | None = None
    price: Money
    available: Switch = True
    categoryId: Cuid
    printerId: Cuid | None = None
    ingredients: Annotated[list[Cuid], Field(max_length=100)] = Field(default_factory=list)


class AvailableBody(Sent):
    available: Switch


class CategoryBody(Sent):
    """Partial: what is left out stays. A printer here never changes the foods' own."""

    name: Name | None = None
    available: Switch | None = None
    position: Position | None = None
    image: Line | None = None
    printerId: Cuid | None = None
    stationId: Cuid | None = None


class StationBody(Sent):
    name: Name


class CategoriesQuery(Sent):
    available: Literal["true", "false"] | None = None
    include: Literal["foods", "foods.ingredients"] | None = None
    foodsAvailable: Literal["true", "all"] | None = None


class FoodsQuery(Sent):
    include: Literal["ingredients"] | None = None
    available: Literal["true", "false"] | None = None


class StationsQuery(Sent):
    include: Literal["categories", "categories.foods"] | None = None


async def list_foods(request: Request) -> Response:
    query, venue = asked(request, FoodsQuery), request.state.venue
    found = await house(request).store.read(partial(menu.items, venue_id=venue.id))
    wanted = [one for one in found if query.available in (None, str(one.available).lower())]
    whole = query.include == "ingredients"
    return answer(
        await house(request).store.read(
            lambda tx: [food(tx, venue, one, ingredients=whole) for one in wanted]
        )
    )


async def read_food(request: Request) -> Response:
    """Open to all, as printers and guests ask. A printer is told 401 of a food nobody knows: it
    would repeat any other refusal for minutes, and this one it takes."""
    ids, venue = path_ids(request), request.state.venue

    def look(tx: Reading) -> dict[str, Any] | None:
        known = next((one for i in ids if (one := menu.item(tx, venue.id, i))), None)
        if known is not None:
            return food(tx, venue, known, ingredients=True)
        return food_of_line(tx, venue, ids[0])

    told = await house(request).store.read(look)
    if told is None and kind_of(caller(request)) == "printer":
        raise Refusal(401, "This food is only in the order.", "UnauthorizedError")
    if told is None:
        raise not_found("Food")
    return answer(told)


async def add_food(request: Request) -> Response:
    body, venue = validated(FoodBody, await sent_body(request)), request.state.venue

    def look(tx: Reading) -> MenuItem:
        category = _known(tx, venue, Category, body.categoryId, "Category")
        parts = [_known(tx, venue, Ingredient, one, "Ingredient") for one in body.ingredients]
        return MenuItem(
            id=new_id(tx.now),
            venue=venue.id,
            name=body.name,
            category=category.id,
            description=body.description,
            price=body.price,
            available=body.available,
            printer=stored_ids(body.printerId)[0] if body.printerId else None,
            ingredients=tuple(part.id for part in parts),
        )

    item = await house(request).store.read(look)
    await _save(request, item)
    made = await house(request).store.read(lambda tx: food(tx, venue, item, ingredients=True))
    lists = [
        {"foodId": made["id"], "ingredientId": part["id"], "ingredient": part}
        for part in made["ingredients"]
    ]
    return answer(made | {"foodIngredients": lists}, 201)


async def switch_food(request: Request) -> Response:
    body = validated(AvailableBody, await sent_body(request))
    item = await thing_of(request, MenuItem)
    changed = await _change(request, item, {"available": body.available})
    venue = request.state.venue
    return answer(await house(request).store.read(lambda tx: food(tx, venue, changed)))


async def list_categories(request: Request) -> Response:
    query, venue = asked(request, CategoriesQuery), request.state.venue

    def look(tx: Reading) -> list[dict[str, Any]]:
        return [
            category(one) | _foods_of(tx, venue, one, query.include, query.foodsAvailable)
            for one in menu.categories(tx, venue.id)
            if query.available in (None, str(one.available).lower())
        ]

    return answer(await house(request).store.read(look))


async def change_category(request: Request) -> Response:
    """An operator may say what is sold out, and no more."""
    body, venue = validated(CategoryBody, await sent_body(request)), request.state.venue
    given: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    if is_operator(request) and set(given) - {"available"}:
        raise Forbidden("An operator changes only what is available.")
    for name, field in (("printerId", "printer"), ("stationId", "station")):
        if name in given:
            shown = given.pop(name)
            kind = menu.KINDS[field]
            given[field] = shown and await house(request).store.read(
                partial(_known_id, venue=venue, kind=kind, shown=shown, what=field.title())
            )
    required = ("name", "available", "position")
    given = {name: v for name, v in given.items() if not (v is None and name in required)}
    return answer(category(await _change(request, await thing_of(request, Category), given)))


async def list_stations(request: Request) -> Response:
    query, venue = asked(request, StationsQuery), request.state.venue

    def look(tx: Reading) -> list[dict[str, Any]]:
        found = {one.name: shown_id(one.id) for one in menu.stations(tx, venue.id)}
        default = venue.default_station
        found.setdefault(default, name_id(venue.id, "station", default))
        return [
            {"id": shown, "name": name} | _categories_of(tx, venue, shown, query.include)
            for name, shown in sorted(found.items())
        ]

    return answer(await house(request).store.read(look))


async def add_station(request: Request) -> Response:
    body, venue = validated(StationBody, await sent_body(request)), request.state.venue
    look = partial(menu.named, venue_id=venue.id, kind=Station, name=body.name)
    if await house(request).store.read(look) is not None:
        raise Refusal(409, "A station has this name.", "UniqueConstraintViolation")
    station = Station(id=new_id(house(request).clock()), venue=venue.id, name=body.name)
    await _save(request, station)
    return answer({"id": shown_id(station.id), "name": station.name}, 201)


async def list_ingredients(request: Request) -> Response:
    look = partial(menu.ingredients, venue_id=request.state.venue.id)
    found = await house(request).store.read(look)
    return answer([{"id": shown_id(one.id), "name": one.name} for one in found])


async def list_banners(request: Request) -> Response:
    found = await house(request).store.read(partial(menu.banners, venue_id=request.state.venue.id))
    names = ("title", "text", "image", "position")
    return answer(
        [{"id": shown_id(one.id)} | {name: getattr(one, name) for name in names} for one in found]
    )


async def list_instructions(request: Request) -> Response:
    look = partial(menu.instructions, venue_id=request.state.venue.id)
    found = await house(request).store.read(look)
    return answer(
        [{"id": shown_id(one.id), "text": one.text, "position": one.position} for one in found]
    )


def food(tx: Reading, venue: Venue, item: MenuItem, *, ingredients: bool = False) -> dict[str, Any]:
    of = menu.category(tx, venue.id, item.category)
    told: dict[str, Any] = {
        "id": shown_id(item.id),
        "name": item.name,
        "description": item.description,
        "price": money(item.price),
        "available": item.available,
        "categoryId": shown_id(item.category),
        "printerId": shown_or_none(item.printer or (of.printer if of else None)),
        "category": category(of) if of else None,
    }
    if ingredients:
        parts = (menu.ingredient(tx, venue.id, one) for one in item.ingredients)
        told["ingredients"] = [{"id": shown_id(p.id), "name": p.name} for p in parts if p]
    return told


def category(of: Category) -> dict[str, Any]:
    return {
        "id": shown_id(of.id),
        "name": of.name,
        "available": of.available,
        "position": of.position,
        "image": of.image,
        "printerId": shown_or_none(of.printer),
        "stationId": shown_or_none(of.station),
    }


def _foods_of(
    tx: Reading, venue: Venue, of: Category, include: str | None, which: str | None
) -> dict[str, Any]:
    if include is None:
        return {}
    whole = include == "foods.ingredients"
    return {
        "foods": [
            food(tx, venue, one, ingredients=whole)
            for one in menu.items(tx, venue.id)
            if one.category == of.id and (one.available or which != "true")
        ]
    }


def _categories_of(tx: Reading, venue: Venue, station: str, include: str | None) -> dict[str, Any]:
    if include is None:
        return {}
    foods = "foods" if include == "categories.foods" else None
    return {
        "categories": [
            category(one) | _foods_of(tx, venue, one, foods, None)
            for one in menu.categories(tx, venue.id)
            if one.station and shown_id(one.station) == station
        ]
    }


def _known(tx: Reading, venue: Venue, kind: type[Any], shown: str, what: str) -> Any:
    found = (menu.one(tx, venue.id, kind, one) for one in stored_ids(shown))
    known = next((one for one in found if one is not None), None)
    if known is None:
        raise no_reference(what)
    return known


def _known_id(tx: Reading, venue: Venue, kind: type[Any], shown: str, what: str) -> str:
    return str(_known(tx, venue, kind, shown, what).id)


async def _save(request: Request, thing: Thing) -> None:
    venue = request.state.venue.slug
    change = partial(save_thing, venue=venue, thing=thing, actor=actor(request), dialect=NAME)
    await house(request).store.write(change)


async def _change(request: Request, thing: Any, changes: dict[str, Any]) -> Any:
    """Only what is given changes, on the thing as it is in that moment."""
    change = partial(
        change_thing,
        venue=request.state.venue.slug,
        kind=type(thing),
        thing_id=thing.id,
        changes=changes,
        actor=actor(request),
        dialect=NAME,
    )
    return await house(request).store.write(change)


ROUTES = (
    row("GET", "/v1/foods", list_foods, "staff", "List the foods", query=FoodsQuery),
    row("GET", "/v1/foods/{id}", read_food, "anyone", "Read a food"),
    row("POST", "/v1/foods", add_food, "menu+printer", "Add a food", body=FoodBody, status=201),
    row("PATCH", "/v1/foods/{id}", switch_food, "staff", "Sold out or not", body=AvailableBody),
    row(
        "GET", "/v1/categories", list_categories, "staff+web", "List the categories",
        query=CategoriesQuery,
    ),
    row(
        "PATCH", "/v1/categories/{id}", change_category, "staff", "Change a category",
        body=CategoryBody,
    ),
    row(
        "GET", "/v1/stations", list_stations, "staff+printer", "List the stations",
        query=StationsQuery,
    ),
    row("POST", "/v1/stations", add_station, "menu", "Add a station", body=StationBody, status=201),
    row("GET", "/v1/ingredients", list_ingredients, "staff", "List the ingredients"),
    row("GET", "/v1/banners", list_banners, "staff+web", "List the banners"),
    row("GET", "/v1/order-instructions", list_instructions, "staff+web", "What guests are told"),
)  # fmt: skip
