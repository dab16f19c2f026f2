"""What MySagra's own clients do, and what its channels then say: every row of the table."""

import json

from tests.dialects.mysagra.listening import FULL, PAPER, SHORT, STATION, STATUS, Ears
from tests.dialects.mysagra.stall import CAKE, OVEN, PIZZA, REGISTER, WINE, Stall

NEW = {"cashier": [("new-order", FULL)]}
CONFIRMED = {
    "cashier": [("confirmed-order", SHORT)],
    "display": [("confirmed-order", SHORT | {"ordersStations"})],
    "printer": [("confirmed-order", FULL)],
    "ticket": [("confirmed-order", FULL)],
}
UPDATE = {name: [("order-status-update", STATUS)] for name in ("cashier", "display", "ticket")}
STATION_UPDATE = {
    name: [("order-station-status-update", STATION)] for name in ("display", "ticket")
}
CANCELLED = {name: [("order-cancelled", STATUS)] for name in ("cashier", "display", "ticket")} | {
    "printer": [("order-cancelled", PAPER)]
}
CASH = {"paymentMethod": "CASH"}


async def test_create_confirm_and_patch(stall: Stall) -> None:
    async with Ears(stall.server) as ears:
        made = await stall.order(PIZZA, WINE)
        new = (await ears.hear(NEW))["cashier"][0].data
        assert (new["status"], new["ticketNumber"], new["total"]) == ("PENDING", None, "11.5")
        answer = await stall.till.post(f"/v1/orders/{made['id']}/confirm", json=CASH)
        heard = await ears.hear(CONFIRMED)
        # The same members as in the answer, to the letter.
        assert json.loads(answer.text) == heard["printer"][0].data == heard["ticket"][0].data
        assert len(heard["display"][0].data["ordersStations"]) == 2
        assert heard["cashier"][0].data["ticketNumber"] == 1
        await stall.patch(made, "COMPLETED")
        heard = await ears.hear(UPDATE)
        assert heard["display"][0].data["status"] == "COMPLETED"
        await stall.patch(made, "COMPLETED")  # says nothing
        await stall.patch(made, "CANCELLED")
        paper = (await ears.hear(CANCELLED))["printer"][0].data
        assert (paper["printers"], paper["orderId"]) == (["cprinter01"], made["id"])
        assert (paper["customer"], paper["table"]) == ("Mario Rossi", "5")
        await ears.nothing_more()


async def test_created_with_confirm_it_is_not_new(stall: Stall) -> None:
    async with Ears(stall.server) as ears:
        await stall.confirmed(CAKE)
        heard = await ears.hear(CONFIRMED)
        assert heard["display"][0].data["ordersStations"]  # the default station
        (item,) = heard["printer"][0].data["orderItems"]
        assert item["food"]["category"] == {"id": "ccategory3", "name": "Sweets", "station": None}
        await ears.nothing_more()


async def test_one_confirm_of_many_is_told_once(stall: Stall) -> None:
    async with Ears(stall.server) as ears:
        made = await stall.order()
        await ears.hear(NEW)
        for _ in range(3):
            await stall.till.post(f"/v1/orders/{made['id']}/confirm", json=CASH)
        await ears.hear(CONFIRMED)
        await ears.nothing_more()


async def test_a_patch_never_confirms_but_a_second_confirm_does(stall: Stall) -> None:
    async with Ears(stall.server) as ears:
        made = await stall.order()
        await ears.hear(NEW)
        for word in ("CONFIRMED", "PENDING"):
            await stall.patch(made, word)
            heard = await ears.hear(UPDATE)
            assert heard["cashier"][0].data | {"status": word, "ticketNumber": None} == (
                heard["cashier"][0].data
            )
        for _ in range(2):
            await stall.till.post(f"/v1/orders/{made['id']}/confirm", json=CASH)
            await ears.hear(CONFIRMED)
            await stall.patch(made, "PENDING")
            await ears.hear(UPDATE)
        await stall.patch(made, "CONFIRMED")  # confirmed before, and still only patched
        await ears.hear(UPDATE)
        await ears.nothing_more()


async def test_a_station_is_told_without_the_status_it_makes(stall: Stall) -> None:
    async with Ears(stall.server) as ears:
        made = await stall.order(PIZZA)
        await ears.hear(NEW)
        for word in ("COMPLETED", "CONFIRMED"):
            path = f"/v1/orders/{made['id']}/stations/{OVEN}"
            await stall.till.patch(path, json={"status": word})
            heard = await ears.hear(STATION_UPDATE)
            said = {"orderId": made["id"], "stationId": OVEN, "status": word}
            assert heard["display"][0].data == heard["ticket"][0].data == said
        await ears.nothing_more()


async def test_deleting_speaks_only_of_what_was_confirmed_and_not_yet_cancelled(
    stall: Stall,
) -> None:
    async with Ears(stall.server) as ears:
        for word in ("PENDING", "CANCELLED"):
            made = await stall.order()
            await ears.hear(NEW)
            if word == "CANCELLED":
                await stall.patch(made, word)
            else:
                await stall.till.delete(f"/v1/orders/{made['id']}")
        made = await stall.confirmed(WINE)
        await ears.hear(CONFIRMED)
        await stall.till.delete(f"/v1/orders/{made['id']}")
        assert (await ears.hear(CANCELLED))["printer"][0].data["printers"] == []
        made = await stall.confirmed(WINE)
        await ears.hear(CONFIRMED)
        await stall.patch(made, "CANCELLED")
        await ears.hear(CANCELLED)
        await stall.till.delete(f"/v1/orders/{made['id']}")
        await ears.nothing_more()


async def test_what_is_no_order(stall: Stall) -> None:
    printer, switch = {"name": "Oven printer", "status": "ONLINE"}, {"available": False}
    steps = (
        ("POST", f"/v1/cash-registers/{REGISTER}/open-drawer", None, "printer", "open-drawer",
         {"cashRegisterId": REGISTER, "printerId": "cprinter02"}),
        ("PUT", "/v1/printers/cprinter01", printer, "cashier", "printer-status-changed",
         {"id": "cprinter01", "status": "ONLINE"}),
        ("PATCH", "/v1/printers/cprinter01", {"status": "ONLINE"}, "cashier",
         "printer-status-changed", {"id": "cprinter01", "status": "ONLINE"}),
        ("PATCH", f"/v1/foods/{PIZZA}", switch, "cashier", "food-availability-changed",
         {"id": PIZZA, "available": False}),
        ("PATCH", "/v1/categories/ccategory1", switch, "cashier", "category-availability-changed",
         {"id": "ccategory1", "available": False}),
    )  # fmt: skip
    async with Ears(stall.server) as ears:
        for method, path, body, channel, event, payload in steps:
            answer = await stall.till.request(method, path, json=body)
            assert answer.is_success, answer.text
            heard = await ears.hear({channel: [(event, set(payload))]})
            assert heard[channel][0].data == payload
        await stall.till.patch("/v1/categories/ccategory1", json={"position": 7})  # says nothing
        closed = await stall.till.post(
            "/v1/reports/general-closure", json={"cashRegister": REGISTER}
        )
        heard = await ears.hear({"printer": [("general-closure", {"cashRegister", "report"})]})
        assert [heard["printer"][0].data["report"]] == closed.json()
        await ears.nothing_more()
