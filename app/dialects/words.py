"""The status words of a foreign system, and the three laws of reading and writing them.

1. A word turned into our terms and back, by the tables alone, is the same word.
2. An order whose present status was last written through a system reads there exactly as written;
   otherwise its word is made from our terms.
3. Writing the word that a reader of the same system sees anyway changes nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from app.commands.status import Move
from app.domain.faces import Face, every_face, face_of
from app.domain.orders import CancelledBy, Native, Order, Part, Status
from app.store.orders import Match


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a foreign word says in our terms."""

    status: Status
    cancelled_by: CancelledBy | None = None
    some_ready: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """`project`: the system's word for an order that was last written by somebody else."""

    dialect: str
    project: Callable[[Face], str]

    def word_of(self, order: Order) -> str:
        """What a reader of this system sees (law 2)."""
        native = order.native
        if native is not None and native.dialect == self.dialect:
            return native.value
        return self.project(face_of(order))

    def part_word(self, part: Part) -> str:
        """The same for one station's share."""
        if part.native is not None and part.native.dialect == self.dialect:
            return part.native.value
        return self.project(Face(part.status))

    def native(self, word: str) -> Native:
        return Native(dialect=self.dialect, value=word)

    def move(self, word: str, meaning: Meaning, **more: Any) -> Move:
        """The move that writing a word asks for; it is none for whoever reads it already (law 3).
        `more`: further fields of Move, such as `sent` for an older spelling of the word."""
        return Move(
            status=meaning.status,
            cancelled_by=meaning.cancelled_by,
            native=self.native(word),
            seen=self.word_of,
            **more,
        )

    def matching(self, words: Iterable[str]) -> tuple[tuple[Match, ...], ...]:
        """For `Search.all_of`: the orders that a reader of this system sees in these words."""
        wanted = tuple(dict.fromkeys(words))
        faces = tuple(str(face) for face in every_face() if self.project(face) in wanted)
        # Written through this system and in one of the words, or by another and projected so.
        return (
            (Match("native_dialect", "=", self.dialect), Match("face", "in", faces)),
            (Match("native_dialect", "<>", self.dialect), Match("native_value", "in", wanted)),
        )
