"""The goals of the product, and how a run did against them."""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.bench.scenes import (
    BACK,
    CALLED,
    FEW,
    FLOOR,
    MANY,
    MOVES,
    NAIVE,
    NCHAN,
    PRODUCT,
    PUSHED,
    SERVING,
    SHARING,
    SOCKETS_FEW,
    SOCKETS_MANY,
    START,
    STEADY,
    STORE,
    Scene,
)
from tests.bench.tools import Report

Figure = Callable[[Report], float]
Rounds = dict[str, list[Report | None]]  # of a scene: server -> one report a round


@dataclass(frozen=True, slots=True)
class Bound:
    limit: float
    at_least: bool = False

    def holds(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:,g}"


@dataclass(frozen=True, slots=True)
class Goal:
    """`must` and `aim` hold for the figure itself, or for its ratio to the server `against`."""

    row: int
    what: str
    scene: Scene
    figure: Figure
    must: Bound | None = None
    aim: Bound | None = None
    against: str | None = None

    def medians(self, rounds: Rounds) -> dict[str, float]:
        found = {name: [self.figure(r) for r in runs if r] for name, runs in rounds.items()}
        return {name: statistics.median(values) for name, values in found.items() if values}

    def judged(self, rounds: Rounds) -> float | None:
        """The median over the rounds: what was slow for one was slow for its neighbour."""
        ours = rounds.get(PRODUCT, [])
        if self.against is None:
            values = [self.figure(report) for report in ours if report]
        else:
            pairs = zip(ours, rounds.get(self.against, []), strict=False)
            values = list(_ratios(self.figure, pairs))
        return statistics.median(values) if values else None

    def verdict(self, value: float | None) -> str:
        if value is None:
            return "not measured"
        if self.must is None:
            return ""
        if not self.must.holds(value):
            return "**missed**"
        if self.aim is None:
            return "met"
        return "met, aim too" if self.aim.holds(value) else "met, aim not"


def _ratios(
    figure: Figure, pairs: Iterator[tuple[Report | None, Report | None]]
) -> Iterator[float]:
    for ours, theirs in pairs:
        if ours and theirs and figure(theirs):
            yield figure(ours) / figure(theirs)


def at_most(limit: float) -> Bound:
    return Bound(limit)


def at_least(limit: float) -> Bound:
    return Bound(limit, at_least=True)


def _last(report: Report) -> float:
    return float(report["latency_ms"]["last"]["p50"])


def _answer(report: Report) -> float:
    return float(report["latency_ms"]["answer"]["p50"])


def _slowest_answer(report: Report) -> float:
    return float(report["latency_ms"]["answer"]["p99"])


def _one(name: str, divisor: float = 1) -> Figure:
    return lambda report: float(report[name]) / divisor


def _times(name: str, of: str) -> Figure:
    return lambda report: float(report[name] / report[of])


def faults(report: Report) -> int:
    """Deliveries that did not come once and in order, and viewers the server let go of."""
    return sum(int(report.get(kind, 0)) for kind in ("missing", "doubled", "reordered", "lost"))


def _faults(report: Report) -> float:
    return faults(report)


CPU = _one("cpu_us_per_delivery")
LAST_FEW, CPU_FEW = "last of {few} viewers, ms", "CPU per delivery, {few} viewers, µs"
LAST_MANY, CPU_MANY = "last of {many} viewers, ms", "CPU per delivery, {many} viewers, µs"
PER_SECOND = _one("events_per_second")

GOALS = (
    Goal(1, LAST_FEW, FEW, _last, at_most(1.5), at_most(1.3), FLOOR),
    Goal(1, CPU_FEW, FEW, CPU, at_most(1.5), at_most(1.3), FLOOR),
    Goal(1, LAST_MANY, MANY, _last, at_most(1.25), at_most(1.15), FLOOR),
    Goal(1, CPU_MANY, MANY, CPU, at_most(1.25), at_most(1.15), FLOOR),
    Goal(2, LAST_FEW, FEW, _last, at_most(0.9), at_most(0.8), NCHAN),
    Goal(2, CPU_FEW, FEW, CPU, at_most(0.9), at_most(0.8), NCHAN),
    Goal(2, LAST_MANY, MANY, _last, at_most(0.9), at_most(0.8), NCHAN),
    Goal(2, CPU_MANY, MANY, CPU, at_most(0.9), at_most(0.8), NCHAN),
    Goal(
        3,
        "private memory per viewer of {many}, KB",
        MANY,
        _one("private_bytes_per_viewer", 1000),
        at_most(3),
        at_most(2.2),
    ),
    Goal(
        4,
        "burst, 32 in flight, {few} viewers, deliveries/s",
        PUSHED,
        _one("deliveries_per_second"),
        at_least(1),
        against=FLOOR,
    ),
    Goal(
        4,
        "the same",
        PUSHED,
        _one("deliveries_per_second"),
        at_least(20),
        against=NCHAN,
    ),
    Goal(5, "200 changes/s, last of {few}, ms", STEADY, _last, at_most(1.5), against=FLOOR),
    Goal(5, "the same, lost or doubled", STEADY, _faults, at_most(0)),
    Goal(6, "request answered while {many} are served, ms", SERVING, _answer, at_most(5)),
    Goal(6, "the same, p99", SERVING, _slowest_answer),
    Goal(7, "opening a stream of 60 orders, CPU, µs", MANY, _one("open_cpu_us"), at_most(130)),
    Goal(8, "store, 64 callers, changes/s", STORE, _one("store_per_second")),
    Goal(
        8,
        "the same, times sqlite3 by hand",
        STORE,
        _times("store_per_second", "by_hand_per_second"),
        at_least(8),
    ),
    Goal(
        8,
        "the same, times our change inline",
        STORE,
        _times("store_per_second", "inline_per_second"),
    ),
    Goal(8, "store, one caller, µs", STORE, _one("store_one")),
    Goal(
        8,
        "the same, times sqlite3 by hand",
        STORE,
        _times("store_one", "by_hand_one"),
    ),
    Goal(
        8,
        "the same, times our change inline",
        STORE,
        _times("store_one", "inline_one"),
        at_most(1.6),
    ),
    Goal(9, "64 in flight, durable, {few} viewers, changes/s", CALLED, PER_SECOND, at_least(1800)),
    Goal(9, "the same", CALLED, PER_SECOND, at_least(60), against=NAIVE),
    Goal(9, "the same", CALLED, PER_SECOND, against=SHARING),
    Goal(10, "WebSocket: " + CPU_FEW, SOCKETS_FEW, CPU, at_most(1.4), against=FLOOR),
    Goal(10, "WebSocket: " + CPU_MANY, SOCKETS_MANY, CPU, at_most(1.2), against=FLOOR),
    Goal(11, "{many} come back at once, all right after, s", BACK, _one("seconds"), at_most(5)),
    Goal(11, "the same, lost or doubled", BACK, _faults, at_most(0)),
    Goal(12, "start to first answer, s", START, _one("seconds"), at_most(1)),
    Goal(12, "private memory when idle, MB", START, _one("idle_bytes", 1e6), at_most(60)),
    Goal(12, "board page with 60 orders, KB", START, _one("page_bytes", 1000)),
    Goal(12, "the same and all it loads, KB", START, _one("everything_bytes", 1000), at_most(60)),
    Goal(13, "moves by 64 callers over HTTP, no viewers, /s", MOVES, PER_SECOND),
)
