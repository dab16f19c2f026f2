"""The same bytes to many sockets, in few system calls where Linux allows it (io_uring).

A write of its own for each costs about a quarter more: the way into the kernel, and what Python and
the kernel push out of the processor's caches for each other. The layouts are those of
linux/io_uring.h, see io_uring_setup(2) and io_uring_enter(2).
"""

import ctypes
import logging
import mmap
import os
import struct
import sys
import threading
import weakref
from array import array
from collections.abc import Sequence
from contextlib import suppress
from socket import socketpair
from typing import Protocol

log = logging.getLogger(__name__)

Short = list[tuple[int, int]]

IO_URING_SETUP, IO_URING_ENTER = 425, 426  # the same on all architectures there are wheels for
OFFERED, WANTED = 0, 0x10000000  # where the rings and the entries of the first one are mapped
ONE_MAPPING = 1  # the feature of Linux 5.4 that both rings are mapped at once
GET_EVENTS = 1
SEND = 26  # the operation, of Linux 5.6
AT_ONCE = 0x40 | 0x4000  # MSG_DONTWAIT and MSG_NOSIGNAL: done, or refused, when the call returns
ENTRIES = 64  # most sends at a time
# And in one system call while a request is being answered. Many kernels let no other thread on to
# the core in a long one: the writer's would be late when its disk is done, and with it the change.
ONE_CALL = 16
LONGEST = 1 << 16  # bytes
WORDS = 8  # of eight bytes in a wanted entry


class Batch:
    """Sockets that are sent the same, by their file descriptors. None may be closed yet."""

    __slots__ = ("entries", "sockets")

    def __init__(self, sockets: Sequence[int]) -> None:
        self.sockets = sockets
        self.entries = memoryview(array("Q", [SEND | socket << 32 for socket in sockets]))


class Sender(Protocol):
    def send(self, data: bytes, batch: Batch, most: int = ENTRIES) -> Short:
        """The places in the batch of those that did not take all of it at once, and how many bytes
        they took. None where a connection is full or gone, which is for its transport to find
        out. `most`: to so many in one system call."""
        ...


class OneByOne:
    """A system call for each."""

    def send(self, data: bytes, batch: Batch, most: int = ENTRIES) -> Short:
        short = []
        for place, socket in enumerate(batch.sockets):
            taken = 0
            with suppress(OSError):
                taken = os.write(socket, data)
            if taken < len(data):
                short.append((place, taken))
        return short


