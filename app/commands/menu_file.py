"""A menu as a file: our own JSON, what a MySagra server answers for its categories, or a CSV.

JSON: an object of lists (stations, printers, registers, categories, ingredients, items, banners,
instructions); things name each other by id or by name. A list alone is MySagra's categories, each
with its `foods`. CSV: one item a line, columns id, name, category, price, description, available,
station, printer, ingredients (with semicolons between).
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from app.domain.problems import Invalid

MOST_BYTES = 8 * 2**20
MOST_THINGS = 20_000
# An id keeps its spelling, so that tills moved over keep working: MySagra's own, or one of ours.
ID = re.compile(r"[cC][^\s-]{8,63}|[0-9a-f]{24}")
TRUE, FALSE = {"true", "yes", "1", "on"}, {"false", "no", "0", "off"}
LISTS = {
    "stations": "station", "printers": "printer", "registers": "register",
    "categories": "category", "ingredients": "ingredient", "items": "item", "banners": "banner",
    "instructions": "instruction",
}  # fmt: skip
COLUMNS = (
    "id", "name", "category", "price", "description", "available", "station", "printer",
    "ingredients",
)  # fmt: skip
TEXTS = {"name": 80, "title": 80, "text": 200, "description": 500, "image": 500, "ip": 200,
         "mac": 80, "category": 80, "station": 80, "printer": 80}  # fmt: skip
FIELDS: dict[str, tuple[str, ...]] = {
    "station": ("name",),
    "printer": ("name", "ip", "mac", "port", "description"),
    "register": ("name", "enabled", "printer"),
    "category": ("name", "available", "position", "image", "printer", "station"),
    "ingredient": ("name",),
    "item": (
        "name", "category", "description", "price", "available", "printer", "position",
        "ingredients",
    ),
    "banner": ("title", "text", "image", "position"),
    "instruction": ("text", "position"),
}  # fmt: skip
NEEDED = {"banner": "title", "instruction": "text"}  # of the others it is the name
ALIASES = {
    "printerId": "printer", "stationId": "station", "categoryId": "category",
    "defaultPrinterId": "printer",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One thing of the file; `where` says where it stands, `fields` hold checked values."""

    kind: str
    where: str
    id: str | None
    fields: dict[str, Any]


def read_menu(data: bytes, name: str) -> list[Row]:
    """The file's things, those first that others name. `name`: .csv tells a CSV. Raises Invalid,
    with every row that is wrong."""
    if len(data) > MOST_BYTES:
        raise _refusal([{"path": "", "message": "The file is larger than 8 MB."}])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refusal([{"path": "", "message": "The file is not UTF-8 text."}]) from None
    found = list(_csv(text) if name.lower().endswith(".csv") else _json(text))
    if len(found) > MOST_THINGS:
        message = f"The file has more than {MOST_THINGS} things."
        raise _refusal([{"path": "", "message": message}])
    errors: list[dict[str, str]] = []
    rows = [_checked(kind, where, given, errors) for kind, where, given in found]
    if errors:
        raise _refusal(errors)
    order = list(LISTS.values())
    return sorted(rows, key=lambda row: order.index(row.kind))


def one_row(kind: str, given: dict[str, Any]) -> Row:
    """A thing that comes by itself and not in a file. Raises Invalid."""
    errors: list[dict[str, str]] = []
    row = _checked(kind, kind, given, errors)
    if errors:
        raise _refusal(errors)
    return row


def refusal(row: Row, message: str) -> dict[str, str]:
    return {"path": row.where, "message": message}


def _refusal(errors: list[dict[str, str]]) -> Invalid:
    told = "; ".join(f"{e['path']}: {e['message']}".lstrip(": ") for e in errors[:20])
    more = f" (and {len(errors) - 20} more)" if len(errors) > 20 else ""
    return Invalid(f"Nothing was changed. {told}{more}", errors=errors)


refuse_all = _refusal


def _json(text: str) -> Iterator[tuple[str, str, Any]]:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        message = f"This is no JSON: {error}."
        raise _refusal([{"path": "", "message": message}]) from None
    if isinstance(body, list):
        yield from _categories(body)
        return
    if not isinstance(body, dict) or not body.keys() & LISTS.keys():
        message = f"An object with some of {', '.join(LISTS)} is needed."
        raise _refusal([{"path": "", "message": message}])
    for name, kind in LISTS.items():
        things = body.get(name, [])
        things = things if isinstance(things, list) else [things]
        for index, thing in enumerate(things):
            yield kind, f"{name}[{index}]", thing


def _categories(body: list[Any]) -> Iterator[tuple[str, str, Any]]:
    """What GET /v1/categories?include=foods.ingredients answers."""
    for index, category in enumerate(body):
        foods = category.get("foods", []) if isinstance(category, dict) else []
        yield "category", f"[{index}]", category
        for place, food in enumerate(foods if isinstance(foods, list) else []):
            where = f"[{index}].foods[{place}]"
            if isinstance(food, dict) and isinstance(category, dict):
                parts = food.get("ingredients") or []
                for part in parts if isinstance(parts, list) else []:
                    yield "ingredient", f"{where}.ingredients", part
                names = [part.get("id") for part in parts if isinstance(part, dict)]
                own = category.get("id") or category.get("name")
                food = food | {"categoryId": food.get("categoryId", own), "ingredients": names}
                food.pop("category", None)
            yield "item", where, food


