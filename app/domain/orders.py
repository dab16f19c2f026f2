"""An order and what it is made of, and the one stored form of it (a JSON object)."""

import secrets
from dataclasses import MISSING, dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

from app.domain.times import from_ms, to_ms

NATIVE = "native"  # the dialect name of Readyboard's own API and pages
TEN_THOUSAND = 10_000
NOTHING = Decimal(0)
# The fields of an order that are times; most orders have few of them.
TIMES = (
    "placed_at", "moved_at", "updated_at", "scheduled_at", "confirmed_at", "preparing_at",
    "ready_at", "collected_at", "cancelled_at", "off_board_at",
)  # fmt: skip


class Status(StrEnum):
    SCHEDULED = "scheduled"
    PLACED = "placed"
    QUEUED = "queued"
    PREPARING = "preparing"
    REASSIGNING = "reassigning"
    READY = "ready"
    HELD = "held"
    RESERVING = "reserving"
    OUT_FOR_DELIVERY = "out_for_delivery"
    COLLECTED = "collected"
    CANCELLED = "cancelled"


class Fulfilment(StrEnum):
    PICKUP = "pickup"
    DELIVERY = "delivery"
    DINE_IN = "dine_in"


class CancelledBy(StrEnum):
    CUSTOMER = "customer"
    ATTENDANT = "attendant"
    UNKNOWN = "unknown"


# Calling an enum to look a member up takes ten times as long, and orders are read all the time.
STATUSES = {status.value: status for status in Status}
FULFILMENTS = {fulfilment.value: fulfilment for fulfilment in Fulfilment}

