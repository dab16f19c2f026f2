"""The fields of an order that a client may send, checked and turned into ours."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from app.dialects.tastyigniter import rules
from app.dialects.tastyigniter.errors import WrongValues
from app.dialects.tastyigniter.rules import amount, truth, whole
from app.dialects.tastyigniter.settings import Settings
from app.dialects.tastyigniter.words import Table
from app.domain.orders import Fulfilment, LineItem, Modifier, Order, new_id
from app.domain.venues import Venue

ORDER_RULES: dict[str, list[rules.Rule]] = {
    "first_name": [rules.text, rules.between(1, 48)],
    "last_name": [rules.text, rules.between(1, 48)],
    "email": [rules.text, rules.email, rules.at_most(96)],
    "telephone": [rules.text, rules.at_most(80)],
    "comment": [rules.text, rules.at_most(500)],
    "payment": [rules.code, rules.at_most(80)],
    "order_type": [rules.code, rules.at_most(40)],
    "customer_id": [rules.integer],
    "address_id": [rules.integer],
    "assignee_id": [rules.integer],
    "assignee_group_id": [rules.integer],
    "location_id": [rules.integer],
    "status_id": [rules.integer],
    "status_comment": [rules.text, rules.at_most(500)],
    "invoice_prefix": [rules.text, rules.at_most(80)],
    "invoice_date": [rules.text, rules.at_most(80)],
    "delivery_comment": [rules.text, rules.at_most(500)],
    "processed": [rules.boolean],
    "notify": [rules.boolean],
    "order_date": [rules.text, rules.at_most(40)],
    "order_time": [rules.text, rules.at_most(20)],
    "order_date_time": [rules.text, rules.at_most(40)],
    "order_menus": [rules.array],
    "order_totals": [rules.array],
}
ADDRESS_RULES: dict[str, list[rules.Rule]] = {
    "address.address_1": [rules.text, rules.between(3, 128)],
    "address.address_2": [rules.text, rules.at_most(128)],
    "address.city": [rules.text, rules.between(2, 128)],
    "address.state": [rules.text, rules.at_most(128)],
    "address.postcode": [rules.text, rules.at_most(40)],
    "address.country_id": [rules.integer],
}
REQUIRED = ("first_name", "last_name", "order_type")
TYPES = {"delivery": Fulfilment.DELIVERY, "dine_in": Fulfilment.DINE_IN}
MOST_ROWS = 200
NAMES = {
    "first_name": "first_name", "last_name": "last_name", "email": "email", "telephone": "phone",
    "comment": "note",
}  # fmt: skip
WHOLE = ("customer_id", "address_id", "assignee_id", "assignee_group_id")
WORDS = ("payment", "order_type", "invoice_prefix", "invoice_date", "delivery_comment")


def check(given: Mapping[str, Any], settings: Settings, *, create: bool) -> None:
    """Raises WrongValues, with every field that is wrong."""
    wanted = dict(ORDER_RULES)
    if given.get("order_type") == "delivery":
        wanted |= ADDRESS_RULES
    wrong = rules.wrong_fields(given, wanted, REQUIRED if create else ())
    if not create:
        for name in REQUIRED:
            if name in given and given[name] in (None, ""):
                wrong[name] = [f"The {rules.in_words(name)} field is required."]
    status = whole(given.get("status_id"))
    if "status_id" not in wrong and status is not None and Table(settings).row(status) is None:
        wrong["status_id"] = ["The selected Status Id is invalid."]
    place = whole(given.get("location_id"))
    if "location_id" not in wrong and place not in (None, settings.location_id):
        wrong["location_id"] = ["The selected Location Id is invalid."]
    for name, check_row in (("order_menus", _wrong_menu), ("order_totals", _wrong_total)):
        if name not in wrong and isinstance(given.get(name), list):
            wrong |= _wrong_rows(name, given[name], check_row)
    if wrong:
        raise WrongValues(wrong)


def plain_changes(given: Mapping[str, Any], venue: Venue) -> dict[str, Any]:
    """The fields that are the order's own, as the order holds them. Raises WrongValues."""
    found: dict[str, Any] = {
        ours: given[theirs] or "" for theirs, ours in NAMES.items() if theirs in given
    }
    if given.get("order_type"):
        found["fulfilment"] = TYPES.get(given["order_type"], Fulfilment.PICKUP)
    wanted = wanted_at(given, venue)
    if wanted is not None:
        found["scheduled_at"] = wanted
    return found


