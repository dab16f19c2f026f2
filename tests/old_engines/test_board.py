"""The board, and the screen of a pickup point, in engines of 2015 and 2016."""

import contextlib
from functools import partial
from typing import Any

import pytest

from app.commands.screens import pair_screen
from app.domain.orders import Status
from tests.old_engines.engines import Engine
from tests.test_point_screens import make_point, put_at, set_board
from tests.venue_server import TILL, VenueServer

LIVE = "document.getElementById('state').textContent === 'Live'"
# Tiles that leave their list, lie over each other, or texts that leave their tile; as ES5.
WRONG = """(function () {
  var found = [], tiles = document.querySelectorAll('.tile'), boxes = [], i, j;
  var screen = {left: 0, top: 0, right: innerWidth, bottom: innerHeight};
  function box(e) { return e.getBoundingClientRect(); }
  function text(i) { return tiles[i].textContent; }
  function within(a, b) {
    return a.left >= b.left - 1 && a.top >= b.top - 1 &&
      a.right <= b.right + 1 && a.bottom <= b.bottom + 1;
  }
  function overlap(a, b) {
    return a.left < b.right - 1 && b.left < a.right - 1 &&
      a.top < b.bottom - 1 && b.top < a.bottom - 1;
  }
  for (i = 0; i < tiles.length; i++) {
    boxes.push(box(tiles[i]));
    if (!within(boxes[i], box(tiles[i].parentNode.parentNode))) { found.push('out: ' + text(i)); }
    if (!within(box(tiles[i].querySelector('b')), boxes[i])) { found.push('cut: ' + text(i)); }
    if (boxes[i].width < 20 || boxes[i].height < 20) { found.push('squeezed: ' + text(i)); }
    if (!within(boxes[i], screen)) { found.push('off: ' + text(i)); }
    for (j = 0; j < i; j++) {
      if (overlap(boxes[i], boxes[j])) { found.push(text(i) + ' over ' + text(j)); }
    }
  }
  return found;
}())"""


def column(name: str, count: int) -> str:
    return f"document.querySelectorAll('#{name} .tile').length === {count}"


async def numbers(engine: Engine, name: str) -> list[Any]:
    found: list[Any] = await engine.run(
        f"Array.prototype.map.call(document.querySelectorAll('#{name} .number'),"
        " function (e) { return e.textContent; })"
    )
    return found


async def what_is_wrong(engine: Engine) -> list[str]:
    """Read until it stays right: what changes is laid out at most every 2 s."""
    with contextlib.suppress(TimeoutError):
        await engine.until(f"!{WRONG}.length", seconds=5)
    found: list[str] = await engine.run(WRONG)
    return found


async def edges(engine: Engine, name: str) -> list[float]:
    """Left, top, right and bottom of a column."""
    found: list[float] = await engine.run(
        "(function (b) { return [b.left, b.top, b.right, b.bottom]; }"
        f"(document.querySelector('.column.{name}').getBoundingClientRect()))"
    )
    return found


