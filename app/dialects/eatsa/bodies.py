"""What eatsa's clients send. Names differ between the generations; the later one is ours."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from app.web.model import WireModel
from app.web.native.types import Line, Name, Note, Ref, ShortText

Cents = Annotated[int, Field(ge=-(10**11), le=10**11)]


def _instant(value: Any) -> Any:
    """An ISO instant; without a zone it is UTC, as all of eatsa's times."""
    if isinstance(value, str):
        found = datetime.fromisoformat(value)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return value


def _sane(at: datetime) -> datetime:
    if not 1970 <= at.year <= 9998:
        raise ValueError("the year must be between 1970 and 9998")
    return at.astimezone(UTC)


Instant = Annotated[
    datetime,
    BeforeValidator(_instant, json_schema_input_type=str),
    AfterValidator(_sane),
    Field(strict=True),
]


class Sent(WireModel):
    """Unknown fields are ignored, and null is as good as absent: so of two names for one thing
    the one with a value counts."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, sent: Any) -> Any:
        if not isinstance(sent, dict):
            return sent
        return {name: value for name, value in sent.items() if value is not None}


def _either(*names: str, default: Any = None) -> Any:
    return Field(default, validation_alias=AliasChoices(*names))


class UserBody(Sent):
    ref_id: Ref | None = None
    id: Ref | None = None
    first_name: Name | None = None
    last_name: ShortText | None = None
    email: Line | None = None

    @model_validator(mode="after")
    def _somebody(self) -> "UserBody":
        """The first generation knew its users by an id instead."""
        for field in ("first_name", "last_name"):
            if getattr(self, field) is None and self.id is None:
                raise PydanticCustomError("missing", "{field} is required", {"field": field})
        return self


class TaxBody(Sent):
    id: Line = Field(validation_alias=AliasChoices("id", "tax_id"))
    name: Name = Field(validation_alias=AliasChoices("name", "tax_name"))
    amount: Cents = Field(validation_alias=AliasChoices("amount", "total"))


class ModificationBody(Sent):
    modifier_id: Ref
    modifier_name: Name | None = None
    ref_id: Ref | None = None
    price: Cents | None = _either("price", "modifier_price")


class LineBody(Sent):
    item_id: Ref
    ref_item_name: Name | None = _either("ref_item_name", "item_name")
    ref_item_type: ShortText | None = None
    ref_id: Ref | None = None
    customer_name: ShortText | None = None
    special_instructions: Note | None = None
    price: Cents | None = None
    total_price: Cents | None = None
    taxes: Annotated[list[TaxBody], Field(max_length=20)] | None = None
    modifications: Annotated[list[ModificationBody], Field(max_length=50)] | None = None


class PaymentBody(Sent):
    payment_type: Name
    amount: Cents


ReadableId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,8}$")]
UnlockCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,40}$")]


class AuthorizationBody(Sent):
    unlock_code: UnlockCode | None = None


class OrderBody(Sent):
    ref_id: Ref = Field(validation_alias=AliasChoices("ref_id", "client_sent_id"))
    store_id: Ref
    user: UserBody
    scheduled_time: Instant | None = _either(
        "scheduled_time", "timeslot_start_time", "requested_timeslot"
    )
    status_board_display_name: ShortText | None = _either(
        "status_board_display_name", "user_display_name"
    )
    channel: ShortText | None = None
    service_type: Literal["dine_in", "take_out"] | None = None
    special_instructions: Note | None = None
    total: Cents | None = None
    payments: Annotated[list[PaymentBody], Field(max_length=20)] | None = None
    authorization: AuthorizationBody | None = None
    unlock_code: UnlockCode | None = None
    line_items: Annotated[list[LineBody], Field(min_length=1, max_length=200)]
    ref_human_readable_id: ReadableId | None = None


class StatusBody(Sent):
    status: ShortText


class CancelBody(Sent):
    type: Literal["customer", "attendant"]


class AssignBody(Sent):
    line_item_id: Ref


class EnableBody(Sent):
    location: Ref
    enabled: Annotated[bool, Field(strict=True)]


class DisableBody(Sent):
    disabled: Annotated[bool, Field(strict=True)]


def _day_or_instant(value: Any) -> Any:
    if isinstance(value, str) and len(value) == 10:
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return _instant(value)


class Bound(Sent):
    """A bound of a window; `whole_day` for a plain date, which takes in the whole of it."""

    at: Annotated[datetime, AfterValidator(_sane)]
    whole_day: bool


def _bound(value: Any) -> Any:
    if isinstance(value, str):
        return {"at": _day_or_instant(value), "whole_day": len(value) == 10}
    return value


Window = Annotated[Bound, BeforeValidator(_bound, json_schema_input_type=str)]


class AnalyticsQuery(Sent):
    store_id: Ref | None = None
    created_at_before: Window | None = None
    created_at_after: Window | None = None
    updated_at_before: Window | None = None
    updated_at_after: Window | None = None
    channel: ShortText | None = None
    per_page: Annotated[int, Field(ge=1, le=1000)] = 200
    page: Annotated[int, Field(ge=1, le=10**6)] = _either("page", "page_number", default=1)


class StoresQuery(Sent):
    page: Annotated[int, Field(ge=1, le=10**6)] = 1
    page_size: Annotated[int, Field(ge=1, le=10**4)] | None = None
