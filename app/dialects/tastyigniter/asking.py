"""Who asks: an admin's or a customer's token, with its abilities; and the gate of each action.

`who` of a row is `<gate>:<ability>`: the name of the setting that says who may, and what the token
must be able to. A row without a colon is open.
"""

from starlette.requests import Request

from app.dialects.tastyigniter.errors import NO_ABILITY, NO_PERMISSION, SwitchedOff
from app.dialects.tastyigniter.profiles import Profile, check_media, profile_of
from app.dialects.tastyigniter.settings import Gate, settings_of
from app.dialects.tastyigniter.words import NAME
from app.domain.people import ANONYMOUS, Caller
from app.domain.problems import Forbidden, RouteNotFound, Unauthorized
from app.store import people
from app.web.context import house
from app.web.table import Entry

CUSTOMER = "customer"
ADMIN = "admin"


async def admit(request: Request, entry: Entry) -> Caller:
    settings = settings_of(request.state.venue)
    if request.path_params["api"] != settings.api_prefix:
        raise RouteNotFound("There is nothing at this address.")
    caller = await _caller(request)
    request.state.caller = caller  # the profile depends on it
    if profile_of(request) == Profile.STRICT:
        check_media(request)
    name, _, ability = entry.who.partition(":")
    if not ability:
        return caller
    gate: Gate = getattr(settings, name)
    if gate == "off":
        raise SwitchedOff("This action is switched off.")
    _check_gate(caller, gate)
    if caller.key is not None and gate != "all" and not _is_able(caller, ability):
        raise Forbidden(NO_ABILITY)
    return caller


def side_of(caller: Caller) -> str:
    """`admin` or `customer`; empty for nobody."""
    if caller.key is None:
        return ""
    return CUSTOMER if caller.key.kind.endswith(CUSTOMER) else ADMIN


def _check_gate(caller: Caller, gate: Gate) -> None:
    """Raises Unauthorized, Forbidden."""
    side = side_of(caller)
    if gate == "all" or (gate == "guest" and not side):
        return
    if not side:
        raise Unauthorized("A token is needed.")
    if gate == "guest" or (gate != "users" and gate != side):
        raise Forbidden(NO_PERMISSION)


def _is_able(caller: Caller, ability: str) -> bool:
    """`orders:write` is in `orders:write`, `orders:*` and `*`."""
    assert caller.key is not None
    resource = ability.partition(":")[0]
    return bool(caller.key.abilities & {"*", f"{resource}:*", ability})


async def _caller(request: Request) -> Caller:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        return ANONYMOUS
    serial, bar, secret = token.partition("|")
    try:
        caller = await house(request).auth.caller_of_secret(secret if bar else token, NAME)
    except Unauthorized:
        raise Unauthorized("That is no token.") from None
    assert caller.key is not None
    if bar and serial != str(caller.key.serial):
        raise Unauthorized("That is no token.")
    if caller.key.owner is not None and not await _is_in_use(request, caller.key.owner):
        raise Unauthorized("The account is disabled.")
    return caller


async def _is_in_use(request: Request, owner: str) -> bool:
    user = await house(request).store.read(lambda tx: people.user_by_id(tx, owner))
    return user is not None and not user.disabled
