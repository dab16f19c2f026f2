"""What a venue sets for its Hyra workspace."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from app.dialects.shape import DialectSettings

# It is one step of every address, so no slash, no dot and nothing to escape.
WorkspaceId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,80}$")]


def _or_default(value: Any) -> Any:
    return "collected" if value == "" else value  # a form's field that was left empty


class Settings(DialectSettings):
    workspace_id: WorkspaceId = Field("", description="the workspace id of its games; empty = slug")
    completed_means: Annotated[
        Literal["collected", "ready"],
        BeforeValidator(_or_default, json_schema_input_type=Literal["collected", "ready"]),
    ] = Field(
        "collected",
        description="what games mean by `completed`: in the guest's hands, or ready to be handed",
    )
