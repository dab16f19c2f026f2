"""A venue's own menu: what it sells, where it is cooked, where slips are printed and money taken.

Ids are kept as they were given (an imported menu keeps those of the till it came from), else made
like every other id.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class PrinterStatus(StrEnum):
    ONLINE = "ONLINE"
    OFFLINE = "OFFLINE"
    ERROR = "ERROR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    id: str
    venue: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Printer:
    id: str
    venue: str
    name: str
    ip: str | None = None
    mac: str | None = None
    port: int = 9100
    description: str | None = None
    status: PrinterStatus = PrinterStatus.OFFLINE


@dataclass(frozen=True, slots=True, kw_only=True)
class CashRegister:
    """`printer`: the id of the one that prints its receipts and opens its drawer."""

    id: str
    venue: str
    name: str
    enabled: bool = True
    printer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """`station` cooks and `printer` prints its items, unless an item has a printer of its own."""

    id: str
    venue: str
    name: str
    available: bool = True
    position: int = 0
    image: str | None = None
    printer: str | None = None
    station: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredient:
    id: str
    venue: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """`ingredients` holds ids."""

    id: str
    venue: str
    name: str
    category: str
    description: str | None = None
    price: Decimal = Decimal(0)
    available: bool = True
    printer: str | None = None
    position: int = 0
    ingredients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """A picture or a word that a web ordering page shows."""

    id: str
    venue: str
    title: str
    text: str = ""
    image: str | None = None
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderInstruction:
    """A step a web ordering page tells its guests: "Pay at the desk"."""

    id: str
    venue: str
    text: str
    position: int = 0
