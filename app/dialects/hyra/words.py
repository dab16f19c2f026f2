"""Hyra's status words and labels, and what they mean here under both readings of `completed`."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.dialects.words import Meaning, Words
from app.domain.faces import Face
from app.domain.orders import CancelledBy, Status

NAME = "hyra"
LABELS = {
    "submitted": "Submitted",
    "waiting_for_preparation": "Waiting for preparation",
    "finding_new_colleague": "Finding new colleague",
    "preparing": "Preparing",
    "waiting_for_pickup": "Waiting for pickup",
    "completed": "Completed",
    "handed_to": "Handed to",
    "cancelled": "Cancelled",
}
MEANINGS = {
    "submitted": Meaning(Status.PLACED),
    "waiting_for_preparation": Meaning(Status.QUEUED),
    "finding_new_colleague": Meaning(Status.REASSIGNING),
    "preparing": Meaning(Status.PREPARING),
    "waiting_for_pickup": Meaning(Status.READY),
    "completed": Meaning(Status.COLLECTED),
    "handed_to": Meaning(Status.COLLECTED),
    "cancelled": Meaning(Status.CANCELLED, CancelledBy.UNKNOWN),
}
PROJECTED = {
    Status.SCHEDULED: "submitted",
    Status.PLACED: "submitted",
    Status.QUEUED: "waiting_for_preparation",
    Status.PREPARING: "preparing",
    Status.REASSIGNING: "finding_new_colleague",
    Status.READY: "waiting_for_pickup",
    Status.HELD: "waiting_for_pickup",
    Status.RESERVING: "waiting_for_pickup",
    Status.OUT_FOR_DELIVERY: "completed",
    Status.COLLECTED: "completed",
    Status.CANCELLED: "cancelled",
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`meanings` of a word that is written, `words` for reading."""

    meanings: Mapping[str, Meaning]
    words: Words


def _project(face: Face) -> str:
    return PROJECTED[face.status]


def _project_handed(face: Face) -> str:
    return "handed_to" if face.status == Status.COLLECTED else PROJECTED[face.status]


# Documents of the system contradict each other on `completed`, so each venue says what it means.
VOCABULARIES = {
    "collected": Vocabulary(MEANINGS, Words(NAME, _project)),
    "ready": Vocabulary(
        MEANINGS | {"completed": Meaning(Status.READY)}, Words(NAME, _project_handed)
    ),
}
