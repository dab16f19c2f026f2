"""Answer a repeated Idempotency-Key with what was answered before."""

from collections.abc import Callable
from typing import TypeVar

from app.domain.problems import IdempotencyKeyReused
from app.store import idempotency
from app.store.database import Change, Done, Outcome, Refused, Transaction, Unchanged
from app.store.idempotency import Asked

T = TypeVar("T")


def once(
    tx: Transaction, *, asked: Asked, change: Change[T], answer: Callable[[T], tuple[int, str]]
) -> Outcome[tuple[int, str]]:
    """Run `change` unless this key was answered in the last 24 hours; (HTTP status, body text).

    The answer is kept in the change's own savepoint, so both are on disk or neither is; refusals
    are not kept. Raises IdempotencyKeyReused when the key came with another body.
    """
    known = idempotency.find(tx, asked)
    if known is not None:
        if known.fingerprint != asked.fingerprint:
            raise IdempotencyKeyReused("This Idempotency-Key was used with another body.")
        return Unchanged((known.status, known.body))
    outcome = tx.attempt(change)
    if isinstance(outcome, Refused):
        return outcome
    # Also that nothing was to be done: repeated later, the same request might find work.
    status, body = answer(outcome.value)
    idempotency.keep(tx, asked, status, body)
    return Done((status, body))
