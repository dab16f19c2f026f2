"""Real parts for every test: SQLite files, a uvicorn on a free port. Only time may be a fake."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from app.domain.orders import Order, order_body, order_from
from app.domain.venues import Venue
from app.store import orders
from app.store.database import Reading, Row, Transaction
from app.store.order_row import columns
from app.store.rows import load
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
def orders_are_stored_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever system an order came from, in every test of this process: only some of its columns
    are written and the writer does not read it again, and yet all that is stored is the same."""
    find = orders.find

    def stored(tx: Reading, order: Order) -> Row:
        row = tx.one("SELECT * FROM orders WHERE id = :id", id=order.id)
        assert row is not None
        assert order_from(load(row["body"])) == order == tx.orders.get(order.id, order)
        return row

    def found(tx: Reading, venue_id: str, order_id: str) -> Order | None:
        order = find(tx, venue_id, order_id)
        if order is not None:
            stored(tx, order)
        return order

    def check(tx: Transaction, order: Order, venue: Venue) -> None:
        row = stored(tx, order)
        wanted = columns(order, order_body(order), venue)
        assert {name: row[name] for name in wanted} == wanted

    def checked(write: Callable[..., Any]) -> Callable[..., Any]:
        def write_and_look(tx: Transaction, order: Order, venue: Venue, *more: Any) -> Any:
            written = write(tx, order, venue, *more)
            check(tx, order, venue)
            return written

        return write_and_look

    monkeypatch.setattr(orders, "find", found)
    monkeypatch.setattr(orders, "add", checked(orders.add))
    monkeypatch.setattr(orders, "save", checked(orders.save))


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
