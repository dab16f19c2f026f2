"""What an order can bring along: `?include=customer,status_history`. Real records stand behind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.dialects.tastyigniter.attributes import said, six_digits, status_id
from app.dialects.tastyigniter.settings import Settings, StatusRow
from app.dialects.tastyigniter.words import Table, words_of
from app.domain.events import ORDER_KINDS, Event
from app.domain.guests import Address, Customer
from app.domain.orders import Order
from app.domain.venues import Venue
from app.store import events, guests
from app.store.database import Reading

Resource = dict[str, Any]


def resource(kind: str, of: int | str, attributes: dict[str, Any]) -> Resource:
    return {"type": kind, "id": str(of), "attributes": attributes}


@dataclass(slots=True)
class Companions:
    """Gathers what the orders of one document bring along, each thing once."""

    tx: Reading
    venue: Venue
    settings: Settings
    wanted: Sequence[str]
    found: dict[tuple[str, str], Resource] = field(default_factory=dict)

    def relationships(self, order: Order) -> dict[str, Any]:
        """Links to what is there: nothing for a to-one that is not, an empty list for a to-many."""
        told: dict[str, Any] = {}
        for name in self.wanted:
            made = RELATIONS[name](self, order)
            if made is None:
                continue
            told[name] = {"data": self._link(made)}
        return told

    def _link(self, made: Resource | list[Resource]) -> Any:
        if isinstance(made, list):
            return [self._link(one) for one in made]
        known = (made["type"], made["id"])
        self.found.setdefault(known, made)
        return {"type": known[0], "id": known[1]}


def location_resource(venue: Venue, settings: Settings) -> Resource:
    return resource(
        "locations",
        settings.location_id or 0,
        {
            "location_id": settings.location_id,
            "location_name": venue.name,
            "location_email": "",
            "location_telephone": venue.phone,
            "location_address_1": venue.address,
            "location_status": True,
            "options": {},
        },
    )


def status_resource(row: StatusRow, kind: str = "statuses") -> Resource:
    told = row.model_dump(exclude={"status_id", "means"})
    return resource(kind, row.status_id, {"status_id": row.status_id} | told)


def history(tx: Reading, order: Order, settings: Settings) -> list[Resource]:
    """One row for each real change of the word, and one for each comment; oldest first."""
    words, last, rows = words_of(settings), None, []
    for event in events.history(tx, order.venue, order.id):
        if event.kind not in ORDER_KINDS:
            continue
        word, comment = words.word_of(event.order()), event.detail.get("note")
        if word != last or comment:
            rows.append(_history_row(order, event, int(word), comment, settings))
        last = word
    return rows


def _history_row(
    order: Order, event: Event, word: int, comment: str | None, settings: Settings
) -> Resource:
    row = Table(settings).row(word)
    notify = bool(row and row.notify_customer)
    return resource(
        "status_history",
        event.seq,
        {
            "object_id": order.serial,
            "object_type": "orders",
            "user_id": None,
            "status_id": word,
            "notify": notify,
            "comment": comment or None,
            "created_at": six_digits(event.at),
            "updated_at": six_digits(event.at),
            "staff_name": event.actor.name,
            "status_name": row.status_name if row else "",
            "notified": "Yes" if notify else "No",
            "date_added_since": event.at.strftime("%d %b %Y %H:%M"),
        },
    )


def _customer(of: Companions, order: Order) -> Resource | None:
    serial = said(order).get("customer_id")
    found = guests.customer(of.tx, of.venue.id, serial) if serial is not None else None
    return customer_resource(found) if found else None


def customer_resource(of: Customer) -> Resource:
    return resource(
        "customers",
        of.serial,
        {
            "customer_id": of.serial,
            "full_name": of.full_name,
            "first_name": of.first_name,
            "last_name": of.last_name,
            "email": of.email,
            "telephone": of.telephone,
            "created_at": six_digits(of.created_at),
        },
    )


def _location(of: Companions, order: Order) -> Resource:
    return location_resource(of.venue, of.settings)


def _address(of: Companions, order: Order) -> Resource | None:
    serial = said(order).get("address_id")
    found = guests.address(of.tx, of.venue.id, serial) if serial is not None else None
    return _address_resource(found) if found else None


def _address_resource(of: Address) -> Resource:
    names = ("address_1", "address_2", "city", "state", "postcode", "country_id")
    return resource(
        "addresses",
        of.serial,
        {"address_id": of.serial, "customer_id": of.customer}
        | {name: of.body.get(name) for name in names}
        | {"formatted_address": of.formatted},
    )


def _payment_method(of: Companions, order: Order) -> Resource | None:
    code = said(order).get("payment")
    numbered = enumerate(of.settings.payment_methods, 1)
    found = next(((number, one) for number, one in numbered if one.code == code), None)
    if found is None:
        return None
    number, method = found
    return resource("payment_methods", number, {"payment_id": number} | method.model_dump())


def _status(of: Companions, order: Order) -> Resource | None:
    row = Table(of.settings).row(status_id(order, of.settings))
    return status_resource(row) if row else None


def _status_history(of: Companions, order: Order) -> list[Resource]:
    return history(of.tx, order, of.settings)


def _assignee(of: Companions, order: Order) -> Resource | None:
    serial = said(order).get("assignee_id")
    found = guests.member_by_serial(of.tx, serial) if serial is not None else None
    if found is None:
        return None
    told = {"user_id": found.serial, "name": found.name, "email": found.email}
    return resource("assignee", found.serial, told)


def _assignee_group(of: Companions, order: Order) -> Resource | None:
    serial = said(order).get("assignee_group_id")
    found = guests.group(of.tx, serial) if serial is not None else None
    if found is None:
        return None
    told = {"user_group_id": found.serial, "user_group_name": found.name}
    return resource("assignee_group", found.serial, told)


RELATIONS: dict[str, Callable[[Companions, Order], Any]] = {
    "customer": _customer,
    "location": _location,
    "address": _address,
    "payment_method": _payment_method,
    "status": _status,
    "status_history": _status_history,
    "assignee": _assignee,
    "assignee_group": _assignee_group,
}
