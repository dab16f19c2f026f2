"""Real parts for every test: SQLite files, a uvicorn on a free port. Only time may be a fake."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from app.domain.orders import Order, order_body, order_from
from app.store import orders
from app.store.database import Transaction
from app.store.rows import dump, load
from app.store.sqlite import SqliteStore, open_store
from app.web.server import SocketProtocol, StreamingProtocol
from tests.clock import Clock
from tests.kitchen import Kitchen
from tests.venue_server import VenueServer

# The same examples every time: a build that fails, fails for a change and not by luck. To look for
# new ones: pytest --hypothesis-profile=default
settings.register_profile("same", derandomize=True)
settings.load_profile("same")


@pytest.fixture(autouse=True)
def kept_orders_are_what_is_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever system an order came from, in every test: read again, it is the same."""
    keep = orders._keep

    def checked(tx: Transaction, order: Order) -> None:
        assert order_from(load(dump(order_body(order)))) == order
        keep(tx, order)

    monkeypatch.setattr(orders, "_keep", checked)


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


@pytest.fixture(params=["handed over", "portable"])
def path(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How streams leave the server: swept over bare sockets, or as any ASGI server can."""
    for protocol in (StreamingProtocol, SocketProtocol):
        monkeypatch.setattr(protocol, "hands_over", request.param == "handed over")
    chosen: str = request.param
    return chosen


@pytest.fixture
def kitchen(store: SqliteStore, clock: Clock) -> Kitchen:
    return Kitchen(store, clock)
