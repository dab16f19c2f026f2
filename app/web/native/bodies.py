"""What the native API takes: bodies and queries."""

import hashlib
from datetime import time
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints

from app.commands.orders import NewOrder
from app.commands.status import Move
from app.domain.board import Access, Lanes, Layout, Names, ReadyColour, Shows, Sound, Theme
from app.domain.events import Kind
from app.domain.orders import CancelledBy, Fulfilment, LineItem, Modifier, Status, Tax, new_id
from app.domain.times import utc_now
from app.domain.venues import Numbering
from app.web.native.types import (
    ClockTime,
    Colour,
    Count,
    DayMinutes,
    HeadingText,
    Instant,
    Language,
    Line,
    Money,
    Name,
    Note,
    OrderNumber,
    Ref,
    Said,
    Seq,
    ShortText,
    Slug,
    WebAddress,
)


class ModifierBody(Said):
    name: Name
    quantity: Count = 1
    price: Money = Field(default="0", validate_default=True)


class TaxBody(Said):
    name: Name
    amount: Money


class ItemBody(Said):
    name: Line
    quantity: Count = 1
    unit_price: Money = Field(default="0", validate_default=True)
    surcharge: Money = Field(default="0", validate_default=True)
    notes: Note = ""
    # Not `= []`, which pydantic copies deeply for every line.
    modifiers: Annotated[list[ModifierBody], Field(max_length=50)] = Field(default_factory=list)
    taxes: Annotated[list[TaxBody], Field(max_length=20)] = Field(default_factory=list)
    station: ShortText = ""
    customer_name: ShortText = ""

    def line_item(self) -> LineItem:
        plain = self.model_dump(exclude={"modifiers", "taxes"})
        return LineItem(
            id=new_id(utc_now()),
            modifiers=tuple(Modifier(**m.model_dump()) for m in self.modifiers),
            taxes=tuple(Tax(**t.model_dump()) for t in self.taxes),
            **plain,
        )


class EditBody(Said):
    """Fields left out stay as they are; `name`, `number` and `total` may be null."""

    number: OrderNumber | None = None
    name: Name | None = Field(None, description="the name on the board, shown as written")
    first_name: ShortText = ""
    last_name: ShortText = ""
    fulfilment: Fulfilment = Fulfilment.PICKUP
    table: ShortText = ""
    channel: ShortText = ""
    scheduled_at: Instant | None = None
    note: Note = ""
    phone: ShortText = ""
    email: Line = ""
    total: Money | None = None
    items: Annotated[list[ItemBody], Field(max_length=200)] = Field(default_factory=list)

    def changes(self) -> dict[str, Any]:
        """The fields that were given, as the domain holds them."""
        given: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if "items" in given:
            given["items"] = tuple(item.line_item() for item in self.items)
        return given


class OrderBody(EditBody):
    ref: Ref | None = Field(None, description="your own id; the same ref and body is placed once")
    status: Status | None = Field(None, description="default: queued")

    def new_order(self) -> NewOrder:
        sent = self.model_dump_json(exclude_unset=True)
        fingerprint = hashlib.sha256(sent.encode()).hexdigest()
        return NewOrder(fingerprint=fingerprint, **self.changes())


class StatusBody(Said):
    status: Status
    note: Note = ""
    cancelled_by: CancelledBy | None = None
    pickup_point: ShortText | None = Field(None, description="a pickup point's id or name")
    part: ShortText | None = Field(None, description="a station: moves only its share")
    if_seq: Seq | None = Field(None, description="refuse unless this is the order's last seq")

    def move(self) -> Move:
        return Move(**{name: getattr(self, name) for name in StatusBody.model_fields})


class ChangeBody(StatusBody):
    order: Annotated[str, StringConstraints(max_length=40)]


class BulkBody(Said):
    changes: Annotated[list[ChangeBody], Field(min_length=1, max_length=200)]


class RecallBody(Said):
    if_seq: Seq | None = None


def _known_zone(zone: str) -> str:
    if zone not in available_timezones():
        raise ValueError("not a time zone of the IANA database, such as Europe/Rome")
    return zone


