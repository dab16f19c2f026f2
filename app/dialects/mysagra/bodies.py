"""What clients send about orders."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from app.dialects.mysagra.answering import Sent
from app.dialects.mysagra.errors import too_long
from app.dialects.mysagra.ids import CUID
from app.web.native.types import LARGEST, Line, Note

LONGEST = 191  # characters of a column in MySagra's database
CENT = Decimal("0.01")


def upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


def _whole(value: Any) -> Any:
    """JavaScript tells 2.0 from 2 as little as JSON does."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _cents(amount: Decimal) -> Decimal:
    """A till that adds up floats sends 0.30000000000000004."""
    return amount.quantize(CENT)


Text = Annotated[Note, StringConstraints(min_length=1)]
Cuid = Annotated[Line, StringConstraints(pattern=f"^{CUID.pattern}$")]
Quantity = Annotated[int, BeforeValidator(_whole), Field(strict=True, ge=1, le=10_000)]
Amount = Annotated[Decimal, Field(ge=-1_000_000, le=1_000_000), AfterValidator(_cents)]
Discount = Annotated[Decimal, Field(ge=0, le=1_000_000), AfterValidator(_cents)]
Word = Annotated[
    Literal["PENDING", "CONFIRMED", "PARTIAL", "COMPLETED", "PICKED_UP", "CANCELLED"],
    BeforeValidator(upper),
]


class ItemBody(Sent):
    """`surcharge` is for the whole line."""

    foodId: Cuid
    quantity: Quantity
    notes: Note = ""
    surcharge: Amount = Decimal(0)

    @property
    def said_notes(self) -> str | None:
        """None where nothing was said, which is not the same as nothing."""
        return self.notes if "notes" in self.model_fields_set else None


class ConfirmBody(Sent):
    paymentMethod: Literal["CASH", "CARD"]
    cashRegisterId: Cuid | None = None
    userId: Cuid | None = None
    discount: Discount = Decimal(0)
    customer: Text | None = None
    orderItems: Annotated[tuple[ItemBody, ...], Field(min_length=1, max_length=500)] | None = None


class OrderBody(Sent):
    table: Text
    customer: Text
    orderItems: Annotated[tuple[ItemBody, ...], Field(min_length=1, max_length=500)]
    confirm: ConfirmBody | None = None


class StatusBody(Sent):
    status: Word


class OrdersQuery(Sent):
    page: Annotated[int, Field(ge=1, le=LARGEST)] = 1
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    sortBy: Literal["createdAt", "confirmedAt", "completedAt"] = "createdAt"
    status: tuple[Word, ...] = ()
    search: Line = ""
    displayCode: Line | None = None
    dateFrom: Line | None = None
    dateTo: Line | None = None
    onlyDiscounted: Literal["true", "false"] = "false"
    include: tuple[Literal["ordersStationsStates", "items"], ...] = ()
    ticketNumber: Annotated[int, Field(ge=-LARGEST, le=LARGEST)] | None = None


def check_lengths(body: OrderBody | ConfirmBody) -> None:
    """Raises Refusal: MySagra's database takes no more, and says so in its own words."""
    texts = {"customer": body.customer}
    if isinstance(body, OrderBody):
        texts["table"] = body.table
    for name, text in texts.items():
        if len(text or "") > LONGEST:
            raise too_long(name)
    for item in body.orderItems or ():
        if len(item.notes) > LONGEST:
            raise too_long("notes")
