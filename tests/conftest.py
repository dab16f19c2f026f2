"""Real parts for every test: SQLite files, a uvicorn on a free port. Only time may be a fake."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.store.sqlite import SqliteStore, open_store
from tests.clock import Clock
from tests.kitchen import Kitchen
from tests.venue_server import VenueServer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(tmp_path: Path, clock: Clock) -> AsyncIterator[SqliteStore]:
    opened = await open_store(tmp_path, clock=clock)
    yield opened
    await opened.close()


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[VenueServer]:
    running = VenueServer(tmp_path)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
def kitchen(store: SqliteStore, clock: Clock) -> Kitchen:
    return Kitchen(store, clock)
