"""MySagra's event channels: which events each carries, and their payloads. Printers lose their
place in the text at every read, so a frame is one piece and never comes in two."""

import re
from collections.abc import Callable
from typing import Any

from app.dialects.mysagra import payloads
from app.dialects.mysagra.ids import shown_id
from app.dialects.mysagra.words import NAME, WORDS, project
from app.domain.events import ORDER_KINDS, Event, Kind
from app.domain.faces import face_from
from app.domain.orders import Order
from app.domain.printing import confirms
from app.feed.frames import KEEP_ALIVE, Frame, Position, sse_block

CHANNELS = ("cashier", "display", "printer", "ticket")
# With the bytes HTTP puts around it still one TLS record: a reader may take more in two reads.
MOST_AT_ONCE = 16_000
PER_EPOCH = 10**10  # their ids are whole numbers that only grow
NUMBER = re.compile(r"[0-9]{1,18}")

Said = list[tuple[str, dict[str, Any]]]  # event name and payload


class ChannelEncoding:
    """One channel. It has no state and no greeting: without Last-Event-ID a client is told what
    happens from now on."""

    plain = True
    most_at_once = MOST_AT_ONCE

    def __init__(self, channel: str) -> None:
        self._channel = channel

    def start(self, state: Any) -> None:
        """Nothing is kept."""

    def position(self, text: str | None, slug: str) -> Position | None:
        """Of a whole number as we gave it out; None for anything else, which is not an error."""
        if text is None or not NUMBER.fullmatch(text):
            return None
        epoch, seq = divmod(int(text), PER_EPOCH)
        return Position(slug, epoch, seq)

    def take(self, event: Event, position: Position) -> Frame | None:
        return self.frame(event, position)

    def frame(self, event: Event, position: Position) -> Frame | None:
        said = told(event, self._channel)
        if not said:
            return None
        number = position.epoch * PER_EPOCH + position.seq
        # Whoever comes back after the first of two must be given both again.
        blocks = [sse_block(name, payload) for name, payload in said[:-1]]
        blocks.append(sse_block(*said[-1], str(number)))
        return Frame(event.seq, b"".join(blocks))

    def needs_fresh(self, event: Event) -> bool:
        return False

    def hello_frame(self, position: Position, at: int) -> Frame | None:
        return None

    def beat_frame(self, seq: int, at: int) -> Frame:
        return Frame(seq, KEEP_ALIVE, fleeting=True)


def told(event: Event, channel: str) -> Said:
    """What an event says on a channel: names and payloads in order, mostly one or none."""
    if event.kind in ORDER_KINDS:
        return _of_order(event, event.order(), channel)
    return [(name, said) for name, on, said in _of_others(event) if channel == on]


def _of_order(event: Event, order: Order, channel: str) -> Said:
    after = WORDS.word_of(order)
    match event.kind:
        case Kind.PLACED:
            return _placed(order, after, channel)
        case Kind.DELETED:
            return [] if after in ("PENDING", "CANCELLED") else _cancelled(order, channel)
        case Kind.PART:
            # Whichever station moved first: the kitchen has no slip of the order yet.
            said = _confirmed(order, channel) if confirms(event) else []
            return said + _station_update(order, event.detail.get("station"), channel)
    before = _word_before(event, after)
    if before == after:
        return []
    if after == "CANCELLED":
        return [] if before == "PENDING" else _cancelled(order, channel)
    # MySagra's own PATCH confirms nothing, whatever it writes.
    confirmed = confirms(event) or (before == "PENDING" and event.dialect != NAME)
    said = _confirmed(order, channel) if confirmed else []
    if (confirmed, before, after) == (True, "PENDING", "CONFIRMED"):
        return said
    return said + _status_update(order, after, channel)


