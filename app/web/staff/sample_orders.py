"""Made-up orders for a board's preview, the same ones every time."""

from datetime import datetime, timedelta

from app.domain.board import Board, PublicCard, card
from app.domain.orders import Fulfilment, Order, Part, Status
from app.domain.venues import Venue

NAMES = (
    ("Ana", "Bauer"), ("Christopher", "James"), ("Zoë", "Martin"), ("Mary Jane", "Watson"),
    ("Li", "Wei"), ("Omar", "Haddad"), ("Bo", ""), ("Giulia", "Rossi"),
)  # fmt: skip
# One of ten each waits at the counter or was asked for by name; four are ready.
STATUSES = (
    Status.READY, Status.PREPARING, Status.READY, Status.PREPARING, Status.QUEUED, Status.READY,
    Status.PREPARING, Status.HELD, Status.READY, Status.PREPARING,
)  # fmt: skip


def sample_cards(board: Board, count: int, now: datetime, venue: Venue) -> list[PublicCard]:
    """What the board would show of `count` orders."""
    made = (_order(n, count, board, now, venue) for n in range(count))
    return [shown for order in made if (shown := card(order, board)) is not None]


def _order(n: int, count: int, board: Board, now: datetime, venue: Venue) -> Order:
    status = STATUSES[n % len(STATUSES)] if count != 5 or n != 4 else Status.HELD
    first, last = NAMES[n % len(NAMES)]
    moved = now - timedelta(minutes=2 + n % 40, seconds=n % 60)
    ready = status == Status.READY
    station = board.stations[0] if board.stations else venue.default_station
    places = board.points or ("Window 1", "Window 2")
    return Order(
        id=f"{n:024x}",
        venue=venue.id,
        serial=n + 1,
        key=f"{n:08x}",
        status=status,
        placed_at=moved,
        moved_at=moved,
        updated_at=moved,
        parts=(Part(station=station, status=status),),
        number=str(101 + n * 7 % 899),
        first_name=first,
        last_name=last,
        fulfilment=board.fulfilments[0] if board.fulfilments else Fulfilment.PICKUP,
        place=places[n % len(places)] if ready and n % 3 == 0 else "",
        ready_at=moved if ready else None,
    )
