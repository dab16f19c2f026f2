"""What the public may see: a board's settings, the public card, and which cards show when.

`visible` and `digest` are written again in static/board.js and both are held to the same vectors
in tests/vectors/board.json: a page that drew something else than the server meant finds out.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from app.domain.aliases import alias_of
from app.domain.names import public_name
from app.domain.orders import CancelledBy, Fulfilment, Order, Status
from app.domain.times import to_ms

# Apart from the other statuses because most orders are in one of these: it is found at once.
IN_PREPARATION = frozenset({Status.QUEUED, Status.PREPARING, Status.REASSIGNING, Status.RESERVING})


class Column(StrEnum):
    """COLLECTED is drawn greyed among the ready ones: bumped, but not yet gone from the wall."""

    PREPARING = "preparing"
    READY = "ready"
    HOST = "host"
    COLLECTED = "collected"


class Layout(StrEnum):
    """EATSA shows ready names and See Host only; POINT is the screen of one pickup point."""

    STANDARD = "standard"
    EATSA = "eatsa"
    POINT = "point"


class Lanes(StrEnum):
    BOTH = "both"
    READY = "ready"
    PREPARING = "preparing"


class Shows(StrEnum):
    BOTH = "both"
    NUMBER = "number"
    NAME = "name"
    ALIAS = "alias"


class Names(StrEnum):
    """How a guest's name is written: `John D.` or `J. D.`"""

    INITIAL = "initial"
    INITIALS = "initials"


class Access(StrEnum):
    OPEN = "open"
    PAIRED = "paired"


class Theme(StrEnum):
    """NIGHT for dim halls and OLED, DAY for sunlit tents, CONTRAST for low vision; OWN is made of
    the venue's colours."""

    NIGHT = "night"
    DAY = "day"
    CONTRAST = "contrast"
    OWN = "own"


class ReadyColour(StrEnum):
    SKY = "sky"
    AMBER = "amber"
    GREEN = "green"


class Sound(StrEnum):
    OFF = "off"
    CHIME = "chime"
    SPEECH = "speech"


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Settings of one board. The venue's default board has the slug "".

    What it shows: `stations`, `fulfilments` and `points` (names of pickup points) narrow it down,
    empty ones do not. `words`: headings in place of our own, by `ready`, `preparing`, `host` and
    `please`. `blocked_words`: names holding one are not shown. `show_placed`: orders nobody has
    accepted yet stand among the preparing ones.

    When it shows it: `host_minutes`: how long a cancelled-by-attendant order says See Host.
    `dwell_seconds`: the least time a ready order stays on the wall, bumped or not (the
    honest-board guard). `please_minutes`: after so long a ready order is asked to the counter.
    `opens` and `closes` (HH:MM of the venue's clock, or empty): dimmed outside of them.

    How: `tv_inches` and `distance_m` (to the last person) give the sizes, `sized` says that
    somebody was asked for them; `ready_side` is the side nearest the counter; lines of `notice`
    take turns at the foot; `second_language` takes turns with the first. `logo` names a picture,
    `order_url` stands as a QR code on an empty board. The `own_…` colours are #RRGGBB.

    What is heard: `volume` in percent, nothing between `quiet_from` and `quiet_to`;
    `repeat_calls`: once more after two and five minutes.
    """

    slug: str = ""
    title: str = ""
    layout: Layout = Layout.STANDARD
    lanes: Lanes = Lanes.BOTH
    stations: tuple[str, ...] = ()
    fulfilments: tuple[Fulfilment, ...] = ()
    points: tuple[str, ...] = ()
    words: dict[str, str] = field(default_factory=dict)
    shows: Shows = Shows.BOTH
    names: Names = Names.INITIAL
    blocked_words: tuple[str, ...] = ()
    access: Access = Access.OPEN
    show_placed: bool = False
    ready_minutes: int | None = None
    host_minutes: int = 10
    dwell_seconds: int = 60
    please_minutes: int | None = None
    opens: str = ""
    closes: str = ""
    tv_inches: int = 55
    distance_m: float = 4.5
    sized: bool = False
    ready_side: str = "right"
    theme: Theme = Theme.NIGHT
    ready_colour: ReadyColour = ReadyColour.SKY
    own_wall: str = "#0B0F14"
    own_ink: str = "#FFFFFF"
    own_ready: str = "#58C4FF"
    own_ready_ink: str = "#0B0F14"
    logo: str = ""
    calm: bool = False
    language: str = "en"
    second_language: str = ""
    notice: str = ""
    order_url: str = ""
    sound: Sound = Sound.OFF
    volume: int = 80
    repeat_calls: bool = True
    quiet_from: str = ""
    quiet_to: str = ""
    revision: int = 1


@dataclass(slots=True, kw_only=True)  # a frozen one takes several times as long to make
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
    number, name = called(order, board)
    return PublicCard(
        key=order.key,
        number=number,
        name=name,
        column=column,
        place=order.place if column == Column.READY else "",
        stations_ready=_stations_ready(order, board) if column == Column.PREPARING else (),
        since=_since(order, column),
        until=_until(order, board, column),
        wait=None,
    )


def card_body(card: PublicCard) -> dict[str, Any]:
    """The card as JSON carries it, the same on every public surface."""
    return {
        "key": card.key,
        "number": card.number,
        "name": card.name,
        "column": card.column,
        "place": card.place,
        "stations_ready": card.stations_ready,
        "since": card.since,
        "until": card.until,
        "wait": card.wait,
    }


def called(order: Order, board: Board) -> tuple[str | None, str | None]:
    """Number and name as this board shows them; a guest is never left with neither."""
    if board.shows == Shows.ALIAS:
        return None, alias_of(order.serial, board.language)
    initials = board.names == Names.INITIALS
    name = public_name(order, initials=initials, blocked=board.blocked_words)
    if board.layout == Layout.EATSA or board.shows == Shows.NAME:
        return (None if name else order.number), name
    if board.shows == Shows.NUMBER and order.number:
        return order.number, None
    return order.number, name


def _wanted(order: Order, board: Board) -> bool:
    """Whether the order passes the board's filters. One that has no place yet may still be handed
    out at any point."""
    if board.fulfilments and order.fulfilment not in board.fulfilments:
        return False
    if board.points and order.place and order.place not in board.points:
        return False
    return not board.stations or any(part.station in board.stations for part in order.parts)


def _column(order: Order, board: Board) -> Column | None:
    if not _wanted(order, board):
        return None
    column = _column_of_status(order, board)
    if column == Column.PREPARING:
        return None if board.lanes == Lanes.READY else column
    if column in (Column.READY, Column.COLLECTED):
        return None if board.lanes == Lanes.PREPARING else column
    return column


def _column_of_status(order: Order, board: Board) -> Column | None:
    if board.layout == Layout.POINT:
        return Column.READY if order.status == Status.READY and order.place else None
    strict = board.layout == Layout.EATSA
    if order.status in IN_PREPARATION:
        return None if strict else Column.PREPARING
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


def _stations_ready(order: Order, board: Board) -> tuple[str, ...]:
    if not order.some_ready:
        return ()
    ready = (part.station for part in order.parts if part.status == Status.READY)
    return tuple(name for name in ready if not board.stations or name in board.stations)


def asked_to_counter(card: PublicCard, board: Board, at: int) -> bool:
    """Whether a ready order has waited so long that the board says "please come"."""
    if card.column != Column.READY or board.please_minutes is None:
        return False
    return at >= card.since + board.please_minutes * 60_000


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