def _word_before(event: Event, after: str) -> str:
    """What a MySagra client read before the event."""
    detail = event.detail
    if "face_from" not in detail:  # a pickup point was handed on, or the like: no move
        return after
    if detail["dialect_from"] == NAME:
        return str(detail["native_from"])
    return project(face_from(detail["face_from"]))


def _placed(order: Order, word: str, channel: str) -> Said:
    if word == "CANCELLED":
        return []
    if word == "PENDING":
        return [("new-order", payloads.full_order(order))] if channel == "cashier" else []
    said = _confirmed(order, channel)
    return said if word == "CONFIRMED" else said + _status_update(order, word, channel)


def _confirmed(order: Order, channel: str) -> Said:
    payload = payloads.short_fields(order)
    if channel == "display":
        payload |= {"ordersStations": payloads.station_ids(order)}
    elif channel != "cashier":
        payload = payloads.full_order(order)
    return [("confirmed-order", payload)]


def _status_update(order: Order, word: str, channel: str) -> Said:
    if channel == "printer":
        return []
    return [("order-status-update", payloads.short_fields(order) | {"status": word})]


def _station_update(order: Order, station: str | None, channel: str) -> Said:
    if channel not in ("display", "ticket"):
        return []
    return [
        (
            "order-station-status-update",
            {
                "orderId": shown_id(order.id),
                "stationId": payloads.station_id(order, part.station),
                "status": WORDS.part_word(part),
            },
        )
        for part in order.parts
        if part.station == station
    ]


def _cancelled(order: Order, channel: str) -> Said:
    short = payloads.short_fields(order) | {"status": "CANCELLED"}
    if channel != "printer":
        return [("order-cancelled", short)]
    whole = payloads.list_fields(order)
    return [
        (
            "order-cancelled",
            {
                "orderId": short["id"],
                "ticketNumber": short["ticketNumber"],
                "displayCode": short["displayCode"],
                "customer": whole["customer"],
                "table": whole["table"],
                "status": "CANCELLED",
                "printers": payloads.printers(order),
            },
        )
    ]


def _of_others(event: Event) -> list[tuple[str, str, dict[str, Any]]]:
    """Event name, its one channel, and the payload."""
    make = OTHERS.get(event.kind)
    return [] if make is None else make(event)


def _reprint(event: Event) -> list[tuple[str, str, dict[str, Any]]]:
    order = event.order()
    payload = payloads.list_fields(order) | {
        "orderItems": payloads.reprint_items(order),
        "reprintOrderItems": payloads.reprint_items(order, event.detail["items"]),
        "reprintReceipt": event.detail["receipt"],
    }
    return [("reprint-order", "printer", payload)]


def _drawer(event: Event) -> list[tuple[str, str, dict[str, Any]]]:
    printer = event.body["printer"]
    payload = {
        "cashRegisterId": shown_id(event.body["register"]),
        "printerId": shown_id(printer) if printer else None,
    }
    return [("open-drawer", "printer", payload)]


def _closure(event: Event) -> list[tuple[str, str, dict[str, Any]]]:
    return [("general-closure", "printer", event.body)]


def _menu(event: Event) -> list[tuple[str, str, dict[str, Any]]]:
    name = {"item": "food", "category": "category"}.get(event.body["kind"])
    if name is None or "available" not in event.detail.get("changed", ()):
        return []
    payload = {"id": shown_id(event.body["id"]), "available": event.body["available"]}
    return [(f"{name}-availability-changed", "cashier", payload)]


def _printer(event: Event) -> list[tuple[str, str, dict[str, Any]]]:
    payload = {"id": shown_id(event.body["id"]), "status": event.body["status"]}
    return [("printer-status-changed", "cashier", payload)]


OTHERS: dict[Kind, Callable[[Event], list[tuple[str, str, dict[str, Any]]]]] = {
    Kind.PRINT: _reprint,
    Kind.DRAWER: _drawer,
    Kind.CLOSURE: _closure,
    Kind.MENU: _menu,
    Kind.PRINTER: _printer,
}
