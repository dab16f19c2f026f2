"""What staff read: the word for a status, the next step of an order, and its history in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.commands.handing_over import WITH_CODE, WITHOUT_CODE
from app.domain.events import Actor, Event, Kind
from app.domain.orders import CancelledBy, Fulfilment, Order, Part, Status
from app.domain.venues import Venue

STATUS_WORDS = {
    Status.SCHEDULED: "Scheduled",
    Status.PLACED: "New",
    Status.QUEUED: "Queued",
    Status.PREPARING: "Preparing",
    Status.REASSIGNING: "Needs a cook",
    Status.READY: "Ready",
    Status.HELD: "Held",
    Status.RESERVING: "Being fetched",
    Status.OUT_FOR_DELIVERY: "Out for delivery",
    Status.COLLECTED: "Collected",
    Status.CANCELLED: "Cancelled",
}

CANCELLED_WORDS = {
    CancelledBy.CUSTOMER: "Cancelled by customer",
    CancelledBy.ATTENDANT: "Cancelled by staff",
    CancelledBy.UNKNOWN: "Cancelled",
}

FULFILMENT_WORDS = {
    Fulfilment.PICKUP: "Take-out",
    Fulfilment.DELIVERY: "Delivery",
    Fulfilment.DINE_IN: "Eat in",
}

HANDED_OVER = {WITH_CODE: "with the guest’s code", WITHOUT_CODE: "without the guest’s code"}


@dataclass(frozen=True, slots=True)
class Step:
    """What one touch does: the status it leads to and the word on the button."""

    status: Status
    label: str


NEXT = {
    Status.SCHEDULED: Step(Status.QUEUED, "Release now"),
    Status.PLACED: Step(Status.QUEUED, "Accept"),
    Status.QUEUED: Step(Status.PREPARING, "Start"),
    Status.PREPARING: Step(Status.READY, "Ready"),
    Status.REASSIGNING: Step(Status.PREPARING, "Start again"),
    Status.READY: Step(Status.COLLECTED, "Collected"),
    Status.HELD: Step(Status.READY, "Ready again"),
    Status.RESERVING: Step(Status.READY, "Ready"),
    Status.OUT_FOR_DELIVERY: Step(Status.COLLECTED, "Delivered"),
}
SENT_OUT = Step(Status.OUT_FOR_DELIVERY, "Sent out")


def next_step(order: Order) -> Step | None:
    """One bump of the whole order; None when it has ended."""
    if order.status == Status.READY and order.fulfilment == Fulfilment.DELIVERY:
        return SENT_OUT
    return NEXT.get(order.status)


IN_KITCHEN = frozenset({Status.QUEUED, Status.PREPARING, Status.REASSIGNING})
SHARED = IN_KITCHEN | {Status.READY, Status.OUT_FOR_DELIVERY}


def next_part_step(status: Status) -> Step | None:
    """One bump of a station's share, which is done once it is ready."""
    return NEXT[status] if status in IN_KITCHEN else None


def share_of(order: Order, station: str) -> Part | None:
    """A station's own part of the order; None while the order waits for something else than the
    kitchen (to be accepted, at the host), which concerns it as a whole."""
    if order.status not in SHARED:
        return None
    return next((part for part in order.parts if part.station == station), None)


def status_word(order: Order) -> str:
    if order.status == Status.CANCELLED:
        return CANCELLED_WORDS[order.cancelled_by or CancelledBy.UNKNOWN]
    return "Partly ready" if order.some_ready else STATUS_WORDS[order.status]


def actor_name(actor: Actor) -> str:
    return f"{actor.name} (API key)" if actor.kind == "key" else actor.name or actor.kind


def clock_time(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%H:%M")


def day_time(at: datetime, venue: Venue, now: datetime) -> str:
    """The time alone within the working day that runs, else with its date."""
    local = at.astimezone(venue.zone)
    return local.strftime("%H:%M" if venue.day(at) == venue.day(now) else "%d %b %H:%M")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order's history."""

    at: str
    who: str
    what: str
    note: str
    doubts: tuple[str, ...] = ()


def history_lines(
    events: Sequence[Event], zone: ZoneInfo, doubts: Mapping[int, Sequence[str]]
) -> list[Line]:
    """`doubts`: why an event is not believable, by its seq."""
    return [
        Line(
            at=event.at.astimezone(zone).strftime("%d %b %H:%M:%S"),
            who=actor_name(event.actor),
            what=what_was_done(event),
            note=str(event.detail.get("note", "")),
            doubts=tuple(doubts.get(event.seq, ())),
        )
        for event in events
    ]


def what_was_done(event: Event) -> str:
    """An event about an order, in words that follow the name of who did it."""
    order, detail = event.order(), event.detail
    match event.kind:
        case Kind.PLACED:
            return f"placed the order: {status_word(order)}"
        case Kind.EDITED if detail.get("wrong_code"):
            return "tried a wrong code"
        case Kind.EDITED:
            return _edit(order, detail.get("changed", []))
        case Kind.PRINT:
            return _print(detail)
        case Kind.DELETED:
            return "deleted the order"
    earlier = STATUS_WORDS[Status(detail["from"])]
    if detail.get("recall"):
        return f"took the last move back: {earlier} → {status_word(order)}"
    if detail.get("handed_over") in HANDED_OVER:
        return f"{earlier} → {status_word(order)}, {HANDED_OVER[detail['handed_over']]}"
    station = detail.get("station")
    share = next((part.status for part in order.parts if part.station == station), None)
    if share is not None:
        return f"{station}: {STATUS_WORDS[share]}"
    return f"{earlier} → {status_word(order)}"


def _print(detail: dict[str, Any]) -> str:
    slips, receipt = len(detail["items"]), "the receipt" if detail["receipt"] else ""
    lines = f"{slips} line{'' if slips == 1 else 's'}" if slips else ""
    return "had printed again: " + " and ".join(filter(None, (lines, receipt)))


def _edit(order: Order, changed: list[str]) -> str:
    if changed == ["customer_here"]:
        return "says: I’m here"
    if changed:
        return "changed " + ", ".join(name.replace("_", " ") for name in changed)
    if order.status == Status.CANCELLED:
        return status_word(order)
    return f"pickup point: {order.place}" if order.place else "pickup point taken away"
