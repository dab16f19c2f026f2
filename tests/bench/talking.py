"""The smallest HTTP client that keeps a connection: a library's would be most of the time."""

import asyncio
import json
from typing import Any

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Caller:
    """One keep-alive connection that sends JSON and waits for each answer."""

    def __init__(self, streams: Streams, key: str) -> None:
        self._reader, self._writer = streams
        self._key = key

    @classmethod
    async def connect(cls, port: int, key: str) -> "Caller":
        return cls(await asyncio.open_connection("127.0.0.1", port), key)

    async def ask(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        content = json.dumps(body).encode()
        self._writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self._key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n".encode()
            + content
        )
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        answer: dict[str, Any] = json.loads(await self._reader.readexactly(length))
        if not head.startswith(b"HTTP/1.1 2"):
            raise RuntimeError(f"{method} {path}: {answer}")
        return answer

    def close(self) -> None:
        self._writer.close()


async def open_feed(port: int) -> Streams:
    """A viewer of the board, past its `hello`."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    writer.write(b"GET /b/main/feed HTTP/1.1\r\nHost: x\r\n\r\n")
    await reader.readuntil(b"event: hello")
    await reader.readuntil(b"\n\n")
    return reader, writer
