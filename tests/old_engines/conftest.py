"""One old engine a test, each test in both."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.old_engines.engines import ENGINES, Engine


@pytest.fixture(params=ENGINES)
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[Engine]:
    async with AsyncExitStack() as stack:
        started = await ENGINES[request.param](stack)
        yield started
        assert started.thrown == []
