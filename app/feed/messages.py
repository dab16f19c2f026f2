"""WebSocket viewers of a sweep: frames as messages, and the little a viewer may say (RFC 6455)."""

import asyncio
from typing import Any

from app.feed.channel import Channel
from app.feed.sweep import Stream, Sweep
from app.feed.viewer import Viewer

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
OPCODES = frozenset({0x0, TEXT, 0x2, CLOSE, PING, PONG})
FIN, MASKED = 0x80, 0x80
RESERVED = 0x70
LONGEST_CONTROL = 125
LARGEST = 4096  # viewers have nothing to say
PROTOCOL_ERROR, TOO_BIG = 1002, 1009
GOING_AWAY = 1012  # "service restart": come back soon
POLICY = 1008  # the credential no longer holds


class Messages:
    """Each frame as one unmasked text message."""

    def news(self, channel: Channel, cursor: int) -> tuple[bytes, int]:
        known = channel.messages
        if known[:2] != (cursor, channel.end):
            frames, after = channel.after(cursor)
            joined = b"".join(message(TEXT, frame.text.encode()) for frame in frames)
            known = channel.messages = (cursor, channel.end, joined, after)
        return known[2], known[3]

    def picked(self, viewer: Viewer) -> bytes:
        return b"".join(message(TEXT, frame.text.encode()) for frame in viewer.take())

    def farewell(self, viewer: Viewer) -> bytes:
        code = POLICY if viewer.ended else GOING_AWAY
        said = message(TEXT, viewer.farewell().text.encode())
        return said + message(CLOSE, code.to_bytes(2, "big"))


MESSAGES = Messages()


def message(opcode: int, payload: bytes) -> bytes:
    """One whole message of a server."""
    size = len(payload)
    if size <= LONGEST_CONTROL:
        head = bytes((FIN | opcode, size))
    elif size < 1 << 16:
        head = bytes((FIN | opcode, 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((FIN | opcode, 127)) + size.to_bytes(8, "big")
    return head + payload


class Broken(Exception):
    """What came is no WebSocket frame we take; its close code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class SocketStream(Stream):
    """Answers pings and the closing handshake; everything else a viewer says is dropped, however
    it is cut into frames."""

    __slots__ = ("_unread",)

    def __init__(
        self,
        transport: asyncio.Transport,
        viewer: Viewer,
        sweep: Sweep,
        connections: set[Any],
        unread: bytes = b"",
    ) -> None:
        super().__init__(transport, viewer, sweep, connections)
        self._unread = b""
        if unread:
            self.data_received(unread)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        unread, at = self._unread + data, 0
        try:
            while (found := client_frame(unread, at)) is not None:
                opcode, payload, at = found
                if opcode == PING and self.stuck is None:  # else pongs would pile up
                    self.transport.write(message(PONG, payload))
                elif opcode == CLOSE:
                    self._close(payload[:2])
                    return
            self._unread = unread[at:]
        except Broken as broken:
            self._close(broken.code.to_bytes(2, "big"))

    def _close(self, code: bytes) -> None:
        self._unread = b""
        self.transport.write(message(CLOSE, code))
        self.close()


def client_frame(data: bytes, start: int = 0) -> tuple[int, bytes, int] | None:
    """Opcode, unmasked payload and end of the frame that begins at `start`, or None while it is
    incomplete. Raises Broken."""
    at = start + 2
    if len(data) < at:
        return None
    first, second = data[start], data[start + 1]
    opcode, size = first & 0x0F, second & 0x7F
    control = opcode >= CLOSE
    if first & RESERVED or opcode not in OPCODES or not second & MASKED:
        raise Broken(PROTOCOL_ERROR)
    if control and (size > LONGEST_CONTROL or not first & FIN):
        raise Broken(PROTOCOL_ERROR)
    if size > LONGEST_CONTROL:
        wide = 2 if size == 126 else 8
        size, at = int.from_bytes(data[at : at + wide], "big"), at + wide
        if len(data) < at:
            return None
    if size > LARGEST:
        raise Broken(TOO_BIG)
    if len(data) < at + 4 + size:
        return None
    mask = data[at : at + 4]
    masked = data[at + 4 : at + 4 + size]
    payload = bytes(byte ^ mask[i % 4] for i, byte in enumerate(masked)) if control else b""
    return opcode, payload, at + 4 + size
