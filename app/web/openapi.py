"""/openapi.json, made from the route table."""

from collections.abc import Iterable
from typing import Any

from openapi_pydantic import Info, OpenAPI
from openapi_pydantic.util import PydanticSchema, construct_open_api_with_schema_class
from pydantic import BaseModel

from app import __version__
from app.web.native.answers import ProblemAnswer
from app.web.table import PARAMETER, Entry, SocketEntry, Who

# A paired board asks for a key, an open one does not.
SECURITY: dict[str, list[dict[str, list[str]]]] = {
    Who.PUBLIC: [],
    Who.BOARD: [{}, {"key": []}],
    Who.SCREEN: [{"screen": []}],
}
# How the clients of other ordering systems show who they are.
BEARER = {"type": "http", "scheme": "bearer"}
FOREIGN = {
    "eatsa": {"eatsa": {"type": "apiKey", "in": "header", "name": "x-authtoken"}},
    "mysagra": {
        "mysagra": {"type": "apiKey", "in": "header", "name": "X-API-KEY"},
        "mysagra_session": {"type": "apiKey", "in": "cookie", "name": "mysagra_session"},
    },
    "tastyigniter": {"tastyigniter": BEARER},
    "hyra": {"hyra": BEARER},
}
SCREEN = {"type": "apiKey", "in": "cookie", "name": "rb_screen"}
SCHEMES = {"key": BEARER, "screen": SCREEN} | {
    name: s for of in FOREIGN.values() for name, s in of.items()
}
EVERYWHERE = {401: "No valid credential", 403: "Not with this credential"}
ABOUT = {
    400: "Not readable",
    404: "Not found",
    409: "Does not fit what is stored",
    413: "Body too large",
    415: "Not application/json",
    422: "Fields are wrong; `errors` names every one",
    429: "Slow down; `Retry-After` says how long",
}


def describe(table: Iterable[Entry | SocketEntry], server: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of all rows that are not pages."""
    paths: dict[str, dict[str, Any]] = {}
    named: set[str] = set()
    for entry in table:
        if isinstance(entry, Entry) and not entry.page:
            path = PARAMETER.sub(r"{\1}", entry.path)
            operation = _operation(entry)
            if operation["operationId"] in named:  # the same handler at another address
                operation["operationId"] = _longer_name(operation["operationId"], entry, named)
            named.add(operation["operationId"])
            paths.setdefault(path, {})[entry.method.lower()] = operation
    document = OpenAPI.model_validate(
        {
            "openapi": "3.1.0",
            "info": Info(title="Readyboard", version=__version__),
            "servers": [{"url": server or "/"}],
            "paths": paths,
            "components": {"securitySchemes": SCHEMES},
        }
    )
    whole = construct_open_api_with_schema_class(document)
    return whole.model_dump(mode="json", by_alias=True, exclude_none=True)


def _operation(entry: Entry) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _name(entry),
        "summary": entry.summary,
        "parameters": _path_parameters(entry) + _query_parameters(entry.query),
        "responses": _responses(entry),
        "security": SECURITY.get(entry.who, [{"key": []}]),
    }
    if entry.body is not None:
        required = not entry.body_optional
        operation["requestBody"] = {"required": required, "content": _content(entry, entry.body)}
    if entry.tag:
        operation |= {"tags": [entry.tag], "security": [{name: []} for name in FOREIGN[entry.tag]]}
    return operation


def _longer_name(name: str, entry: Entry, taken: set[str]) -> str:
    words = [word.strip("{}").split(":")[0] for word in entry.path.split("/") if word]
    tried = [f"{name}_of_{words[-1]}", f"{name}_{entry.method.lower()}"]
    tried += ["_".join([name, entry.method.lower(), *words])]
    return next(longer for longer in tried if longer not in taken).replace("-", "_")


def _name(entry: Entry) -> str:
    """The handler's, told apart where one serves the venue's own board and the others."""
    of = f"{entry.tag}_" if entry.tag else ""
    return of + entry.handler.__name__ + ("_of_board" if "{board}" in entry.path else "")


def _responses(entry: Entry) -> dict[str, Any]:
    good: dict[str, Any] = {"description": entry.summary or "Done"}
    if entry.answer is not None:
        good["content"] = _content(entry, entry.answer)
    elif entry.status != 204:
        good["content"] = {entry.media: {"schema": {}}}
    if entry.tag:  # each system has its own codes, and one body for all of them
        shape = {} if entry.refusal is None else {"content": _content(entry, entry.refusal)}
        return {str(entry.status): good, "default": {"description": "Refused"} | shape}
    refusals = dict.fromkeys(entry.problems)
    if "{" in entry.path:
        refusals |= {404: None}
    if entry.who != Who.PUBLIC:
        refusals |= dict.fromkeys(EVERYWHERE)
    if entry.body is not None:
        refusals |= dict.fromkeys((400, 413, 415, 422))
    if entry.query is not None:
        refusals |= {422: None}
    answers = {str(entry.status): good}
    if entry.path.endswith("/orders") and entry.method == "POST":
        answers["200"] = good  # the same ref again
    problem: dict[str, Any] = {
        "application/problem+json": {"schema": PydanticSchema(schema_class=ProblemAnswer)}
    }
    for status in sorted(refusals):
        about = ABOUT.get(status) or EVERYWHERE[status]
        answers[str(status)] = {"description": about, "content": problem}
    return answers


def _content(entry: Entry, model: type[BaseModel]) -> dict[str, Any]:
    if not entry.tag:
        return {"application/json": {"schema": PydanticSchema(schema_class=model)}}
    # Written out in place: every system has an OrderBody, and components need names of their own.
    schema = model.model_json_schema()
    return {"application/json": {"schema": _inlined(schema, schema.pop("$defs", {}))}}


def _path_parameters(entry: Entry) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in PARAMETER.findall(entry.path)
    ]


def _query_parameters(model: type[BaseModel] | None) -> list[dict[str, Any]]:
    if model is None:
        return []
    schema = model.model_json_schema()
    defined = schema.get("$defs", {})
    return [
        {"name": name, "in": "query", "required": False, "schema": _inlined(field, defined)}
        for name, field in schema["properties"].items()
    ]


def _inlined(schema: Any, defined: dict[str, Any]) -> Any:
    """References of a model's own schema lead nowhere in the whole document."""
    if isinstance(schema, list):
        return [_inlined(one, defined) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(defined[schema["$ref"].rpartition("/")[2]], defined)
    # pydantic leaves these two as they are where a validator stands before them.
    words = {"ge": "minimum", "le": "maximum"}
    return {words.get(name, name): _inlined(value, defined) for name, value in schema.items()}
