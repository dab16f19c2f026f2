"""What a field may hold: every text has a length bound and no control characters but LF and TAB,
every integer fits a JavaScript number."""

import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from app.web.model import WireModel

LARGEST = 2**53


def _printable(text: str) -> str:
    if text.isprintable():  # most are: nothing to look at letter by letter
        return text
    for char in text:
        if unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t":
            raise ValueError(f"control character U+{ord(char):04X} is not allowed")
    return text


def _number_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _sane_year(at: datetime) -> datetime:
    if not 1970 <= at.year <= 9998:
        raise ValueError("the year must be between 1970 and 9998")
    return at.astimezone(UTC)


def _text(most: int, least: int = 0) -> Any:
    return Annotated[
        str, StringConstraints(min_length=least, max_length=most), AfterValidator(_printable)
    ]


ShortText = _text(80)
Name = _text(80, 1)
Line = _text(200)
Note = _text(2000)
Ref = _text(200, 1)
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
OrderNumber = Annotated[
    str,
    BeforeValidator(_number_text, json_schema_input_type=str | int),
    StringConstraints(pattern=r"^[A-Za-z0-9-]{1,8}$"),
]
Whole = Annotated[int, Field(strict=True, ge=-LARGEST, le=LARGEST)]
Count = Annotated[int, Field(strict=True, ge=1, le=10_000)]
Seq = Annotated[int, Field(strict=True, ge=0, le=LARGEST)]
Money = Annotated[Decimal, Field(ge=-1_000_000_000, le=1_000_000_000, decimal_places=4)]
Instant = Annotated[AwareDatetime, AfterValidator(_sane_year)]


HeadingText = _text(24, 1)
Language = Annotated[str, StringConstraints(pattern="^[a-z]{2}$")]
Colour = Annotated[str, StringConstraints(pattern="^#[0-9A-Fa-f]{6}$", to_upper=True)]
ClockTime = Annotated[
    str, StringConstraints(pattern="^(([01][0-9]|2[0-3]):[0-5][0-9])?$"), Field(examples=["22:30"])
]
DayMinutes = Annotated[int, Field(strict=True, ge=1, le=24 * 60)]
WebAddress = Annotated[
    str, StringConstraints(max_length=300, pattern=r"^(https?://[^\s\x00-\x1f\x7f]+)?$")
]


class Said(WireModel):
    """A body or query: unknown fields are mistakes, not decoration."""

    model_config = ConfigDict(extra="forbid", frozen=True)
