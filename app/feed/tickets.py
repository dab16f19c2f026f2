"""The encoding of guests' tickets: one channel a venue, each frame for the guest of one order."""

from typing import Any

from app.domain.board import Board
from app.domain.events import ORDER_KINDS, Event, Kind
from app.domain.tickets import ticket, ticket_body
from app.domain.times import to_ms
from app.feed.encodings import EventEncoding
from app.feed.frames import Frame, Position, encode


def tag_of(order: str) -> str:
    """What the frames of an order are picked by."""
    return f"order:{order}"


class TicketEncoding(EventEncoding):
    """Its state is the venue's default board, which says what guests are called. No `hello` holds
    any order: a page brings its own, and asks for it again when it hears one."""

    board = Board()

    def start(self, state: Any) -> None:
        self.board = state

    def frame(self, event: Event, position: Position) -> Frame | None:
        if event.kind not in ORDER_KINDS:
            return None
        name = "gone"
        body: dict[str, Any] = {"seq": event.seq, "at": to_ms(event.at)}
        if event.kind != Kind.DELETED:
            name = "ticket"
            body |= {"ticket": ticket_body(ticket(event.order(), self.board))}
        return encode(name, event.seq, body, position, frozenset({tag_of(event.subject)}))

    def needs_fresh(self, event: Event) -> bool:
        settings = event.kind == Kind.BOARD and event.subject in ("venue", "board:")
        return settings or super().needs_fresh(event)
