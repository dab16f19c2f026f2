"""Bodies of foreign requests: JSON in any wrapping, validated by the dialect's own models."""

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from app.domain.problems import Invalid
from app.web.body import read_limited, refuse_odd_json, wrong_fields

Model = TypeVar("Model", bound=BaseModel)


class WrongFields(Invalid):
    """`error` is pydantic's and `model` what it was held against, for the dialects that tell more
    than path and message."""

    def __init__(self, error: ValidationError, model: type[BaseModel] | None = None) -> None:
        super().__init__("Some fields are wrong.", errors=wrong_fields(error))
        self.error = error
        self.model = model


async def json_body(request: Request, limit: int) -> Any:
    """The parsed body, None for an empty one, whatever media type it claims: clients of these
    systems send JSON under many names. Raises TooLarge, Malformed."""
    raw = await read_limited(request, limit)
    if not raw.strip():
        return None
    refuse_odd_json(raw)
    return json.loads(raw)


def validated(model: type[Model], value: Any) -> Model:
    """Raises WrongFields."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise WrongFields(error, model) from None
