"""What of an order a foreign system's status word can depend on, and every value it can take."""

from dataclasses import dataclass
from functools import cache
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
        return _word(self.status, self.some_ready, self.cancelled_by, self.fulfilment)


def face_of(order: Order) -> Face:
    return Face(order.status, order.some_ready, order.cancelled_by, order.fulfilment)


def face_word(order: Order) -> str:
    """The same as `str(face_of(order))`, in a third of the time: every change asks twice."""
    return _word(order.status, order.some_ready, order.cancelled_by, order.fulfilment)


@cache  # there are some forty
def _word(status: Status, some_ready: bool, by: CancelledBy | None, fulfilment: Fulfilment) -> str:
    return f"{status}.{some_ready:d}.{by or ''}.{fulfilment}"


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
