"""uvicorn as Readyboard runs it: streams can be cut off, and stopping takes under two seconds."""

import asyncio
import logging
import socket
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from app.feed.hub import Hub
from app.feed.messages import SocketStream
from app.feed.sse import ABORT, TAKE_OVER, UNBUFFERED
from app.feed.sweep import Stream, Sweep, hold_nothing
from app.feed.viewer import Viewer
from app.settings import Settings

STOPS_WITHIN_SECONDS = 1
FAREWELL_SECONDS = 0.4
TICK_SECONDS = 0.1  # uvicorn counts ten of them for a second
LARGEST_MESSAGE = 4096  # viewers have nothing to say
INTERIM = b"HTTP/1.1 1"  # 100 Continue, which is not the answer
SMALL = 16 * 1024  # bytes that a connection takes at once, so that they may wait for a turn


class Answers(asyncio.Transport):
    """What uvicorn writes a connection's answers to, and pauses it by. The head waits for the
    first of the body, as ASGI asks of a server, so that most answers are one system call and one
    packet. Both together wait for the next turn of the event loop: a commit answers many callers,
    and to send to one after the other takes less time than to send between the work for each."""

    __slots__ = ("_begun", "_due", "_held", "_transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._held = b""
        self._begun = False
        self._due = False

    def next(self) -> None:
        """What is written from now on is another answer."""
        self.flush()
        self._begun = self._due = False

    def write(self, data: Any) -> None:
        if not self._begun:
            if data.startswith(INTERIM):
                self._transport.write(data)
            else:
                self._begun, self._held = True, data
        elif self._due:
            self.flush()
            self._transport.write(data)
        else:
            self._due, self._held = True, self._held + data
            if len(self._held) <= SMALL:
                asyncio.get_running_loop().call_soon(self.flush)
            else:
                self.flush()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """uvicorn would make two socket objects to ask them for their addresses; without any it
        asks the transport, which knows them. It wants host and port only, and IPv6 addresses have
        two numbers more."""
        if name == "socket":
            return default
        known = self._transport.get_extra_info(name, default)
        of_an_end = name in ("sockname", "peername") and isinstance(known, tuple)
        return known[:2] if of_an_end else known

    def pause_reading(self) -> None:
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        self._transport.resume_reading()

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def finish(self) -> None:
        """Send a head that no body followed; anything else is on its way."""
        if not self._due:
            self.flush()

    def flush(self) -> None:
        held = self.take()
        if held:
            self._transport.write(held)

    def take(self) -> bytes:
        """What waits here, for somebody else to write, or for nobody."""
        held, self._held = self._held, b""
        return held

    def close(self) -> None:
        self.flush()
        self._transport.close()


class StreamingProtocol(HttpToolsProtocol):
    """Lets a stream cut a viewer off who takes nothing, because closing would wait for that
    viewer; and lets it give the whole connection away, unless `hands_over` is off."""

    hands_over: ClassVar[bool] = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.answers = Answers(transport)
        super().connection_made(self.answers)  # it asks for its addresses
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        # What comes may be rubbish, or the way to a WebSocket: uvicorn answers both at once.
        self.answers.flush()
        super().data_received(data)

    def eof_received(self) -> None:
        self.answers.flush()  # the transport closes after this

    def shutdown(self) -> None:
        self.answers.flush()
        super().shutdown()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        extensions: dict[str, Any] = {
            ABORT: self.transport.abort,
            # uvicorn waits before a write while it is paused.
            UNBUFFERED: partial(hold_nothing, self.transport),
        }
        if self.hands_over:
            extensions[TAKE_OVER] = self.take_over
        self.scope["extensions"] = extensions

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self.running = cycle  # `self.cycle` may be one that waits for its turn
        self.answers.next()
        cycle.transport = self.answers
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        self.answers.finish()
        super().on_response_complete()

    def take_over(self, sweep: Sweep, viewer: Viewer, first: bytes) -> bool:
        """Hand the connection over, as uvicorn does for a WebSocket; False if it has gone.
        `first`: what the answer goes on with."""
        transport, cycle = self.transport, self.running
        cycle.response_complete = True  # for uvicorn the request is over
        if cycle.disconnected or transport.is_closing():
            return False
        self._unset_keepalive_if_required()
        self.flow.resume_reading()
        connections: set[Any] = self.connections
        stream = Stream(transport, viewer, sweep, connections)
        if self.flow.write_paused:  # the transport says so once only
            stream.pause_writing()
        connections.discard(self)
        connections.add(stream)
        transport.set_protocol(stream)
        first = self.answers.take() + first
        # Nothing of this request may wait for the garbage collector: there are thousands.
        del self.parser, self.cycle, self.running, self.answers, self.flow
        self.pipeline.clear()  # what was asked behind an endless answer
        cycle.scope["extensions"].clear()
        self.scope["extensions"].clear()
        sweep.add(stream, self.tasks, first)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.answers.take()
        self.scope = None  # type: ignore[assignment]  # it knows us, and would keep us


class Departed(asyncio.Transport):
    """Stands where a connection was that now belongs to another protocol."""

    def close(self) -> None:
        """Not ours to close any more."""


class SocketProtocol(WebSocketsSansIOProtocol):
    """The same for WebSockets."""

    hands_over: ClassVar[bool] = True

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent:  # else it was no good handshake, and has no scope
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[ABORT] = self.transport.abort
            if self.hands_over:
                extensions[TAKE_OVER] = self.take_over

    async def send(self, message: Any) -> None:
        # uvicorn takes no notice of an accept that came too late, and then complains of the next.
        if not self.handshake_complete and self.transport.is_closing():
            raise ClientDisconnected
        await super().send(message)

    def take_over(self, sweep: Sweep, viewer: Viewer) -> bool:
        """Hand the connection over after the handshake; False if it has gone."""
        transport = self.transport
        if self.disconnected or self.close_sent or transport.is_closing():
            return False
        self.stop_keepalive()
        self.disconnected = True  # for uvicorn it is over
        unread = bytes(self.conn.reader.buffer)
        connections: set[Any] = self.connections
        stream = SocketStream(transport, viewer, sweep, connections, unread)
        if not self.writable.is_set():
            stream.pause_writing()
        connections.discard(self)
        connections.add(stream)
        transport.set_protocol(stream)
        if self.read_paused:
            transport.resume_reading()
        self.transport = Departed()  # uvicorn closes it when the application returns
        self.scope["extensions"].clear()
        sweep.add(stream, self.tasks)
        return True


class Server(uvicorn.Server):
    """Stops in this order: no new connections, every stream says good-bye, requests finish, the
    store commits what is queued."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()
        self._stopping = asyncio.Event()
        self._hub = hub

    def stop(self) -> None:
        """As a signal would, but at once and not at the next tick of uvicorn's clock."""
        self.should_exit = True
        self._stopping.set()

    async def main_loop(self) -> None:
        counter = 0
        while not await self.on_tick(counter):  # it looks at should_exit, too
            counter = (counter + 1) % 864_000
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self._stopping.wait()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        self._hub.close()
        # uvicorn closes WebSockets without a word, so they get theirs first.
        await self._hub.drain(FAREWELL_SECONDS)
        await super().shutdown(sockets)
        if self.force_exit:
            # A second Ctrl-C waits for no request; uvicorn would not even close the store then,
            # and its threads would keep the process for ever.
            await self.lifespan.shutdown()


def bound(settings: Settings) -> list[socket.socket]:
    """A listening socket for every address, that of our own pages first. Raises OSError."""
    sockets = []
    for host, port, _ in settings.addresses:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        opened = socket.socket(family, kind)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        sockets.append(opened)
    return sockets


def server_for(app: ASGIApp, settings: Settings, hub: Hub) -> Server:
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=StreamingProtocol,
        ws=SocketProtocol,
        ws_max_size=LARGEST_MESSAGE,
        # The frames are small, and a window for each viewer costs more than it saves.
        ws_per_message_deflate=False,
        loop="uvloop",
        log_config=None,
        # It would write addresses with the keys in them, and costs a third of a small request.
        access_log=False,
        forwarded_allow_ips=settings.trusted_proxies,
        root_path="",
        server_header=False,
        timeout_graceful_shutdown=STOPS_WITHIN_SECONDS,
        backlog=4096,
    )
    logging.getLogger("uvicorn.error").addFilter(_without_secrets)
    return Server(config, hub)


def _without_secrets(record: logging.LogRecord) -> bool:
    """uvicorn logs a WebSocket's whole address, key included; nothing of it is needed."""
    return "WebSocket" not in record.getMessage()
