"""Status ids, which every restaurant adds to and renames: what they mean is configuration."""

from dataclasses import dataclass
from functools import partial

from app.dialects.tastyigniter.settings import Settings, StatusRow
from app.dialects.words import Meaning, Words
from app.domain.faces import Face
from app.domain.orders import CancelledBy, Fulfilment, Status

NAME = "tastyigniter"
DELIVERY = 4  # Delivery: on its way, or ready for those who collect
KNOWN = {1: Status.PLACED, 2: Status.QUEUED, 3: Status.PREPARING}
# Which of our statuses stands in where the table has no id for one, the nearest first.
NEAREST = {
    Status.SCHEDULED: (Status.PLACED,),
    Status.QUEUED: (Status.PREPARING,),
    Status.PREPARING: (Status.QUEUED,),
    Status.REASSIGNING: (Status.PREPARING, Status.QUEUED),
    Status.READY: (Status.OUT_FOR_DELIVERY, Status.PREPARING),
    Status.HELD: (Status.READY, Status.OUT_FOR_DELIVERY, Status.PREPARING),
    Status.RESERVING: (Status.READY, Status.OUT_FOR_DELIVERY, Status.PREPARING),
    Status.OUT_FOR_DELIVERY: (Status.READY, Status.PREPARING),
}


@dataclass(frozen=True, slots=True)
class Table:
    """A venue's status table."""

    settings: Settings

    def row(self, status_id: int) -> StatusRow | None:
        """The order status with this id; reservations have none here."""
        rows = (row for row in self.settings.statuses if row.status_for == "order")
        return next((row for row in rows if row.status_id == status_id), None)

    def meaning(self, status_id: int, fulfilment: Fulfilment) -> Meaning:
        """Of an order status; the id must be in the table."""
        row, own = self.row(status_id), self.settings
        if status_id == own.canceled_status:
            return Meaning(Status.CANCELLED, CancelledBy.ATTENDANT)
        if row is not None and row.means == Status.CANCELLED:
            return Meaning(Status.CANCELLED, CancelledBy.ATTENDANT)
        if row is not None and row.means is not None:
            return Meaning(row.means)
        if status_id == own.ready_status:
            return Meaning(Status.READY)
        if status_id in own.completed_statuses:
            return Meaning(Status.COLLECTED)
        if status_id == DELIVERY and status_id in own.processing_statuses:
            delivered = fulfilment == Fulfilment.DELIVERY
            return Meaning(Status.OUT_FOR_DELIVERY if delivered else Status.READY)
        if status_id in KNOWN:
            return Meaning(KNOWN[status_id])
        return Meaning(Status.PREPARING if status_id in own.processing_statuses else Status.PLACED)

    def project(self, face: Face) -> str:
        for status in (face.status, *NEAREST.get(face.status, ())):
            found = self._id_of(status, face.fulfilment)
            if found is not None:
                return str(found)
        return str(self.settings.default_status)

    def _id_of(self, status: Status, fulfilment: Fulfilment) -> int | None:
        own = self.settings
        if status == Status.READY and own.ready_status and self.row(own.ready_status):
            return own.ready_status
        rows = (row.status_id for row in own.statuses if row.status_for == "order")
        return next((i for i in rows if self.meaning(i, fulfilment).status == status), None)


def words_of(settings: Settings) -> Words:
    return Words(NAME, partial(_project, Table(settings)))


def _project(table: Table, face: Face) -> str:
    return table.project(face)
