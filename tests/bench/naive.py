"""What one writes first: sse-starlette with a queue for each viewer. `python -m tests.bench.naive`.

GET opens a viewer, the body of a POST goes to all of them. With `--store FILE` it is committed
first, so that an answered event is as durable as ours: each in a transaction of its own, because
who changes an order reads it first and nobody may come in between. With `--share` all callers write
into one transaction, and a commit is for whoever has come by then: faster, and good for a log only.
The first line it prints is its port.
"""

import argparse
import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any

import aiosqlite
import click
import uvicorn
from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

INSERT = "INSERT INTO events (body) VALUES (:body)"


class Naive:
    def __init__(self, file: str | None, *, share: bool) -> None:
        self._file = file
        self._turn: AbstractAsyncContextManager[Any] = nullcontext() if share else asyncio.Lock()
        self._database: aiosqlite.Connection | None = None
        self._queues: set[asyncio.Queue[str]] = set()

    @asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        if self._file is None:
            yield
            return
        async with aiosqlite.connect(self._file) as self._database:
            for sql in (
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = FULL",
                "CREATE TABLE events (seq INTEGER PRIMARY KEY, body TEXT)",
            ):
                await self._database.execute(sql)
            yield

    async def view(self, _request: Request) -> Response:
        return EventSourceResponse(self._events(), sep="\n")

    async def publish(self, request: Request) -> Response:
        body = (await request.body()).decode()
        if self._database is not None:
            async with self._turn:
                await self._database.execute(INSERT, {"body": body})
                await self._database.commit()
        for queue in self._queues:
            queue.put_nowait(body)
        return Response(status_code=204)

    async def _events(self) -> AsyncIterator[dict[str, str]]:
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._queues.add(queue)
        try:
            while True:
                yield {"data": await queue.get()}
        finally:
            self._queues.discard(queue)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store")
    parser.add_argument("--share", action="store_true")
    asked = parser.parse_args()
    naive = Naive(asked.store, share=asked.share)
    app = Starlette(
        routes=[
            Route("/", naive.view, methods=["GET"]),
            Route("/", naive.publish, methods=["POST"]),
        ],
        lifespan=naive.lifespan,
    )
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    click.echo(listener.getsockname()[1])
    config = uvicorn.Config(app, loop="uvloop", http="httptools", log_level="error", backlog=4096)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
