"""The API's description for programs (/openapi.json) and for people (/docs)."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.domain.events import Kind
from app.domain.orders import Status
from app.domain.problems import Problem
from app.web.context import house
from app.web.errors import POLICY
from app.web.native.answering import json_answer
from app.web.table import PARAMETER, Entry, SocketEntry, Who

NEEDS: dict[str, str] = {
    Who.PUBLIC: "nothing",
    Who.BOARD: "nothing, or board:read if it is paired",
    Who.SCREEN: "the cookie of a paired screen",
}
FRAMES = (
    ("hello", "the whole present state: first frame of a fresh stream, and after a board change"),
    ("order", "one card to add or replace, named by its key"),
    ("gone", "the key of a card that left the board"),
    ("notice", "a word to the viewer, such as `restarting`"),
    ("beat", "every 10 seconds: the seq, the server's time, and a digest of what is visible"),
)


@dataclass(frozen=True, slots=True)
class Row:
    method: str
    path: str
    summary: str
    needs: str
    fields: tuple[tuple[str, str], ...]
    system: str


async def openapi_document(request: Request) -> Response:
    settings = house(request).settings
    server = settings.public_url or settings.root_path
    # Only this answer needs it: a seventh of the memory and of the start.
    from app.web.openapi import describe

    return json_answer(describe(request.app.table, server))


async def docs_page(request: Request) -> Response:
    here = house(request)
    home = here.settings.public_url or str(request.base_url).rstrip("/")
    return here.page(
        "docs.html",
        headers={"Content-Security-Policy": POLICY},
        home=home,
        rows=[_row(entry) for entry in request.app.table if not _hidden(entry)],
        statuses=list(Status),
        kinds=list(Kind),
        frames=FRAMES,
        problems=sorted(_tree(Problem), key=lambda p: (p.status, p.slug)),
    )


def _hidden(entry: Entry | SocketEntry) -> bool:
    return isinstance(entry, Entry) and entry.page


def _row(entry: Entry | SocketEntry) -> Row:
    needs = NEEDS.get(entry.who, entry.who)
    if isinstance(entry, SocketEntry):
        return Row("WebSocket", entry.path, entry.summary, needs, (), "")
    model = entry.body or entry.query
    fields = () if model is None else tuple(
        (name, _type(field))
        for name, field in model.model_json_schema().get("properties", {}).items()
    )  # fmt: skip
    path = PARAMETER.sub(r"{\1}", entry.path)
    return Row(entry.method, path, entry.summary, needs, fields, entry.tag)


def _type(field: dict[str, Any]) -> str:
    """A field's JSON type in a word or two."""
    if "$ref" in field:
        return str(field["$ref"].rpartition("/")[2])
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(_type(one) for one in field["anyOf"]))
    if "enum" in field or "const" in field:
        return " | ".join(str(word) for word in field.get("enum", [field.get("const")]))
    if field.get("type") == "array":
        return f"list of {_type(field['items'])}"
    return str(field.get("type", "any"))


def _tree(problem: type[Problem]) -> list[type[Problem]]:
    """Every refusal there is."""
    found = [sub for child in problem.__subclasses__() for sub in _tree(child)]
    return [problem, *found] if problem is not Problem else found


ROUTES = (
    Entry(
        method="GET", path="/openapi.json", handler=openapi_document, who=Who.PUBLIC,
        summary="This description, OpenAPI 3.1", open_to_all=True,
    ),
    Entry(method="GET", path="/docs", handler=docs_page, who=Who.PUBLIC, page=True),
)  # fmt: skip
