"""JSON answers, and writes that an Idempotency-Key makes safe to repeat."""

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from app.commands.idempotency import once
from app.domain.problems import Invalid
from app.store.database import Change
from app.store.idempotency import Asked
from app.store.rows import dump
from app.web.context import caller, house
from app.web.headers import sent_header

T = TypeVar("T")
LONGEST_KEY = 255


def json_answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(dump(body), status, headers, "application/json")


async def write(
    request: Request, change: Change[T], answer: Callable[[T], tuple[int, Any]]
) -> Response:
    """Run a change and answer it; with an Idempotency-Key at most once in 24 hours."""
    venue, sent = request.path_params["venue"], partial(_sent, request)
    status, text = await write_once(request, venue, change, answer, sent)
    return Response(text, status, media_type="application/json")


def _sent(request: Request) -> str:
    body: BaseModel | None = getattr(request.state, "body", None)
    return "" if body is None else body.model_dump_json(exclude_unset=True)


async def write_once(
    request: Request,
    venue: str,
    change: Change[T],
    answer: Callable[[T], tuple[int, Any]],
    sent: Callable[[], str],
) -> tuple[int, str]:
    """(HTTP status, JSON text). `venue` is a slug; `sent` makes the body's text, by which another
    body under the same Idempotency-Key is known."""
    store, key = house(request).store, sent_header(request.scope, b"idempotency-key")
    if key is None:
        status, body = answer(await store.write(change))
        return status, dump(body)
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid(f"An Idempotency-Key has 1 to {LONGEST_KEY} characters.")
    asked = Asked(
        venue=venue,
        credential=caller(request).credential,
        method=request.method,
        path=request.scope["path"],
        key=key,
        fingerprint=hashlib.sha256(sent().encode("utf-8", "surrogatepass")).hexdigest(),
    )

    def kept(value: T) -> tuple[int, str]:
        status, body = answer(value)
        return status, dump(body)

    return await store.write(partial(once, asked=asked, change=change, answer=kept))
