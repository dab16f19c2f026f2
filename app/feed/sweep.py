"""Many viewers of one channel, each with no more than a socket and a cursor.

Over uvicorn a stream's connection is handed from the HTTP protocol to one of ours once its head is
sent, as uvicorn itself does for WebSockets. What is new is then written to all of them by one
sweep in slices, without a task, queue or timer for each: requests are answered between slices, and
whoever was busy gets all it missed in one write.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Protocol

from app.feed.channel import Channel
from app.feed.viewer import Viewer

log = logging.getLogger(__name__)

SLICE = 256  # viewers served in one turn of the event loop
UNSENT = 64 * 1024  # bytes a viewer may leave unread before it is skipped until it has caught up


class Wire(Protocol):
    """How frames look on a connection: chunks of HTTP, or frames of a WebSocket."""

    def news(self, channel: Channel, cursor: int) -> tuple[bytes, int]:
        """What comes after a cursor, and the cursor after it; shared by all at the same cursor."""
        ...

    def picked(self, viewer: Viewer) -> bytes:
        """What comes next for a viewer that asked for some frames only."""
        ...

    def farewell(self, viewer: Viewer) -> bytes:
        """The last words of a stream, its end included."""
        ...


class Stream(asyncio.Protocol):
    """One handed-over connection. It stays among the server's connections, so that a graceful
    shutdown and the limits reach it."""

    __slots__ = ("connections", "place", "stuck", "sweep", "transport", "viewer")

    def __init__(
        self,
        transport: asyncio.Transport,
        viewer: Viewer,
        sweep: "Sweep",
        connections: set[Any],
    ) -> None:
        self.transport = transport
        self.viewer = viewer
        self.sweep = sweep
        self.connections = connections
        self.place = 0
        self.stuck: asyncio.TimerHandle | None = None  # while it leaves too much unread

    def data_received(self, data: bytes) -> None:
        """Viewers have nothing to say."""

    def pause_writing(self) -> None:
        # Closing would wait for it to read what is buffered.
        self.stuck = self.sweep.loop.call_later(self.sweep.patience, self.transport.abort)

    def resume_writing(self) -> None:
        self._unstick()
        self.sweep.serve(self)

    def _unstick(self) -> None:
        if self.stuck is not None:
            self.stuck.cancel()
            self.stuck = None

    def connection_lost(self, exc: Exception | None) -> None:
        self._unstick()
        self.sweep.remove(self)
        self.connections.discard(self)

    def shutdown(self) -> None:
        """Called by the server when it stops, after the hub has said good-bye."""
        self.transport.close()


class Sweep:
    """The handed-over viewers of one channel on one kind of wire. `left` is told of each that
    goes; one that takes nothing for `patience` seconds is dropped."""

    def __init__(
        self, channel: Channel, wire: Wire, left: Callable[[Viewer], None], patience: float
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.patience = patience
        self._left = left
        self._channel = channel
        self._wire = wire
        self._streams: list[Stream | None] = []
        self._gone = 0
        self._next = 0
        self._again = False
        self._running = False

    def add(self, stream: Stream) -> None:
        stream.place = len(self._streams)
        self._streams.append(stream)
        stream.viewer.abort = stream.transport.abort
        stream.transport.set_write_buffer_limits(high=UNSENT)
        self.serve(stream)

    def remove(self, stream: Stream) -> None:
        # Its place stays empty until the next sweep: others must not move while one runs.
        self._streams[stream.place] = None
        self._gone += 1
        if not self._running and self._gone * 2 > len(self._streams):
            self._close_up()
        self._left(stream.viewer)

    def wake(self) -> None:
        """There is news: begin a sweep, or let the running one go round once more."""
        if self._running:
            self._again = True
        elif self._streams:
            self._running = True
            self._next = 0
            self.loop.call_soon(self._slice)

    def serve(self, stream: Stream) -> None:
        """Write whatever this one has not been given yet."""
        viewer, channel = stream.viewer, self._channel
        if stream.transport.is_closing():
            return
        if viewer.ended:
            self._end(stream)
            return
        while stream.stuck is None and viewer.cursor != channel.end:
            if viewer.wanted:
                data = self._wire.picked(viewer)
            else:
                data, viewer.cursor = self._wire.news(channel, viewer.cursor)
            if not data:
                break
            stream.transport.write(data)
        if channel.closed:
            self._end(stream)

    def _end(self, stream: Stream) -> None:
        stream.transport.write(self._wire.farewell(stream.viewer))
        stream.transport.close()

    def _slice(self) -> None:
        channel, news = self._channel, self._wire.news
        begin, self._next = self._next, self._next + SLICE
        end, closed = channel.end, channel.closed
        for stream in self._streams[begin : self._next]:
            if stream is None:
                continue
            viewer = stream.viewer
            try:
                if viewer.ended or closed or viewer.wanted or stream.stuck is not None:
                    self.serve(stream)
                elif viewer.cursor != end:
                    data, viewer.cursor = news(channel, viewer.cursor)
                    stream.transport.write(data)
                    if viewer.cursor != end:
                        self.serve(stream)
            except Exception:
                # One viewer's trouble must not end the sweep for all; it comes back by itself.
                log.exception("A viewer could not be served")
                stream.transport.abort()
        if self._next < len(self._streams):
            self.loop.call_soon(self._slice)
        elif self._again:
            self._again, self._next = False, 0
            self.loop.call_soon(self._slice)
        else:
            self._running = False
            if self._gone:
                self._close_up()

    def _close_up(self) -> None:
        self._streams = [stream for stream in self._streams if stream is not None]
        for place, stream in enumerate(self._streams):
            if stream is not None:
                stream.place = place
        self._gone = 0


def sweep_of(
    channel: Channel, wire: Wire, left: Callable[[Viewer], None], patience: float
) -> Sweep:
    """The sweep of a channel on that wire, made for its first viewer."""
    known = channel.sweeps.get(wire)
    if known is None:
        known = channel.sweeps[wire] = Sweep(channel, wire, left, patience)
    assert isinstance(known, Sweep)
    return known


class Chunks:
    """SSE blocks as chunks of an HTTP/1.1 body."""

    def news(self, channel: Channel, cursor: int) -> tuple[bytes, int]:
        joined, after = channel.bytes_after(cursor)
        if channel.chunked[0] is not joined:
            channel.chunked = (joined, chunk(joined))
        return channel.chunked[1], after

    def picked(self, viewer: Viewer) -> bytes:
        return chunk(viewer.take_bytes())

    def farewell(self, viewer: Viewer) -> bytes:
        return chunk(viewer.last_words()) + b"0\r\n\r\n"


def chunk(data: bytes) -> bytes:
    """RFC 9112 7.1; an empty chunk would end the body."""
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


CHUNKS = Chunks()
