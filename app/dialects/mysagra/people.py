"""Users and roles: the people of this server, as a till's settings page shows them."""

from functools import partial
from typing import Annotated, Any

from pydantic import StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from app.commands.dialects import connect
from app.commands.people import add_user
from app.dialects.mysagra.answering import Sent, actor, answer, row, sent_body
from app.dialects.mysagra.asking import role_named
from app.dialects.mysagra.errors import Wrong, no_reference
from app.dialects.mysagra.ids import name_id, shown_id
from app.dialects.mysagra.settings import Settings, settings_of
from app.dialects.mysagra.words import NAME
from app.dialects.reading import validated
from app.domain.events import Actor
from app.domain.people import Role, User
from app.domain.venues import Venue
from app.store import people
from app.store.database import Done, Outcome, Transaction
from app.web.context import house
from app.web.native.types import Line

ROLES = {"admin": Role.ADMIN, "maintainer": Role.STAFF, "operator": Role.STAFF}
ROLE_IDS = {name_id("", "role", name): name for name in ROLES}


class UserBody(Sent):
    username: Annotated[Line, StringConstraints(min_length=1, max_length=40)]
    password: Annotated[Line, StringConstraints(min_length=8, max_length=100)]
    roleId: Line


async def list_roles(request: Request) -> Response:
    return answer([{"id": role, "name": name} for role, name in ROLE_IDS.items()])


async def list_users(request: Request) -> Response:
    """Those who may log in here; guests and viewers may not."""
    found = await house(request).store.read(people.all_users)
    told = (_told(user, request.state.venue) for user in found if not user.disabled)
    return answer([user for user in told if user])


async def create_user(request: Request) -> Response:
    body = validated(UserBody, await sent_body(request))
    role = ROLE_IDS.get(body.roleId)
    if role is None:
        raise no_reference("Role")
    hashed = await house(request).auth.hash(body.password)
    change = partial(
        add,
        venue=request.state.venue,
        name=body.username,
        role=role,
        password_hash=hashed,
        actor=actor(request),
    )
    user, venue = await house(request).store.write(change)
    return answer(_told(user, venue), 201)


def add(
    tx: Transaction, *, venue: Venue, name: str, role: str, password_hash: str, actor: Actor
) -> Outcome[tuple[User, Venue]]:
    """A maintainer is a member of staff whom the venue's settings name as one. Raises Wrong,
    Invalid, NameTaken."""
    if role == "maintainer" and "," in name:
        raise Wrong("custom", ["username"], "A maintainer's name has no comma.")
    made = add_user(tx, name=name, role=ROLES[role], password_hash=password_hash)
    assert isinstance(made, Done)
    if role == "maintainer":
        named = connect(
            tx,
            venue=venue.slug,
            dialect=NAME,
            check=partial(_with_maintainer, name=made.value.name),
            own_id="",
            actor=actor,
        )
        assert isinstance(named, Done)
        venue = named.value
    return Done((made.value, venue))


def _with_maintainer(known: dict[str, Any], name: str) -> dict[str, Any]:
    listed = known.get("maintainers", "")
    names = f"{listed}, {name}" if listed else name
    return validated(Settings, known | {"maintainers": names}).model_dump(mode="json")


def _told(user: User, venue: Venue) -> dict[str, Any] | None:
    role = role_named(user, settings_of(venue).maintainer_names)
    if not role:
        return None
    role_id = name_id("", "role", role)
    return {
        "id": shown_id(user.id),
        "username": user.name,
        "roleId": role_id,
        "role": {"id": role_id, "name": role},
    }


ROUTES = (
    row("GET", "/v1/roles", list_roles, "staff", "The roles a user can have"),
    row("GET", "/v1/users", list_users, "staff", "Everybody who may log in"),
    row("POST", "/v1/users", create_user, "admin", "Add a user", body=UserBody, status=201),
)