def extras(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept beside the order as it was sent."""
    found: dict[str, Any] = {name: whole(given[name]) for name in WHOLE if name in given}
    found |= {name: given[name] or None for name in WORDS if name in given}
    for name in ("processed", "notify"):
        if name in given:
            found[name] = truth(given[name])
    return found


def wanted_at(given: Mapping[str, Any], venue: Venue) -> datetime | None:
    """Dates and times are the venue's own; none of them is as soon as possible."""
    text = given.get("order_date_time")
    if text:
        return _instant("order_date_time", str(text), venue)
    day, clock = given.get("order_date"), given.get("order_time")
    if not day:
        return None
    at = _instant("order_date", str(day)[:10], venue)
    try:
        hour = time.fromisoformat(str(clock)) if clock else time()
        local = at.astimezone(venue.zone)
        asked = datetime.combine(local.date(), hour.replace(tzinfo=None), venue.zone)
        return asked.astimezone(UTC)
    except (ValueError, OverflowError):
        raise WrongValues({"order_time": ["The Order Time is not a valid time."]}) from None


def items(given: Mapping[str, Any], now: datetime) -> tuple[tuple[LineItem, ...], dict[str, Any]]:
    """The lines, and by their ids what TastyIgniter calls their parts."""
    lines, kept = [], {}
    for row in given["order_menus"]:
        options = [(o, value) for o in _rows(row, "options") for value in _rows(o, "values")]
        line = LineItem(
            id=new_id(now),
            name=str(row.get("name") or row.get("id") or "")[:200],
            quantity=whole(row.get("qty", row.get("quantity", 1))) or 1,
            unit_price=amount(row.get("price", 0)) or Decimal(0),
            notes=str(row.get("comment") or "")[:500],
            modifiers=tuple(_modifier(value) for _, value in options),
        )
        sent = amount(row.get("subtotal")) if row.get("subtotal") not in (None, "") else None
        if sent is not None and sent != line.total:
            line = _priced(line, sent)
        lines.append(line)
        kept[line.id] = {
            "menu_id": whole(row.get("id", row.get("menu_id", 0))) or 0,
            "options": [
                {
                    "option": whole(o.get("id")) or 0,
                    "value": whole(value.get("id")) or 0,
                    "category": str(o.get("name") or "")[:80],
                }
                for o, value in options
            ],
        }
    return tuple(lines), kept


def merged_totals(known: list[dict[str, Any]], given: list[Any]) -> list[dict[str, Any]]:
    """Rows are replaced by their code."""
    rows = {row["code"]: row for row in known}
    for index, row in enumerate(given):
        code = str(row["code"])
        before = rows.get(code, {})
        rows[code] = {
            "code": code,
            "title": str(row.get("title") or before.get("title") or code)[:80],
            "value": str(amount(row.get("value", 0)) or Decimal(0)),
            "priority": whole(row.get("priority")) or before.get("priority", index),
            "is_summable": bool(truth(row.get("is_summable", False))),
        }
    return list(rows.values())


def total_of(lines: tuple[LineItem, ...], rows: list[dict[str, Any]]) -> Decimal:
    """Never below nothing."""
    summable = (
        Decimal(row["value"])
        for row in rows
        if row["is_summable"] and row["code"] not in ("subtotal", "total")
    )
    return max(Decimal(0), sum((line.total for line in lines), Decimal(0)) + sum(summable))


def address_of(given: Mapping[str, Any]) -> dict[str, Any] | None:
    sent = given.get("address")
    if given.get("order_type") != "delivery" or not isinstance(sent, dict) or not sent:
        return None
    names = (field.partition(".")[2] for field in ADDRESS_RULES)
    return {name: sent[name] for name in names if sent.get(name) not in (None, "")} or None


def kept_lines(order: Order) -> dict[str, Any]:
    found: dict[str, Any] = order.extras.get("tastyigniter", {}).get("lines", {})
    return found


def _priced(line: LineItem, subtotal: Decimal) -> LineItem:
    """The sender's own sum holds; the difference stands as a surcharge."""
    return replace(line, surcharge=subtotal - line.total)


def _modifier(value: dict[str, Any]) -> Modifier:
    return Modifier(
        name=str(value.get("name") or value.get("id") or "")[:80],
        price=amount(value.get("price", 0)) or Decimal(0),
        quantity=whole(value.get("qty", value.get("quantity", 1))) or 1,
    )


def _rows(of: Any, name: str) -> list[dict[str, Any]]:
    inner = of.get(name) if isinstance(of, dict) else None
    return [row for row in inner if isinstance(row, dict)] if isinstance(inner, list) else []


def _wrong_rows(name: str, rows_given: list[Any], check_row: Any) -> dict[str, list[str]]:
    if len(rows_given) > MOST_ROWS:
        return {name: [f"The {rules.in_words(name)} may not have more than {MOST_ROWS} items."]}
    found: dict[str, list[str]] = {}
    for index, row in enumerate(rows_given):
        where = f"{name}.{index}"
        if not isinstance(row, dict):
            found[where] = [f"The {where} must be an array."]
        else:
            found |= {f"{where}.{field}": [text] for field, text in check_row(row).items()}
    return found


def _wrong_menu(row: dict[str, Any]) -> dict[str, str]:
    wrong = {}
    name = row.get("name", row.get("id"))
    if name in (None, "") or not isinstance(name, (str, int)):
        wrong["name"] = "The Name field is required."
    elif isinstance(name, str) and (told := rules.text("Name", name)):
        wrong["name"] = told
    quantity = row.get("qty", row.get("quantity", 1))
    if not 1 <= (whole(quantity) or 0) <= 10_000:
        wrong["qty"] = "The Qty must be a whole number of at least 1."
    for field in ("price", "subtotal"):
        if row.get(field) not in (None, "") and amount(row[field]) is None:
            wrong[field] = f"The {rules.in_words(field)} must be a number."
    comment = row.get("comment")
    if comment not in (None, "") and (told := rules.text("Comment", comment)):
        wrong["comment"] = told
    options = row.get("options")
    if options not in (None, "", {}) and not isinstance(options, list):
        wrong["options"] = "The Options must be an array."
    return wrong | _wrong_options(row)


def _wrong_options(row: dict[str, Any]) -> dict[str, str]:
    wrong = {}
    for value in (value for option in _rows(row, "options") for value in _rows(option, "values")):
        if amount(value.get("price", 0) or 0) is None:
            wrong["options"] = "The Options price must be a number."
        if not 1 <= (whole(value.get("qty", 1)) or 0) <= 10_000:
            wrong["options"] = "The Options qty must be a whole number of at least 1."
        if (name := value.get("name")) and rules.text("Name", name):
            wrong["options"] = "The Options name must be a string."
    return wrong


def _wrong_total(row: dict[str, Any]) -> dict[str, str]:
    wrong = {}
    if rules.code("Code", row.get("code")) or len(str(row.get("code"))) > 40:
        wrong["code"] = "The Code field is required."
    title = row.get("title")
    if title not in (None, "") and (told := rules.text("Title", title)):
        wrong["title"] = told
    if row.get("value") not in (None, "") and amount(row["value"]) is None:
        wrong["value"] = "The Value must be a number."
    priority = row.get("priority")
    if priority not in (None, "") and whole(priority) is None:
        wrong["priority"] = "The Priority must be an integer."
    return wrong


def _instant(field: str, text: str, venue: Venue) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=venue.zone)
        if not 1971 <= found.year <= 9997:
            raise ValueError
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        told = f"The {rules.in_words(field)} is not a valid date."
        raise WrongValues({field: [told]}) from None
