"""What the public may see: a board's settings, the public card, and which cards show when.

`visible` and `digest` are written again in static/board.js and both are held to the same vectors
in tests/vectors/board.json: a page that drew something else than the server meant finds out.
"""

import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from app.domain.names import shown_name
from app.domain.orders import CancelledBy, Order, Status
from app.domain.times import to_ms


class Column(StrEnum):
    """COLLECTED is drawn greyed among the ready ones: bumped, but not yet gone from the wall."""

    PREPARING = "preparing"
    READY = "ready"
    HOST = "host"
    COLLECTED = "collected"


class Layout(StrEnum):
    STANDARD = "standard"
    EATSA = "eatsa"


class Shows(StrEnum):
    BOTH = "both"
    NUMBER = "number"
    NAME = "name"


class Access(StrEnum):
    OPEN = "open"
    PAIRED = "paired"


class Theme(StrEnum):
    """SKY, AMBER and GREEN are dark and named after their ready tiles; BRIGHT is for daylight."""

    SKY = "sky"
    AMBER = "amber"
    GREEN = "green"
    BRIGHT = "bright"


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Settings of one board. The venue's default board has the slug "".

    `tv_inches` and `distance_m` (to the last person) give the sizes; `ready_side` is the side
    nearest the counter; lines of `notice` take turns at the foot. `host_minutes`: how long a
    cancelled-by-attendant order says See Host. `dwell_seconds`: the least time a ready order stays
    on the wall, bumped or not (the honest-board guard).
    """

    slug: str = ""
    title: str = ""
    layout: Layout = Layout.STANDARD
    shows: Shows = Shows.BOTH
    access: Access = Access.OPEN
    show_placed: bool = False
    ready_minutes: int | None = None
    host_minutes: int = 10
    dwell_seconds: int = 60
    tv_inches: int = 55
    distance_m: float = 4.5
    ready_side: str = "right"
    theme: Theme = Theme.SKY
    calm: bool = False
    language: str = "en"
    notice: str = ""
    revision: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCard:
    """Everything a public surface may say of an order; times are server milliseconds.

    `since`: when it came into its column. `until`: when it leaves the board by itself, or None.
    `wait`: minutes [from, to], only when believable; else None.
    """

    key: str
    number: str | None
    name: str | None
    column: Column
    place: str
    stations_ready: tuple[str, ...]
    since: int
    until: int | None
    wait: tuple[int, int] | None


def card(order: Order, board: Board) -> PublicCard | None:
    """The order as this board shows it, or None where the board shows it at no time."""
    column = _column(order, board)
    if column is None:
        return None
    until = _until(order, board, column)
    return PublicCard(
        key=order.key,
        number=None if _names_only(board) and shown_name(order) else order.number,
        name=None if _numbers_only(board) and order.number else shown_name(order),
        column=column,
        place=order.place if column == Column.READY else "",
        stations_ready=_stations_ready(order) if column == Column.PREPARING else (),
        since=_since(order, column),
        until=until,
        wait=None,
    )


def card_body(card: PublicCard) -> dict[str, Any]:
    """The card as JSON carries it, the same on every public surface."""
    return asdict(card)


def _names_only(board: Board) -> bool:
    return board.layout == Layout.EATSA or board.shows == Shows.NAME


def _numbers_only(board: Board) -> bool:
    return board.layout != Layout.EATSA and board.shows == Shows.NUMBER


def _column(order: Order, board: Board) -> Column | None:
    strict = board.layout == Layout.EATSA
    match order.status:
        case Status.READY:
            return Column.READY
        case Status.HELD:
            return Column.HOST
        case Status.CANCELLED:
            return Column.HOST if order.cancelled_by == CancelledBy.ATTENDANT else None
        case Status.COLLECTED:
            seen_ready = order.ready_at is not None and not order.pickup_confirmed
            return Column.COLLECTED if seen_ready and not strict else None
        case Status.QUEUED | Status.PREPARING | Status.REASSIGNING | Status.RESERVING:
            return None if strict else Column.PREPARING
        case Status.PLACED:
            return Column.PREPARING if board.show_placed and not strict else None
        case _:
            return None


def _since(order: Order, column: Column) -> int:
    if column == Column.PREPARING:
        return to_ms(order.placed_at)
    if column == Column.HOST:
        return to_ms(order.moved_at)
    return to_ms(order.ready_at or order.moved_at)


def _until(order: Order, board: Board, column: Column) -> int | None:
    ends = [order.off_board_at]
    if column == Column.COLLECTED and order.ready_at:
        ends.append(order.ready_at + timedelta(seconds=board.dwell_seconds))
    if column == Column.READY and board.ready_minutes and order.ready_at:
        ends.append(order.ready_at + timedelta(minutes=board.ready_minutes))
    if column == Column.HOST and order.status == Status.CANCELLED:
        ends.append((order.cancelled_at or order.moved_at) + timedelta(minutes=board.host_minutes))
    known = [to_ms(end) for end in ends if end is not None]
    return min(known) if known else None


def _stations_ready(order: Order) -> tuple[str, ...]:
    if not order.some_ready:
        return ()
    return tuple(part.station for part in order.parts if part.status == Status.READY)


ORDER_OF_COLUMNS = {Column.READY: 0, Column.COLLECTED: 0, Column.HOST: 1, Column.PREPARING: 2}
ASCII_DIGITS = frozenset("0123456789")


def visible(cards: Iterable[PublicCard], at: int) -> list[PublicCard]:
    """The cards on the wall at server millisecond `at`, in drawing order: ready and collected
    newest first, then See Host newest first, then preparing by number ascending."""
    return sorted((c for c in cards if c.until is None or at < c.until), key=_drawing_order)


def _drawing_order(card: PublicCard) -> tuple[int, int, str, str, str]:
    """Digits are compared as text by length, because a script's numbers end at 2**53."""
    rank = ORDER_OF_COLUMNS[card.column]
    if card.column != Column.PREPARING:
        return (rank, -card.since, "", "", card.key)
    number = card.number or ""
    digits = "".join(ch for ch in number if ch in ASCII_DIGITS)
    significant = digits.lstrip("0")
    return (rank, len(significant) if digits else 999, significant, number, card.key)


def digest(cards: Iterable[PublicCard], at: int) -> str:
    """CRC-32 (8 hex characters) of what is visible at `at`; a page compares it with its own."""
    lines = "".join(_digest_line(card) for card in visible(cards, at))
    return f"{zlib.crc32(lines.encode()):08x}"


def _digest_line(card: PublicCard) -> str:
    stations = ",".join(card.stations_ready)
    return "|".join(
        [card.key, card.column, card.number or "", card.name or "", card.place, stations + "\n"]
    )
