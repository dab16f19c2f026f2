"""Reprints: what may be asked, the answer, and the printer's frame."""

from typing import Any

from tests.dialects.mysagra.listening import FULL, ITEM, Ears
from tests.dialects.mysagra.stall import PIZZA, WINE, Stall

REPRINT = FULL | {"reprintOrderItems", "reprintReceipt"}


async def test_plain_ids_and_documented_objects_are_both_taken(stall: Stall) -> None:
    made = await stall.confirmed(PIZZA, WINE)
    lines = [item["id"] for item in made["orderItems"]]
    printer = await stall.with_key("printer")
    bodies: list[tuple[dict[str, Any], list[str]]] = [
        ({"orderItems": [lines[1]], "reprintReceipt": False}, [lines[1]]),
        ({"orderItems": [{"id": lines[0]}], "reprintReceipt": True}, [lines[0]]),
        ({"orderItems": lines}, lines),
        ({"reprintReceipt": True}, []),
        ({"orderItems": [], "reprintReceipt": True}, []),
    ]
    async with Ears(stall.server) as ears:
        for body, printed in bodies:
            answer = await printer.post(f"/v1/orders/{made['id']}/reprint", json=body)
            assert answer.status_code == 200
            told = answer.json()
            assert set(told) == REPRINT
            assert [set(item) for item in told["orderItems"]] == [ITEM | {"foodId"}] * 2
            assert [item["id"] for item in told["reprintOrderItems"]] == printed
            assert told["reprintReceipt"] is body.get("reprintReceipt", False)
            heard = await ears.hear({"printer": [("reprint-order", REPRINT)]})
            assert heard["printer"][0].data == told
        await ears.nothing_more()


async def test_a_reprint_does_not_modify_the_order(stall: Stall) -> None:
    made = await stall.confirmed(PIZZA)
    before = await stall.read(made)
    await stall.till.post(f"/v1/orders/{made['id']}/reprint", json={"reprintReceipt": True})
    assert await stall.read(made) == before


NOTHING_TO_PRINT: tuple[Any, ...] = (
    None, {}, {"orderItems": []}, {"reprintReceipt": False}, {"orderItems": ["cnothing0000"]},
    {"orderItems": [{"id": "cnothing0000"}]}, {"orderItems": [{}]}, {"orderItems": [7]},
    {"orderItems": "all"}, {"orderItems": [["c"]]}, {"reprintReceipt": "perhaps"}, [], "x",
)  # fmt: skip


async def test_a_reprint_of_nothing_or_of_what_is_not_there_is_400(stall: Stall) -> None:
    made = await stall.confirmed(PIZZA)
    for body in NOTHING_TO_PRINT:
        answer = await stall.till.post(f"/v1/orders/{made['id']}/reprint", json=body)
        assert (body, answer.status_code) == (body, 400)
        assert {"message", "errors"} & answer.json().keys()


async def test_a_pending_and_an_unknown_order_are_not_reprinted(stall: Stall) -> None:
    made = await stall.order()
    body = {"reprintReceipt": True}
    answers = [
        await stall.till.post(f"/v1/orders/{which}/reprint", json=body)
        for which in (made["id"], "c" + "0" * 24, "99", "x")
    ]
    assert [answer.status_code for answer in answers] == [400, 404, 404, 400]
    assert answers[0].json() == {
        "message": "Pending orders can't be reprinted",
        "error": "BadRequestError",
    }
    assert answers[1].json() == {"message": "Order not found", "error": "NotFoundError"}
