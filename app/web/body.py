"""The one reader of request bodies: size, media type, encoding, duplicate keys, then the model."""

import json
import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from app.domain.problems import Invalid, Malformed, TooLarge, UnsupportedMediaType
from app.web.headers import media_type, sent_header

Model = TypeVar("Model", bound=BaseModel)
JSON = re.compile(r"application/([^/]+\+)?json")
MOST_ERRORS = 1000
LONGEST_PATH = 200
# One field with a plain text or none, as most moves have: nothing odd can be in it.
PLAIN = re.compile(rb'{ *("[a-z_]+" *: *"[ !#-\[\]-~]*" *)?}')


async def read_body(
    request: Request, model: type[Model], limit: int, *, optional: bool = False
) -> Model:
    """Raises TooLarge, UnsupportedMediaType, Malformed, Invalid (naming every wrong field)."""
    media = media_type(request.scope)
    if not JSON.fullmatch(media) and (media or not optional):
        raise UnsupportedMediaType("Send the body as Content-Type: application/json.")
    raw = await read_limited(request, limit)
    if optional and not raw:
        return model()
    refuse_odd_json(raw)
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise Invalid("Some fields are wrong.", errors=wrong_fields(error)) from None


async def read_limited(request: Request, limit: int) -> bytes:
    """The whole body; raises TooLarge before more than `limit` bytes are held."""
    announced = sent_header(request.scope, b"content-length") or ""
    if announced.isdigit() and int(announced) > limit:
        raise TooLarge(f"The body may have at most {limit} bytes.")
    raw, more = bytearray(), True
    while more:  # Request.stream() says the same in three more steps of a generator
        message = await request.receive()
        if message["type"] != "http.request":
            raise Malformed("The body ended before it was whole.")
        piece = message.get("body", b"")
        if len(raw) + len(piece) > limit:
            raise TooLarge(f"The body may have at most {limit} bytes.")
        raw += piece
        more = message.get("more_body", False)
    return bytes(raw)


def refuse_odd_json(raw: bytes) -> None:
    """Raises Malformed for what pydantic's own reader lets through: other encodings, a key given
    twice (which of the two counts would be a matter of taste), NaN, bottomless nesting."""
    if PLAIN.fullmatch(raw):
        return
    try:
        STRICT.decode(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise Malformed("The body is not valid UTF-8.") from None
    except RecursionError:
        raise Malformed("The body is nested too deeply.") from None
    except ValueError as error:
        raise Malformed(f"The body is not valid JSON: {error}.") from None


def wrong_fields(error: ValidationError) -> list[dict[str, str]]:
    """Every wrong field with its path: items/0/quantity. A field may be anything that was sent,
    so there is an end to how much of it is sent back."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [
        {
            "path": "/".join(str(step) for step in item["loc"])[:LONGEST_PATH],
            "message": item["msg"].removeprefix("Value error, "),
        }
        for item in found[:MOST_ERRORS]
    ]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice[:LONGEST_PATH]!r} is there twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


STRICT = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)
