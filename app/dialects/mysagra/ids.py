"""MySagra's ids: a `c` before ours; ids that came with an imported menu stay as they are."""

import hashlib
import re

CUID = re.compile(r"[cC][^\s-]{8,}")
OURS = re.compile(r"[0-9a-f]{24}")


def shown_id(stored: str) -> str:
    return f"c{stored}" if OURS.fullmatch(stored) else stored


def shown_or_none(stored: str | None) -> str | None:
    return shown_id(stored) if stored else None


def stored_ids(shown: str) -> tuple[str, ...]:
    """What an id from outside may be stored as: as it is, or without the `c` we gave it."""
    bare = shown[1:]
    return (bare, shown) if OURS.fullmatch(bare) and shown[0] == "c" else (shown,)


def name_id(venue: str, kind: str, name: str) -> str:
    """A stable id for a thing that is only a name here, such as a station nobody listed."""
    return "c" + hashlib.sha256(f"{venue}\n{kind}\n{name}".encode()).hexdigest()[:24]
