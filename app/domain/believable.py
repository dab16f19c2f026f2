"""Moves that cannot be true: food ready before anybody could have made it, or a whole row of
orders cleared in one go to make the timers look good. They are told, never forbidden."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.events import Actor, Event, Kind
from app.domain.orders import BEFORE_READY, Order, Status

FLOOR = timedelta(seconds=20)  # no kitchen is faster
AT_ONCE = timedelta(seconds=10)
MOST_AT_ONCE = 6  # orders one pair of hands can finish or hand out in that time
FINISHED = frozenset({Status.READY, Status.OUT_FOR_DELIVERY, Status.COLLECTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """`orders` are ids; `at` and `seq` are those of the last move it is about."""

    orders: tuple[str, ...]
    actor: Actor
    at: datetime
    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Finish:
    event: Event
    order: Order
    earlier: Status


def doubts(
    events: Iterable[Event],
    *,
    floor: timedelta = FLOOR,
    at_once: timedelta = AT_ONCE,
    most_at_once: int = MOST_AT_ONCE,
) -> list[Doubt]:
    """What is not believable in a stretch of a venue's log (oldest first), newest first. Moves
    that were taken back within the stretch are left alone, and so is what time alone did."""
    finishes = _finishes(list(events))
    found = [
        *(doubt for finish in finishes if (doubt := _too_fast(finish, floor))),
        *_too_many(finishes, at_once, most_at_once),
    ]
    return sorted(found, key=lambda doubt: doubt.seq, reverse=True)


def _finishes(events: Sequence[Event]) -> list[_Finish]:
    undone = {event.detail["undone"] for event in events if "undone" in event.detail}
    return [
        _Finish(event, event.order(), Status(event.detail["from"]))
        for event in events
        if event.kind in (Kind.STATUS, Kind.PART)
        and event.seq not in undone
        and not event.detail.get("recall")
        and event.actor.kind != "system"
        and event.detail["to"] in FINISHED
        and event.detail["from"] != event.detail["to"]
    ]


def _too_fast(finish: _Finish, floor: timedelta) -> Doubt | None:
    """Ready (or gone) straight from the kitchen, sooner after it was placed than `floor`."""
    order, event = finish.order, finish.event
    took = event.at - order.placed_at
    if finish.earlier not in BEFORE_READY or took >= floor or not _is_made(order):
        return None
    word = "ready" if order.status == Status.READY else "gone"
    return _doubt([finish], f"{word} {_seconds(took)} after it was placed")


def _is_made(order: Order) -> bool:
    """Whether somebody has to make it: a line of the menu that names no station is handed out as
    it is, and an order without lines may be anything."""
    return any(item.station or not item.menu_item for item in order.items)


def _too_many(finishes: list[_Finish], at_once: timedelta, most: int) -> Iterator[Doubt]:
    """Each stretch in which one actor finished more than `most` orders within `at_once`."""
    by_actor: dict[tuple[str, str | None], list[_Finish]] = defaultdict(list)
    for finish in finishes:
        by_actor[finish.event.actor.kind, finish.event.actor.id].append(finish)
    for mine in by_actor.values():
        spans: list[tuple[int, int]] = []
        first = 0
        for last, finish in enumerate(mine):
            while finish.event.at - mine[first].event.at > at_once:
                first += 1
            if len({one.order.id for one in mine[first : last + 1]}) <= most:
                continue
            if spans and first <= spans[-1][1]:  # the same sweep goes on
                spans[-1] = (spans[-1][0], last)
            else:
                spans.append((first, last))
        yield from (_many(mine[start : end + 1]) for start, end in spans)


def _many(sweep: list[_Finish]) -> Doubt:
    first, last = sweep[0].event, sweep[-1].event
    count = len({finish.order.id for finish in sweep})
    reason = f"{count} orders finished by {last.actor.name} in {_seconds(last.at - first.at)}"
    return _doubt(sweep, reason)


def _doubt(finishes: Sequence[_Finish], reason: str) -> Doubt:
    last = finishes[-1].event
    orders = tuple(dict.fromkeys(finish.order.id for finish in finishes))
    return Doubt(orders=orders, actor=last.actor, at=last.at, seq=last.seq, reason=reason)


def _seconds(took: timedelta) -> str:
    seconds = max(0, round(took.total_seconds()))
    return "under a second" if seconds == 0 else f"{seconds} s"
