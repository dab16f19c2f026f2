"""What the commands may ask of a database, and what a change may answer.

A change is a plain function `change(tx, …)` that runs on an open transaction. The store runs many
of them in one commit; each has a savepoint of its own, so a refused one rolls back alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from app.domain.events import Event
from app.domain.orders import Order
from app.domain.problems import Problem
from app.domain.venues import Venue

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Row = Mapping[str, Any]


class Reading(Protocol):
    """A read transaction: everything it sees is of one moment. SQL has `:name` parameters.
    `now` is one moment, however often it is asked for, in whole milliseconds. `orders`: some orders
    by id, exactly as stored; none where nothing can be written."""

    @property
    def now(self) -> datetime: ...

    @property
    def orders(self) -> dict[str, Order]: ...

    def one(self, sql: str, **params: Any) -> Row | None: ...

    def all(self, sql: str, **params: Any) -> list[Row]: ...


class Transaction(Reading, Protocol):
    """An open write transaction. `events` gathers what was appended to the log since it was
    opened, `seqs` has the last number of each venue among them. Its commit writes those to the
    venues' rows: a `Venue.seq` read inside is the number before it. `venues` has those that were
    opened for a change, by slug, as long as none of them is changed itself. `orders` has those that
    were changed lately, as long as nothing is undone.
    Set `credentials_changed` when a key, user or session changed, so that caches are dropped."""

    events: list[Event]
    seqs: dict[str, int]
    venues: dict[str, Venue]
    credentials_changed: bool

    def run(self, sql: str, row: dict[str, Any] | None = None, /, **params: Any) -> int:
        """Execute one statement; the number of rows it changed. The parameters of many columns
        come as one `row`: as keywords they would be copied twice."""
        ...

    def attempt(self, change: "Change[T]") -> "Outcome[T]":
        """Run a change in a savepoint of its own: what it wrote stays only if it is Done or
        Refused. Raises what the change raises."""
        ...


@dataclass(frozen=True, slots=True)
class Done(Generic[T_co]):
    """Keep it."""

    value: T_co


@dataclass(frozen=True, slots=True)
class Unchanged(Generic[T_co]):
    """Nothing to keep: rolled back, no seq is used, no event is made."""

    value: T_co


@dataclass(frozen=True, slots=True)
class Refused:
    """Keep what was written, yet answer with a problem (a failed sign-in counts, for instance)."""

    problem: Problem


Outcome = Done[T] | Unchanged[T] | Refused
Change = Callable[[Transaction], Outcome[T]]


class Store(Protocol):
    """`write` returns the change's value after it is on disk, or raises its Problem; `read` runs a
    plain function in one read transaction. `on_commit` is called on the event loop after each
    commit, with its events in order per venue and whether credentials changed; events of other
    processes on the same file arrive there too, within half a second and in order."""

    on_commit: Callable[[list[Event], bool], None]

    async def write(self, change: Change[T]) -> T: ...

    async def write_all(self, changes: Sequence[Change[T]]) -> list[T | Problem]:
        """Many changes in one commit, answered one by one; a refused one by its Problem."""
        ...

    async def read(self, look: Callable[[Reading], T]) -> T: ...

    async def close(self) -> None: ...
