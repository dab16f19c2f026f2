"""How long it will take, from what the venue's own last orders took; nothing rather than a guess.

A band runs from the median to the 80th percentile of orders for the same stations, placed when
about as many others were in the kitchen. It is shown only with enough of them, and only while the
bands of the last hour came true.
"""

import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

MINUTE = 60_000  # all times are server milliseconds
HOUR = 60 * MINUTE
SAMPLE_FOR = 4 * HOUR
LOOK_BACK = SAMPLE_FOR + 2 * HOUR  # what the orders of the last hour were placed after, and before
LEAST_SAMPLES = 20
LEAST_HITS = 0.7  # of the last hour's bands; must be exceeded
LEAST_JUDGED = 5  # fewer prove nothing
LEAST_TOOK = 10_000  # what was ready sooner was never cooked

Band = tuple[int, int]
Alike = tuple[frozenset[str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """One order as the kitchen had it. `left`: when it left the kitchen, None while it is there;
    `ready`: it left it because it was ready."""

    stations: frozenset[str]
    placed: int
    left: int | None
    ready: bool


class Outlook:
    """What can be said at one moment. `history`: the venue's orders of the last LOOK_BACK."""

    def __init__(self, history: Iterable[Making], at: int) -> None:
        self.at = at
        made = sorted(history, key=lambda making: making.placed)
        self._placed = [making.placed for making in made]
        self._left = sorted(making.left for making in made if making.left is not None)
        self._samples = self._gathered(made)
        self._believed = {
            stations
            for stations in {making.stations for making in made}
            if self._came_true([making for making in made if making.stations == stations])
        }

    def band(self, stations: frozenset[str], placed: int) -> Band | None:
        """Minutes from placing to ready, for an order placed at that time; None if unknown."""
        if stations not in self._believed:
            return None
        return self._said(self._alike(stations, placed), self.at)

    def load(self, at: int) -> int:
        """How many orders were in the kitchen just before that moment."""
        return bisect_left(self._placed, at) - bisect_right(self._left, at)

    def _alike(self, stations: frozenset[str], placed: int) -> Alike:
        """Loads are alike within a doubling: 1, 2-3, 4-7, 8-15 …"""
        return stations, max(0, self.load(placed)).bit_length()

    def _gathered(self, made: list[Making]) -> dict[Alike, list[tuple[int, int]]]:
        """(when it was ready, how long that took) of orders that are alike, in that order."""
        samples: dict[Alike, list[tuple[int, int]]] = {}
        for making in made:
            if making.left is None or not making.ready:
                continue
            took = making.left - making.placed
            if took >= LEAST_TOOK:
                alike = self._alike(making.stations, making.placed)
                samples.setdefault(alike, []).append((making.left, took))
        return {alike: sorted(found) for alike, found in samples.items()}

    def _said(self, alike: Alike, at: int) -> Band | None:
        """The band as it would have been told at `at`, from what was ready by then."""
        found = self._samples.get(alike, [])
        first = bisect_left(found, (at - SAMPLE_FOR, 0))
        last = bisect_right(found, (at, at))
        if last - first < LEAST_SAMPLES:
            return None
        took = sorted(time for _, time in found[first:last])
        soon = max(1, int(statistics.median(took)) // MINUTE)
        late = -(-took[-(-len(took) * 4 // 5) - 1] // MINUTE)
        return soon, max(soon + 1, late)

    def _came_true(self, made: list[Making]) -> bool:
        """Looking back at the last hour: were orders ready by the end of the band they were given?
        Sooner is no harm; one that still is not ready, and should be, counts against it."""
        judged = hits = 0
        for making in made:
            over = self.at if making.left is None else making.left
            if over <= self.at - HOUR or (making.left is not None and not making.ready):
                continue
            said = self._said(self._alike(making.stations, making.placed), making.placed)
            if said is None:
                continue
            in_time = over - making.placed <= said[1] * MINUTE
            if making.left is None and in_time:
                continue  # nobody knows yet
            judged += 1
            hits += in_time
        return judged >= LEAST_JUDGED and hits / judged > LEAST_HITS


def still_to_go(band: Band | None, placed: int, at: int) -> Band | None:
    """The band less the whole minutes that have passed; None once it is over."""
    if band is None:
        return None
    passed = max(0, at - placed) // MINUTE
    soon, late = band[0] - passed, band[1] - passed
    return None if late < 1 else (max(1, soon), late)
