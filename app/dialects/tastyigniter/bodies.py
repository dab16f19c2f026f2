"""Bodies in any of their forms (flat JSON, a form, a JSON:API document) as one flat object."""

import re
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from app.dialects.reading import json_body
from app.dialects.tastyigniter.errors import WrongDocument
from app.dialects.tastyigniter.profiles import JSON, JSON_API, Profile, profile_of
from app.domain.problems import Malformed, UnsupportedMediaType
from app.web.body import read_limited
from app.web.context import house
from app.web.headers import media_type

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
PART = re.compile(r"\[([^\[\]]*)\]")
MOST_FIELDS = 2000
DEEPEST = 6


async def read_attributes(request: Request, kind: str, record: str | None = None) -> dict[str, Any]:
    """`kind`: the resource type, `record` its id for an update. Raises Malformed, TooLarge,
    UnsupportedMediaType, WrongDocument."""
    limit = house(request).settings.body_limit_bytes
    media = media_type(request.scope)
    if media == FORM:
        return form_fields(await read_limited(request, limit))
    if media == MULTIPART:
        return await _multipart(request)
    strict = profile_of(request) == Profile.STRICT
    if strict and media not in (JSON_API, JSON, ""):
        raise UnsupportedMediaType(f"Send {JSON_API}.")
    body = await json_body(request, limit)
    body = {} if body is None else body
    if not isinstance(body, dict):
        raise Malformed("The body is not a JSON object.")
    if strict or _is_document(body):
        return _of_document(body, kind, record, strict=strict)
    return body


def form_fields(raw: bytes) -> dict[str, Any]:
    """Names with brackets nest, as PHP reads them: order_menus[0][name]. Raises Malformed."""
    try:
        pairs = parse_qsl(
            raw.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS,
            errors="strict",
        )  # fmt: skip
    except ValueError:
        raise Malformed("The form could not be read.") from None
    return nested(pairs)


def nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        head, rest = name.partition("[")[0], PART.findall(name)[:DEEPEST]
        _put(found, [head, *rest], value)
    return {name: _listed(value) for name, value in found.items()}


def _put(into: dict[str, Any], path: list[str], value: str) -> None:
    step = path[0] if path[0] else str(len(into))
    if len(path) == 1:
        into[step] = value
        return
    inner = into.get(step)
    if not isinstance(inner, dict):
        inner = into[step] = {}
    _put(inner, path[1:], value)


def _listed(value: Any) -> Any:
    """A map with the keys 0, 1, 2 is a list."""
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(one) for name, one in value.items()}
    if inner and all(name.isdecimal() for name in inner):
        return list(inner.values())
    return inner


async def _multipart(request: Request) -> dict[str, Any]:
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        return nested([(n, v) for n, v in form.multi_items() if isinstance(v, str)])


def _is_document(body: dict[str, Any]) -> bool:
    data = body.get("data")
    return isinstance(data, dict) and "type" in data and "attributes" in data


def _of_document(
    body: dict[str, Any], kind: str, record: str | None, *, strict: bool
) -> dict[str, Any]:
    data = body.get("data")
    if not isinstance(data, dict):
        raise WrongDocument(400, "/data", "One resource object is needed.")
    if strict:
        _check_document(data, kind, record)
    attributes = data.get("attributes", {})
    if attributes == []:  # what PHP makes of an empty object
        attributes = {}
    if not isinstance(attributes, dict):
        raise WrongDocument(400, "/data/attributes", "attributes is not an object.")
    return attributes


def _check_document(data: dict[str, Any], kind: str, record: str | None) -> None:
    if "type" not in data:
        raise WrongDocument(400, "/data/type", "A resource object has a type.")
    if data["type"] != kind:
        raise WrongDocument(409, "/data/type", f"Here the type is {kind}.")
    if record is None and "id" in data:
        raise WrongDocument(403, "/data/id", "The server makes the ids.")
    if record is not None and "id" not in data:
        raise WrongDocument(400, "/data/id", "An update names its resource.")
    if record is not None and str(data["id"]) != record:
        raise WrongDocument(409, "/data/id", f"The address is of {record}.")
