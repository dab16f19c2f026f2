"""Bodies in and out: JSON of at most 10 kB, and every row of the table in one shape."""

import uuid
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from app.dialects.mysagra.errors import MEDIA, ErrorAnswer, Wrong
from app.dialects.mysagra.ids import CUID, stored_ids
from app.dialects.reading import json_body, validated
from app.domain.events import Actor
from app.web.context import caller
from app.web.model import WireModel
from app.web.native.answering import json_answer
from app.web.table import Entry

Model = TypeVar("Model", bound=BaseModel)

MOST_BYTES = 10 * 1024


class Sent(WireModel):
    """Unknown fields are dropped."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def answer(body: Any, status: int = 200) -> Response:
    return json_answer(body, status, {"Content-Type": MEDIA})


async def sent_body(request: Request) -> Any:
    """An empty body is an empty object. Raises TooLarge, Malformed."""
    found = await json_body(request, MOST_BYTES)
    return {} if found is None else found


def asked(request: Request, model: type[Model]) -> Model:
    """The query. A field that may come more than once is a tuple in the model. Raises
    WrongFields."""
    found: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        values = request.query_params.getlist(name)
        if values:
            many = get_origin(field.annotation) is tuple or len(values) > 1
            found[name] = values if many else values[0]
    return validated(model, found)


def path_ids(request: Request, name: str = "id") -> tuple[str, ...]:
    """What the id in the address may be stored as. Raises Wrong for what cannot be an id."""
    given = request.path_params[name]
    if not CUID.fullmatch(given):
        raise no_cuid(name)
    return stored_ids(given)


def no_cuid(*path: str | int) -> Wrong:
    told = {"origin": "string", "format": "cuid", "pattern": f"/^{CUID.pattern}$/"}
    return Wrong("invalid_format", list(path), "Invalid cuid", **told)


def actor(request: Request) -> Actor:
    return caller(request).actor


def name_request(request: Request, response: Response) -> None:
    """Echo the client's request id, or make one up."""
    given = request.headers.get("x-request-id", "")
    fits = 0 < len(given) <= 200 and given.isprintable() and given.isascii()
    response.headers["X-Request-ID"] = given if fits else str(uuid.uuid4())


def row(method: str, path: str, handler: Any, who: str, summary: str, **more: Any) -> Entry:
    return Entry(
        method=method, path=path, handler=handler, who=who, summary=summary,
        refusal=ErrorAnswer, **more,
    )  # fmt: skip