class Ring:
    """A system call for many. It belongs to one thread. Raises OSError where the kernel has no
    io_uring, or does not let us."""

    def __init__(self) -> None:
        if sys.platform != "linux":
            raise OSError("io_uring is Linux's")
        self._one_by_one = OneByOne()
        self._call = ctypes.CDLL(None, use_errno=True).syscall
        self._call.restype, self._call.argtypes = ctypes.c_long, [ctypes.c_long] * 7
        told = bytearray(120)
        parameters = (ctypes.c_char * len(told)).from_buffer(told)
        ring = self._asked(IO_URING_SETUP, ENTRIES, ctypes.addressof(parameters), 0, 0, 0)
        self._ring = ring
        # At exit the number may be another's by then.
        weakref.finalize(self, os.close, ring).atexit = False
        wanted, done, *_, features = struct.unpack_from("6I", told)
        if not features & ONE_MAPPING:
            raise OSError("this kernel's io_uring is too old")
        _, tail, *_, places = struct.unpack_from("7I", told, 40)
        head, done_tail, _, _, _, results = struct.unpack_from("6I", told, 80)
        size = max(places + 4 * wanted, results + 16 * done)
        rings = memoryview(mmap.mmap(ring, size, offset=OFFERED))
        self._entries = memoryview(mmap.mmap(ring, 8 * WORDS * wanted, offset=WANTED)).cast("Q")
        self._words, signed = rings.cast("I"), rings.cast("i")
        self._tail, self._head, self._done_tail = tail // 4, head // 4, done_tail // 4
        # Of each result: the number its entry was given (two words), and what came of it.
        self._numbers = self._words[results // 4 : results // 4 + 4 * done : 4]
        self._taken = signed[results // 4 + 2 : results // 4 + 4 * done : 4]
        self._size, self._done_size = wanted, done
        self._data = mmap.mmap(-1, LONGEST)
        address = ctypes.addressof(ctypes.c_char.from_buffer(self._data))
        for place in range(wanted):
            self._words[places // 4 + place] = place
            self._entries[WORDS * place + 2] = address
            self._entries[WORDS * place + 4] = place
        self._loaded: bytes | None = None
        self._empty = True

    def send(self, data: bytes, batch: Batch, most: int = ENTRIES) -> Short:
        count = len(batch.sockets)
        if not self._empty or count > self._size or len(data) > LONGEST:
            return self._one_by_one.send(data, batch)
        self._empty = False  # what is left in it would be sent with the next, by then to strangers
        if data is not self._loaded:
            self._load(data)
        at = self._words[self._tail]
        self._place(at, batch.entries)
        self._words[self._tail] = (at + count) & 0xFFFFFFFF
        began, taken = self._submitted(count, most)
        self._empty = len(taken) == count
        if not self._empty:
            log.warning("Only %d of %d sends were done: from now on one by one", len(taken), count)
        if taken.count(len(data)) == count:
            return []
        # Those that were refused need not be told of in the order they were asked for.
        numbers = _run(self._numbers, began % self._done_size, len(taken))
        by_place = {(n - at) % self._size: some for n, some in zip(numbers, taken, strict=True)}
        found = [(place, max(0, by_place.get(place, 0))) for place in range(count)]
        return [(place, some) for place, some in found if some < len(data)]

    def _load(self, data: bytes) -> None:
        """What is sent is copied by the kernel before the call returns, so one place will do."""
        self._loaded = None
        self._data[: len(data)] = data
        self._entries[3::WORDS] = memoryview(array("Q", [len(data) | AT_ONCE << 32]) * self._size)
        self._loaded = data

    def _place(self, at: int, entries: memoryview) -> None:
        """Into the ring from that position on, round its end."""
        first, count = at % self._size, len(entries)
        before_end = min(count, self._size - first)
        ring = self._entries
        ring[WORDS * first : WORDS * (first + before_end) : WORDS] = entries[:before_end]
        if before_end < count:
            ring[: WORDS * (count - before_end) : WORDS] = entries[before_end:]

    def _submitted(self, count: int, most: int) -> tuple[int, list[int]]:
        """Where the results of the entries that were done begin, and what came of each."""
        with suppress(OSError):  # then fewer are done, or none
            for first in range(0, count, most):
                few = min(most, count - first)
                all_done = first + few  # the results of earlier calls are still in the ring
                if self._asked(IO_URING_ENTER, self._ring, few, all_done, GET_EVENTS, 0) < few:
                    break
        began = self._words[self._head]
        done = (self._words[self._done_tail] - began) & 0xFFFFFFFF
        taken = _run(self._taken, began % self._done_size, done)
        self._words[self._head] = (began + done) & 0xFFFFFFFF
        return began, taken

    def _asked(self, number: int, *arguments: int) -> int:
        answer: int = self._call(number, *arguments, 0)
        if answer < 0:
            error = ctypes.get_errno()
            raise OSError(error, os.strerror(error))
        return answer


def _run(ring: memoryview, first: int, count: int) -> list[int]:
    """So many from that place on, round the end."""
    run: list[int] = ring[first : first + count].tolist()
    return run if len(run) == count else run + ring[: count - len(run)].tolist()


_of_thread = threading.local()


def sender() -> Sender:
    """The best there is, for the thread that asks."""
    if not hasattr(_of_thread, "sender"):
        _of_thread.sender = _best()
    found: Sender = _of_thread.sender
    return found


def _best() -> Sender:
    try:
        ring, (ours, theirs) = Ring(), socketpair()
        with ours, theirs:
            theirs.setblocking(False)
            if ring.send(b"x", Batch([ours.fileno()])) or theirs.recv(1) != b"x":
                raise OSError("this kernel's io_uring cannot send")
    except (OSError, AttributeError, ValueError) as error:
        log.debug("Viewers are written to one by one: %s", error)
        return OneByOne()
    return ring