class VenueBody(Said):
    """Fields left out stay as they are."""

    name: Name = "Readyboard"
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    currency: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")] = "EUR"
    address: Line = ""
    phone: ShortText = ""
    opening_hours: Annotated[
        dict[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], list[tuple[time, time]]],
        Field(description='for each day its opening times: {"mon": [["09:00", "17:30"]]}'),
    ] = {}
    lead_minutes: Annotated[int, Field(strict=True, ge=0, le=24 * 60)] = 15
    day_starts: time = Field(default=time(6), description="local time a working day begins")
    numbering: Numbering = Numbering.DRAWN
    default_station: Name = "Kitchen"
    auto_collect_minutes: Annotated[int, Field(strict=True, ge=1, le=7 * 24 * 60)] | None = None
    slow_minutes: Annotated[int, Field(strict=True, ge=1, le=24 * 60)] = 5
    late_minutes: Annotated[int, Field(strict=True, ge=1, le=24 * 60)] = 8

    def changes(self) -> dict[str, Any]:
        given: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if "opening_hours" in given:
            given["opening_hours"] = self.model_dump(mode="json")["opening_hours"]
        if "day_starts" in given:
            given["day_starts"] = self.day_starts.replace(second=0, microsecond=0, tzinfo=None)
        return given


class NewVenueBody(VenueBody):
    slug: Slug


class BoardBody(Said):
    """Fields left out stay as they are."""

    title: ShortText = ""
    layout: Literal[Layout.STANDARD, Layout.EATSA] = Layout.STANDARD
    lanes: Lanes = Lanes.BOTH
    stations: Annotated[list[Name], Field(max_length=50)] = []
    fulfilments: Annotated[list[Fulfilment], Field(max_length=3)] = []
    points: Annotated[list[Name], Field(max_length=100)] = []
    words: dict[Literal["ready", "preparing", "host", "please"], HeadingText] = {}
    shows: Shows = Shows.BOTH
    names: Names = Names.INITIAL
    blocked_words: Annotated[list[Name], Field(max_length=200)] = []
    access: Access = Access.OPEN
    show_placed: bool = False
    ready_minutes: DayMinutes | None = None
    host_minutes: DayMinutes = 10
    dwell_seconds: Annotated[int, Field(strict=True, ge=0, le=3600)] = 60
    please_minutes: DayMinutes | None = None
    opens: ClockTime = ""
    closes: ClockTime = ""
    tv_inches: Annotated[int, Field(strict=True, ge=5, le=200)] = 55
    distance_m: Annotated[float, Field(ge=0.3, le=50)] = 4.5
    sized: bool = True
    ready_side: Literal["left", "right"] = "right"
    theme: Theme = Theme.NIGHT
    ready_colour: ReadyColour = ReadyColour.SKY
    own_wall: Colour = "#0B0F14"
    own_ink: Colour = "#FFFFFF"
    own_ready: Colour = "#58C4FF"
    own_ready_ink: Colour = "#0B0F14"
    calm: bool = False
    language: Language = "en"
    second_language: Language | Literal[""] = ""
    notice: Annotated[str, StringConstraints(max_length=400)] = ""
    order_url: WebAddress = ""
    sound: Sound = Sound.OFF
    volume: Annotated[int, Field(strict=True, ge=0, le=100)] = 80
    repeat_calls: bool = True
    quiet_from: ClockTime = ""
    quiet_to: ClockTime = ""

    def changes(self) -> dict[str, Any]:
        given = {name: getattr(self, name) for name in self.model_fields_set}
        for name in ("stations", "fulfilments", "points", "blocked_words"):
            if name in given:
                given[name] = tuple(given[name])
        return given


class NewBoardBody(BoardBody):
    slug: Slug


class PointBody(Said):
    name: Name


class PointChangeBody(Said):
    name: Name | None = None
    disabled: bool | None = None


class OrdersQuery(Said):
    status: list[Status] = []
    search: Annotated[str, StringConstraints(max_length=200)] = ""
    number: OrderNumber | None = None
    placed_after: Instant | None = None
    placed_before: Instant | None = None
    updated_after: Instant | None = None
    sort: Literal["placed_at", "-placed_at", "updated_at", "-updated_at"] = "-placed_at"
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None


class FeedQuery(Said):
    after: str | None = Field(None, description="the id of the last frame seen")
    poll: Literal["0", "1"] = Field("0", description="1: answer once and close")
    wait: Annotated[float, Field(ge=0, le=25, description="seconds a poll waits for news")] = 25


class StreamQuery(FeedQuery):
    kind: list[Kind] = []
    station: list[str] = []
    order: list[str] = []
