"""Log in, log out, API keys."""

from functools import partial
from typing import Annotated, Any, Literal

from pydantic import StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from app.commands.keys import create_key, revoke_key
from app.commands.people import SESSION_LASTS, sign_out
from app.dialects.mysagra.answering import Sent, answer, path_ids, row, sent_body
from app.dialects.mysagra.asking import COOKIES, PREFIXES, role_of
from app.dialects.mysagra.errors import Refusal, no_record
from app.dialects.mysagra.ids import shown_id
from app.dialects.mysagra.words import NAME
from app.dialects.reading import validated
from app.domain.people import Key, new_secret
from app.domain.problems import Forbidden, Unauthorized
from app.domain.times import iso
from app.store import people
from app.store.database import Reading
from app.web.context import caller, house
from app.web.native.types import Line, Name

Typed = Annotated[Line, StringConstraints(min_length=1, max_length=100)]


class LoginBody(Sent):
    username: Typed
    password: Typed


class KeyBody(Sent):
    name: Name
    type: Literal["PRINTER", "WEBAPP"]


def new_key_of(kind: str) -> str:
    return PREFIXES[kind] + new_secret()


async def log_in(request: Request) -> Response:
    body = validated(LoginBody, await sent_body(request))
    auth, store = house(request).auth, house(request).store
    try:
        entered = await auth.sign_in(request, body.username, body.password)
    except Unauthorized:
        known = await store.read(partial(people.user_by_name, name=body.username))
        if known is None:
            raise Refusal(404, "User not found", "NotFoundError") from None
        raise Refusal(401, "Invalid credentials", "UnauthorizedError") from None
    who = await auth.caller_of_session(entered.secret)
    role = role_of(request, who)
    if not role:
        await store.write(partial(sign_out, session=entered.session.id))
        raise Forbidden("That role has no place here.")
    user = shown_id(entered.user.id)
    told = {"id": user, "userId": user, "username": entered.user.name, "role": role}
    response = answer(told | {"token": entered.secret})
    for name in COOKIES:
        response.set_cookie(
            name, entered.secret, path="/", httponly=True, samesite="lax",
            max_age=int(SESSION_LASTS.total_seconds()), secure=request.url.scheme == "https",
        )  # fmt: skip
    return response


async def log_out(request: Request) -> Response:
    who = caller(request)
    if who.user is not None:
        session = who.credential.removeprefix("session:")
        await house(request).store.write(partial(sign_out, session=session))
    response = answer({"message": "Logged out successfully"})
    for name in COOKIES:
        response.delete_cookie(name, path="/", httponly=True, samesite="lax")
    return response


async def add_key(request: Request) -> Response:
    body = validated(KeyBody, await sent_body(request))
    change = partial(
        create_key,
        name=body.name,
        scopes=(),
        venues=[request.state.venue.slug],
        secret=new_key_of(body.type),
        dialect=NAME,
        kind=body.type,
    )
    made = await house(request).store.write(change)
    told = {"id": shown_id(made.key.id), "type": body.type, "apiKey": made.secret}
    return answer(told | {"key": made.secret, "createdAt": iso(made.key.created_at)}, 201)


async def list_keys(request: Request) -> Response:
    found = await house(request).store.read(partial(_keys, slug=request.state.venue.slug))
    return answer([_key(key) for key in found])


async def end_key(request: Request) -> Response:
    ids = path_ids(request)
    found = await house(request).store.read(partial(_keys, slug=request.state.venue.slug))
    key = next((key for key in found if key.id in ids), None)
    if key is None:
        raise no_record()
    await house(request).store.write(partial(revoke_key, key=key.id))
    return Response(status_code=204)


def _keys(tx: Reading, slug: str) -> list[Key]:
    return [
        key
        for key in people.all_keys(tx)
        if key.dialect == NAME and (key.venues is None or slug in key.venues)
    ]


def _key(key: Key) -> dict[str, Any]:
    return {
        "id": shown_id(key.id),
        "prefix": PREFIXES.get(key.kind, ""),
        "last_digits": key.last4,
        "type": key.kind,
        "name": key.name,
        "createdAt": iso(key.created_at),
        "lastUsedAt": key.last_used_at and iso(key.last_used_at),
        "revokedAt": key.revoked_at and iso(key.revoked_at),
    }


ROUTES = (
    row("POST", "/auth/login", log_in, "anyone", "Log in", body=LoginBody),
    row("POST", "/auth/logout", log_out, "staff", "Log out"),
    row("POST", "/v1/api-keys", add_key, "admin", "Make an API key", body=KeyBody, status=201),
    row("GET", "/v1/api-keys", list_keys, "admin", "List the API keys"),
    row("DELETE", "/v1/api-keys/{id}", end_key, "admin", "Revoke an API key", status=204),
)