async def test_board_is_live_and_right(engine: Engine, server: VenueServer) -> None:
    for number in (41, 42, 43):
        await server.place(number=str(number), name="Ana B.", status=Status.READY)
    await engine.open(f"{server.url}/b/main")
    await engine.until(LIVE)
    first = await server.place(number="51", name="Maximiliane W.", status=Status.PREPARING)
    second = await server.place(number="52", status=Status.PREPARING)
    await engine.until(column("preparing", 2))
    assert await numbers(engine, "preparing") == ["51", "52"]
    await server.move(first.id, Status.READY)
    await engine.until(column("ready", 4))
    assert "51" in await numbers(engine, "ready")
    await server.move(first.id, Status.COLLECTED, pickup_confirmed=True)
    await engine.until(column("ready", 3))
    await server.move(second.id, Status.HELD)
    await engine.until(column("host", 1))
    assert await what_is_wrong(engine) == []
    assert await engine.run("Readyboard.report().transport") == "source"
    clock = await engine.run("document.getElementById('clock').textContent")
    assert len(clock) == 5


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (720, 1280), (1920, 1080)])
async def test_a_full_board_keeps_its_shape(
    engine: Engine, server: VenueServer, width: int, height: int
) -> None:
    await make_point(server, "Window 1")
    for number in range(40):
        status = Status.READY if number % 2 else Status.PREPARING
        name = ["Ana B.", "Wmwmwmwmwm W.", "Bo", None][number % 4]
        await server.place(number=str(100 + number), name=name, status=status)
    await engine.open(f"{server.url}/b/main", width, height)
    await engine.until(LIVE)
    assert await what_is_wrong(engine) == []
    assert len(await numbers(engine, "ready")) >= 10
    assert len(await numbers(engine, "preparing")) >= 12
    ready, preparing = [await edges(engine, name) for name in ("ready", "preparing")]
    if width > height:
        assert ready[0] >= preparing[2]
        assert ready[2] - ready[0] > preparing[2] - preparing[0]
    else:
        assert preparing[1] >= ready[3] - 1


async def test_board_is_right_again_after_the_server_was_away(
    engine: Engine, server: VenueServer
) -> None:
    await server.place(number="41", status=Status.READY)
    await engine.open(f"{server.url}/b/main")
    await engine.until(LIVE)
    await server.stop()
    await engine.until(f"!({LIVE})")
    await server.start()
    await server.place(number="42", status=Status.READY)
    await engine.until(column("ready", 2), seconds=25)


async def test_plain_page_shows_the_orders(engine: Engine, server: VenueServer) -> None:
    await server.place(number="41", name="Ana B.", status=Status.READY)
    await engine.open(f"{server.url}/b/main?plain=1")
    assert await numbers(engine, "ready") == ["41"]
    assert await what_is_wrong(engine) == []


async def test_point_screen_is_live(engine: Engine, server: VenueServer) -> None:
    left, right = await make_point(server, "Left"), await make_point(server, "Right")
    await engine.open(f"{server.url}/b/main/point/{left.id}", 1024, 600)
    await engine.until(LIVE)
    face = "document.getElementById('empty-ready').getBoundingClientRect().height > 0"
    assert await engine.run(face)
    await put_at(server, right, number="42")
    order = await put_at(server, left, number="41", name="Ana B.")
    await engine.until(column("ready", 1))
    assert await numbers(engine, "ready") == ["41"]
    assert await what_is_wrong(engine) == []
    assert not await engine.run(face)
    middle = await engine.run(
        "(function (b) { return (b.left + b.right) / 2 / innerWidth; }"
        "(document.querySelector('.number').getBoundingClientRect()))"
    )
    assert 0.45 < middle < 0.55
    await server.move(order.id, Status.COLLECTED)
    await engine.until(face)


async def test_a_board_that_speaks_is_live(engine: Engine, server: VenueServer) -> None:
    """sound.js stays quiet about what such an engine cannot do."""
    await set_board(server, sound="speech")
    await engine.open(f"{server.url}/b/main")
    await engine.until(LIVE)
    order = await server.place(number="41", status=Status.PREPARING)
    await server.move(order.id, Status.READY)
    await engine.until(column("ready", 1))


async def test_a_tv_is_paired_and_shows_its_board(engine: Engine, server: VenueServer) -> None:
    await set_board(server, access="paired")
    await server.place(number="41", status=Status.READY)
    await engine.open(f"{server.url}/tv")
    code = await engine.until("document.getElementById('code').textContent")
    await server.store.write(
        partial(pair_screen, code=code, venue="main", board="", name="Hall TV", actor=TILL)
    )
    await engine.until(f"document.getElementById('state') && {LIVE}")
    assert (await engine.run("location.pathname")).startswith("/b/main")
    assert await numbers(engine, "ready") == ["41"]
    assert await what_is_wrong(engine) == []
