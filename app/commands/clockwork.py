"""What time alone does: releases scheduled orders, collects forgotten ones, forgets the old."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from app.commands.status import let_time_pass
from app.domain.problems import Unavailable
from app.domain.times import to_ms
from app.settings import Settings
from app.store import events, idempotency, orders, screens
from app.store.database import Done, Outcome, Store, Transaction

log = logging.getLogger(__name__)
LOOK_SECONDS = 1.0
HOUR = 3600.0


async def pass_time(store: Store, every: float = LOOK_SECONDS) -> None:
    """Once a second, run the commands that are due, as actor `system`."""
    while True:
        await _patiently(partial(release_due, store))
        await asyncio.sleep(every)


async def release_due(store: Store) -> None:
    """Many fall due in the same minute; they are moved in one commit."""
    due = await store.read(orders.due)
    # One that was deleted since is answered with a Problem, and that is all there is to it.
    await store.write_all(
        [partial(let_time_pass, venue=venue, order=order) for venue, order in due]
    )


async def keep_house(store: Store, settings: Settings, every: float = HOUR) -> None:
    """Once an hour, forget what is older than the retention time."""
    while True:
        await _patiently(lambda: store.write(partial(forget_old, days=settings.retention_days)))
        await asyncio.sleep(every)


def forget_old(tx: Transaction, *, days: int) -> Outcome[int]:
    before = to_ms(tx.now - timedelta(days=days))
    screens.delete_expired_codes(tx)
    forgotten = events.forget(tx, before) + orders.forget(tx, before) + idempotency.forget(tx)
    return Done(forgotten)


async def _patiently(act: Callable[[], Any]) -> None:
    """Nothing may end the loop, a full disk no more than a mistake of ours: scheduled orders
    would never be released again."""
    try:
        await act()
    except Unavailable:
        log.warning("The store could not be written; trying again later")
    except Exception:
        log.exception("What time alone does failed; trying again later")
