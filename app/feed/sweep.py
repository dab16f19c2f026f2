"""Many viewers of one channel, each with no more than a socket and a cursor.

Over uvicorn a stream's connection is handed from the HTTP protocol to one of ours once its answer
has begun, as uvicorn itself does for WebSockets. What is new is then written to all of them by one
sweep in slices, without a task, queue or timer for each: requests are answered between slices, and
whoever was busy gets all it missed in one write.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable
from typing import Any, Protocol

from app.feed.channel import Channel
from app.feed.sending import ENTRIES, ONE_CALL, Batch, sender
from app.feed.viewer import Viewer

log = logging.getLogger(__name__)

# Most viewers served in one turn of the event loop.
SLICE = ENTRIES
# Turns between two slices while a request is being answered. A change is read, stored and
# published over several of them, and would wait for a slice in each. For one that only waits, as
# a long poll does, a sweep loses some microseconds a slice.
TURNS_BETWEEN = 4
# Of those, what the answers of a commit need to leave: one of many changes is put together first.
TURNS_TO_ANSWER = 2


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


class Group:
    """Viewers in step: all were given everything before `cursor`, and nothing waits in this process
    for any of them. What is the same for all is kept once, because looking into each of a thousand
    viewers costs more than the writing does outside the kernel. Filtered viewers, and those over
    TLS, are `apart`: each has a cursor of its own."""

    __slots__ = ("_batch", "apart", "cursor", "members")

    def __init__(self, cursor: int, apart: bool) -> None:
        self.cursor = cursor
        self.apart = apart
        self.members: dict[Stream, None] = {}
        self._batch: tuple[list[Stream], Batch] | None = None

    def add(self, stream: "Stream") -> None:
        self.members[stream] = None
        self._batch = None

    def remove(self, stream: "Stream") -> None:
        del self.members[stream]
        self._batch = None

    def batch(self) -> tuple[list["Stream"], Batch]:
        """All members, and their sockets in the same order."""
        if self._batch is None:
            sockets = {one: one.socket for one in self.members if one.socket is not None}
            self._batch = list(sockets), Batch(list(sockets.values()))
        return self._batch

    def behind(self, end: int) -> bool:
        """Whether anybody is to be given something."""
        return bool(self.members) and self.cursor != end

    def split(self) -> None:
        """Let each go on by itself."""
        if not self.apart:
            self.apart = True
            for stream in self.members:
                stream.viewer.cursor = self.cursor


class Stream(asyncio.Protocol):
    """One handed-over connection. It stays among the server's connections, so that a graceful
    shutdown and the limits reach it."""

    __slots__ = ("connections", "group", "socket", "stuck", "sweep", "transport", "viewer")

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
        self.group: Group | None = None
        self.stuck: asyncio.TimerHandle | None = None  # while anything waits for it
        self.socket = _socket_of(transport)

    def data_received(self, data: bytes) -> None:
        """Viewers have nothing to say."""

    def pause_writing(self) -> None:
        self.sweep.take_out(self)
        self.wait()

    def resume_writing(self) -> None:
        self._unstick()
        try:
            self.sweep.serve(self)
        except Exception:
            _drop([self.transport])

    def wait(self) -> None:
        """For it to read what is unsent, however slowly."""
        self._unstick()
        unsent = self.transport.get_write_buffer_size()
        self.stuck = self.sweep.loop.call_later(self.sweep.patience, self._look_at, unsent)

    def _look_at(self, unsent: int) -> None:
        if self.transport.get_write_buffer_size() < unsent:
            self.wait()
        else:  # closing would wait for it to read what is buffered
            self.transport.abort()

    def _unstick(self) -> None:
        if self.stuck is not None:
            self.stuck.cancel()
            self.stuck = None

    def connection_lost(self, exc: Exception | None) -> None:
        self._unstick()
        self.sweep.remove(self)
        self.connections.discard(self)

    def close(self) -> None:
        """What is unsent still goes out, but nothing is written after it."""
        self.sweep.take_out(self)
        self.transport.close()

    def shutdown(self) -> None:
        """Called by the server when it stops, after the hub has said good-bye."""
        self.close()


class Sweep:
    """The handed-over viewers of one channel on one kind of wire. `left` is told of each that
    goes; one that takes nothing for `patience` seconds is dropped."""

    def __init__(
        self, channel: Channel, wire: Wire, left: Callable[[Viewer], None], patience: float
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.patience = patience
        self._requests: Collection[Any] = ()
        self._left = left
        self._channel = channel
        self._wire = wire
        self._groups: list[Group] = []
        self._next = 0
        self._again = False
        self._running = False
        self._sender = sender()

    def add(self, stream: Stream, requests: Collection[Any], first: bytes = b"") -> None:
        """`requests`: those the server is answering at any time, as it keeps them. `first`: what is
        written before anything else."""
        self._requests = requests
        stream.viewer.abort = stream.transport.abort
        # It is stuck while anything waits for it, so that no write to the socket overtakes that.
        hold_nothing(stream.transport)
        if first:
            stream.transport.write(first)
            if stream.stuck is not None:
                stream.wait()  # for all that is unsent now
        self.serve(stream)

    def remove(self, stream: Stream) -> None:
        self.take_out(stream)
        self._left(stream.viewer)

    def take_out(self, stream: Stream) -> None:
        """It goes on by itself: it reads too slowly, or leaves."""
        group, stream.group = stream.group, None
        if group is not None:
            group.remove(stream)
            if not group.apart:
                stream.viewer.cursor = group.cursor

    def wake(self) -> None:
        """There is news: begin a sweep, or let the running one go round once more."""
        if self._running:
            self._again = True
        elif self._groups:
            self._running = True
            self._next = 0
            self.loop.call_soon(self._slice, TURNS_BETWEEN - TURNS_TO_ANSWER)

    def part(self) -> None:
        """Let those go whose credential no longer holds."""
        for group in self._groups:
            for stream in [one for one in group.members if one.viewer.ended]:
                self._end(stream)

    def serve(self, stream: Stream) -> None:
        """Write whatever this one has not been given yet; from there on it goes with others."""
        viewer, channel = stream.viewer, self._channel
        if stream.transport.is_closing():
            return
        while stream.stuck is None and viewer.cursor != channel.end and not viewer.ended:
            if viewer.wanted:
                data = self._wire.picked(viewer)
            else:
                data, viewer.cursor = self._wire.news(channel, viewer.cursor)
            if not data:
                break
            stream.transport.write(data)
        if viewer.ended or channel.closed:
            self._end(stream)
        elif stream.stuck is None and stream.group is None:
            self._let_in(stream)

    def _let_in(self, stream: Stream) -> None:
        apart = bool(stream.viewer.wanted) or stream.socket is None
        end = self._channel.end
        group = next((one for one in reversed(self._groups) if one.apart == apart), None)
        if group is None or len(group.members) >= SLICE or (group.cursor != end and not apart):
            group = Group(end, apart)
            self._groups.append(group)
        group.add(stream)
        stream.group = group

    def _end(self, stream: Stream) -> None:
        stream.transport.write(self._wire.farewell(stream.viewer))
        stream.close()

    def _slice(self, waited: int = 0) -> None:
        """One group in one turn of the event loop; those that need nothing take none. `waited`:
        turns already left to requests since the last one."""
        if self._requests and waited < TURNS_BETWEEN:
            self.loop.call_soon(self._slice, waited + 1)
            return
        while self._next < len(self._groups):
            group = self._groups[self._next]
            self._next += 1
            if self._serve_group(group):
                self.loop.call_soon(self._slice)
                return
        if self._again:
            self._again, self._next = False, 0
            self.loop.call_soon(self._slice, waited)
        else:
            self._running = False
            self._close_up()

    def _serve_group(self, group: Group) -> bool:
        """False where nobody needed anything."""
        if self._channel.closed:
            group.split()
        if group.apart:
            for stream in list(group.members):
                try:
                    self.serve(stream)
                except Exception:
                    _drop([stream.transport])
            return True
        if not group.behind(self._channel.end):
            return False
        try:
            self._write_news(group)
        except Exception:
            _drop([stream.transport for stream in group.members])
        return True

    def _write_news(self, group: Group) -> None:
        while group.behind(self._channel.end):
            data, group.cursor = self._wire.news(self._channel, group.cursor)
            streams, batch = group.batch()
            most = ONE_CALL if self._requests else ENTRIES
            # Who leaves something unread is taken out of the group by its own write.
            for place, taken in self._sender.send(data, batch, most):
                streams[place].transport.write(data[taken:])

    def _close_up(self) -> None:
        """Few full groups instead of many that viewers have left. All are in step now."""
        viewers = sum(len(group.members) for group in self._groups)
        if len(self._groups) > 2 + 2 * viewers // SLICE:
            streams = [stream for group in self._groups for stream in group.members]
            self._groups = []
            for stream in streams:
                self._let_in(stream)


def _socket_of(transport: asyncio.Transport) -> int | None:
    """Its file descriptor, open until `connection_lost`; None over TLS, where what is written is
    not what is sent."""
    socket = transport.get_extra_info("socket")
    if socket is None or _speaks_tls(transport):
        return None
    descriptor: int = socket.fileno()
    return descriptor


def hold_nothing(transport: asyncio.Transport) -> None:
    """From now on its protocol is paused while anything waits in the transport."""
    # Over TLS uvloop pauses at as much as the limit: with 0 for ever.
    transport.set_write_buffer_limits(high=1 if _speaks_tls(transport) else 0)


def _speaks_tls(transport: asyncio.Transport) -> bool:
    return transport.get_extra_info("sslcontext") is not None


def _drop(transports: Iterable[asyncio.Transport]) -> None:
    # The trouble of some must not end the sweep for all; they come back by themselves.
    log.exception("A viewer could not be served")
    for transport in transports:
        transport.abort()


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
