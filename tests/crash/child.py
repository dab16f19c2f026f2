"""A till that imports only the store: places and moves orders as fast as it can and says on
stdout what was acknowledged, one `order seq` a line, until it is killed.

`python -m tests.crash.child FOLDER WRITERS`
"""

import asyncio
import os
import sys
from functools import partial
from pathlib import Path

from app.commands.orders import NewOrder, place
from app.commands.status import Move, change_status
from app.domain.events import SYSTEM
from app.domain.orders import Status
from app.store.sqlite import SqliteStore, open_store


async def till(store: SqliteStore) -> None:
    while True:
        placed = await store.write(
            partial(place, venue="main", new=NewOrder(first_name="Ada"), actor=SYSTEM)
        )
        tell(placed.order.id, placed.order.seq)
        for status in (Status.READY, Status.COLLECTED):
            order, move = placed.order.id, Move(status=status)
            moved = await store.write(
                partial(change_status, venue="main", order=order, move=move, actor=SYSTEM)
            )
            tell(moved.id, moved.seq)


def tell(order: str, seq: int) -> None:
    os.write(1, f"{order} {seq}\n".encode())  # unbuffered: what is said has been said


async def main(folder: Path, writers: int) -> None:
    store = await open_store(folder)
    await asyncio.gather(*(till(store) for _ in range(writers)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
