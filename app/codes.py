"""Short codes a person can read aloud, made from an order's serial number."""

from functools import cache, lru_cache

from sqids import Sqids


@cache
def _sqids() -> Sqids:
    # MySagra's display codes: exactly these two options give 94J for 1 and BBB for 1224.
    return Sqids(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_length=3)


@lru_cache(maxsize=4096)
def display_code(serial: int) -> str:
    """At least three letters and digits; never the same for two orders of a venue."""
    return str(_sqids().encode([serial]))


def serial_of(code: str) -> int | None:
    """The serial a code was made from; None if it is no code of ours."""
    found = _sqids().decode(code)
    return found[0] if len(found) == 1 and display_code(found[0]) == code else None
