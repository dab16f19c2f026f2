"""eatsa's status words, what they mean here, and which may follow which."""

from app.dialects.words import Meaning, Words
from app.domain.faces import Face
from app.domain.orders import CancelledBy, Status

MEANINGS = {
    "scheduled": Meaning(Status.SCHEDULED),
    "in_queue": Meaning(Status.QUEUED),
    "on_the_line": Meaning(Status.PREPARING),
    "ready_for_pickup": Meaning(Status.READY),
    "delivered_to_customer": Meaning(Status.COLLECTED),
    "hold_in_back": Meaning(Status.HELD),
    "ready_to_serve_again": Meaning(Status.RESERVING),
    "customer_canceled": Meaning(Status.CANCELLED, CancelledBy.CUSTOMER),
    "attendant_canceled": Meaning(Status.CANCELLED, CancelledBy.ATTENDANT),
}
ALIASES = {"hold_for_recubby": "hold_in_back", "ready_to_recubby": "ready_to_serve_again"}
PROJECTED = {
    Status.SCHEDULED: "scheduled",
    Status.PLACED: "in_queue",
    Status.QUEUED: "in_queue",
    Status.PREPARING: "on_the_line",
    Status.REASSIGNING: "on_the_line",
    Status.READY: "ready_for_pickup",
    Status.HELD: "hold_in_back",
    Status.RESERVING: "ready_to_serve_again",
    Status.OUT_FOR_DELIVERY: "ready_for_pickup",
    Status.COLLECTED: "delivered_to_customer",
    Status.CANCELLED: "attendant_canceled",
}
CANCELS = frozenset({"customer_canceled", "attendant_canceled"})
NEXT: dict[str, frozenset[str]] = {
    "scheduled": frozenset({"in_queue"}) | CANCELS,
    "in_queue": frozenset({"on_the_line", "ready_for_pickup"}) | CANCELS,
    "on_the_line": frozenset({"ready_for_pickup"}) | CANCELS,
    "ready_for_pickup": frozenset({"delivered_to_customer", "hold_in_back"}) | CANCELS,
    "delivered_to_customer": frozenset({"hold_in_back"}),
    "hold_in_back": frozenset({"ready_to_serve_again"}) | CANCELS,
    "ready_to_serve_again": frozenset({"ready_for_pickup", "delivered_to_customer"}) | CANCELS,
    "customer_canceled": frozenset(),
    "attendant_canceled": frozenset(),
}


def project(face: Face) -> str:
    if face.cancelled_by == CancelledBy.CUSTOMER:
        return "customer_canceled"
    return PROJECTED[face.status]


WORDS = Words("eatsa", project)


def may_follow(before: str, after: str) -> bool:
    """The same again is no change, and always fine."""
    return before == after or after in NEXT[before]
