"""Who is involved in an order: its customer, the cashier who logged it and who prepares it.

Kept in the order's extras; ids and names also as tags, so that orders are found by them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.dialects.hyra.words import NAME
from app.domain.events import Actor
from app.domain.names import shown_name
from app.domain.orders import Order

# Stand-ins for a cashier; no user is ever looked up under these ids.
SYSTEM_ACTORS = {1: "POS", 2: "Kiosk", 3: "Mobile Ordering", 4: "NPC"}
MOST_PREPARERS = 20
ACTOR_MARK, PREPARER_MARK = "~", "^"


@dataclass(frozen=True, slots=True)
class Person:
    """A Roblox user as a game told of them; `name` may be empty."""

    id: int
    name: str = ""

    @property
    def as_staff(self) -> "Person":
        """With the stand-in's own word where it is one."""
        return Person(self.id, SYSTEM_ACTORS.get(self.id, self.name))

    @property
    def as_actor(self) -> Actor:
        return Actor(kind="person", id=str(self.id), name=self.as_staff.name)


@dataclass(frozen=True, slots=True)
class Involved:
    customer: Person | None = None
    actor: Person | None = None
    preparer: Person | None = None

    def extras(self) -> dict[str, Any]:
        people = {"customer": self.customer, "actor": self.actor, "preparer": self.preparer}
        return {NAME: {role: [one.id, one.name] if one else None for role, one in people.items()}}

    def tags(self, before: Iterable[str] = ()) -> tuple[str, ...]:
        """What the order is found by; whoever prepared it `before` is still found."""
        tags = [] if self.customer is None else [f"{NAME}.user:{self.customer.id}"]
        if self.actor is not None:
            tags += _staff_tags("actor", self.actor, ACTOR_MARK)
        earlier = [tag for tag in before if tag.startswith(f"{NAME}.preparer")]
        now = _staff_tags("preparer", self.preparer, PREPARER_MARK) if self.preparer else []
        latest = [tag for tag in earlier if tag not in now][-2 * MOST_PREPARERS :]
        return (*tags, *latest, *now)


def involved_in(order: Order) -> Involved:
    """Nobody, for an order that no game has written to."""
    known = order.extras.get(NAME, {})
    return Involved(*(_person(known.get(role)) for role in ("customer", "actor", "preparer")))


def spelled(name: str, mark: str) -> str:
    """A name as it stands in a tag: a mark before each letter. So a part of a name is found in
    the tags and never in the words around it, nor a preparer's among the cashiers'."""
    return "".join(mark + letter for letter in name.casefold())


def user_answer(person: Person | None, name: str = "") -> dict[str, Any]:
    """Hyra's user object. `name` is of somebody who is no user over there."""
    if person is None:
        return {"exists": False, "id": None, "username": name, "display_name": name}
    said = person.name
    return {"exists": True, "id": person.id, "username": said, "display_name": said}


def staff_answer(person: Person | None, name: str = "") -> dict[str, Any]:
    if person is None or person.id not in SYSTEM_ACTORS:
        return user_answer(person, name)
    return user_answer(person.as_staff) | {"exists": False}


def customer_answer(order: Order) -> dict[str, Any]:
    return user_answer(involved_in(order).customer, shown_name(order) or "")


def actor_answer(actor: Actor, dialect: str) -> dict[str, Any]:
    """Who did a step: a user of the game, or whoever it was at another door."""
    if dialect == NAME and actor.kind == "person" and actor.id is not None:
        return staff_answer(Person(int(actor.id), actor.name))
    return user_answer(None, actor.name)


def _staff_tags(role: str, person: Person, mark: str) -> list[str]:
    tags = [f"{NAME}.{role}:{person.id}"]
    name = person.as_staff.name
    return [*tags, f"{NAME}.{role}-name:{spelled(name, mark)}"] if name else tags


def _person(kept: list[Any] | None) -> Person | None:
    return None if kept is None else Person(*kept)
