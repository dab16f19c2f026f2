"""Whatever the foreign systems' descriptions allow, and much that they do not, never makes a 5xx,
and every refusal has its system's own shape."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from app.dialects.mounting import prefixed_tables
from app.domain.people import Role
from app.web.openapi import describe
from tests.dialects.doors import connect, credential
from tests.staff_browser import session_of
from tests.venue_server import VenueServer

CREDENTIALS = {
    "eatsa": ("x-authtoken", "{}"),
    "tastyigniter": ("Authorization", "Bearer {}"),
    "hyra": ("Authorization", "Bearer {}"),
}
# Members of a refusal: of MySagra's three shapes at least one.
SHAPES: dict[str, list[set[str]]] = {
    "eatsa": [{"id", "code", "message"}],
    "mysagra": [{"message"}, {"errors"}],
    "tastyigniter": [{"message"}, {"errors"}, set()],
    "hyra": [{"statusCode", "error", "message"}],
}
SCHEMA = schemathesis.openapi.from_dict(describe(prefixed_tables(), ""))
# Streams do not end by themselves; they have tests of their own.
FOUND = SCHEMA.exclude(path_regex="/events/").get_all_operations()
OPERATIONS = [result.ok() for result in FOUND if isinstance(result, Ok)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[VenueServer, Any]]:
    """A server in a thread of its own: schemathesis is not asynchronous."""
    folder: Path = tmp_path_factory.mktemp("fuzz")
    server, loop = VenueServer(folder), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    headers = asyncio.run_coroutine_threadsafe(_prepared(server), loop).result(30)
    yield server, headers
    asyncio.run_coroutine_threadsafe(server.stop(), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


async def _prepared(server: VenueServer) -> dict[str, dict[str, str]]:
    await server.start()
    await connect(server)
    for _ in range(3):
        await server.place(first_name="Ada", items=())
    headers = {
        system: {name: form.format(await credential(server, system))}
        for system, (name, form) in CREDENTIALS.items()
    }
    session = await session_of(server, "Ada", Role.ADMIN)
    return headers | {"mysagra": {"Authorization": f"Bearer {session}"}}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_input_makes_a_5xx(
    operation: APIOperation[Any, Any, Any, Any], served: tuple[VenueServer, Any]
) -> None:
    server, headers = served
    system = operation.path.split("/")[1]

    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: schemathesis.Case[Any]) -> None:
        answer = case.call(base_url=server.url, headers=dict(headers[system]), timeout=10)
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400 and case.method != "HEAD":
            told = set(answer.json())
            assert any(told >= shape for shape in SHAPES[system]), answer.text
            assert "type" not in told, answer.text  # that would be one of our own

    ask()
