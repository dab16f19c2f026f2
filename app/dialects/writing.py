"""Writes through a foreign system, which an Idempotency-Key makes safe to repeat."""

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from starlette.requests import Request

from app.commands.idempotency import once
from app.domain.problems import Invalid
from app.store.database import Change
from app.store.idempotency import Asked
from app.store.rows import dump
from app.web.context import caller, house

T = TypeVar("T")
LONGEST_KEY = 255


async def write(
    request: Request,
    venue: str,
    change: Change[T],
    answer: Callable[[T], tuple[int, Any]],
    sent: Any = None,
) -> tuple[int, str]:
    """Run a change and make its answer: (HTTP status, JSON text). With an Idempotency-Key at most
    once in 24 hours; `venue` is its slug, `sent` the body as it was read."""
    key = request.headers.get("idempotency-key")
    if key is None:
        status, body = answer(await house(request).store.write(change))
        return status, dump(body)
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid(f"An Idempotency-Key has 1 to {LONGEST_KEY} characters.")
    asked = Asked(
        venue=venue,
        credential=caller(request).credential,
        method=request.method,
        path=request.scope["path"],
        key=key,
        fingerprint=hashlib.sha256(dump(sent).encode("utf-8", "surrogatepass")).hexdigest(),
    )

    def kept(value: T) -> tuple[int, str]:
        status, body = answer(value)
        return status, dump(body)

    return await house(request).store.write(partial(once, asked=asked, change=change, answer=kept))
