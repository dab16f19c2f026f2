"""What of an order a foreign system's status word can depend on, and every value it can take."""

from dataclasses import dataclass
from itertools import product

from app.domain.orders import CancelledBy, Fulfilment, Order, Status


@dataclass(frozen=True, slots=True)
class Face:
    status: Status
    some_ready: bool = False
    cancelled_by: CancelledBy | None = None
    fulfilment: Fulfilment = Fulfilment.PICKUP

    def __str__(self) -> str:
        """The one word it is stored as: preparing.1..pickup"""
        return f"{self.status}.{self.some_ready:d}.{self.cancelled_by or ''}.{self.fulfilment}"


def face_of(order: Order) -> Face:
    return Face(order.status, order.some_ready, order.cancelled_by, order.fulfilment)


def face_from(word: str) -> Face:
    status, some_ready, by, fulfilment = word.split(".")
    return Face(
        Status(status), some_ready == "1", CancelledBy(by) if by else None, Fulfilment(fulfilment)
    )


def every_face() -> list[Face]:
    """All that can be: some_ready only goes with preparing, cancelled_by only with cancelled."""
    plain = [Face(status) for status in Status if status != Status.CANCELLED]
    plain += [Face(Status.PREPARING, some_ready=True)]
    plain += [Face(Status.CANCELLED, cancelled_by=by) for by in CancelledBy]
    return [
        Face(face.status, face.some_ready, face.cancelled_by, fulfilment)
        for face, fulfilment in product(plain, Fulfilment)
    ]
