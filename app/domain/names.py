"""The name a board may show, and how two live guests of one name are told apart."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from app.domain.orders import Order

MOST_DIGITS = 5  # more are a phone number, not a name
PLAIN = re.compile(r"[A-Za-z0-9 .,'~-]*")  # nothing to look at letter by letter
ADDRESS = re.compile(r"\S+@\S+")
# What is drawn as a picture, and what turns the writing round. Letters of every script stay.
PICTURES = frozenset({"So", "Sk", "Cs", "Co", "Cn", "Cf", "Cc"})
PICTURE_MARKS = frozenset({"\N{VARIATION SELECTOR-15}", "\N{VARIATION SELECTOR-16}"})
JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"  # part of some names


def shown_name(order: Order) -> str | None:
    """The board name as typed, else `John D.`; never a full surname the venue did not type.

    `name_letters` counts the letters of the surname that are shown.
    """
    if order.name:
        return order.name
    return inferred_name(order.first_name, order.last_name, order.name_letters)


def public_name(order: Order, *, initials: bool = False, blocked: Iterable[str] = ()) -> str | None:
    """The name as strangers may read it: no pictures, nothing that looks like a phone number or
    an e-mail address, none of the blocked words. None where nothing fit is left."""
    name = cleaned(shown_name(order) or "")
    folded = name.casefold()
    if not name or any(word.casefold() in folded for word in blocked if word):
        return None
    return _initials(name) if initials else name


def cleaned(name: str) -> str:
    """The name without pictures, and "" if it holds personal data."""
    plain = PLAIN.fullmatch(name)
    if (not plain and ADDRESS.search(name)) or sum(map(str.isdigit, name)) > MOST_DIGITS:
        return ""
    kept = name if plain else "".join([ch for ch in name if not _is_picture(ch)])
    return " ".join(kept.split()).strip(JOINERS)


@lru_cache(maxsize=1024)  # of single characters: every move of every order asks for all of its name
def _is_picture(ch: str) -> bool:
    if ch in JOINERS or ch.isspace():
        return False
    return ch in PICTURE_MARKS or unicodedata.category(ch) in PICTURES


def _initials(name: str) -> str:
    words = [word.strip(".") for word in name.split()]
    return " ".join(f"{word[0]}." for word in words if word)[:8] or name


def inferred_name(first: str, last: str, letters: int = 1) -> str | None:
    first, last = first.strip(), last.strip()
    if not first:
        return f"{last[:letters]}." if last else None
    return f"{first} {last[:letters]}." if last else first


def most_letters(last: str) -> int:
    """One letter short of the whole surname, so that clashing guests are never spelled out."""
    return max(1, len(last.strip()) - 1)
