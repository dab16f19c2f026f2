"""What the native API answers, as models for /openapi.json; tests hold the answers to them."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from app.domain.orders import CancelledBy, Fulfilment, Status
from app.web.model import WireModel


class Answered(WireModel):
    model_config = ConfigDict(extra="forbid")


class ModifierAnswer(Answered):
    name: str
    quantity: int
    price: str


class TaxAnswer(Answered):
    name: str
    amount: str


class ItemAnswer(Answered):
    id: str
    name: str
    quantity: int
    unit_price: str
    surcharge: str
    notes: str
    modifiers: list[ModifierAnswer]
    taxes: list[TaxAnswer]
    station: str
    menu_item: str = Field(description="id of the menu's item; empty for one on no menu")
    category: str
    printer: str = Field(description="id of the menu's printer for it")
    customer_name: str
    total: str


class PartAnswer(Answered):
    station: str
    status: Status


class NativeAnswer(Answered):
    dialect: str
    value: str


class OrderAnswer(Answered):
    """Times are RFC 3339 with milliseconds, money is a decimal string."""

    id: str = Field(description="24 lower-case hex characters")
    ref: str | None
    serial: int
    seq: int = Field(description="the venue's seq of this order's last event")
    number: str | None
    status: Status
    cancelled_by: CancelledBy | None
    fulfilment: Fulfilment
    name: str | None
    shown_name: str | None
    first_name: str
    last_name: str
    table: str
    channel: str
    note: str
    phone: str
    email: str
    total: str | None
    amount: str = Field(description="the total that was sent, else the sum of the lines")
    items: list[ItemAnswer]
    parts: list[PartAnswer]
    some_ready: bool
    pickup_point: str | None
    place: str
    needs_point: bool
    customer_here: bool
    pickup_confirmed: bool
    placed_at: str
    moved_at: str
    updated_at: str
    scheduled_at: str | None
    confirmed_at: str | None
    preparing_at: str | None
    ready_at: str | None
    collected_at: str | None
    cancelled_at: str | None
    source: str
    native: NativeAnswer | None


class OrdersAnswer(Answered):
    orders: list[OrderAnswer]
    next: str | None = Field(description="cursor of the next page")


class TicketLinkAnswer(Answered):
    url: str = Field(description="for the guest alone: whoever has it sees the order's state")
    topic: str | None = Field(description="address of the order's topic at the ntfy server")


class ActorAnswer(Answered):
    kind: str
    id: str | None
    name: str


class EventAnswer(Answered):
    """`order` is the whole order after the change; events about other things have `body`."""

    seq: int
    kind: str
    at: int
    actor: ActorAnswer
    dialect: str
    subject: str
    order: OrderAnswer | None = None
    body: dict[str, Any] | None = None
    detail: dict[str, Any]


class HistoryAnswer(Answered):
    events: list[EventAnswer]


class ProblemAnswer(WireModel):
    """RFC 9457; validation problems list every wrong field in `errors`."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str


class ResultAnswer(Answered):
    order: str
    code: int
    seq: int | None = None
    problem: ProblemAnswer | None = None


class BulkAnswer(Answered):
    results: list[ResultAnswer]


# Not a tuple: some readers of OpenAPI 3.1 do not know prefixItems yet.
OpenFromTo = Annotated[list[str], Field(min_length=2, max_length=2)]


class VenueAnswer(Answered):
    id: str
    slug: str
    name: str
    seq: int
    epoch: int
    time_zone: str
    currency: str
    address: str
    phone: str
    opening_hours: dict[str, list[OpenFromTo]]
    lead_minutes: int
    day_starts: str
    numbering: str
    default_station: str
    auto_collect_minutes: int | None
    slow_minutes: int
    late_minutes: int
    dialects: dict[str, dict[str, Any]]


class VenuesAnswer(Answered):
    venues: list[VenueAnswer]


class BoardAnswer(Answered):
    slug: str
    title: str
    layout: str
    lanes: str
    stations: list[str]
    fulfilments: list[str]
    points: list[str]
    words: dict[str, str]
    shows: str
    names: str
    blocked_words: list[str]
    access: str
    show_placed: bool
    ready_minutes: int | None
    host_minutes: int
    dwell_seconds: int
    please_minutes: int | None
    opens: str
    closes: str
    tv_inches: int
    distance_m: float
    sized: bool
    ready_side: str
    theme: str
    ready_colour: str
    own_wall: str
    own_ink: str
    own_ready: str
    own_ready_ink: str
    logo: str
    calm: bool
    language: str
    second_language: str
    notice: str
    order_url: str
    sound: str
    volume: int
    repeat_calls: bool
    quiet_from: str
    quiet_to: str
    revision: int


class BoardsAnswer(Answered):
    boards: list[BoardAnswer]


class PointAnswer(Answered):
    id: str
    name: str
    state: str
    order: str | None


class PointsAnswer(Answered):
    pickup_points: list[PointAnswer]
