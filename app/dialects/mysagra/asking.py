"""Who asks MySagra's addresses: a till's log-in, a printer's or a web page's key, or one of ours.

`who` of a row: `anyone`, or the least role (`staff`: admin, maintainer, operator; `menu`: admin,
maintainer; `admin`), and behind a + the kinds of keys that may too: `staff+printer+web`.
"""

import re
from collections.abc import Set

from starlette.requests import Request

from app.dialects.mysagra.errors import Refusal
from app.dialects.mysagra.settings import settings_of
from app.dialects.mysagra.words import NAME
from app.dialects.shape import OPEN
from app.domain.people import ANONYMOUS, KEY_PREFIX, Caller, Role, Scope, User, folded_name
from app.domain.problems import Forbidden, KeyRevoked, Problem, Unauthorized
from app.web.auth import SAFE
from app.web.context import caller, house
from app.web.table import Entry

COOKIES = ("mysagra_token", "mysagra_session")
PREFIXES = {"PRINTER": "ms_pt_", "WEBAPP": "ms_wb_"}
KINDS = {"PRINTER": "printer", "WEBAPP": "web"}
SESSION = re.compile(r"[A-Za-z0-9_-]{43}")  # what our log-in hands out
ROLES = {"staff": ("admin", "maintainer", "operator"), "menu": ("admin", "maintainer")}


async def admit(request: Request, entry: Entry) -> Caller:
    """Raises Refusal, Unauthorized, Forbidden. An open row takes any credential, a good one for
    what it is."""
    if entry.who == OPEN:
        try:
            return await _who(request)
        except Problem:
            return ANONYMOUS
    who = await _who(request)
    if not _may(request, who, entry):
        raise Forbidden("That is not for this role or kind of key.")
    return who


def role_of(request: Request, who: Caller) -> str:
    """admin, maintainer or operator; empty for everybody else. A PIN alone makes no maintainer."""
    names = settings_of(request.state.venue).maintainer_names
    return role_named(who.user, frozenset() if who.tablet else names) if who.user else ""


def role_named(user: User, maintainers: Set[str]) -> str:
    if user.role == Role.STAFF:
        return "maintainer" if folded_name(user.name) in maintainers else "operator"
    return "admin" if user.role == Role.ADMIN else ""


def kind_of(who: Caller) -> str:
    """`printer` or `web` for one of MySagra's keys."""
    ours = who.key is not None and who.key.dialect == NAME
    return KINDS.get(who.key.kind, "") if ours and who.key else ""


def is_operator(request: Request) -> bool:
    return role_of(request, caller(request)) == "operator"


async def _who(request: Request) -> Caller:
    """By X-API-KEY, else Bearer, else cookie."""
    key = request.headers.get("x-api-key", "").strip()
    if key:
        return await _by_key(request, key)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else ""
    if bearer.startswith(tuple(PREFIXES.values())):
        return await _by_key(request, bearer)
    if bearer.startswith(KEY_PREFIX):
        return await house(request).auth.caller_of_secret(bearer)
    return await _by_session(request, bearer)


async def _by_key(request: Request, secret: str) -> Caller:
    if not secret.startswith(tuple(PREFIXES.values())):
        raise Refusal(400, "Invalid API key", "BadRequestError")
    try:
        return await house(request).auth.caller_of_secret(secret, NAME)
    except KeyRevoked:
        raise Refusal(403, "API Key has been revoked", "ForbiddenError") from None
    except Unauthorized:
        raise Refusal(401, "Invalid API Key", "UnauthorizedError") from None


async def _by_session(request: Request, bearer: str) -> Caller:
    """A token that does not stand gives way to the next: MySagra itself looks at no Bearer."""
    sent = (bearer, *(request.cookies.get(name, "") for name in COOKIES))
    tokens = [token for token in dict.fromkeys(sent) if SESSION.fullmatch(token)]
    for token in tokens:
        who = await house(request).auth.caller_of_session(token)
        if who.user is not None:
            if token != bearer:
                _check_site(request)
            return who
    if tokens:
        raise Refusal(401, "Session expired or logged out", "UnauthorizedError")
    raise Unauthorized("Log in, or send an API key.")


def _check_site(request: Request) -> None:
    """A browser sends the cookie by itself. Tills and displays have proxies of their own between,
    so only what names itself as another site's request is one."""
    elsewhere = request.headers.get("sec-fetch-site") == "cross-site"
    if elsewhere and request.method not in SAFE:
        raise Forbidden("This request came from another site's page.")


def _may(request: Request, who: Caller, entry: Entry) -> bool:
    level, *kinds = entry.who.split("+")
    if who.user is not None:
        return role_of(request, who) in ROLES.get(level, (level,))
    if kind_of(who):
        return kind_of(who) in kinds
    if level == "staff":
        return who.may(Scope.ORDERS_READ if entry.method == "GET" else Scope.ORDERS_WRITE)
    return who.may(Scope.ADMIN)
