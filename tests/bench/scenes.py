"""What is done to the servers: the same to each, in turns."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial

from tests.bench import start
from tests.bench.machine import run_on, server_core
from tests.bench.servers import (
    Serve,
    Shop,
    coalescing_floor,
    durable_floor,
    durable_naive,
    moving_readyboard,
    naive,
    nchan,
    portable,
    readyboard,
    sharing_naive,
)
from tests.bench.tools import Report, run_fan

PRODUCT, PORTABLE, NAIVE, NCHAN, FLOOR = "Readyboard", "portable", "naive", "nchan", "C floor"
SHARING = "naive with one transaction for all"
BURST = ("--window", "32")
RATE = ("--rate", "200")
CALLERS = ("--window", "64")
# One change always under way, so that each request comes while viewers are being served.
BUSY = ("--window", "2")
RETURN = ("--return", "1", "--at-once", "1024")
SHORTER = 5  # a quick run has this part of the events


@dataclass(frozen=True, slots=True)
class Bench:
    """`few` and `many` viewers; `quick` runs are shorter."""

    shop: Shop
    few: int
    many: int
    quick: bool

    def words(self, text: str) -> str:
        """A text that names {few} or {many} viewers."""
        return text.format(few=f"{self.few:,}", many=f"{self.many:,}")


Way = Callable[[Bench], Report]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """`title` may say {few} and {many}. Those near a peer need more rounds to be judged."""

    title: str
    ways: Mapping[str, Way]
    near_a_peer: bool = False


@dataclass(frozen=True, slots=True)
class Crowd:
    """How the tool is to be run, the server aside."""

    who: str
    events: int
    words: tuple[str, ...] = ()
    transport: str = "sse"

    def fewer(self, events: int) -> "Crowd":
        return Crowd(self.who, events, self.words, self.transport)


def tried(serve: Serve, crowd: Crowd, bench: Bench) -> Report:
    """One round of one server. Raises RuntimeError when changes were refused."""
    viewers = {"few": bench.few, "many": bench.many, "nobody": 0}[crowd.who]
    events = max(10, crowd.events // SHORTER) if bench.quick else crowd.events
    with serve(bench.shop) as target:
        report = run_fan(
            bench.shop.fan,
            *("--port", str(target.port), "--pid", str(target.pid), "--viewers", str(viewers)),
            *("--view", target.view if crowd.transport == "sse" else target.socket),
            *("--transport", crowd.transport, "--events", str(events)),
            *crowd.words,
            *target.change,
        )
    if report["refused"]:
        raise RuntimeError(f"{report['refused']} changes refused, last {report['last_status']}")
    return report


def ways(fast: Crowd, slow: Crowd, **servers: Serve) -> dict[str, Way]:
    """`slow`: the same with fewer events, for those that would take minutes."""
    names = {
        "floor": FLOOR,
        "nchan": NCHAN,
        "naive": NAIVE,
        "sharing": SHARING,
        "portable": PORTABLE,
    }
    return {
        names.get(name, PRODUCT): partial(
            tried, serve, fast if name in ("floor", "product") else slow
        )
        for name, serve in servers.items()
    }


def store_figures(bench: Bench) -> Report:
    """In a process of its own on the servers' core."""
    seconds = "0.5" if bench.quick else "2"
    command = [sys.executable, "-m", "tests.bench.store", "--seconds", seconds]
    report: Report = json.loads(run_on(server_core(), command))
    return report


def start_figures(bench: Bench) -> Report:
    return asdict(start.measure(bench.shop))


def _closed(crowd: Crowd) -> dict[str, Way]:
    return ways(
        crowd,
        crowd.fewer(crowd.events // 2),
        floor=durable_floor,
        product=readyboard,
        nchan=nchan,
        portable=portable,
        naive=naive,
    )


def _pushed(crowd: Crowd, slow_events: int) -> dict[str, Way]:
    slow = crowd.fewer(slow_events)
    return ways(
        crowd,
        slow,
        floor=coalescing_floor,
        product=readyboard,
        nchan=nchan,
        portable=portable,
        naive=naive,
    )


def _sockets(crowd: Crowd) -> dict[str, Way]:
    slow = crowd.fewer(crowd.events // 2)
    return ways(crowd, slow, floor=durable_floor, product=readyboard, portable=portable)


FEW = Scene("{few} viewers, one change at a time", _closed(Crowd("few", 200)), True)
MANY = Scene("{many} viewers, one change at a time", _closed(Crowd("many", 30)), True)
PUSHED = Scene("{few} viewers, 32 changes in flight", _pushed(Crowd("few", 3000, BURST), 200), True)
STEADY = Scene("{few} viewers, 200 changes/s", _pushed(Crowd("few", 600, RATE), 200), True)
SERVING = Scene(
    "{many} viewers, a request while they are served",
    ways(
        Crowd("many", 40, BUSY),
        Crowd("many", 20, BUSY),
        floor=durable_floor,
        product=readyboard,
        portable=portable,
    ),
)
STORE = Scene("store alone", {PRODUCT: store_figures})
CALLED = Scene(
    "{few} viewers, 64 changes in flight, each durable",
    ways(
        Crowd("few", 3000, CALLERS),
        Crowd("few", 150, CALLERS),
        product=readyboard,
        portable=portable,
        naive=durable_naive,
        sharing=sharing_naive,
    ),
    True,
)
SOCKETS_FEW = Scene(
    "{few} WebSocket viewers", _sockets(Crowd("few", 200, transport="websocket")), True
)
SOCKETS_MANY = Scene(
    "{many} WebSocket viewers", _sockets(Crowd("many", 30, transport="websocket")), True
)
BACK = Scene(
    "{many} viewers come back at once",
    ways(
        Crowd("many", 50, RETURN), Crowd("many", 50, RETURN), product=readyboard, portable=portable
    ),
)
START = Scene("start", {PRODUCT: start_figures})
MOVES = Scene(
    "no viewers, 64 callers move orders",
    ways(Crowd("nobody", 6000, CALLERS), Crowd("nobody", 6000, CALLERS), product=moving_readyboard),
)
