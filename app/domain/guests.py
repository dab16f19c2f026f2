"""Guests who have a record, where food is brought, and what is known of users beyond signing in."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """`user`: the id of the user as which the guest signs in, if they may."""

    venue: str
    serial: int
    first_name: str
    last_name: str
    email: str
    telephone: str
    created_at: datetime
    user: str | None = None

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`body`: address_1, address_2, city, state, postcode, country_id as they were sent."""

    venue: str
    serial: int
    customer: int | None = None
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def formatted(self) -> str:
        names = ("address_1", "address_2", "city", "state", "postcode")
        return ", ".join(str(self.body[name]) for name in names if self.body.get(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A user as TastyIgniter knows one."""

    user: str
    name: str
    serial: int
    email: str = ""
    group: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    serial: int
    name: str
