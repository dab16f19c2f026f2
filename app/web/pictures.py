"""The last pictures drawn, so that what was asked for twice is drawn once."""

import asyncio
from collections.abc import Callable

MOST_KEPT = 32


class Pictures:
    """One is drawn at a time, in a thread: pictures never take more than one core, and whoever
    follows the board live is not kept waiting."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}
        self._drawing = asyncio.Lock()

    async def get(self, name: str, draw: Callable[[], bytes]) -> bytes:
        """`name` tells all that makes the picture; `draw` is called if it is not kept."""
        async with self._drawing:
            picture = self._kept.pop(name, None)
            if picture is None:
                picture = await asyncio.to_thread(draw)
            self._kept[name] = picture  # again the newest
            if len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        return picture
