"""How answers leave: whole, in one piece, in order, and never lost to what closes a connection."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio
import uvloop
from uvicorn.protocols.utils import get_local_addr, get_remote_addr

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


def has_ipv6() -> bool:
    """Many containers have none, not even to themselves."""
    try:
        with socket.socket(socket.AF_INET6) as trial:
            trial.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.parametrize("host", ["127.0.0.1", *(["::1"] if has_ipv6() else []), "unix"])
def test_uvicorn_learns_both_addresses_as_from_the_connection_itself(
    host: str, tmp_path: Path
) -> None:
    path = str(tmp_path / "board.sock")

    async def both() -> list[tuple[object, object]]:
        taken: asyncio.Future[asyncio.Transport] = asyncio.get_running_loop().create_future()

        def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            taken.set_result(cast("asyncio.Transport", writer.transport))

        if host == "unix":
            server = await asyncio.start_unix_server(take, path)
            _, writer = await asyncio.open_unix_connection(path)
        else:
            server = await asyncio.start_server(take, host, 0)
            _, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
        transport = await taken
        asked = (transport, Answers(transport))
        known: list[tuple[object, object]] = [
            (get_local_addr(one), get_remote_addr(one)) for one in asked
        ]
        writer.close()
        transport.close()
        server.close()
        return known

    of_connection, through_answers = uvloop.run(both())
    assert through_answers == of_connection
    local, remote = through_answers
    if host == "unix":
        assert (local, remote) == ((path, None), None)
    else:
        assert str(local).startswith(f"('{host}', ")
        assert str(remote).startswith(f"('{host}', ")
