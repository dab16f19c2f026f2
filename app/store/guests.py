"""Customers, their addresses, and the numbers, e-mail addresses and groups of users."""

from typing import Any

from app.domain.guests import Address, Customer, Group, Member
from app.domain.people import folded_name
from app.domain.times import from_ms, to_ms
from app.store.database import Reading, Row, Transaction
from app.store.rows import dump, load

MEMBER = """SELECT users.id, users.name, user_details.serial, user_details.email,
user_details.group_serial FROM user_details JOIN users ON users.id = user_details.user_id"""
ADD_CUSTOMER = """INSERT INTO customers (venue, serial, first_name, last_name, email, folded_email,
telephone, user_id, created_at) VALUES (:venue, :serial, :first_name, :last_name, :email,
:folded_email, :telephone, :user_id, :created_at)"""
SAVE_CUSTOMER = """UPDATE customers SET first_name = :first_name, last_name = :last_name,
telephone = :telephone, user_id = :user_id WHERE venue = :venue AND serial = :serial"""
SET_DETAILS = """INSERT INTO user_details (user_id, serial, email, folded_email, group_serial)
VALUES (:user, :serial, :email, :folded, :group)
ON CONFLICT (user_id) DO UPDATE SET email = excluded.email, folded_email = excluded.folded_email,
group_serial = excluded.group_serial"""


def customer(tx: Reading, venue: str, serial: int) -> Customer | None:
    sql = "SELECT * FROM customers WHERE venue = :venue AND serial = :serial"
    return _customer(tx.one(sql, venue=venue, serial=serial))


def customer_by_email(tx: Reading, venue: str, email: str) -> Customer | None:
    sql = "SELECT * FROM customers WHERE venue = :venue AND folded_email = :email"
    return _customer(tx.one(sql, venue=venue, email=folded_name(email)))


def customer_of_user(tx: Reading, venue: str, user: str) -> Customer | None:
    sql = "SELECT * FROM customers WHERE venue = :venue AND user_id = :user"
    return _customer(tx.one(sql, venue=venue, user=user))


def add_customer(tx: Transaction, made: Customer) -> None:
    tx.run(
        ADD_CUSTOMER,
        **_columns(made),
        email=made.email,
        folded_email=folded_name(made.email),
        created_at=to_ms(made.created_at),
    )


def save_customer(tx: Transaction, changed: Customer) -> None:
    tx.run(SAVE_CUSTOMER, **_columns(changed))


def next_customer(tx: Reading, venue: str) -> int:
    return _next(tx, "SELECT MAX(serial) AS n FROM customers WHERE venue = :venue", venue=venue)


def address(tx: Reading, venue: str, serial: int) -> Address | None:
    sql = "SELECT * FROM addresses WHERE venue = :venue AND serial = :serial"
    return _address(tx.one(sql, venue=venue, serial=serial))


def addresses_of(tx: Reading, venue: str, customer: int) -> list[Address]:
    sql = "SELECT * FROM addresses WHERE venue = :venue AND customer = :customer ORDER BY serial"
    rows = tx.all(sql, venue=venue, customer=customer)
    return [found for row in rows if (found := _address(row))]


def save_address(tx: Transaction, made: Address) -> None:
    tx.run(
        "INSERT INTO addresses (venue, serial, customer, body)"
        " VALUES (:venue, :serial, :customer, :body)"
        " ON CONFLICT (venue, serial) DO UPDATE SET body = excluded.body",
        venue=made.venue,
        serial=made.serial,
        customer=made.customer,
        body=dump(made.body),
    )


def next_address(tx: Reading, venue: str) -> int:
    return _next(tx, "SELECT MAX(serial) AS n FROM addresses WHERE venue = :venue", venue=venue)


def member(tx: Reading, user: str) -> Member | None:
    return _member(tx.one(f"{MEMBER} WHERE users.id = :user", user=user))


def member_by_serial(tx: Reading, serial: int) -> Member | None:
    return _member(tx.one(f"{MEMBER} WHERE user_details.serial = :serial", serial=serial))


def member_by_email(tx: Reading, email: str) -> Member | None:
    sql = f"{MEMBER} WHERE user_details.folded_email = :email"
    return _member(tx.one(sql, email=folded_name(email)))


def set_member(tx: Transaction, made: Member) -> None:
    tx.run(
        SET_DETAILS,
        user=made.user,
        serial=made.serial,
        email=made.email,
        folded=folded_name(made.email),
        group=made.group,
    )


def next_member(tx: Reading) -> int:
    return _next(tx, "SELECT MAX(serial) AS n FROM user_details")


def group(tx: Reading, serial: int) -> Group | None:
    row = tx.one("SELECT serial, name FROM user_groups WHERE serial = :serial", serial=serial)
    return None if row is None else Group(serial=row["serial"], name=row["name"])


def group_named(tx: Reading, name: str) -> Group | None:
    row = tx.one("SELECT serial, name FROM user_groups WHERE name = :name", name=name)
    return None if row is None else Group(serial=row["serial"], name=row["name"])


def add_group(tx: Transaction, name: str) -> Group:
    made = Group(serial=_next(tx, "SELECT MAX(serial) AS n FROM user_groups"), name=name)
    sql = "INSERT INTO user_groups (serial, name) VALUES (:serial, :name)"
    tx.run(sql, serial=made.serial, name=name)
    return made


def _next(tx: Reading, sql: str, **params: Any) -> int:
    row = tx.one(sql, **params)
    return int(row["n"] or 0) + 1 if row is not None else 1


def _columns(of: Customer) -> dict[str, Any]:
    return {
        "venue": of.venue,
        "serial": of.serial,
        "first_name": of.first_name,
        "last_name": of.last_name,
        "telephone": of.telephone,
        "user_id": of.user,
    }


def _customer(row: Row | None) -> Customer | None:
    if row is None:
        return None
    return Customer(
        venue=row["venue"],
        serial=row["serial"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        email=row["email"],
        telephone=row["telephone"],
        created_at=from_ms(row["created_at"]),
        user=row["user_id"],
    )


def _address(row: Row | None) -> Address | None:
    if row is None:
        return None
    return Address(
        venue=row["venue"], serial=row["serial"], customer=row["customer"], body=load(row["body"])
    )


def _member(row: Row | None) -> Member | None:
    if row is None:
        return None
    return Member(
        user=row["id"],
        name=row["name"],
        serial=row["serial"],
        email=row["email"],
        group=row["group_serial"],
    )
