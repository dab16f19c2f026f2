"""MySagra's six status words, for orders and for stations."""

from collections.abc import Sequence

from app.dialects.words import Meaning, Words
from app.domain.faces import Face
from app.domain.orders import CancelledBy, Native, Part, Status

NAME = "mysagra"
MEANINGS = {
    "PENDING": Meaning(Status.PLACED),
    "CONFIRMED": Meaning(Status.QUEUED),
    "PARTIAL": Meaning(Status.PREPARING, some_ready=True),
    "COMPLETED": Meaning(Status.READY),
    "PICKED_UP": Meaning(Status.COLLECTED),
    "CANCELLED": Meaning(Status.CANCELLED, CancelledBy.ATTENDANT),
}
PROJECTED = {
    Status.SCHEDULED: "PENDING",
    Status.PLACED: "PENDING",
    Status.QUEUED: "CONFIRMED",
    Status.PREPARING: "CONFIRMED",
    Status.REASSIGNING: "CONFIRMED",
    Status.READY: "COMPLETED",
    Status.HELD: "COMPLETED",
    Status.RESERVING: "COMPLETED",
    Status.OUT_FOR_DELIVERY: "PICKED_UP",
    Status.COLLECTED: "PICKED_UP",
    Status.CANCELLED: "CANCELLED",
}
WEAKEST_FIRST = tuple(MEANINGS)


def project(face: Face) -> str:
    return "PARTIAL" if face.some_ready else PROJECTED[face.status]


WORDS = Words(NAME, project)


def derived_word(words: Sequence[str]) -> str:
    """MySagra's own rule: all equal is that; any CONFIRMED makes PARTIAL; else the weakest."""
    if len(set(words)) == 1:
        return words[0]
    return "PARTIAL" if "CONFIRMED" in words else min(words, key=WEAKEST_FIRST.index)


def native_of(parts: Sequence[Part]) -> Native:
    return WORDS.native(derived_word([WORDS.part_word(part) for part in parts]))