def _csv(text: str) -> Iterator[tuple[str, str, Any]]:
    dialect = csv.excel()
    lines_of_text = io.StringIO(text, newline=None)  # some still write lines that end with CR
    first = lines_of_text.readline()
    lines_of_text.seek(0)
    dialect.delimiter = max(",;\t", key=first.count)  # what a spreadsheet of that country writes
    reader = csv.DictReader(lines_of_text, dialect=dialect)
    try:
        header, rows = reader.fieldnames or [], [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise _refusal([{"path": "", "message": f"This is no CSV: {error}."}]) from None
    names = [str(name or "").strip().lower() for name in header]
    if not {"name", "category"} <= set(names):
        message = f"The first line names the columns; of {', '.join(COLUMNS)}"
        raise _refusal([{"path": "line 1", "message": f"{message} name and category are needed."}])
    if unknown := sorted(set(names) - set(COLUMNS)):
        message = f"There is no column {unknown[0][:40]!r}; there are {', '.join(COLUMNS)}."
        raise _refusal([{"path": "line 1", "message": message}])
    lines = [(number, dict(zip(names, row.values(), strict=False))) for number, row in rows]
    known: set[tuple[str, str]] = set()
    for number, line in lines:
        yield from _of_line(f"line {number}", line, known)


def _of_line(
    where: str, line: dict[str, Any], known: set[tuple[str, str]]
) -> Iterator[tuple[str, str, Any]]:
    """The item of a line, and the first time they are named its station, printer, category."""
    line = {name: value.strip() for name, value in line.items() if isinstance(value, str)}
    station, printer = line.pop("station", ""), line.pop("printer", "")
    parts = [part.strip() for part in line.get("ingredients", "").split(";") if part.strip()]
    category = {"name": line.get("category", "")}
    category |= {n: v for n, v in (("station", station), ("printer", printer)) if v}
    named = [("station", {"name": station}), ("printer", {"name": printer})]
    named += [("ingredient", {"name": part}) for part in parts] + [("category", category)]
    for kind, thing in named:
        if thing["name"] and (kind, thing["name"]) not in known:
            known.add((kind, thing["name"]))
            yield kind, where, thing
    yield "item", where, {n: v for n, v in line.items() if v} | {"ingredients": parts}


def _checked(kind: str, where: str, given: Any, errors: list[dict[str, str]]) -> Row:
    if not isinstance(given, dict):
        errors.append({"path": where, "message": "This is not an object."})
        return Row(kind, where, None, {})
    given = {ALIASES.get(name, name): value for name, value in given.items()}
    found: dict[str, Any] = {}
    for name in FIELDS[kind]:
        if given.get(name) is None:
            continue
        try:
            found[name] = _value(name, given[name])
        except ValueError as error:
            errors.append({"path": where, "message": f"{name}: {error}"})
    needed = [NEEDED.get(kind, "name"), *(["category"] if kind == "item" else [])]
    for name in needed:
        if not found.get(name) and not any(name in e["message"] for e in errors[-1:]):
            errors.append({"path": where, "message": f"{name} is missing"})
    own = given.get("id")
    if own is not None and not (isinstance(own, str) and ID.fullmatch(own)):
        message = "id: it begins with c and has at least 9 characters, or is 24 of 0-9a-f"
        errors.append({"path": where, "message": message})
        own = None
    return Row(kind, where, own, found)


def _value(name: str, given: Any) -> Any:
    """Raises ValueError, saying what is wrong."""
    if name in ("available", "enabled"):
        return _switch(given)
    if name in ("position", "port"):
        return _whole(given, 65535 if name == "port" else 10**6)
    if name == "price":
        return _price(given)
    if name == "ingredients":
        if not isinstance(given, list) or len(given) > 100:
            raise ValueError("a list of at most 100 is needed")
        return tuple(_text(one, 80) for one in given)
    return _text(given, TEXTS[name])


def _switch(given: Any) -> bool:
    word = str(given).strip().lower()
    if word not in TRUE | FALSE:
        raise ValueError("write true or false")
    return word in TRUE


def _whole(given: Any, most: int) -> int:
    text = str(given).strip()
    if isinstance(given, bool) or not text.isdigit() or int(text[:12]) > most:
        raise ValueError(f"a whole number up to {most} is needed")
    return int(text)


def _price(given: Any) -> Decimal:
    try:
        price = Decimal(str(given).strip().replace(",", "."))
        fits = price.is_finite() and 0 <= price <= 10**6 and price == round(price, 4)
    except (InvalidOperation, ValueError):
        fits = False
    if isinstance(given, bool) or not fits:
        raise ValueError("a price such as 8.50 is needed")
    return price


def _text(given: Any, most: int) -> str:
    if (
        not isinstance(given, str)
        or len(given) > most
        or not given.replace("\n", " ").isprintable()
    ):
        raise ValueError(f"a text of at most {most} letters is needed")
    return given.strip()