ENDED = frozenset({Status.COLLECTED, Status.CANCELLED})
BEFORE_READY = frozenset(
    {Status.SCHEDULED, Status.PLACED, Status.QUEUED, Status.PREPARING, Status.REASSIGNING}
)
UNRELEASED = frozenset({Status.SCHEDULED, Status.PLACED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Modifier:
    name: str
    quantity: int = 1
    price: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItem:
    """`surcharge` is for the whole line, `unit_price` for one piece. A line of the venue's menu
    carries the menu's ids and names as they were then: of the item, its category, its station
    and the printer it is printed on."""

    id: str
    name: str
    quantity: int = 1
    unit_price: Decimal = Decimal(0)
    surcharge: Decimal = Decimal(0)
    notes: str = ""
    modifiers: tuple[Modifier, ...] = ()
    taxes: tuple[Tax, ...] = ()
    station: str = ""
    customer_name: str = ""
    menu_item: str = ""
    category: str = ""
    category_name: str = ""
    station_id: str = ""
    printer: str = ""

    @property
    def total(self) -> Decimal:
        extras = sum((m.price * m.quantity for m in self.modifiers), Decimal(0))
        return (self.unit_price + extras) * self.quantity + self.surcharge


@dataclass(frozen=True, slots=True, kw_only=True)
class Native:
    """The status word exactly as a dialect last wrote it (the current generation's spelling)."""

    dialect: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A station's share of an order; an order has at least one."""

    station: str
    status: Status
    native: Native | None = None


@dataclass(frozen=True, kw_only=True)
class Order:
    """`seq` is the venue seq of the order's last event; `key` is its public card's name and is
    used for nothing else. `extras` is what a dialect was sent that is not modelled here, under
    the dialect's name; `tags` are words a dialect finds its orders by, such as `hyra.actor:4`."""

    id: str
    venue: str
    serial: int
    key: str
    status: Status
    placed_at: datetime
    moved_at: datetime
    updated_at: datetime
    parts: tuple[Part, ...]
    seq: int = 0
    source: str = NATIVE
    ref: str | None = None
    number: str | None = None
    day: str = ""
    name: str | None = None
    first_name: str = ""
    last_name: str = ""
    name_letters: int = 1
    cancelled_by: CancelledBy | None = None
    fulfilment: Fulfilment = Fulfilment.PICKUP
    native: Native | None = None
    table: str = ""
    channel: str = ""
    note: str = ""
    phone: str = ""
    email: str = ""
    total: Decimal | None = None
    items: tuple[LineItem, ...] = ()
    point: str | None = None
    place: str = ""
    wants_point: bool = False
    pickup_confirmed: bool = False
    customer_here: bool = False
    scheduled_at: datetime | None = None
    confirmed_at: datetime | None = None
    preparing_at: datetime | None = None
    ready_at: datetime | None = None
    collected_at: datetime | None = None
    cancelled_at: datetime | None = None
    off_board_at: datetime | None = None
    tags: tuple[str, ...] = ()
    extras: dict[str, Any] = field(default_factory=dict)

    def but(self, **changes: Any) -> "Order":
        """The same order with some fields changed."""
        assert changes.keys() <= self.__dict__.keys()
        return _of(self.__dict__ | changes)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Order):
            return NotImplemented
        # The generated one puts all fields into two tuples first.
        return self.__dict__ == other.__dict__

    @property
    def live(self) -> bool:
        return self.status not in ENDED

    @property
    def some_ready(self) -> bool:
        """With `preparing`: at least one part is already ready (MySagra calls it PARTIAL)."""
        return self.status == Status.PREPARING and any(
            part.status in (Status.READY, Status.COLLECTED) for part in self.parts
        )

    @property
    def amount(self) -> Decimal:
        """What the guest pays: the total that was sent, else the sum of the lines."""
        if self.total is not None:
            return self.total
        return sum([item.total for item in self.items], NOTHING)


NEEDED = frozenset(
    each.name
    for each in fields(Order)
    if each.default is MISSING and each.default_factory is MISSING
)
NOT_YET: Any = None
# What a field holds in an order that was stored before there was such a field. JSON is read into a
# copy of it, which keeps these names, the code's own: others that are merely equal are compared
# letter by letter whenever a field is looked at, and that was a twentieth of a change.
BLANK = dict(vars(Order(**dict.fromkeys(NEEDED, NOT_YET))))


def new_id(now: datetime) -> str:
    """24 lower-case hex characters: 48 bits of milliseconds, then 48 random bits."""
    return f"{to_ms(now):012x}{secrets.randbits(48):012x}"


def new_key() -> str:
    """8 random characters naming a public card; says nothing about the order."""
    return secrets.token_hex(4)


@lru_cache(maxsize=1024)  # a menu has few prices, and each change stores them again
def money_body(amount: Decimal) -> int:
    return int(amount * TEN_THOUSAND)


def money_from(units: int) -> Decimal:
    return Decimal(units) / TEN_THOUSAND


def order_body(order: Order) -> dict[str, Any]:
    """The stored form: times in milliseconds, money in ten-thousandths. The text kept in the
    order's row and in every event about it; `order_from` reads it back."""
    body = order.__dict__ | {
        "native": _native_body(order.native),
        "total": None if order.total is None else money_body(order.total),
        "items": [_item_body(item) for item in order.items],
        "parts": [
            {"station": p.station, "status": p.status, "native": _native_body(p.native)}
            for p in order.parts
        ],
        "tags": list(order.tags),
    }
    for name in TIMES:
        if (at := body[name]) is not None:
            body[name] = to_ms(at)
    return body


def order_from(body: dict[str, Any]) -> Order:
    """A field that orders have no longer would have to be dropped here."""
    assert body.keys() >= NEEDED
    found = BLANK | body
    by = found["cancelled_by"]
    found |= {
        "status": STATUSES[found["status"]],
        "cancelled_by": CancelledBy(by) if by else None,
        "fulfilment": FULFILMENTS[found["fulfilment"]],
        "native": _native_from(found["native"]),
        "total": None if found["total"] is None else money_from(found["total"]),
        "items": tuple([_item_from(item) for item in found["items"]]),
        "parts": tuple([_part_from(part) for part in found["parts"]]),
        "tags": tuple(found["tags"]),
    }
    for name in TIMES:
        if (ms := found[name]) is not None:
            found[name] = from_ms(ms)
    return _of(found)


def _of(fields: dict[str, Any]) -> Order:
    """An order of all its fields. With so many of them its own constructor and
    `dataclasses.replace` take ten times as long, which was a quarter of every move."""
    order = object.__new__(Order)
    object.__setattr__(order, "__dict__", fields)
    return order


def _part_from(body: dict[str, Any]) -> Part:
    native = _native_from(body["native"])
    return Part(station=body["station"], status=STATUSES[body["status"]], native=native)


def _native_body(native: Native | None) -> dict[str, str] | None:
    return None if native is None else {"dialect": native.dialect, "value": native.value}


def _native_from(body: dict[str, str] | str | None) -> Native | None:
    return Native(**body) if isinstance(body, dict) else None  # earlier a part had ""


def _item_body(item: LineItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "name": item.name,
        "quantity": item.quantity,
        "unit_price": money_body(item.unit_price),
        "surcharge": money_body(item.surcharge),
        "notes": item.notes,
        "modifiers": [
            {"name": m.name, "quantity": m.quantity, "price": money_body(m.price)}
            for m in item.modifiers
        ],
        "taxes": [{"name": t.name, "amount": money_body(t.amount)} for t in item.taxes],
        "station": item.station,
        "customer_name": item.customer_name,
        "menu_item": item.menu_item,
        "category": item.category,
        "category_name": item.category_name,
        "station_id": item.station_id,
        "printer": item.printer,
    }


def _item_from(body: dict[str, Any]) -> LineItem:
    return LineItem(
        id=body["id"],
        name=body["name"],
        quantity=body["quantity"],
        unit_price=money_from(body["unit_price"]),
        surcharge=money_from(body["surcharge"]),
        notes=body["notes"],
        modifiers=tuple(
            Modifier(name=m["name"], quantity=m["quantity"], price=money_from(m["price"]))
            for m in body["modifiers"]
        ),
        taxes=tuple(Tax(name=t["name"], amount=money_from(t["amount"])) for t in body["taxes"]),
        station=body["station"],
        customer_name=body["customer_name"],
        menu_item=body.get("menu_item", ""),
        category=body.get("category", ""),
        category_name=body.get("category_name", ""),
        station_id=body.get("station_id", ""),
        printer=body.get("printer", ""),
    )
