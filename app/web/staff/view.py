"""The pad as staff see it: which column an order stands in, and all that its card shows."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from unicodedata import combining, normalize

from app.domain.names import shown_name
from app.domain.orders import CancelledBy, LineItem, Order, Status
from app.domain.times import to_ms
from app.domain.unlocking import unlock_code_of
from app.domain.venues import PickupPoint, Venue
from app.web.staff.words import (
    FULFILMENT_WORDS,
    IN_KITCHEN,
    STATUS_WORDS,
    Step,
    clock_time,
    next_part_step,
    next_step,
    share_of,
    status_word,
)

COLUMN_OF = {
    Status.SCHEDULED: "new",
    Status.PLACED: "new",
    Status.QUEUED: "progress",
    Status.PREPARING: "progress",
    Status.REASSIGNING: "progress",
    Status.RESERVING: "progress",
    Status.READY: "ready",
    Status.OUT_FOR_DELIVERY: "ready",
    Status.HELD: "host",
    Status.CANCELLED: "host",
}
COLUMNS = {
    "new": ("New", "No new orders"),
    "progress": ("In progress", "Nothing to make"),
    "ready": ("Ready", "Nothing to hand out"),
    "host": ("See host", "Nobody waits here"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    station: str
    word: str
    status: Status
    step: Step | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """`rev` changes whenever the card would be drawn differently, its age apart. `step` is what
    the big button does; `part` is the station it does it for, or None for the whole order."""

    id: str
    seq: int
    rev: str
    column: str
    number: str
    name: str
    status: Status
    word: str
    step: Step | None
    part: str | None
    parts: tuple[PartView, ...]
    items: tuple[LineItem, ...]
    note: str
    channel: str
    where: str
    scheduled: str
    due: int
    since: int
    minutes: int
    ageing: str
    place: str
    needs_point: bool
    customer_here: bool
    needs_code: bool
    points: tuple[PickupPoint, ...]
    can_hold: bool
    live: bool
    search: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    slug: str
    title: str
    empty: str
    cards: tuple[CardView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PadView:
    """`at` is the server's millisecond, from which pages count ages; `others` are the people who
    have the pad open too."""

    at: int
    seq: int
    columns: tuple[ColumnView, ...]
    stations: tuple[str, ...]
    station: str
    text: str
    others: tuple[str, ...] = ()


def pad_view(
    venue: Venue,
    orders: Iterable[Order],
    points: Iterable[PickupPoint],
    now: datetime,
    station: str = "",
    text: str = "",
) -> PadView:
    """The pad of a venue, or of one station of it, or of what a search text finds."""
    # What is due in one moment stands as it was placed: a commit has only one moment.
    orders = sorted(orders, key=lambda order: order.serial)
    free = tuple(point for point in points if point.free)
    cards = [
        card_view(order, venue, free, now, station) for order in orders if _has(order, station)
    ]
    wanted = _folded(text.strip())
    found = [card for card in cards if wanted in card.search]
    return PadView(
        at=to_ms(now),
        seq=venue.seq,
        columns=tuple(
            ColumnView(
                slug=slug,
                title=title,
                empty=empty,
                cards=tuple(sorted((c for c in found if c.column == slug), key=_turn)),
            )
            for slug, (title, empty) in COLUMNS.items()
        ),
        stations=_stations(orders),
        station=station,
        text=text,
    )


def card_view(
    order: Order,
    venue: Venue,
    free: tuple[PickupPoint, ...],
    now: datetime,
    station: str = "",
) -> CardView:
    part = share_of(order, station)
    status = part.status if part else order.status
    since = _since(order, venue)
    minutes = max(0, int((now - since).total_seconds() // 60))
    points = free if order.status == Status.READY else ()
    return CardView(
        id=order.id,
        seq=order.seq,
        rev=f"{order.seq}.{zlib.crc32('|'.join(point.name for point in points).encode()):x}",
        column=COLUMN_OF.get(status, "ready"),
        number=order.number or "",
        name=shown_name(order) or "",
        status=status,
        word=status_word(order) if part is None else STATUS_WORDS[status],
        step=next_step(order) if part is None else next_part_step(status),
        part=part.station if part else None,
        parts=() if station else _parts(order),
        items=tuple(
            item
            for item in order.items
            if not station or (item.station or venue.default_station) == station
        ),
        note=order.note,
        channel=order.channel,
        where=f"Table {order.table}" if order.table else FULFILMENT_WORDS[order.fulfilment],
        scheduled=clock_time(order.scheduled_at, venue.zone) if order.scheduled_at else "",
        due=to_ms(order.scheduled_at or since),
        since=to_ms(since),
        minutes=minutes,
        ageing=_ageing(status, minutes, venue),
        place=order.place,
        needs_point=order.wants_point,
        customer_here=order.customer_here,
        needs_code=order.live and unlock_code_of(order) is not None,
        points=points,
        can_hold=order.live and order.status != Status.HELD,
        live=order.live,
        search=_search_text(order),
    )


def _has(order: Order, station: str) -> bool:
    if not station:
        return True
    return order.live and any(part.station == station for part in order.parts)


def _parts(order: Order) -> tuple[PartView, ...]:
    if len(order.parts) < 2:
        return ()
    kitchen = order.status in IN_KITCHEN
    return tuple(
        PartView(
            station=part.station,
            word=STATUS_WORDS[part.status],
            status=part.status,
            step=next_part_step(part.status) if kitchen else None,
        )
        for part in order.parts
    )


def _since(order: Order, venue: Venue) -> datetime:
    """What the age counts from: waiting since it was placed or released, else since it moved."""
    match order.status:
        case Status.READY:
            return order.ready_at or order.moved_at
        case Status.SCHEDULED | Status.HELD | Status.CANCELLED | Status.OUT_FOR_DELIVERY:
            return order.moved_at
        case _:
            released = order.scheduled_at and order.scheduled_at - venue.lead
            return max(order.placed_at, released or order.placed_at)


def _ageing(status: Status, minutes: int, venue: Venue) -> str:
    if status in (Status.SCHEDULED, Status.CANCELLED):
        return ""
    return (
        "late" if minutes >= venue.late_minutes else "slow" if minutes >= venue.slow_minutes else ""
    )


def _turn(card: CardView) -> tuple[bool, int]:
    """Whose guest stands at the counter comes first, then the oldest or the first due."""
    return (not card.customer_here, card.due)


def _stations(orders: Iterable[Order]) -> tuple[str, ...]:
    """Stations there is a choice of; none when all work is done in one place."""
    found = dict.fromkeys(part.station for order in orders if order.live for part in order.parts)
    return tuple(sorted(found)) if len(found) > 1 else ()


def _search_text(order: Order) -> str:
    words = [order.number, shown_name(order), order.first_name, order.last_name, order.table]
    words += [order.ref, order.phone, order.note, order.channel, order.place]
    words += [item.name for item in order.items]
    return _folded(" ".join(word for word in words if word))


def _folded(text: str) -> str:
    """Without case and accents, so that "tiramisu" finds Tiramisù. The page's script does the same
    to what is typed."""
    bare = (letter for letter in normalize("NFD", text) if not combining(letter))
    return "".join(bare).casefold()


def see_host(order: Order) -> bool:
    """Whether an ended order still belongs on the pad: its guest is being sent to the host."""
    return order.status == Status.CANCELLED and order.cancelled_by == CancelledBy.ATTENDANT
