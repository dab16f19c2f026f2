"""The name a board may show, and how two live guests of one name are told apart."""

from app.domain.orders import Order


def shown_name(order: Order) -> str | None:
    """The board name as typed, else `John D.`; never a full surname the venue did not type.

    `name_letters` counts the letters of the surname that are shown.
    """
    if order.name:
        return order.name
    return inferred_name(order.first_name, order.last_name, order.name_letters)


def inferred_name(first: str, last: str, letters: int = 1) -> str | None:
    first, last = first.strip(), last.strip()
    if not first:
        return f"{last[:letters]}." if last else None
    return f"{first} {last[:letters]}." if last else first


def most_letters(last: str) -> int:
    """One letter short of the whole surname, so that clashing guests are never spelled out."""
    return max(1, len(last.strip()) - 1)
