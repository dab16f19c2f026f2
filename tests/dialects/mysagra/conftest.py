"""A stall to order at, on a real server."""

from collections.abc import AsyncIterator

import pytest

from tests.dialects.mysagra.stall import Stall, stall_at
from tests.venue_server import VenueServer


@pytest.fixture
async def stall(server: VenueServer) -> AsyncIterator[Stall]:
    async with stall_at(server) as opened:
        yield opened
