"""A TCP relay between a page and its server that can fail the way networks and proxies do."""

import asyncio
import contextlib
from enum import StrEnum

LOGIN = b"<!doctype html><title>Sign in</title><form>Please sign in to the Wi-Fi</form>"


class Path(StrEnum):
    OPEN = "open"
    CUT = "cut"  # every connection is refused or torn down
    SILENT = "silent"  # connections are taken, but nothing comes through
    BAD_GATEWAY = "bad gateway"
    LOGIN = "login page"
    HELD = "held back"  # a proxy that passes a stream's head on, but none of its frames


HEAD = b"content-type: text/event-stream"
ANSWERS = {
    Path.BAD_GATEWAY: ("502 Bad Gateway", b"<h1>502</h1>"),
    Path.LOGIN: ("200 OK", LOGIN),
}


class Relay:
    """Stands on a port of its own; `use` changes how it treats old and new connections."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._path = Path.OPEN
        self._held: set[asyncio.StreamWriter] = set()
        self._listener: asyncio.Server
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    def use(self, path: Path) -> None:
        self._path = path
        if path != Path.SILENT:
            for writer in self._held:
                writer.transport.abort()

    async def stop(self) -> None:
        self._listener.close()
        self.use(Path.CUT)
        await self._listener.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._held.add(writer)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._treat(reader, writer)
        finally:
            self._held.discard(writer)
            writer.transport.abort()

    async def _treat(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._path in ANSWERS:
            await reader.readuntil(b"\r\n\r\n")
            status, body = ANSWERS[self._path]
            head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nConnection: close\r\n"
            writer.write(head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        elif self._path in (Path.OPEN, Path.HELD):
            await self._join(reader, writer)
        elif self._path == Path.SILENT:
            await reader.read(-1)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        self._held.add(far_writer)
        ways = [
            asyncio.create_task(self._carry(reader, far_writer)),
            asyncio.create_task(self._carry(far_reader, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._held.discard(far_writer)
            far_writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                if self._path == Path.HELD and HEAD in data.lower():
                    writer.write(data[: data.index(b"\r\n\r\n") + 4])
                    await reader.read(-1)
                elif self._path != Path.SILENT:
                    writer.write(data)
                    await writer.drain()
