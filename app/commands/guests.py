"""Add customers, addresses, and what is known of users: e-mail and group."""

from dataclasses import replace
from typing import Any

from app.commands.people import add_user, find_user
from app.domain.guests import Address, Customer, Member
from app.domain.people import Role, User
from app.domain.problems import NameTaken
from app.store import guests, venues
from app.store.database import Done, Outcome, Transaction


def known_customer(
    tx: Transaction, venue: str, *, first_name: str, last_name: str, email: str, telephone: str
) -> Customer:
    """The customer with this e-mail address at the venue (by id), made if there is none."""
    found = guests.customer_by_email(tx, venue, email) if email else None
    if found is not None:
        return found
    made = Customer(
        venue=venue,
        serial=guests.next_customer(tx, venue),
        first_name=first_name,
        last_name=last_name,
        email=email,
        telephone=telephone,
        created_at=tx.now,
    )
    guests.add_customer(tx, made)
    return made


def add_customer(
    tx: Transaction,
    *,
    venue: str,
    first_name: str,
    last_name: str,
    email: str,
    telephone: str = "",
    password_hash: str,
) -> Outcome[Customer]:
    """A customer who may sign in; `venue` is its id. Raises NameTaken."""
    known = known_customer(
        tx, venue, first_name=first_name, last_name=last_name, email=email, telephone=telephone
    )
    if known.user is not None:
        raise NameTaken(f"{email} may sign in already.")
    made = add_user(tx, name=email, role=Role.CUSTOMER, password_hash=password_hash)
    assert isinstance(made, Done)
    customer = replace(known, user=made.value.id)
    guests.save_customer(tx, customer)
    return Done(customer)


def add_address(tx: Transaction, venue: str, customer: int | None, body: dict[str, Any]) -> Address:
    """The customer's address that says the same, or a new one."""
    known = guests.addresses_of(tx, venue, customer) if customer is not None else []
    same = next((one for one in known if one.body == body), None)
    if same is not None:
        return same
    made = Address(venue=venue, serial=guests.next_address(tx, venue), customer=customer, body=body)
    guests.save_address(tx, made)
    return made


def member_of(tx: Transaction, user_id: str, name: str) -> Member:
    """A user with a whole number for an id, given at first need."""
    found = guests.member(tx, user_id)
    if found is not None:
        return found
    made = Member(user=user_id, name=name, serial=guests.next_member(tx))
    guests.set_member(tx, made)
    return made


def describe_user(
    tx: Transaction, *, user: str, email: str | None = None, group: str | None = None
) -> Outcome[Member]:
    """Set a user's e-mail address or group; what is None stays. Raises UserNotFound, NameTaken."""
    found = find_user(tx, user)
    member = member_of(tx, found.id, found.name)
    if email is not None:
        other = guests.member_by_email(tx, email) if email else None
        if other is not None and other.user != found.id:
            raise NameTaken(f"{other.name} already has the address {email}.")
        member = replace(member, email=email)
    if group is not None:
        known = guests.group_named(tx, group) or guests.add_group(tx, group)
        member = replace(member, group=known.serial)
    guests.set_member(tx, member)
    return Done(member)


def add_person(
    tx: Transaction, *, name: str, role: Role, email: str | None, venue: str, password_hash: str
) -> Outcome[User]:
    """A user with an e-mail address; a customer at a venue (its slug), who signs in by that
    address. Raises NameTaken, Invalid, VenueNotFound."""
    if role != Role.CUSTOMER:
        made = add_user(tx, name=name, role=role, password_hash=password_hash)
        if email and isinstance(made, Done):
            describe_user(tx, user=made.value.id, email=email)
        return made
    at = venues.open_by_slug(tx, venue)
    first, _, last = name.partition(" ")
    customer = add_customer(
        tx,
        venue=at.id,
        first_name=first,
        last_name=last,
        email=email or "",
        password_hash=password_hash,
    )
    assert isinstance(customer, Done)
    return Done(find_user(tx, customer.value.user or ""))
