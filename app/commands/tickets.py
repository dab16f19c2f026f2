"""A guest's ticket: open it, say "I'm here", ask to be told, and how long it may take."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from app.commands.ledger import Ledger
from app.commands.status import Move, change_status
from app.domain.board import Board
from app.domain.events import Actor, Kind
from app.domain.orders import Order, Status
from app.domain.problems import TicketNotFound
from app.domain.tickets import (
    CALLING,
    KEY_BYTES,
    WAITING,
    Ticket,
    fits,
    is_open,
    may_arrive,
    order_in,
    state_of,
    ticket,
)
from app.domain.times import to_ms
from app.domain.venues import Venue
from app.domain.waiting import LOOK_BACK, Outlook, still_to_go
from app.feed.channel import Snapshot
from app.store import orders, tickets, venues
from app.store.database import Done, Outcome, Reading, Transaction, Unchanged

GUEST = Actor(kind="guest", name="The guest")
KEY_NAME = "tickets"
OUTLOOK_LASTS = 30_000  # milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTicket:
    """What a link opens. `order` is the id, for the stream; `at` the moment it was read at;
    `asked`: the guest wants to be told by phone."""

    venue: Venue
    board: Board
    order: str
    ticket: Ticket
    at: datetime
    asked: bool


def ticket_key(tx: Transaction) -> Outcome[bytes]:
    """The secret all links are made with; made when there is none yet."""
    known = tickets.secret(tx, KEY_NAME)
    if known is not None:
        return Unchanged(known)
    tickets.keep_secret(tx, KEY_NAME, secrets.token_bytes(KEY_BYTES))
    kept = tickets.secret(tx, KEY_NAME)  # another process may have been first
    assert kept is not None
    return Done(kept)


def open_ticket(tx: Reading, *, key: bytes, token: str, waiting: "WaitingTimes") -> OpenTicket:
    """Raises TicketNotFound: forged, unknown and over are one and the same."""
    venue, board, order = _opened(tx, key, token)
    band, placed = None, to_ms(order.placed_at)
    if state_of(order) in WAITING and order.scheduled_at is None:
        stations = frozenset(part.station for part in order.parts)
        band = waiting.outlook(tx, venue.id).band(stations, placed)
    return OpenTicket(
        venue=venue,
        board=board,
        order=order.id,
        ticket=ticket(order, board, still_to_go(band, placed, to_ms(tx.now))),
        at=tx.now,
        asked=tickets.wished(tx, order.id),
    )


def say_here(tx: Transaction, *, key: bytes, token: str) -> Outcome[Order]:
    """Tell the staff that the guest stands at the counter; one who was sent there is now being
    served. Saying it again changes nothing. Raises TicketNotFound."""
    venue, _, order = _opened(tx, key, token)
    if not may_arrive(order):
        return Unchanged(order)
    if order.status == Status.HELD:
        move = Move(status=Status.RESERVING)
        return change_status(tx, venue=venue.slug, order=order.id, move=move, actor=GUEST)
    ledger = Ledger(tx, venue.slug, GUEST)
    here = order.but(customer_here=True, updated_at=ledger.now)
    return Done(ledger.save(Kind.EDITED, here, {"changed": ["customer_here"]}))


def ask_to_be_told(tx: Transaction, *, key: bytes, token: str, language: str) -> Outcome[None]:
    """Note that the guest's phone wants a message once the order is ready, or the guest is asked
    to the counter. What the guest sees already is not told. Raises TicketNotFound."""
    _, _, order = _opened(tx, key, token)
    if not order.live or tickets.wished(tx, order.id):
        return Unchanged(None)
    state = state_of(order)
    told = state if state in CALLING else ""
    tickets.add_wish(tx, order.id, language, seen=order.seq, told=told)
    return Done(None)


def ticket_snapshot(tx: Reading, *, venue: str) -> Snapshot:
    """Where the stream of a venue's tickets begins. Raises VenueNotFound."""
    found = venues.open_by_slug(tx, venue)
    board = _board(tx, found)
    return Snapshot(venue=found.id, slug=found.slug, epoch=found.epoch, seq=found.seq, state=board)


class WaitingTimes:
    """The outlook of each venue, made anew at most every 30 s, however many guests look."""

    def __init__(self) -> None:
        self._known: dict[str, Outlook] = {}

    def outlook(self, tx: Reading, venue: str) -> Outlook:
        now, known = to_ms(tx.now), self._known.get(venue)
        if known is None or now - known.at >= OUTLOOK_LASTS:
            known = Outlook(tickets.makings(tx, venue, now - LOOK_BACK), now)
            self._known[venue] = known
        return known


def _opened(tx: Reading, key: bytes, token: str) -> tuple[Venue, Board, Order]:
    order_id = order_in(token)
    order = orders.find_anywhere(tx, order_id) if order_id else None
    if order is None or not fits(token, key, order.venue, order.id) or not is_open(order, tx.now):
        raise TicketNotFound("Ask at the counter if your order is still to come.")
    venue = venues.by_id(tx, order.venue)
    assert venue is not None
    return venue, _board(tx, venue), order


def _board(tx: Reading, venue: Venue) -> Board:
    return venues.board(tx, venue.id) or Board()
