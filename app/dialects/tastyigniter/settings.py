"""What a venue sets for TastyIgniter's clients: its statuses, payments, and who may do what."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from app.dialects.shape import DialectSettings
from app.domain.orders import Status
from app.domain.venues import Venue
from app.web.model import WireModel
from app.web.native.types import Line, Name, ShortText

Gate = Literal["all", "guest", "customer", "admin", "users", "off"]
Id = Annotated[int, Field(ge=1, le=2**31)]


class StatusRow(WireModel):
    """`means`: what it is in our terms; left out, its group says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status_id: Id
    status_name: Name
    status_for: Literal["order", "reservation"] = "order"
    notify_customer: bool = False
    status_color: ShortText = ""
    status_comment: Line = ""
    means: Status | None = None
    created_at: ShortText = "2020-01-01T00:00:00.000000Z"
    updated_at: ShortText = "2020-01-01T00:00:00.000000Z"


class PaymentMethod(WireModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: ShortText
    name: Name
    description: Line = ""


def _row(number: int, name: str, color: str, notify: bool, of: str = "order") -> dict[str, object]:
    return {
        "status_id": number,
        "status_name": name,
        "status_for": of,
        "notify_customer": notify,
        "status_color": color,
    }


# The system's own default data, in the order it is put in.
STATUSES = [
    _row(1, "Received", "#686663", True),
    _row(2, "Pending", "#f0ad4e", True),
    _row(3, "Preparation", "#00c0ef", True),
    _row(4, "Delivery", "#00a65a", False),
    _row(5, "Completed", "#00a65a", False),
    _row(6, "Confirmed", "#00a65a", False, "reservation"),
    _row(7, "Canceled", "#dd4b39", False, "reservation"),
    _row(8, "Pending", "", True, "reservation"),
    _row(9, "Canceled", "#ea0b29", False),
]
PAYMENTS = [
    {"code": "cod", "name": "Cash On Delivery"},
    {"code": "card", "name": "Card"},
]


class Settings(DialectSettings):
    location_id: Id | None = Field(None, description="the location id; empty = a running number")
    statuses: list[StatusRow] = Field(
        default_factory=lambda: [StatusRow.model_validate(row) for row in STATUSES],
        max_length=200,
        description="the statuses",
    )
    default_status: Id = Field(1, description="status of a new order")
    processing_statuses: list[Id] = Field([2, 3, 4], description="statuses of an order in work")
    completed_statuses: list[Id] = Field([5], description="statuses of an order that is done")
    canceled_status: Id = Field(9, description="status of a cancelled order")
    ready_status: Id | None = Field(
        None, description="status of an order that can be collected; empty = 4, Delivery"
    )
    payment_methods: list[PaymentMethod] = Field(
        default_factory=lambda: [PaymentMethod.model_validate(row) for row in PAYMENTS],
        max_length=50,
        description="payment methods",
    )
    list_orders: Gate = Field("users", description="who may list and read orders")
    create_orders: Gate = Field("users", description="who may create orders")
    change_orders: Gate = Field("admin", description="who may change and delete orders")
    use_statuses: Gate = Field("admin", description="who may use the status resource")
    list_locations: Gate = Field("all", description="who may list locations and the menu")
    api_prefix: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")] = Field(
        "api", description="first part of every address"
    )


def settings_of(venue: Venue) -> Settings:
    return Settings.model_validate(venue.dialects.get("tastyigniter", {"on": False}))
