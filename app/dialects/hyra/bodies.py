"""What a game sends: an order, a change of one, and what the list is asked for."""

import re
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError
from starlette.requests import Request

from app.dialects.hyra.words import LABELS
from app.dialects.reading import json_body
from app.domain.problems import Malformed
from app.web.context import house
from app.web.model import WireModel
from app.web.native.types import LARGEST, Line, ShortText

DIGITS = re.compile(r"[+-]?[0-9]{1,16}")
MOST_ITEMS = 200


def user_id(value: Any) -> int | None:
    """A number or its digits; Lua knows only floating point, so 7.0 is 7."""
    if isinstance(value, str) and DIGITS.fullmatch(value.strip()):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST
    return value if fits else None


def _id_of(role: str, *, positive: bool = False) -> BeforeValidator:
    def check(value: Any) -> int:
        found = user_id(value)
        if value in (None, "") or found == 0 or (positive and found is not None and found < 0):
            raise PydanticCustomError("required", "{role} is required", {"role": role})
        if found is None:
            raise PydanticCustomError("word", "{role} must be a user id", {"role": role})
        return found

    return BeforeValidator(check, json_schema_input_type=int | str)


def _known(word: str) -> str:
    if word not in LABELS:
        known = ", ".join(LABELS)
        raise PydanticCustomError(
            "word",
            "Unknown status '{word}'; known are {known}",
            {"word": word[:40], "known": known},
        )
    return word


def _list(value: Any) -> Any:
    """Roblox encodes an empty table as [], other Lua programs as {}."""
    return [] if value is None or value == {} else value


def _one_line(value: Any) -> Any:
    if value is None:
        return ""
    return " ".join(value.split()) if isinstance(value, str) else value


Word = Annotated[
    str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": list(LABELS)})
]
FirstWord = Annotated[Word, BeforeValidator(lambda value: "submitted" if value is None else value)]
PersonName = Annotated[ShortText, BeforeValidator(_one_line, json_schema_input_type=str | None)]
Item = Annotated[Line, StringConstraints(min_length=1)]
Items = Annotated[list[Item], BeforeValidator(_list), Field(max_length=MOST_ITEMS)]
CustomerId = Annotated[int, _id_of("Customer")]
ActorId = Annotated[int, _id_of("Actor", positive=True)]
PreparerId = Annotated[int, _id_of("Preparer")]


class Sent(WireModel):
    """Unknown fields are left alone: a game may be newer than this server."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class HyraOrderBody(Sent):
    customer: CustomerId
    actor: ActorId
    items: Items = Field(default_factory=list)
    status: FirstWord = "submitted"
    customer_name: PersonName = ""
    actor_name: PersonName = ""


class HyraChangeBody(Sent):
    status: Word
    preparer: PreparerId | None = None
    preparer_name: PersonName = ""


class DaysQuery(Sent):
    date_from: Line = Field("", description="day (YYYY-MM-DD), today, yesterday, or a time")
    date_to: Line = Field("", description="the same; a day counts to its end")


class ListQuery(DaysQuery):
    search: Line = Field(
        "",
        description="order id or number, user id, part of an item or a name, status, or day",
    )
    username: Line = Field("", description="part of the customer's name")
    user_id: Line = Field("", description="the customer's user id")
    item: Line = Field("", description="part of an item")
    order_number: Line = ""
    actor: Line = Field("", description="the cashier's user id, or part of their name")
    preparer: Line = Field("", description="the same, of anybody who prepared it")
    status: Line = Field("", description="a status, or several with commas between")
    page: int = Field(1, ge=1, le=1_000_000)
    page_size: int = Field(50, ge=1, le=200)


async def sent_object(request: Request) -> dict[str, Any]:
    """The body; an empty one and [] are an object without members. Raises Malformed, TooLarge."""
    body = await json_body(request, house(request).settings.body_limit_bytes)
    if body is None or body == []:
        return {}
    if not isinstance(body, dict):
        raise Malformed("Send a JSON object.")
    return body


def asked(request: Request) -> dict[str, str]:
    """The query; what a form left empty was not asked."""
    return {name: value.strip() for name, value in request.query_params.items() if value.strip()}
