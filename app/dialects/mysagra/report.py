"""What was sold since the working day began: money is plain numbers here, and only here."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.dialects.mysagra.ids import name_id, shown_id
from app.dialects.mysagra.payloads import category_of, food_id, said, total
from app.domain.menu import CashRegister
from app.domain.orders import LineItem, Order, Status, new_id
from app.domain.times import DAY, iso, to_ms
from app.domain.venues import Venue
from app.store import menu, orders
from app.store.database import Reading
from app.store.orders import Match, Search

PAGE = 1000


def report(tx: Reading, venue: Venue, register: CashRegister | None) -> dict[str, Any]:
    """`register`: only what was paid there."""
    began = venue.day_end(tx.now) - DAY
    sold = [order for order in _sold(tx, venue, to_ms(began)) if _is_of(order, register)]
    report_id = shown_id(new_id(tx.now))
    return {
        "id": report_id,
        "timestamp": iso(tx.now),
        "intervalInMinutes": int((tx.now - began) / timedelta(minutes=1)),
        "totalRevenue": _revenue(sold),
        "totalCashRevenue": _revenue(sold, "CASH"),
        "totalCardRevenue": _revenue(sold, "CARD"),
        "totalOrders": len(sold),
        "averageCompletitionTime": _average_minutes(sold),
        "categoryStats": _categories(report_id, sold),
        "cashRegisterStats": _registers(tx, venue, report_id, sold),
    }


def _sold(tx: Reading, venue: Venue, since: int) -> Iterable[Order]:
    """Accepted and not cancelled."""
    wanted = ((Match("confirmed_at", ">=", since),), (Match("status", "<>", Status.CANCELLED),))
    for start in range(0, 10**9, PAGE):
        search = Search(all_of=wanted, sort="serial", limit=PAGE, offset=start)
        found = orders.search(tx, venue.id, search)
        yield from found
        if len(found) < PAGE:
            return


def _is_of(order: Order, register: CashRegister | None) -> bool:
    return register is None or said(order).get("cashRegisterId") == shown_id(register.id)


def _revenue(sold: Iterable[Order], method: str | None = None) -> float:
    paid = (o for o in sold if method is None or said(o).get("paymentMethod") == method)
    return float(sum((total(order) for order in paid), Decimal(0)))


def _average_minutes(sold: Iterable[Order]) -> float:
    took = [o.ready_at - o.confirmed_at for o in sold if o.ready_at and o.confirmed_at]
    return round(sum(took, timedelta()) / len(took) / timedelta(minutes=1), 2) if took else 0


def _categories(report_id: str, sold: Iterable[Order]) -> list[dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    for order, item in ((one, item) for one in sold for item in one.items):
        category = category_of(order, item)
        stats_id = name_id(report_id, "category", category["id"])
        group = groups.setdefault(
            category["id"],
            {
                "id": stats_id,
                "reportId": report_id,
                "categoryId": category["id"],
                "categoryName": category["name"],
                "revenue": 0.0,
                "quantity": 0,
                "foodStats": {},
            },
        )
        food = group["foodStats"].setdefault(
            food_id(item),
            {
                "id": name_id(stats_id, "food", food_id(item)),
                "categoryStatsId": stats_id,
                "foodId": food_id(item),
                "foodName": item.name,
                "revenue": 0.0,
                "quantity": 0,
            },
        )
        for row in (group, food):
            _add(row, item)
    return [group | {"foodStats": list(group["foodStats"].values())} for group in groups.values()]


def _add(row: dict[str, Any], item: LineItem) -> None:
    row["revenue"] = round(row["revenue"] + float(item.total), 4)
    row["quantity"] += item.quantity


def _registers(
    tx: Reading, venue: Venue, report_id: str, sold: list[Order]
) -> list[dict[str, Any]]:
    return [
        {
            "id": name_id(report_id, "register", register.id),
            "reportId": report_id,
            "cashRegisterId": shown_id(register.id),
            "cashRegisterName": register.name,
            "totalRevenue": _revenue(paid),
            "totalCardRevenue": _revenue(paid, "CARD"),
            "totalCashRevenue": _revenue(paid, "CASH"),
        }
        for register in menu.registers(tx, venue.id)
        for paid in [[order for order in sold if _is_of(order, register)]]
    ]
