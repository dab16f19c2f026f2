"""Tokens: issued for an e-mail address and a password, to admins and to customers."""

import re
import secrets
from functools import partial
from typing import Any

from pydantic import ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from app.commands.guests import member_of
from app.commands.keys import create_key
from app.commands.people import sign_out
from app.dialects.tastyigniter import rules
from app.dialects.tastyigniter.answering import answer, row
from app.dialects.tastyigniter.bodies import read_attributes
from app.dialects.tastyigniter.errors import WrongValues
from app.dialects.tastyigniter.rules import truth
from app.dialects.tastyigniter.words import NAME
from app.domain.people import Role, User
from app.domain.problems import Unauthorized
from app.store import guests, people
from app.store.database import Done, Outcome, Reading, Transaction
from app.web.context import caller, house
from app.web.model import WireModel

ABILITY = re.compile(r"[a-zA-Z\-_*.:]{1,80}")
CUSTOMERS_MAY = frozenset({"orders:read", "orders:write", "orders:*", "*"})
ADMINS = frozenset({Role.ADMIN, Role.STAFF})
WRONG = "The provided credentials are incorrect."
INACTIVE = "Inactive user account"
RULES: dict[str, list[rules.Rule]] = {
    "email": [rules.text, rules.at_most(96)],
    "password": [rules.text, rules.at_most(1000)],
    "device_name": [rules.text, rules.at_most(255)],
    "is_admin": [rules.boolean],
    "abilities": [rules.array],
}
REQUIRED = ("email", "password", "device_name")


class TokenBody(WireModel):
    model_config = ConfigDict(extra="allow")

    email: str | None = None
    password: str | None = None
    device_name: str | None = None
    is_admin: bool | None = None
    abilities: list[str] | None = None


def new_secret() -> str:
    """80 characters, as the system's own tokens have behind their bar."""
    return secrets.token_urlsafe(60)


def shown(serial: int, secret: str) -> str:
    return f"{serial}|{secret}"


async def issue(request: Request) -> Response:
    given = await read_attributes(request, "token")
    _check(given)
    kind = "admin" if truth(given.get("is_admin", False)) else "customer"
    return await _issue(request, given, kind)


async def issue_flat(request: Request) -> Response:
    """The first generation's route; its tokens make every answer flat."""
    given = await read_attributes(request, "token")
    given = {"device_name": "flat"} | given | {"email": given.get("username", given.get("email"))}
    _check(given)
    return await _issue(request, given, "flat-admin")


async def tell_user(request: Request) -> Response:
    key = caller(request).key
    if key is None:
        raise Unauthorized("A token is needed.")
    owner, venue = key.owner, request.state.venue

    def look(tx: Reading) -> dict[str, Any]:
        user = people.user_by_id(tx, owner) if owner else None
        if user is None:
            return {"name": key.name, "email": "", "abilities": sorted(key.abilities)}
        customer = guests.customer_of_user(tx, venue.id, user.id)
        if customer is not None:
            return {
                "customer_id": customer.serial, "full_name": customer.full_name,
                "first_name": customer.first_name, "last_name": customer.last_name,
                "email": customer.email, "telephone": customer.telephone,
            }  # fmt: skip
        member = guests.member(tx, user.id)
        return {
            "user_id": member.serial if member else None,
            "name": user.name,
            "username": user.name,
            "email": member.email if member else "",
        }

    told = await house(request).store.read(look)
    return answer(request, {"status_code": 200, "user": told})


def _check(given: dict[str, Any]) -> None:
    wrong = rules.wrong_fields(given, RULES, REQUIRED)
    if "abilities" not in wrong and given.get("abilities"):
        fits = [isinstance(one, str) and ABILITY.fullmatch(one) for one in given["abilities"]]
        wrong |= {
            f"abilities.{index}": [f"The abilities.{index} format is invalid."]
            for index, good in enumerate(fits)
            if not good
        }
    if wrong:
        raise WrongValues(wrong)


async def _issue(request: Request, given: dict[str, Any], kind: str) -> Response:
    user = await _signed_in(request, given["email"], given["password"], kind)
    abilities = frozenset(given.get("abilities") or ["*"])
    if kind == "customer":
        abilities = (abilities & CUSTOMERS_MAY) or frozenset({"orders:read"})
    secret = new_secret()
    change = partial(
        _make,
        user=user,
        name=" ".join(given["device_name"].split())[:80] or "token",
        venue=request.state.venue.slug,
        secret=secret,
        kind=kind,
        abilities=abilities,
    )
    serial = await house(request).store.write(change)
    return answer(request, {"status_code": 201, "token": shown(serial, secret)}, 201)


def _make(
    tx: Transaction, *, user: User, name: str, venue: str, secret: str, kind: str,
    abilities: frozenset[str],
) -> Outcome[int]:  # fmt: skip
    if user.role != Role.CUSTOMER:
        member_of(tx, user.id, user.name)
    made = create_key(
        tx, name=name, scopes=(), venues=[venue], secret=secret, dialect=NAME, kind=kind,
        owner=user.id, abilities=abilities,
    )  # fmt: skip
    assert isinstance(made, Done)
    return Done(made.value.key.serial)


async def _signed_in(request: Request, email: str, password: str, kind: str) -> User:
    """Raises WrongValues for a wrong address or password, the same for one nobody has."""
    here = house(request)
    user = await here.store.read(lambda tx: _user(tx, email))
    fits_side = user is not None and (user.role in ADMINS) == (kind != "customer")
    name = user.name if user is not None and fits_side else email
    try:
        entered = await here.auth.sign_in(request, name, password)
    except Unauthorized:
        if user is not None and user.disabled and await here.auth.fits(user.id, password):
            raise WrongValues({"email": [INACTIVE]}) from None
        raise WrongValues({"email": [WRONG]}) from None
    await here.store.write(partial(sign_out, session=entered.session.id))
    if not fits_side:
        raise WrongValues({"email": [WRONG]})
    return entered.user


def _user(tx: Reading, email: str) -> User | None:
    """By e-mail address; by name for those who never gave one."""
    member = guests.member_by_email(tx, email)
    return people.user_by_id(tx, member.user) if member else people.user_by_name(tx, email)


ROUTES = (
    row("POST", "/{api}/token", issue, "anyone", "Issue a token", body=TokenBody, status=201),
    row("GET", "/{api}/token/user", tell_user, "anyone", "Whose token this is"),
    row(
        "POST", "/{api}/admin/token", issue_flat, "anyone",
        "Issue a token whose answers are flat, as in the first generation", body=TokenBody,
        status=201,
    ),
)  # fmt: skip
