"""The API's description for programs (/openapi.json) and for people (/docs)."""

from starlette.requests import Request
from starlette.responses import Response

from app.web.context import house
from app.web.native.answering import json_answer
from app.web.openapi import describe
from app.web.table import Entry, Who


async def openapi_document(request: Request) -> Response:
    settings = house(request).settings
    return json_answer(
        describe(request.app.state.table, settings.public_url or settings.root_path),
        headers={"Access-Control-Allow-Origin": "*"},
    )


async def docs_page(request: Request) -> Response:
    document = describe(request.app.state.table, house(request).settings.root_path)
    return house(request).page("docs.html", api=document)


ROUTES = (
    Entry(
        method="GET", path="/openapi.json", handler=openapi_document, who=Who.PUBLIC,
        summary="This description, OpenAPI 3.1",
    ),
    Entry(method="GET", path="/docs", handler=docs_page, who=Who.PUBLIC, page=True),
)  # fmt: skip
