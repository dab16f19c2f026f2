"""Clients of TastyIgniter in its three profiles; every strict answer is held to JSON:API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import httpx2
from jsonschema import Draft202012Validator

from app.commands.guests import add_customer, add_person
from app.commands.keys import create_key
from app.commands.passwords import hash_password
from app.dialects.tastyigniter.tokens import new_secret
from app.domain.guests import Customer
from app.domain.people import Role
from app.store import venues
from tests.dialects.doors import connect, credential, door
from tests.venue_server import VenueServer

JSON_API = "application/vnd.api+json"
PASSWORD = "correct horse battery"

IDENTIFIER = {
    "type": "object",
    "required": ["type", "id"],
    "properties": {"type": {"type": "string", "minLength": 1}, "id": {"type": "string"}},
}
ONLY_IDENTIFIER = {**IDENTIFIER, "additionalProperties": False}
RESOURCE = {
    **IDENTIFIER,
    "properties": {
        **IDENTIFIER["properties"],  # type: ignore[dict-item]
        "attributes": {
            "type": "object",
            "propertyNames": {"not": {"enum": ["id", "type"]}},
        },
        "relationships": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "minProperties": 1,
                "properties": {
                    "data": {
                        "anyOf": [
                            {"type": "null"},
                            ONLY_IDENTIFIER,
                            {
                                "type": "array",
                                "items": {**IDENTIFIER, "additionalProperties": False},
                            },
                        ]
                    }
                },
            },
        },
        "links": {"type": "object"},
        "meta": {"type": "object"},
    },
    "additionalProperties": False,
}
ERROR = {
    "type": "object",
    "minProperties": 1,
    "properties": {
        "id": {"type": "string"},
        "status": {"type": "string", "pattern": "^[0-9]{3}$"},
        "code": {"type": "string"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "source": {
            "type": "object",
            "properties": {"pointer": {"type": "string"}, "parameter": {"type": "string"}},
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}
# A document as JSON:API 1.1 has it: data or errors and never both, included only beside data.
DOCUMENT = {
    "type": "object",
    "properties": {
        "data": {
            "anyOf": [{"type": "null"}, RESOURCE, {"type": "array", "items": RESOURCE}],
        },
        "errors": {"type": "array", "minItems": 1, "items": ERROR},
        "included": {"type": "array", "items": RESOURCE},
        "meta": {"type": "object"},
        "links": {
            "type": "object",
            "additionalProperties": {"type": ["string", "null"]},
        },
        "jsonapi": {"type": "object"},
    },
    "additionalProperties": False,
    "anyOf": [{"required": ["data"]}, {"required": ["errors"]}, {"required": ["meta"]}],
    "not": {"required": ["data", "errors"]},
    "dependentRequired": {"included": ["data"]},
}
VALIDATOR = Draft202012Validator(DOCUMENT)


async def check_document(response: httpx2.Response) -> None:
    """Valid, of the right type, and with full linkage: nothing included that nobody links to."""
    await response.aread()
    if response.status_code == 204:
        assert response.content == b""
        return
    assert response.headers["content-type"] == JSON_API
    assert response.headers["vary"] == "Accept"
    body = response.json()
    VALIDATOR.validate(body)
    data = body.get("data") or []
    linked = set()
    for one in data if isinstance(data, list) else [data]:
        for relation in one.get("relationships", {}).values():
            ends = relation["data"] if isinstance(relation["data"], list) else [relation["data"]]
            linked |= {(end["type"], end["id"]) for end in ends}
    included = [(one["type"], one["id"]) for one in body.get("included", [])]
    assert len(included) == len(set(included))
    assert set(included) == linked


@asynccontextmanager
async def admin(server: VenueServer, **settings: Any) -> AsyncIterator[httpx2.AsyncClient]:
    await connect(server, "tastyigniter", **settings)
    token = await credential(server, "tastyigniter")
    async with door(server, "tastyigniter", Authorization=f"Bearer {token}") as client:
        yield client


@asynccontextmanager
async def strict(server: VenueServer, **settings: Any) -> AsyncIterator[httpx2.AsyncClient]:
    async with admin(server, **settings) as client:
        client.headers["Accept"] = JSON_API
        client.event_hooks = {"response": [check_document]}
        yield client


async def token_of(
    server: VenueServer, *abilities: str, kind: str = "admin", owner: str | None = None
) -> str:
    secret = new_secret()
    made = await server.store.write(
        partial(
            create_key, name="Test", scopes=(), venues=["main"], secret=secret,
            dialect="tastyigniter", kind=kind, owner=owner, abilities=abilities or ("*",),
        )
    )  # fmt: skip
    return f"{made.key.serial}|{secret}"


async def customer(server: VenueServer, email: str = "test@example.com") -> Customer:
    def add(tx: Any) -> Any:
        venue = venues.by_slug(tx, "main")
        assert venue is not None
        return add_customer(
            tx, venue=venue.id, first_name="Test", last_name="User", email=email,
            password_hash=hash_password(PASSWORD),
        )  # fmt: skip

    made: Customer = await server.store.write(add)
    return made


async def user(server: VenueServer, name: str, email: str) -> str:
    made = await server.store.write(
        partial(
            add_person, name=name, role=Role.ADMIN, email=email, venue="main",
            password_hash=hash_password(PASSWORD),
        )
    )  # fmt: skip
    return str(made.id)


ORDER: dict[str, Any] = {"first_name": "Test", "last_name": "User", "order_type": "collection"}


async def created(client: httpx2.AsyncClient, **more: Any) -> dict[str, Any]:
    body = ORDER | more
    strictly = client.headers.get("accept") == JSON_API
    document = {"data": {"type": "orders", "attributes": body}}
    headers = {"Content-Type": JSON_API} if strictly else {}
    answer = await client.post("/api/orders", json=document if strictly else body, headers=headers)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()["data"]
    return found
