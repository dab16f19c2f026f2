"""The list's questions as conditions on stored orders."""

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import chain, product
from zoneinfo import ZoneInfo

from app.dialects.hyra.bodies import ListQuery, user_id
from app.dialects.hyra.days import span_of, span_of_day
from app.dialects.hyra.people import ACTOR_MARK, PREPARER_MARK, spelled
from app.dialects.hyra.words import LABELS, NAME
from app.dialects.words import Words
from app.domain.problems import Invalid
from app.store.orders import Match, Search, tagged

FIRST_NUMBER = 1000  # order_number is this plus the order's serial
ID = re.compile(r"[0-9a-f]{24}")
Group = tuple[Match, ...]  # one of them must hold
Groups = tuple[Group, ...]  # each of them must hold


def search_for(query: ListQuery, words: Words, zone: ZoneInfo, now: datetime) -> Search:
    """Raises Invalid for an unknown status and for what is no day."""
    since = span_of(query.date_from, zone, now)[0] if query.date_from else None
    until = span_of(query.date_to, zone, now)[1] if query.date_to else None
    return Search(
        all_of=tuple(_conditions(query, words, zone, now)),
        placed_after=since,
        placed_before=until,
        limit=query.page_size,
        offset=(query.page - 1) * query.page_size,
    )


def _conditions(query: ListQuery, words: Words, zone: ZoneInfo, now: datetime) -> Iterable[Group]:
    plain: tuple[tuple[str, Group], ...] = (
        (query.username, (_contains("guest", query.username),)),
        (query.item, (_contains("dishes", query.item),)),
        (query.user_id, _by_id("user", query.user_id)),
        (query.order_number, _by_number(query.order_number)),
        (query.actor, _by_staff("actor", query.actor, ACTOR_MARK)),
        (query.preparer, _by_staff("preparer", query.preparer, PREPARER_MARK)),
    )
    yield from (group for text, group in plain if text)
    if query.status:
        yield from words.matching(_words_in(query.status))
    if query.search:
        yield from _anywhere(query.search, words, zone, now)


def _anywhere(text: str, words: Words, zone: ZoneInfo, now: datetime) -> Groups:
    """Any of all that is said of an order: the single conditions, or its status, or its day."""
    single = (
        _contains("dishes", text),
        _contains("guest", text),
        Match("number", "=", text),
        *((Match("id", "=", text.lower()),) if ID.fullmatch(text.lower()) else ()),
        *_by_number(text),
        *_by_id("user", text),
        *_by_staff("actor", text, ACTOR_MARK),
        *_by_staff("preparer", text, PREPARER_MARK),
    )
    ways: list[Groups] = [(single,)]
    said = text.casefold()
    named = [word for word, label in LABELS.items() if said in (word, label.casefold())]
    if named:
        ways.append(words.matching(named))
    span = span_of_day(text, zone, now)
    if span is not None:
        ways.append(((Match("placed_at", ">=", span[0]),), (Match("placed_at", "<", span[1]),)))
    # One way must hold with all its groups: the same said as groups of which each must hold.
    return tuple(tuple(chain.from_iterable(one)) for one in product(*ways))


def _words_in(text: str) -> list[str]:
    named = [word.strip() for word in text.split(",") if word.strip()]
    unknown = next((word for word in named if word not in LABELS), None)
    if unknown is not None:
        raise Invalid(f"Unknown status '{unknown[:40]}'; known are {', '.join(LABELS)}")
    return named


def _contains(column: str, text: str) -> Match:
    return Match(column, "contains", text.casefold())


def _by_id(role: str, text: str) -> Group:
    found = user_id(text)
    return () if found is None else (tagged(f"{NAME}.{role}:{found}"),)


def _by_staff(role: str, text: str, mark: str) -> Group:
    return (*_by_id(role, text), Match("tags", "contains", spelled(text, mark)))


def _by_number(text: str) -> Group:
    found = user_id(text)
    return () if found is None else (Match("serial", "=", found - FIRST_NUMBER),)
