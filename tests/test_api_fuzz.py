"""Whatever the description allows, and much that it does not, never makes a 5xx."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.web.openapi import describe
from app.web.routes import TABLE
from tests.venue_server import VenueServer

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VenueServer]:
    """A server in a thread of its own: schemathesis is not asynchronous."""
    folder: Path = tmp_path_factory.mktemp("fuzz")
    server, loop = VenueServer(folder), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.start(), loop).result(20)
    yield server
    asyncio.run_coroutine_threadsafe(server.stop(), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


SCHEMA = schemathesis.openapi.from_dict(describe(TABLE, ""))
# Streams do not end by themselves; they have tests of their own.
FOUND = SCHEMA.exclude(path_regex="/(events|feed)$").get_all_operations()
OPERATIONS = [result.ok() for result in FOUND if isinstance(result, Ok)]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_input_makes_a_5xx(
    operation: APIOperation[Any, Any, Any, Any], served: VenueServer
) -> None:
    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: schemathesis.Case[Any]) -> None:
        key = {"Authorization": f"Bearer {served.key}"}
        case.call_and_validate(base_url=served.url, headers=key, checks=CHECKS, timeout=10)

    ask()
