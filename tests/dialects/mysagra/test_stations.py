"""Section 3.8: one station's status, and what the order's becomes by it."""

from itertools import product
from typing import Any

from tests.dialects.doors import stored
from tests.dialects.mysagra.stall import BAR, CAKE, OVEN, PIZZA, WINE, Stall

WORDS = ("PENDING", "CONFIRMED", "PARTIAL", "COMPLETED", "PICKED_UP", "CANCELLED")
NO_RECORD = {"message": "Resource not found.", "error": "RecordNotFound"}


def expected(words: tuple[str, ...]) -> str:
    if len(set(words)) == 1:
        return words[0]
    return "PARTIAL" if "CONFIRMED" in words else min(words, key=WORDS.index)


async def patch(stall: Stall, order: dict[str, Any], station: str, word: str) -> Any:
    path = f"/v1/orders/{order['id']}/stations/{station}"
    return await stall.till.patch(path, json={"status": word})


async def test_the_order_is_what_its_stations_make_of_it(stall: Stall) -> None:
    for first, second in product(WORDS, WORDS):
        made = await stall.confirmed(PIZZA, WINE)
        for station, word in ((OVEN, first), (BAR, second.lower())):
            answer = await patch(stall, made, station, word)
            assert answer.status_code == 200
            told = answer.json()
            assert set(told) == {"id", "status", "orderId", "stationId"}
            assert (told["orderId"], told["stationId"]) == (made["id"], station)
            assert told["status"] == word.upper()
        found, word = await stall.read(made), expected((first, second))
        assert found["status"] == word
        assert (found["completedAt"] is not None) == (word == "COMPLETED")
        assert found["ticketNumber"] == made["ticketNumber"]
        assert [state["status"] for state in found["orderStationStates"]] == [first, second]


async def test_stations_start_pending_and_are_confirmed_with_the_order(stall: Stall) -> None:
    made = await stall.order(PIZZA, WINE)
    states = (await stall.read(made))["orderStationStates"]
    assert [state["status"] for state in states] == ["PENDING", "PENDING"]
    await stall.till.post(f"/v1/orders/{made['id']}/confirm", json={"paymentMethod": "CASH"})
    states = (await stall.read(made))["orderStationStates"]
    assert [state["status"] for state in states] == ["CONFIRMED", "CONFIRMED"]


async def test_a_station_of_a_pending_order_draws_no_ticket(stall: Stall) -> None:
    made = await stall.order(PIZZA)
    await patch(stall, made, OVEN, "COMPLETED")
    found = await stall.read(made)
    assert (found["status"], found["ticketNumber"], found["confirmedAt"]) == (
        "COMPLETED", None, None,
    )  # fmt: skip


async def test_an_order_without_stations_has_the_default_one(stall: Stall) -> None:
    made = await stall.confirmed(CAKE)
    (state,) = (await stall.read(made))["orderStationStates"]
    listed = (await stall.till.get("/v1/stations")).json()
    assert state["stationId"] in {station["id"] for station in listed}
    assert (await patch(stall, made, state["stationId"], "COMPLETED")).status_code == 200
    assert (await stall.read(made))["status"] == "COMPLETED"


async def test_what_no_station_makes_waits_for_none(stall: Stall) -> None:
    made = await stall.confirmed(CAKE, PIZZA)
    (state,) = (await stall.read(made))["orderStationStates"]
    assert state["stationId"] == OVEN
    await patch(stall, made, OVEN, "COMPLETED")
    assert (await stall.read(made))["status"] == "COMPLETED"


async def test_repeating_what_a_station_reads_moves_nothing(stall: Stall) -> None:
    made = await stall.confirmed(PIZZA)
    ours = made["id"][1:]
    await stall.server.move(ours, "preparing")
    before = await stored(stall.server, ours)
    assert (await patch(stall, made, OVEN, "CONFIRMED")).json()["status"] == "CONFIRMED"
    assert await stored(stall.server, ours) == before


async def test_an_unknown_pair_is_not_found(stall: Stall) -> None:
    made = await stall.confirmed(PIZZA)
    for order, station in ((made["id"], BAR), ("c" + "0" * 24, OVEN), ("99", OVEN)):
        answer = await patch(stall, {"id": order}, station, "COMPLETED")
        assert (answer.status_code, answer.json()) == (404, NO_RECORD)
    for order, station, name in (("x", OVEN, "orderId"), (made["id"], "x", "stationId")):
        answer = await patch(stall, {"id": order}, station, "COMPLETED")
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["path"] == [name]
    refused = await patch(stall, made, OVEN, "READY")
    assert refused.json()["errors"][0]["code"] == "invalid_value"
