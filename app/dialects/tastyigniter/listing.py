"""The query of a list: which orders, in which order, which page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from app.dialects.shape import base_url
from app.dialects.tastyigniter.errors import WrongParameter
from app.dialects.tastyigniter.including import RELATIONS
from app.dialects.tastyigniter.profiles import Profile, profile_of
from app.dialects.tastyigniter.rules import whole
from app.dialects.tastyigniter.settings import Settings
from app.dialects.tastyigniter.words import NAME, words_of
from app.domain.times import DAY, to_ms
from app.domain.venues import Venue
from app.store.orders import Match, Search, tagged

PAGE_LIMIT = 20
MOST_ON_A_PAGE = 5000
LAST_PAGE = 10**9
COLUMNS = {
    "order_id": "serial",
    "created_at": "placed_at",
    "date_added": "placed_at",  # what the first generation called it
    "total": "amount",
    "order_total": "amount",
    "order_date": "wanted_at",
    "order_time": "wanted_at",
    "order_date_time": "wanted_at",
    "order_type": "fulfilment",
}
KNOWN = re.compile(
    r"page|pageLimit|page\[(number|size)\]|sort(\[\d*\])?|customer|location|status(\[\d*\])?|search"
    r"|dateTimeFilter\[(startAt|endAt)\]|include|exclude|filter\[(customer|location|status|search)\]"
)
Group = tuple[Match, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    search: Search
    page: int
    per_page: int
    include: tuple[str, ...]
    asked_include: bool


def listing(request: Request, venue: Venue, settings: Settings, customer: int | None) -> Listing:
    """`customer`: of a customer's token, who sees no other orders. Raises WrongParameter, in the
    strict profile only: elsewhere what is not understood is left out."""
    strict = profile_of(request) == Profile.STRICT
    if strict:
        _check_names(request)
    page = _number(request, ("page", "page[number]"), 1, LAST_PAGE, strict)
    per_page = _number(request, ("pageLimit", "page[size]"), PAGE_LIMIT, MOST_ON_A_PAGE, strict)
    column, descending = _sorting(request, strict)
    groups = list(_groups(request, settings))
    if customer is not None:
        groups.append((tagged(f"{NAME}.customer:{customer}"),))
    include, asked = included(request)
    return Listing(
        search=Search(
            all_of=tuple(groups), sort=column, descending=descending,
            limit=per_page, offset=(page - 1) * per_page,
        ),
        page=page,
        per_page=per_page,
        include=include,
        asked_include=asked,
    )  # fmt: skip


def included(request: Request) -> tuple[tuple[str, ...], bool]:
    """The relations that are asked for, and whether any word was. Raises WrongParameter."""
    text = ",".join(request.query_params.getlist("include"))
    names = [name.strip() for name in text.split(",") if name.strip()]
    found = []
    for name in names:
        first = name.partition(".")[0]
        if first in RELATIONS:
            found.append(first)
        elif profile_of(request) == Profile.STRICT:
            raise WrongParameter("include", f"There is nothing to include as {name[:80]}.")
    return tuple(dict.fromkeys(found)), "include" in request.query_params


def check_single(request: Request) -> None:
    """The strict profile's rule for addresses that list nothing."""
    if profile_of(request) == Profile.STRICT:
        for name in request.query_params:
            if name != "include":
                raise WrongParameter(name[:80], f"There is no parameter {name[:80]} here.")


def paging(request: Request, asked: Listing, total: int, count: int) -> dict[str, Any]:
    """`meta` and `links`; every link keeps the whole query."""
    pages = max(1, -(-total // asked.per_page))
    numbers = {
        "total": total, "count": count, "per_page": asked.per_page,
        "current_page": asked.page, "total_pages": pages,
    }  # fmt: skip
    links = {"self": asked.page, "first": 1, "last": pages}
    if asked.page > 1:
        links["prev"] = min(asked.page - 1, pages)
    if asked.page < pages:
        links["next"] = asked.page + 1
    return {
        "meta": {"pagination": numbers},
        "links": {name: _link(request, page) for name, page in links.items()},
    }


def _link(request: Request, page: int) -> str:
    query = [(n, v) for n, v in request.query_params.multi_items() if n not in PAGES]
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return f"{base_url(request)}{path}?{urlencode([*query, ('page', page)])}"


PAGES = ("page", "page[number]")


def _check_names(request: Request) -> None:
    for name in request.query_params:
        if not KNOWN.fullmatch(name):
            raise WrongParameter(name[:80], f"There is no parameter {name[:80]}.")


def _number(request: Request, names: tuple[str, ...], default: int, most: int, strict: bool) -> int:
    name = next((one for one in names if one in request.query_params), None)
    if name is None:
        return default
    text = request.query_params[name].strip()
    if text.isascii() and text.isdigit() and int(text[:12]) > 0:
        return min(int(text[:12]), most)
    if strict:
        raise WrongParameter(name, f"{name} is a whole number from 1.")
    return default


def _sorting(request: Request, strict: bool) -> tuple[str, bool]:
    """`created_at desc`; a bare column is descending. JSON:API's `-created_at` is descending and a
    bare column there ascending."""
    query = request.query_params
    text = query.get("sort", next((v for n, v in query.items() if n.startswith("sort[")), ""))
    # In an address + is a space, and some clients send neither but a raw one.
    words = text.replace("+", " ").split()
    if not words:
        return "serial", False
    column = COLUMNS.get(words[0].lstrip("-").split(",")[0])
    direction = words[1].lower() if len(words) > 1 else ""
    fits = column is not None and direction in ("", "asc", "desc")
    if strict and (not fits or any(c.lstrip("-") not in COLUMNS for c in words[0].split(","))):
        raise WrongParameter("sort", f"Orders are not sorted by {text[:80]}.")
    if column is None or not fits or ("," in words[0] and not strict):
        return "serial", False
    if words[0].startswith("-"):
        return column, True
    return column, direction == "desc" if direction else not strict


def _groups(request: Request, settings: Settings) -> Iterator[Group]:
    """Conditions, all of which must hold."""
    customer = _filter(request, "customer")
    if customer:
        yield (tagged(f"{NAME}.customer:{whole(customer[0]) or 0}"),)
    places = _filter(request, "location")
    if places and settings.location_id not in map(whole, places):
        yield ()
    statuses = _filter(request, "status")
    if statuses:
        yield from words_of(settings).matching([str(whole(one) or 0) for one in statuses])
    for word in " ".join(_filter(request, "search")).split()[:20]:
        yield _anywhere(word)
    for name, operator in (("startAt", ">="), ("endAt", "<=")):
        at = _moment(request.query_params.get(f"dateTimeFilter[{name}]", ""), name)
        if at is not None:
            yield (Match("wanted_at", operator, to_ms(at)),)


def _filter(request: Request, name: str) -> list[str]:
    query = request.query_params
    listed = [v for n, v in query.multi_items() if n.startswith(f"{name}[")]
    found = query.getlist(name) + listed + query.getlist(f"filter[{name}]")
    return [one for value in found for one in value.split(",") if one.strip()]


def _anywhere(word: str) -> Group:
    folded = word.casefold()
    found: list[Match] = [Match("guest", "contains", folded), Match("contact", "contains", folded)]
    if word.isascii() and word.isdigit() and len(word) < 16:
        found.append(Match("serial", "=", int(word)))
    return tuple(found)


def _moment(text: str, name: str) -> datetime | None:
    """A plain date at the end of a range takes in its whole day."""
    try:
        found = datetime.fromisoformat(text.strip())
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found + DAY if name == "endAt" and len(text.strip()) == 10 else found
    except (ValueError, OverflowError):
        return None
