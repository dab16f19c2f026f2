"""How answers leave: whole, in one piece, in order, and never lost to what closes a connection."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest_asyncio

from app.web.server import Answers

HEAD, BODY = b"HTTP/1.1 200 OK\r\n\r\n", b"body"


class Line:
    """A connection: what is written to its transport can be read at once at the other end."""

    def __init__(self, transport: asyncio.Transport, other: socket.socket) -> None:
        self.answers = Answers(transport)
        self._other = other

    def answered(self) -> bytes:
        try:
            return self._other.recv(1000)
        except BlockingIOError:
            return b""


@pytest_asyncio.fixture
async def line() -> AsyncIterator[Line]:
    ours, other = socket.socketpair()
    other.setblocking(False)
    _, writer = await asyncio.open_connection(sock=ours)
    assert isinstance(writer.transport, asyncio.Transport)
    yield Line(writer.transport, other)
    writer.close()
    other.close()


async def test_the_head_waits_for_the_body_and_both_for_the_next_turn(line: Line) -> None:
    line.answers.write(HEAD)
    await asyncio.sleep(0)
    assert line.answered() == b""
    line.answers.write(BODY)
    assert line.answered() == b""
    await asyncio.sleep(0)
    assert line.answered() == HEAD + BODY


async def test_a_large_answer_leaves_at_once(line: Line) -> None:
    line.answers.write(HEAD)
    line.answers.write(BODY * 5000)
    assert line.answered().startswith(HEAD + BODY)


async def test_the_pieces_of_a_long_body_leave_at_once(line: Line) -> None:
    for piece in (HEAD, BODY, b"more"):
        line.answers.write(piece)
    assert line.answered() == HEAD + BODY + b"more"


async def test_an_answer_without_a_body_leaves_when_it_is_finished(line: Line) -> None:
    line.answers.write(HEAD)
    line.answers.finish()
    assert line.answered() == HEAD


async def test_the_next_answer_comes_behind_the_one_before(line: Line) -> None:
    line.answers.write(HEAD)
    line.answers.write(BODY)
    line.answers.next()
    line.answers.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert line.answered() == HEAD + BODY + b"HTTP/1.1 100 Continue\r\n\r\n"


async def test_closing_loses_nothing(line: Line) -> None:
    line.answers.write(HEAD)
    line.answers.write(BODY)
    line.answers.close()
    assert line.answered() == HEAD + BODY
