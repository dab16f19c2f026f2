"""The same bytes to many sockets: each gets them once, in order, and what did not fit is told."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import pytest

from app.feed import sending
from app.feed.sending import ENTRIES, LONGEST, ONE_CALL, Batch, OneByOne, Ring, Sender, sender

# Connected sockets: one end of each for the sender, one for a viewer.
Pairs = list[tuple[socket.socket, socket.socket]]


@pytest.fixture
def ring() -> Ring:
    try:
        return Ring()
    except OSError as error:  # as in most containers
        pytest.skip(f"io_uring is not to be had here: {error}")


@pytest.fixture(params=["ring", "one by one"])
def way(request: pytest.FixtureRequest) -> Sender:
    if request.param == "one by one":
        return OneByOne()
    found: Ring = request.getfixturevalue("ring")
    return found


@pytest.fixture
def pairs() -> Iterator[Pairs]:
    with ExitStack() as opened:
        made = []
        for _ in range(40):
            ours, theirs = socket.socketpair()
            for end in (opened.enter_context(ours), opened.enter_context(theirs)):
                end.setblocking(False)
            made.append((ours, theirs))
        yield made


def batch_of(pairs: Pairs) -> Batch:
    return Batch([ours.fileno() for ours, _ in pairs])


@pytest.mark.usefixtures("ring")
def test_a_ring_is_taken_where_there_is_one_and_one_for_a_thread() -> None:
    assert isinstance(sender(), Ring)
    assert sender() is sender()
    with ThreadPoolExecutor() as other:
        assert other.submit(sender).result() is not sender()


def test_all_get_everything_in_order_round_the_ring_and_round_again(
    way: Sender, pairs: Pairs
) -> None:
    said = [b"%d," % number for number in range(ENTRIES)]
    for place, data in enumerate(said):
        assert way.send(data, batch_of(pairs[: 1 + place % len(pairs)])) == []
    for place, (_, theirs) in enumerate(pairs):
        heard = theirs.recv(LONGEST)
        assert heard == b"".join(d for n, d in enumerate(said) if n % len(pairs) >= place)


def test_those_that_are_full_or_gone_are_told_with_what_they_took(
    way: Sender, pairs: Pairs
) -> None:
    full, gone = 3, 7
    assert way.send(b"", batch_of(pairs)) == []  # the next goes round the ring's end
    ours = pairs[full][0]
    with suppress(BlockingIOError):
        while ours.send(b"x" * LONGEST):
            pass
    pairs[gone][1].close()
    assert way.send(b"news", batch_of(pairs)) == [(full, 0), (gone, 0)]
    for place, (_, theirs) in enumerate(pairs):
        if place not in (full, gone):
            assert theirs.recv(100) == b"news"
    pairs.pop(gone)
    pairs.pop(full)
    assert way.send(b"more", batch_of(pairs)) == []


def test_what_fits_in_part_is_told_to_the_byte(way: Sender) -> None:
    data, sent, taken = bytes(range(256)) * (LONGEST // 256), b"", LONGEST
    with (
        socket.create_server(("127.0.0.1", 0)) as door,
        socket.create_connection(door.getsockname()) as theirs,
        door.accept()[0] as ours,
    ):
        ours.setblocking(False)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        while taken == LONGEST:
            short = way.send(data, Batch([ours.fileno()]))
            taken = short[0][1] if short else LONGEST
            sent += data[:taken]
        ours.shutdown(socket.SHUT_WR)
        with theirs.makefile("rb") as heard:
            assert heard.read() == sent
    assert 0 < taken < LONGEST


@pytest.mark.parametrize("data", [b"x", b"x" * LONGEST, b"x" * (LONGEST + 1)], ids=len)
def test_any_length_arrives_as_far_as_it_fits(way: Sender, data: bytes, pairs: Pairs) -> None:
    short = dict(way.send(data, batch_of(pairs)))
    for place, (_, theirs) in enumerate(pairs):
        assert theirs.recv(2 * LONGEST) == data[: short.get(place, len(data))]


def test_more_than_a_ring_holds_are_sent_too(way: Sender, pairs: Pairs) -> None:
    assert way.send(b"x", batch_of(pairs * 2)) == []
    assert all(theirs.recv(100) == b"xx" for _, theirs in pairs)


@pytest.mark.parametrize(("most", "calls"), [(ENTRIES, 1), (ONE_CALL, 3)])
def test_a_ring_makes_no_more_system_calls_than_it_needs(
    ring: Ring, monkeypatch: pytest.MonkeyPatch, pairs: Pairs, most: int, calls: int
) -> None:
    call, made = ring._call, list[int]()

    def counted(*arguments: int) -> int:
        made.append(arguments[2])
        answer: int = call(*arguments)
        return answer

    monkeypatch.setattr(ring, "_call", counted)
    assert ring.send(b"x", batch_of(pairs), most) == []
    assert (len(made), sum(made)) == (calls, len(pairs))


@pytest.mark.parametrize("calls", [[6], [ONE_CALL, 6], [ONE_CALL, ONE_CALL, 1]])
def test_ring_that_does_less_than_asked_is_given_up_and_nothing_is_sent_twice(
    ring: Ring, monkeypatch: pytest.MonkeyPatch, pairs: Pairs, calls: list[int]
) -> None:
    call, done = ring._call, iter(calls)

    def interrupted(number: int, fd: int, count: int, wanted: int, *more: int) -> int:
        left = count - next(done)
        answer: int = call(number, fd, count - left, wanted - left, *more)
        return answer

    monkeypatch.setattr(ring, "_call", interrupted)
    first, rest = pairs[: sum(calls)], pairs[sum(calls) :]
    short = ring.send(b"news", batch_of(pairs), ONE_CALL)
    assert short == [(place, 0) for place in range(len(first), len(pairs))]
    monkeypatch.undo()
    assert ring.send(b"more", batch_of(first)) == []
    assert all(theirs.recv(100) == b"newsmore" for _, theirs in first)
    for _, theirs in rest:
        with pytest.raises(BlockingIOError):
            theirs.recv(100)


def test_ring_that_does_nothing_of_what_it_was_asked_says_so(
    ring: Ring, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, pairs: Pairs
) -> None:
    monkeypatch.setattr(ring, "_ring", -1)
    assert ring.send(b"news", batch_of(pairs)) == [(place, 0) for place in range(len(pairs))]
    assert "Only 0 of 40 sends were done" in caplog.text
    assert ring.send(b"news", batch_of(pairs)) == []
    assert all(theirs.recv(100) == b"news" for _, theirs in pairs)


def test_what_was_being_sent_when_it_broke_off_is_never_sent_later(
    ring: Ring, monkeypatch: pytest.MonkeyPatch, pairs: Pairs
) -> None:
    def broken_off(_count: int, _most: int) -> None:
        raise MemoryError

    monkeypatch.setattr(ring, "_submitted", broken_off)
    with pytest.raises(MemoryError):
        ring.send(b"old", batch_of(pairs))
    monkeypatch.undo()
    assert ring.send(b"new", batch_of(pairs)) == []
    assert all(theirs.recv(100) == b"new" for _, theirs in pairs)


def test_machine_that_refuses_a_ring_is_written_from_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(_self: Ring, _number: int, *_arguments: int) -> int:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Ring, "_asked", refused)
    assert isinstance(sending._best(), OneByOne)


@pytest.mark.usefixtures("ring")
def test_ring_of_a_kernel_that_cannot_send_with_it_is_not_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "SEND", 250)
    assert isinstance(sending._best(), OneByOne)


def test_other_systems_are_written_from_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert isinstance(sending._best(), OneByOne)
