"""An order without its guest: what may be counted stays, who it was for goes."""

from dataclasses import replace
from typing import Any

from app.domain.orders import LineItem, Order

# What takings are counted by. Anything else a foreign system sent along may name somebody.
KEPT_EXTRAS = ("discount", "paymentMethod", "cashRegisterId")


def anonymous(order: Order) -> Order:
    """The order without name, phone, e-mail, table, notes and whatever a foreign system said of
    its guest. Number, status, times, items, amounts, channel, place and ref stay: a ref keeps the
    same order from being placed twice."""
    return order.but(
        name=None,
        first_name="",
        last_name="",
        name_letters=1,
        table="",
        note="",
        phone="",
        email="",
        items=tuple(_without_guest(item) for item in order.items),
        tags=tuple(tag for tag in order.tags if ":" not in tag),  # `a.user:4` names somebody
        extras=_counted(order.extras),
    )


def guest_records(order: Order) -> tuple[set[int], set[int]]:
    """The numbers of the customers and of the addresses an order speaks of."""
    said = [own for own in order.extras.values() if isinstance(own, dict)]
    return _numbers(said, "customer_id"), _numbers(said, "address_id")


def _without_guest(item: LineItem) -> LineItem:
    return replace(item, notes="", customer_name="")


def _counted(extras: dict[str, Any]) -> dict[str, Any]:
    kept = {
        dialect: {name: own[name] for name in KEPT_EXTRAS if name in own}
        for dialect, own in extras.items()
        if isinstance(own, dict)
    }
    return {dialect: own for dialect, own in kept.items() if own}


def _numbers(said: list[dict[str, Any]], name: str) -> set[int]:
    return {own[name] for own in said if isinstance(own.get(name), int)}
