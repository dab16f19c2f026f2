"""What fields may hold, and every wrong one in the words Laravel's clients show."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

Rule = Callable[[str, Any], str | None]  # (field in words, value) -> what is wrong
EMAIL = re.compile(r"[^@\s<>()\[\],;:\\\"]+@[^@\s<>()\[\],;:\\\"]+")
CODE = re.compile(r"[A-Za-z0-9_-]+")
LARGEST = 2**31
MOST_MONEY = Decimal(10) ** 9


def wrong_fields(
    values: Mapping[str, Any], rules: Mapping[str, Sequence[Rule]], required: Sequence[str] = ()
) -> dict[str, list[str]]:
    """For each wrong field all that is wrong with it; names with a dot are looked up inside."""
    found: dict[str, list[str]] = {}
    for field, of in rules.items():
        value, words = _at(values, field), in_words(field)
        if value is None or value == "":
            if field in required:
                found[field] = [f"The {words} field is required."]
            continue
        wrong = [text for rule in of if (text := rule(words, value))]
        if wrong:
            found[field] = wrong
    return found


def in_words(field: str) -> str:
    """first_name -> First Name"""
    return field.rpartition(".")[2].replace("_", " ").title()


def _at(values: Mapping[str, Any], field: str) -> Any:
    value: Any = values
    for step in field.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def text(name: str, value: Any) -> str | None:
    if not isinstance(value, str):
        return f"The {name} must be a string."
    bad = any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t" for c in value)
    return f"The {name} has control characters." if bad else None


def between(least: int, most: int) -> Rule:
    def check(name: str, value: Any) -> str | None:
        fits = not isinstance(value, str) or least <= len(value) <= most
        return None if fits else f"The {name} must be between {least} and {most} characters."

    return check


def at_most(most: int) -> Rule:
    def check(name: str, value: Any) -> str | None:
        fits = not isinstance(value, str) or len(value) <= most
        return None if fits else f"The {name} may not be greater than {most} characters."

    return check


def email(name: str, value: Any) -> str | None:
    fits = isinstance(value, str) and EMAIL.fullmatch(value)
    return None if fits else f"The {name} must be a valid email address."


def code(name: str, value: Any) -> str | None:
    fits = isinstance(value, str) and CODE.fullmatch(value)
    told = f"The {name} may only contain letters, numbers, dashes and underscores."
    return None if fits else told


def integer(name: str, value: Any) -> str | None:
    return None if whole(value) is not None else f"The {name} must be an integer."


def array(name: str, value: Any) -> str | None:
    return None if isinstance(value, list) else f"The {name} must be an array."


def one_of(*words: str) -> Rule:
    def check(name: str, value: Any) -> str | None:
        return None if value in words else f"The selected {name} is invalid."

    return check


def boolean(name: str, value: Any) -> str | None:
    fits = truth(value) is not None
    return None if fits else f"The {name} field must be true or false."


def whole(value: Any) -> int | None:
    """An integer, also as text, that a database column takes."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,12}", value):
        value = int(value)
    fits = isinstance(value, int) and abs(value) <= LARGEST
    return int(value) if fits else None


def amount(value: Any) -> Decimal | None:
    """A price, also as text; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = Decimal(str(value).strip()).quantize(Decimal("0.0001"))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) <= MOST_MONEY else None


def truth(value: Any) -> bool | None:
    """PHP's forms say 1, "1", "true", "on"."""
    if not isinstance(value, (bool, int, str)):
        return None
    known = {True: True, False: False, "1": True, "0": False, "true": True, "false": False}
    return known.get(value.lower() if isinstance(value, str) else value)
