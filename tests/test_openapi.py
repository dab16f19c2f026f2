"""The description of the API is what the API is."""

from typing import Any

from openapi_pydantic import OpenAPI

from app.web.routes import TABLE
from app.web.table import Entry
from tests.venue_server import VenueServer


async def document(server: VenueServer) -> dict[str, Any]:
    async with server.client() as nobody:
        found: dict[str, Any] = (await nobody.get("/openapi.json")).json()
    return found


async def test_the_document_is_valid_openapi_3_1(server: VenueServer) -> None:
    found = await document(server)
    assert found["openapi"].startswith("3.1")
    OpenAPI.model_validate(found)


async def test_every_address_of_the_table_is_described(server: VenueServer) -> None:
    paths = (await document(server))["paths"]
    for entry in TABLE:
        if isinstance(entry, Entry) and not entry.page:
            operation = paths[entry.path][entry.method.lower()]
            assert str(entry.status) in operation["responses"]
            assert operation["summary"]


async def test_every_operation_has_a_name_of_its_own(server: VenueServer) -> None:
    paths = (await document(server))["paths"]
    names = [operation["operationId"] for path in paths.values() for operation in path.values()]
    assert len(names) == len(set(names))


async def test_every_reference_leads_somewhere(server: VenueServer) -> None:
    found = await document(server)
    names = set(found["components"]["schemas"])

    def references(part: Any) -> set[str]:
        if isinstance(part, dict):
            own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
            return own.union(*(references(value) for value in part.values()))
        return set().union(*map(references, part)) if isinstance(part, list) else set()

    assert {name.rpartition("/")[2] for name in references(found)} <= names
