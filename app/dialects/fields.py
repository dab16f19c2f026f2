"""A system's settings as fields of a form: those that are one word, number, choice or switch."""

from dataclasses import dataclass
from typing import Any

from app.dialects.shape import Dialect
from app.domain.venues import Venue


@dataclass(frozen=True, slots=True)
class SettingField:
    """`kind`: switch, number, text or choice."""

    name: str
    kind: str
    about: str
    value: Any
    choices: tuple[str, ...] = ()


def setting_fields(dialect: Dialect, venue: Venue) -> list[SettingField]:
    """Lists and tables are left to the API."""
    schema = dialect.settings.model_json_schema()
    now = dialect.settings_of(venue).model_dump(mode="json")
    found = (
        _field(name, _resolved(part, schema), now[name])
        for name, part in schema["properties"].items()
        if name != "on"
    )
    return [field for field in found if field is not None]


def _field(name: str, part: dict[str, Any], value: Any) -> SettingField | None:
    about = part.get("description") or name.replace("_", " ")
    if "enum" in part:
        return SettingField(name, "choice", about, value, tuple(map(str, part["enum"])))
    kind = {"boolean": "switch", "integer": "number", "string": "text"}.get(part.get("type", ""))
    return None if kind is None else SettingField(name, kind, about, value)


def _resolved(part: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Without references, and of `X or null` the X."""
    if "$ref" in part:
        return _resolved(schema["$defs"][part["$ref"].rpartition("/")[2]] | _said(part), schema)
    real = [one for one in part.get("anyOf", []) if one.get("type") != "null"]
    return _resolved(real[0] | _said(part), schema) if len(real) == 1 else part


def _said(part: dict[str, Any]) -> dict[str, Any]:
    return {"description": part["description"]} if "description" in part else {}
