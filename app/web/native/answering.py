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

T = TypeVar("T")
LONGEST_KEY = 255


def json_answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(dump(body), status, headers, "application/json")


async def write(
    request: Request, change: Change[T], answer: Callable[[T], tuple[int, Any]]
) -> Response:
    """Run a change and answer it; with an Idempotency-Key at most once in 24 hours."""
    key = request.headers.get("idempotency-key")
    if key is None:
        status, body = answer(await house(request).store.write(change))
        return json_answer(body, status)
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid(f"An Idempotency-Key has 1 to {LONGEST_KEY} characters.")
    asked = Asked(
        venue=request.path_params["venue"],
        credential=caller(request).credential,
        method=request.method,
        path=request.scope["path"],
        key=key,
        fingerprint=_fingerprint(getattr(request.state, "body", None)),
    )

    def kept(value: T) -> tuple[int, str]:
        status, body = answer(value)
        return status, dump(body)

    repeatable = partial(once, asked=asked, change=change, answer=kept)
    status, text = await house(request).store.write(repeatable)
    return Response(text, status, media_type="application/json")


def _fingerprint(body: BaseModel | None) -> str:
    sent = "" if body is None else body.model_dump_json(exclude_unset=True)
    return hashlib.sha256(sent.encode()).hexdigest()
