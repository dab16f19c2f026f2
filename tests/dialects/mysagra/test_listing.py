"""Section 3.2: every query parameter of the list, and both envelopes."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from app.store.database import Done, Outcome, Transaction
from tests.clock import Clock
from tests.dialects.mysagra.stall import CAKE, OVEN, PIZZA, WINE, Stall, stall_at
from tests.venue_server import serving

PAGES = {
    "totalItems", "currentPage", "totalPages", "totalOrdersPages", "totalOrdersItems",
    "itemsPerPage", "hasNextPage", "hasPrevPage", "nextPage", "prevPage",
}  # fmt: skip


@pytest.fixture
async def evening(tmp_path: Path) -> AsyncIterator[Stall]:
    """Six orders a minute apart from noon of 2026-11-21 on, Rome time 13:00."""
    clock = Clock()
    async with serving(tmp_path, clock=clock) as server:
        await server.http.patch("/api/v1/venues/main", json={"time_zone": "Europe/Rome"})
        async with stall_at(server) as stall:
            await stall.order(PIZZA, table="A1", customer="Anna Bo")
            clock.forward(minutes=1)
            confirmed = await stall.confirmed(WINE, table="12", customer="Bruno Bo")
            clock.forward(minutes=1)
            cheap = {"paymentMethod": "CARD", "discount": 1}
            await stall.order(CAKE, table="NO_TABLE", customer="Carla 100%", confirm=cheap)
            clock.forward(minutes=1)
            ready = await stall.confirmed(customer="Dario")
            clock.forward(minutes=1)
            await server.place(first_name="Eva", last_name="Neri", status="preparing")
            clock.forward(minutes=1)
            gone = await stall.confirmed(customer="Fede")
            clock.forward(minutes=1)
            await stall.patch(ready, "COMPLETED")
            await stall.patch(gone, "CANCELLED")
            clock.forward(minutes=1)
            await stall.patch(confirmed, "COMPLETED")
            yield stall


NAMES = ["Fede", "Eva Neri", "Dario", "Carla 100%", "Bruno Bo", "Anna Bo"]
FOUND: list[tuple[list[tuple[str, Any]], list[str]]] = [
    ([], NAMES),
    ([("limit", 2)], NAMES[:2]),
    ([("limit", 2), ("page", 3)], NAMES[4:]),
    ([("limit", 100), ("page", 9)], []),
    ([("sortBy", "createdAt")], NAMES),
    ([("sortBy", "confirmedAt")], NAMES),
    ([("sortBy", "completedAt"), ("limit", 2)], ["Bruno Bo", "Dario"]),
    ([("status", "PENDING")], ["Anna Bo"]),
    ([("status", "pending"), ("status", "Completed")], ["Dario", "Bruno Bo", "Anna Bo"]),
    ([("status", "CONFIRMED")], ["Eva Neri", "Carla 100%"]),
    ([("status", "PARTIAL")], []),
    ([("status", "CANCELLED")], ["Fede"]),
    ([("status", "PICKED_UP")], []),
    ([("search", "bo")], ["Bruno Bo", "Anna Bo"]),
    ([("search", "BRUNO")], ["Bruno Bo"]),
    ([("search", "a1")], ["Anna Bo"]),
    ([("search", "12")], ["Bruno Bo"]),
    ([("search", "94j")], ["Anna Bo"]),
    ([("search", "4J")], ["Anna Bo"]),
    ([("search", "3")], ["Dario"]),  # the third ticket
    ([("search", "100%")], ["Carla 100%"]),
    ([("search", "%")], ["Carla 100%"]),
    ([("search", "NO_TABLE")], []),
    ([("search", "")], NAMES),
    ([("displayCode", "94J")], ["Anna Bo"]),
    ([("displayCode", "94j")], ["Anna Bo"]),
    ([("displayCode", "ZZZ")], []),
    ([("onlyDiscounted", "true")], ["Carla 100%"]),
    ([("onlyDiscounted", "false")], NAMES),
    ([("ticketNumber", 1)], ["Bruno Bo"]),
    ([("ticketNumber", 99)], []),
    ([("ticketNumber", -1)], []),
    ([("dateFrom", "2026-11-21T12:04:00.000Z")], ["Fede", "Eva Neri"]),
    ([("dateTo", "2026-11-21T12:01:00.000Z")], ["Bruno Bo", "Anna Bo"]),
    ([("dateTo", "2026-11-21T12:00:59.999Z")], ["Anna Bo"]),
    ([("dateFrom", "2026-11-21"), ("dateTo", "2026-11-22")], NAMES),
    ([("dateFrom", "2026-11-22")], []),
    ([("dateTo", "2026-11-21")], []),
    ([("dateFrom", "2026-11-21T13:04:00")], ["Fede", "Eva Neri"]),  # no offset: the venue's own
    ([("dateFrom", "2026-11-21T13:04:00+01:00")], ["Fede", "Eva Neri"]),
    ([("dateFrom", "2026-11-21T07:04:00-05:00")], ["Fede", "Eva Neri"]),
    ([("dateFrom", "Sat, 21 Nov 2026 12:04:00 GMT")], ["Fede", "Eva Neri"]),
    ([("dateFrom", "Nov 21, 2026")], NAMES),
    ([("dateFrom", "2026")], NAMES),
    ([("dateFrom", "2026-11")], NAMES),
    ([("status", "COMPLETED"), ("search", "bo"), ("limit", 1)], ["Bruno Bo"]),
    ([("unheard", "of")], NAMES),
]


async def test_each_parameter_narrows_the_list(evening: Stall) -> None:
    for query, names in FOUND:
        answer = await evening.till.get(f"/v1/orders?{urlencode(query)}")
        assert answer.status_code == 200, (query, answer.text)
        told = answer.json()
        assert set(told) == {"data", "orders", "pagination"}
        assert told["data"] == told["orders"]
        assert [order["customer"] for order in told["data"]] == names, query
        assert set(told["pagination"]) == PAGES


async def test_a_plus_that_nobody_encoded_is_still_an_offset(evening: Stall) -> None:
    answer = await evening.till.get("/v1/orders?dateFrom=2026-11-21T13:04:00+01:00")
    assert len(answer.json()["data"]) == 2


REFUSED = [
    ("page=0", "page", "too_small"),
    ("page=x", "page", "invalid_type"),
    ("page=1.5", "page", "invalid_type"),
    ("page=1&page=2", "page", "invalid_type"),
    ("limit=0", "limit", "too_small"),
    ("limit=101", "limit", "too_big"),
    ("limit=", "limit", "invalid_type"),
    ("sortBy=total", "sortBy", "invalid_value"),
    ("sortBy=updatedAt", "sortBy", "invalid_value"),
    ("status=READY", "status", "invalid_value"),
    ("status=PENDING,CONFIRMED", "status", "invalid_value"),
    ("displayCode=94", "displayCode", "too_small"),
    ("displayCode=94JJ", "displayCode", "too_big"),
    ("dateFrom=yesterday", "dateFrom", "invalid_type"),
    ("dateTo=2026-13-01", "dateTo", "invalid_type"),
    ("dateFrom=", "dateFrom", "invalid_type"),
    ("dateFrom=0001-01-01", "dateFrom", "invalid_type"),
    ("onlyDiscounted=yes", "onlyDiscounted", "invalid_value"),
    ("include=everything", "include", "invalid_value"),
    ("ticketNumber=x", "ticketNumber", "invalid_type"),
    ("search=%00", "search", "custom"),
    ("page=99999999999999999999", "page", "too_big"),
]


async def test_a_wrong_parameter_is_named(stall: Stall) -> None:
    for query, name, code in REFUSED:
        answer = await stall.till.get(f"/v1/orders?{query}")
        assert answer.status_code == 400, query
        (error,) = answer.json()["errors"]
        assert (error["path"][0], error["code"]) == (name, code), query


async def test_the_envelope_pages_forward_and_back(evening: Stall) -> None:
    pages = {}
    for page in (1, 2, 3, 4):
        answer = await evening.till.get(f"/v1/orders?limit=2&page={page}")
        told = answer.json()["pagination"]
        pages[page] = tuple(
            told[name] for name in ("hasPrevPage", "prevPage", "hasNextPage", "nextPage")
        )
        assert (told["totalItems"], told["totalOrdersItems"]) == (6, 6)
        assert (told["totalPages"], told["totalOrdersPages"], told["itemsPerPage"]) == (3, 3, 2)
        assert told["currentPage"] == page
    assert pages == {
        1: (False, None, True, 2),
        2: (True, 1, True, 3),
        3: (True, 2, False, None),
        4: (True, 3, False, None),
    }


async def test_stations_and_lines_come_when_asked_for(evening: Stall) -> None:
    plain = (await evening.till.get("/v1/orders?search=Anna")).json()["data"][0]
    assert not {"orderStationStates", "orderItems"} & set(plain)
    both = "include=ordersStationsStates&include=items"
    full = (await evening.till.get(f"/v1/orders?search=Anna&{both}")).json()["data"][0]
    assert full["orderStationStates"] == [{"stationId": OVEN, "status": "PENDING"}]
    (line,) = full["orderItems"]
    assert "orderId" not in line
    assert (line["foodId"], line["food"]["category"]["name"]) == (PIZZA, "Pizza")
    everybody = (await evening.till.get(f"/v1/orders?{both}")).json()["data"]
    assert all(order["orderStationStates"] for order in everybody)


async def test_a_code_may_be_as_long_as_the_longest_given_out(stall: Stall) -> None:
    def jump(tx: Transaction) -> Outcome[None]:
        tx.run("UPDATE venues SET serial = 1223")
        return Done(None)

    await stall.server.store.write(jump)
    assert [(await stall.order())["displayCode"] for _ in range(2)] == ["BBB", "9488"]
    found = await stall.till.get("/v1/orders?displayCode=9488")
    assert [order["displayCode"] for order in found.json()["data"]] == ["9488"]
    assert (await stall.till.get("/v1/orders?displayCode=94888")).status_code == 400
