"""Passwords: what is accepted, and argon2id. Slow on purpose: never call inside a change."""

import re
import unicodedata
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.domain.problems import Invalid

SHORTEST = 8
LONGEST = 200
A_PIN = re.compile(r"[0-9]{4,8}")

# argon2id of a random text nobody knows, with today's costs: what an unknown name is checked
# against, so that the time of the answer does not tell who exists.
NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$512hfM7ald3V/eK2TdXHHA"
    "$0mc+UOX3ALo3WDF+PIgOz8mi0g2Tp7Jb3WkO8tzEapw"
)


def hash_password(password: str) -> str:
    """Raises Invalid for a password too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        message = f"A password has {SHORTEST} to {LONGEST} characters."
        raise Invalid(message, errors=[{"path": "password", "message": message}])
    return PasswordHasher().hash(_normal(password))


def hash_pin(pin: str) -> str:
    """Raises Invalid for what is no PIN, and for those that are tried first."""
    if not A_PIN.fullmatch(pin):
        message = "A PIN has 4 to 8 digits."
    elif _is_a_row(pin):
        message = "Not the same digit again and again, and no row like 1234."
    else:
        return PasswordHasher().hash(pin)
    raise Invalid(message, errors=[{"path": "pin", "message": message}])


def password_fits(password: str, stored: str) -> bool:
    """Takes the same time for a user who does not exist (`stored` empty)."""
    try:
        PasswordHasher().verify(stored or NOBODY, _normal(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return bool(stored)


def outdated(stored: str) -> bool:
    """The hash was made with lower costs than today's."""
    return PasswordHasher().check_needs_rehash(stored)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _is_a_row(pin: str) -> bool:
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return len(steps) == 1 and steps <= {-1, 0, 1}
