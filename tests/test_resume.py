"""A viewer that comes back gets exactly what it missed, in order, or a fresh `hello`."""

from pathlib import Path

import pytest

from tests.venue_server import VenueServer, serving
from tests.wire import Feed, read_blocks

pytestmark = pytest.mark.usefixtures("path")

EVENTS = "/api/v1/venues/main/events"


async def missed(server: VenueServer, path: str, last: str) -> list[str]:
    """Names and ids of the first frames after coming back, up to a marker placed now."""
    async with Feed(server, path, last=last) as feed:
        marker = await server.place(first_name="Marker")
        found: list[str] = []
        while not found or not found[-1].endswith(f".{marker.seq}"):
            told = await feed.next()
            found.append(f"{told.event} {told.id}")
    return found[:-1]


async def some_moves(server: VenueServer) -> None:
    order = await server.place(first_name="Ada")
    await server.move(order.id, "preparing")
    await server.move(order.id, "ready")


async def test_only_what_was_missed_comes_and_in_order(server: VenueServer) -> None:
    await some_moves(server)
    assert await missed(server, "/b/main/feed", "main.1.1") == ["order main.1.2", "order main.1.3"]


async def test_who_missed_nothing_is_told_nothing(server: VenueServer) -> None:
    await some_moves(server)
    assert await missed(server, "/b/main/feed", "main.1.3") == []


async def test_after_a_restart_the_event_log_fills_the_gap(server: VenueServer) -> None:
    await some_moves(server)
    await server.stop()
    await server.start()
    assert await missed(server, EVENTS, "main.1.1") == ["status main.1.2", "status main.1.3"]
    # The ring reaches back now; one who comes from further back still gets it all.
    assert len(await missed(server, EVENTS, "main.1.0")) == 4


@pytest.mark.parametrize(
    "last",
    [
        "main.1.99",
        "main.2.1",
        "other.1.1",
        "main.1",
        "1",
        "main.1.-1",
        "main.1.01",
        "main.1.1 ",
        "main.1.99999999999999999999",
        "’%00",
        "x" * 4000,
    ],
)
async def test_garbage_for_a_position_means_a_fresh_start(server: VenueServer, last: str) -> None:
    await some_moves(server)
    async with Feed(server, last=last) as feed:
        assert (await feed.next()).event == "hello"


async def test_too_old_a_position_means_a_fresh_start(tmp_path: Path) -> None:
    async with serving(tmp_path, replay_events=2) as server:
        await some_moves(server)
        await server.stop()
        await server.start()
        async with Feed(server, last="main.1.0") as feed:
            assert (await feed.next()).event == "hello"
        assert await missed(server, "/b/main/feed", "main.1.2") == ["order main.1.3"]


async def test_too_long_ago_means_a_fresh_start(tmp_path: Path) -> None:
    async with serving(tmp_path, replay_hours=1e-9) as server:
        await some_moves(server)
        await server.stop()
        await server.start()
        async with Feed(server, last="main.1.1") as feed:
            assert (await feed.next()).event == "hello"


async def test_the_header_wins_over_the_address(server: VenueServer) -> None:
    await some_moves(server)
    found = await missed(server, "/b/main/feed?after=main.1.1", "main.1.2")
    assert found == ["order main.1.3"]


async def test_a_position_in_the_address_is_as_good(server: VenueServer) -> None:
    await some_moves(server)
    polled = await server.http.get("/b/main/feed?poll=1&after=main.1.2")
    assert [told.id for told in read_blocks(polled.content) if told.event] == ["main.1.3"]


async def test_who_comes_back_from_before_a_board_change_starts_afresh(
    server: VenueServer,
) -> None:
    await some_moves(server)
    await server.http.patch("/api/v1/venues/main/board", json={"title": "New"})
    async with Feed(server, last="main.1.2") as feed:
        assert (await feed.next()).data["board"]["title"] == "New"


async def test_a_busy_hidden_venue_is_not_too_old(server: VenueServer) -> None:
    order = await server.place(first_name="Ada", status="placed")
    for number in range(5):
        path = f"/api/v1/venues/main/orders/{order.id}"
        await server.http.patch(path, json={"note": f"n{number}"})
    await server.stop()
    await server.start()
    found = await missed(server, "/b/main/feed", "main.1.1")
    assert not any(name.startswith("hello") for name in found)
