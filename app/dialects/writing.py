"""Writes through a foreign system, which an Idempotency-Key makes safe to repeat."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from starlette.requests import Request

from app.store.database import Change
from app.store.rows import dump
from app.web.native.answering import write_once

T = TypeVar("T")


async def write(
    request: Request,
    venue: str,
    change: Change[T],
    answer: Callable[[T], tuple[int, Any]],
    sent: Any = None,
) -> tuple[int, str]:
    """Run a change and make its answer: (HTTP status, JSON text). `venue` is a slug, `sent` the
    body as it was read."""
    return await write_once(request, venue, change, answer, partial(dump, sent))
