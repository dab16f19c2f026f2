"""People: one's own password and sessions; for admins the users and the API keys."""

from functools import partial
from typing import Annotated, Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.commands.keys import create_key, revoke_key
from app.commands.people import (
    add_user,
    change_password,
    change_role,
    disable_user,
    enable_user,
    sign_out_everywhere,
)
from app.domain.people import Caller, Key, Role, Scope, User
from app.domain.problems import Forbidden, Invalid
from app.domain.venues import Venue
from app.store import people, pins, venues
from app.store.database import Change, Reading
from app.store.pins import Tablet
from app.web.context import caller, house
from app.web.staff.entry import by_password
from app.web.staff.forms import Form, Line, go, page, read_form

Password = Annotated[str, Field(max_length=1000)]


class OwnPasswordForm(Form):
    current: Password = ""
    password: Password = ""
    again: Password = ""


class NewUserForm(Form):
    name: Line = Field("", max_length=80)
    role: Role
    password: Password = ""


class UserForm(Form):
    do: Literal["disable", "enable", "role", "password"]
    role: Role = Role.STAFF
    password: Password = ""


class KeyForm(Form):
    name: Line = Field("", max_length=80)
    scope: list[Scope] = Field([], max_length=4)
    venue: Line | None = Field(None, max_length=40)


async def show_account(request: Request) -> Response:
    user = _own_id(caller(request))
    sessions = await house(request).store.read(partial(people.sessions_of, user=user))
    here = _session_id(caller(request))
    tablet = await house(request).auth.tablet_of(request)
    done = request.query_params.get("done", "")
    return page(request, "account", sessions=sessions, here=here, done=done, tablet=tablet)


async def take_own_password(request: Request) -> Response:
    form = await read_form(request, OwnPasswordForm)
    who, auth = caller(request), house(request).auth
    user = by_password(request).id
    if form.password != form.again:
        raise Invalid("The two new passwords are not the same.")
    if not await auth.fits(user, form.current):
        raise Forbidden("Your current password is another one.")
    hashed = await auth.hash(form.password)
    change = partial(change_password, user=user, password_hash=hashed, keep=_session_id(who))
    await house(request).store.write(change)
    return go(request, "/staff/account", done="password")


async def take_sign_out_everywhere(request: Request) -> Response:
    """All other browsers; this one goes on."""
    user, keep = by_password(request).id, _session_id(caller(request))
    change = partial(sign_out_everywhere, user=user, keep=keep)
    await house(request).store.write(change)
    return go(request, "/staff/account", done="sessions")


async def show_people(request: Request) -> Response:
    return await _people_page(request)


async def take_new_user(request: Request) -> Response:
    form = await read_form(request, NewUserForm)
    hashed = await house(request).auth.hash(form.password)
    change = partial(add_user, name=form.name, role=form.role, password_hash=hashed)
    await house(request).store.write(change)
    return go(request, "/staff/people", done=f"{form.name} can sign in now.")


async def take_user(request: Request) -> Response:
    form, user = await read_form(request, UserForm), request.path_params["user"]
    change: Change[User]
    match form.do:
        case "disable":
            change = partial(disable_user, user=user)
        case "enable":
            change = partial(enable_user, user=user)
        case "role":
            change = partial(change_role, user=user, role=form.role)
        case "password":
            hashed = await house(request).auth.hash(form.password)
            change = partial(change_password, user=user, password_hash=hashed)
    changed = await house(request).store.write(change)
    return go(request, "/staff/people", done=f"{changed.name} is changed.")


async def take_new_key(request: Request) -> Response:
    """The one answer that holds the secret; it is stored nowhere, so it is shown at once."""
    form = await read_form(request, KeyForm)
    bound = [form.venue] if form.venue else None
    change = partial(create_key, name=form.name, scopes=form.scope, venues=bound)
    made = await house(request).store.write(change)
    return await _people_page(request, secret=made.secret)


async def take_key_revoked(request: Request) -> Response:
    revoked = await house(request).store.write(partial(revoke_key, key=request.path_params["key"]))
    return go(request, "/staff/people", done=f"The key {revoked.name} is revoked.")


async def _people_page(request: Request, secret: str = "") -> Response:
    users, keys, known, tablets, with_pin = await house(request).store.read(_look)
    return page(
        request,
        "people",
        users=users,
        keys=[key for key in keys if key.revoked_at is None],
        venues=known,
        tablets=tablets,
        with_pin=with_pin,
        roles=[role for role in Role if role != Role.CUSTOMER],
        scopes=list(Scope),
        secret=secret,
        own=caller(request).actor.id,
        done=request.query_params.get("done", "")[:200],
    )


def _look(db: Reading) -> tuple[list[User], list[Key], list[Venue], list[Tablet], set[str]]:
    users, keys = people.all_users(db), people.all_keys(db)
    return users, keys, venues.all_venues(db), pins.all_tablets(db), pins.users_with_pin(db)


def _own_id(who: Caller) -> str:
    if who.actor.kind != "person" or who.actor.id is None:
        raise Forbidden("An API key has no password and no sessions.")
    return who.actor.id


def _session_id(who: Caller) -> str:
    return who.credential.removeprefix("session:")
