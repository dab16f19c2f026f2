"""What is typed in the shell holds to the same rules as what comes in over HTTP."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.domain.problems import Invalid

Model = TypeVar("Model", bound=BaseModel)


def checked(model: type[Model], body: dict[str, Any]) -> Model:
    """Raises Invalid, naming everything that is wrong."""
    from app.web.body import wrong_fields

    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise Invalid("Not so:", errors=wrong_fields(error)) from None
