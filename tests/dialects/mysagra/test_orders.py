"""Creating orders, reading them, moving and deleting them."""

from typing import Any

import pytest

from tests.dialects.mysagra.stall import BAR, CAKE, OVEN, PIZZA, REGISTER, WINE, Stall

LIST_FIELDS = {
    "id", "displayCode", "table", "customer", "createdAt", "updatedAt", "confirmedAt",
    "completedAt", "ticketNumber", "status", "paymentMethod", "subTotal", "discount", "surcharge",
    "total", "userId", "cashRegisterId",
}  # fmt: skip


async def test_an_order_has_every_list_field(stall: Stall) -> None:
    made = await stall.order(PIZZA, WINE)
    assert set(made) == LIST_FIELDS | {"orderItems"}
    assert {name: made[name] for name in ("table", "customer", "status", "displayCode")} == {
        "table": "5",
        "customer": "Mario Rossi",
        "status": "PENDING",
        "displayCode": "94J",
    }
    assert (made["subTotal"], made["surcharge"], made["total"]) == ("11.5", "0", "11.5")
    assert (made["ticketNumber"], made["confirmedAt"], made["paymentMethod"]) == (None, None, None)
    line = made["orderItems"][0]
    assert line == {
        "id": line["id"], "orderId": made["id"], "quantity": 1, "notes": None, "unitPrice": "8.5",
        "unitSurcharge": "0", "total": "8.5", "foodId": PIZZA,
    }  # fmt: skip
    found = await stall.till.get("/v1/orders")
    assert found.json()["data"] == [{k: v for k, v in made.items() if k != "orderItems"}]
