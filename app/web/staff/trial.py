"""The test order: one order through the whole chain and off again, each step timed."""

import asyncio
import contextlib
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from app.commands.orders import NewOrder, delete, place
from app.commands.status import Move, change_status
from app.domain.events import Actor
from app.domain.orders import Order, Status
from app.feed.viewer import Viewer
from app.store.database import Change
from app.web.context import House, caller, house
from app.web.staff.forms import page
from app.web.staff.words import STATUS_WORDS

NAME = "Test"
MOVES = (Status.PREPARING, Status.READY, Status.COLLECTED)
LONGEST_S = 2.0  # what has not reached the board by then is not on it


@dataclass(frozen=True, slots=True)
class Step:
    """Milliseconds until it was on the disk, and until the public board's screens were sent it;
    None if this board does not show it."""

    word: str
    stored: float
    sent: float | None


async def take_trial(request: Request) -> Response:
    here, slug = house(request), request.path_params["venue"]
    viewer = here.hub.viewer(await here.hub.board(slug))
    try:
        await viewer.open(None)
        steps = await _run(here, viewer, slug, caller(request).actor)
    finally:
        here.hub.leave(viewer)
    return page(request, "trial", slug=slug, steps=steps)


async def _run(here: House, viewer: Viewer, slug: str, actor: Actor) -> list[Step]:
    start = asyncio.get_running_loop().time()
    new = NewOrder(name=NAME, note="A test order; it goes by itself.", channel=NAME)
    placed = await here.store.write(partial(place, venue=slug, new=new, actor=actor))
    order = placed.order
    steps = [await _step("Placed", start, viewer, order)]
    try:
        for status in MOVES:
            move = partial(
                change_status, venue=slug, order=order.id, move=Move(status=status), actor=actor
            )
            steps.append(await _timed(here, viewer, STATUS_WORDS[status], move))
    finally:
        gone = partial(delete, venue=slug, order=order.id, actor=actor)
        steps.append(await _timed(here, viewer, "Removed again", gone))
    return steps


async def _timed(here: House, viewer: Viewer, word: str, change: Change[Order]) -> Step:
    start = asyncio.get_running_loop().time()
    return await _step(word, start, viewer, await here.store.write(change))


async def _step(word: str, start: float, viewer: Viewer, order: Order) -> Step:
    clock = asyncio.get_running_loop().time
    stored = clock() - start
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LONGEST_S):
            await _sent(viewer, order.seq)
            return Step(word, stored * 1000, (clock() - start) * 1000)
    return Step(word, stored * 1000, None)


async def _sent(viewer: Viewer, seq: int) -> None:
    """Wait until the board's stream holds the frame of that event."""
    while True:
        news = viewer.channel.news
        if any(frame.seq == seq for frame in viewer.take()):
            return
        await news.wait()
