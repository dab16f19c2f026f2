"""A venue opened for change: writes its events, numbered in order."""

from typing import Any

from app.domain.events import Actor, Event, Kind
from app.domain.orders import NATIVE, Order, order_body
from app.domain.problems import OrderNotFound
from app.store import events, orders, venues
from app.store.database import Transaction
from app.store.rows import dump


class Ledger:
    """Events are numbered on from the last one of the venue, be it stored or of this commit."""

    def __init__(self, tx: Transaction, venue: str, actor: Actor, dialect: str = NATIVE) -> None:
        """Open by slug; raises VenueNotFound."""
        self.tx = tx
        self.venue = venues.open_for_change(tx, venue)
        self.actor = actor
        self.dialect = dialect
        self.now = tx.now
        self._stored: dict[str, Order] = {}

    def order(self, order_id: str) -> Order:
        found = orders.find(self.tx, self.venue.id, order_id)
        if found is None:
            raise OrderNotFound(f"There is no order '{order_id}' at this venue.")
        self._stored[order_id] = found
        return found

    def place(self, order: Order, fingerprint: str, detail: dict[str, Any]) -> Order:
        """Store a new order and record that it was placed."""
        order = order.but(seq=self._next_seq())
        body, text = orders.add(self.tx, order, self.venue, fingerprint)
        self._append(Kind.PLACED, order.seq, order.id, body, text, detail, order)
        return order

    def save(self, kind: Kind, order: Order, detail: dict[str, Any]) -> Order:
        """Store an order after a change and record the change."""
        order = order.but(seq=self._next_seq())
        before = self._stored.pop(order.id, None)
        body, text = orders.save(self.tx, order, self.venue, before)
        self._append(kind, order.seq, order.id, body, text, detail, order)
        return order

    def delete(self, order: Order) -> Order:
        """Remove an order; the log keeps what it was."""
        order = order.but(seq=self._next_seq(), updated_at=self.now)
        orders.delete(self.tx, order.id)
        if order.number is not None:
            orders.let_rest(self.tx, order.venue, order.number)
        body = order_body(order)
        self._append(Kind.DELETED, order.seq, order.id, body, dump(body), {})
        return order

    def record(
        self, kind: Kind, subject: str, body: dict[str, Any], detail: dict[str, Any] | None = None
    ) -> int:
        """Record a change to something that is no order (a board, the venue itself); its seq."""
        seq = self._next_seq()
        self._append(kind, seq, subject, body, dump(body), detail or {})
        return seq

    def _next_seq(self) -> int:
        return self.tx.seqs.get(self.venue.id, self.venue.seq) + 1

    def _append(
        self,
        kind: Kind,
        seq: int,
        subject: str,
        body: dict[str, Any],
        text: str,
        detail: dict[str, Any],
        known: Order | None = None,
    ) -> None:
        event = Event(
            venue=self.venue.id,
            seq=seq,
            kind=kind,
            at=self.now,
            actor=self.actor,
            dialect=self.dialect,
            subject=subject,
            body=body,
            detail=detail,
            known=known,
        )
        events.append(self.tx, event, text)
