"""pydantic's findings as MySagra's clients know them: code, path, message and the code's own."""

from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from app.dialects.reading import WrongFields

MOST = 100
LONGEST_STEP = 80
# What pydantic calls a value of the wrong type: what was wanted.
WANTED = {
    "string_type": "string",
    "int_type": "number",
    "int_parsing": "number",
    "int_parsing_size": "number",
    "int_from_float": "int",
    "float_type": "number",
    "float_parsing": "number",
    "finite_number": "number",
    "decimal_type": "number",
    "decimal_parsing": "number",
    "bool_type": "boolean",
    "bool_parsing": "boolean",
    "list_type": "array",
    "tuple_type": "array",
    "dict_type": "object",
    "model_type": "object",
    "model_attributes_type": "object",
}
NAMES: dict[type, str] = {str: "string", bool: "boolean", int: "number", float: "number"}
# Which member of pydantic's context is the bound, of what, and is it a lower one?
BOUNDS = {
    "string_too_short": ("min_length", "string", True),
    "string_too_long": ("max_length", "string", False),
    "too_short": ("min_length", "array", True),
    "too_long": ("max_length", "array", False),
    "greater_than_equal": ("ge", "number", True),
    "greater_than": ("gt", "number", True),
    "less_than_equal": ("le", "number", False),
    "less_than": ("lt", "number", False),
}
UNITS = {"string": " characters", "array": " items", "number": ""}


def issues_of(problem: WrongFields) -> list[dict[str, Any]]:
    found = problem.error.errors(include_url=False)[:MOST]
    return [_issue(error, problem.model) for error in found]


def _issue(error: Any, model: type[BaseModel] | None) -> dict[str, Any]:
    path = [s if isinstance(s, int) else s[:LONGEST_STEP] for s in error["loc"]]
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return _wrong_type(path, _expected(model, error["loc"]), "undefined")
    if kind in WANTED:
        whole = kind == "int_type" and isinstance(error["input"], float)
        return _wrong_type(path, "int" if whole else WANTED[kind], _received(error["input"]))
    if kind in BOUNDS:
        return _out_of_bounds(path, kind, error["input"], context)
    if kind in ("literal_error", "enum"):
        listed = context["expected"].replace(" or ", ",").split(",")
        values = [value.strip(" '") for value in listed]
        told = "|".join(f'"{value}"' for value in values)
        message = f"Invalid option: expected one of {told}"
        return {"code": "invalid_value", "values": values, "path": path, "message": message}
    if kind == "string_pattern_mismatch":
        pattern = f"/{context['pattern']}/"
        return {
            "origin": "string",
            "code": "invalid_format",
            "format": "regex",
            "pattern": pattern,
            "path": path,
            "message": f"Invalid string: must match pattern {pattern}",
        }
    return {"code": "custom", "path": path, "message": error["msg"]}


def _wrong_type(path: list[Any], wanted: str, received: str) -> dict[str, Any]:
    message = f"Invalid input: expected {wanted}, received {received}"
    return {"expected": wanted, "code": "invalid_type", "path": path, "message": message}


def _out_of_bounds(
    path: list[Any], kind: str, sent: Any, context: dict[str, Any]
) -> dict[str, Any]:
    bound, origin, lower = BOUNDS[kind]
    if origin == "array" and isinstance(sent, str):
        origin = "string"
    limit, inclusive = context[bound], kind not in ("greater_than", "less_than")
    limit = int(limit) if limit == int(limit) else float(limit)
    word, sign = ("small", ">") if lower else ("big", "<")
    verb = "be" if origin == "number" else "have"
    sign += "=" if inclusive else ""
    return {
        "origin": origin,
        "code": f"too_{word}",
        "minimum" if lower else "maximum": limit,
        "inclusive": inclusive,
        "path": path,
        "message": f"Too {word}: expected {origin} to {verb} {sign}{limit}{UNITS[origin]}",
    }


def _received(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list() | tuple():
            return "array"
        case _:
            return "object"


def _expected(model: type[BaseModel] | None, path: tuple[str | int, ...]) -> str:
    """The type of the field that is not there, in JavaScript's words."""
    kind: Any = model
    for step in path:
        kind = _inside(kind, step)
    kind = _bare(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return "object"
    if get_origin(kind) in (list, tuple):
        return "array"
    return next((word for of, word in NAMES.items() if kind is of), "string")


def _inside(kind: Any, step: str | int) -> Any:
    kind = _bare(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        by_name = {field.alias or name: field for name, field in kind.model_fields.items()}
        return by_name[step].annotation if step in by_name else None
    return get_args(kind)[0] if isinstance(step, int) and get_args(kind) else None


def _bare(kind: Any) -> Any:
    """Without Annotated, and of `X | None` the X."""
    while get_origin(kind) in (Union, UnionType) or hasattr(kind, "__metadata__"):
        inner = [one for one in get_args(kind) if one is not type(None)]
        kind = inner[0]
    return kind
