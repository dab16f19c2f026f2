"""The encodings of Readyboard's own streams: a public board, all events, and what is to print."""

from dataclasses import asdict, dataclass
from typing import Any

from app.domain.board import Board, PublicCard, card, card_body, digest, visible
from app.domain.events import ABOUT_AN_ORDER, ANONYMISED, ORDER_KINDS, Event, Kind
from app.domain.native import event_answer
from app.domain.point_screen import stored_slug
from app.domain.printing import slip
from app.domain.times import from_ms, to_ms
from app.domain.venues import PickupPoint, Venue
from app.feed.frames import VERSION, Frame, Position, encode, parse_position


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardMoment:
    """What a board's snapshot holds; `point` where it is the screen of a pickup point."""

    venue: Venue
    board: Board
    cards: list[PublicCard]
    point: PickupPoint | None = None


MOST_AT_ONCE = 256 * 1024


class OwnEncoding:
    """What our own streams have in common: positions as `venue.epoch.seq`, hello and beat."""

    plain = False
    most_at_once = MOST_AT_ONCE

    def position(self, text: str | None, slug: str) -> Position | None:
        return parse_position(text)

    def hello_frame(self, position: Position, at: int) -> Frame | None:
        return encode("hello", position.seq, self.hello(position.seq, at), position)

    def beat_frame(self, seq: int, at: int) -> Frame:
        return encode("beat", seq, self.beat(seq, at))

    def hello(self, seq: int, at: int) -> dict[str, Any]:
        raise NotImplementedError

    def beat(self, seq: int, at: int) -> dict[str, Any]:
        raise NotImplementedError


class BoardEncoding(OwnEncoding):
    """Keeps the public cards of one board."""

    def __init__(self, build: str) -> None:
        self.build = build
        self.board = Board()
        self.cards: dict[str, PublicCard] = {}
        self.point: PickupPoint | None = None
        self.venue: Venue

    def start(self, state: BoardMoment) -> None:
        self.venue, self.board, self.point = state.venue, state.board, state.point
        self.cards = {card.key: card for card in state.cards}

    def take(self, event: Event, position: Position) -> Frame | None:
        if event.kind not in ORDER_KINDS:
            return None
        shown = self._shown(event)
        if shown is None:
            self.cards.pop(event.body["key"], None)
        else:
            self.cards[shown.key] = shown
        return _frame_of(event, shown, position)

    def frame(self, event: Event, position: Position) -> Frame | None:
        if event.kind not in ORDER_KINDS:
            return None
        return _frame_of(event, self._shown(event), position)

    def needs_fresh(self, event: Event) -> bool:
        if event.kind == Kind.DAY:  # what was shown with a name is no longer
            return event.subject == ANONYMISED
        if event.kind != Kind.BOARD:
            return False
        return event.subject in ("venue", f"board:{stored_slug(self.board.slug)}")

    def hello(self, seq: int, at: int) -> dict[str, Any]:
        # Cards whose time is up never come back; forgetting them here keeps the list short.
        self.cards = {c.key: c for c in visible(self.cards.values(), at)}
        cards = list(self.cards.values())
        return {
            "v": VERSION,
            "build": self.build,
            "seq": seq,
            "at": at,
            "board": about(self.venue, self.board, at) | _about_point(self.point),
            "cards": [card_body(c) for c in cards],
            "digest": digest(cards, at),
        }

    def beat(self, seq: int, at: int) -> dict[str, Any]:
        return {
            "seq": seq,
            "at": at,
            "build": self.build,
            "digest": digest(self.cards.values(), at),
        }

    def _shown(self, event: Event) -> PublicCard | None:
        """The card after the event, or None if the board does not show the order then."""
        if event.kind == Kind.DELETED:
            return None
        shown = card(event.order(), self.board)
        if shown is None or (shown.until is not None and shown.until <= to_ms(event.at)):
            return None
        return shown


def _frame_of(event: Event, shown: PublicCard | None, position: Position) -> Frame | None:
    at = to_ms(event.at)
    if shown is not None:
        body = {"seq": event.seq, "at": at, "card": card_body(shown)}
        return encode("order", event.seq, body, position)
    if event.kind == Kind.PLACED:  # it never was on the board
        return None
    gone = {"seq": event.seq, "at": at, "key": event.body["key"]}
    return encode("gone", event.seq, gone, position)


def about(venue: Venue, board: Board, at: int) -> dict[str, Any]:
    """What a page needs to know of its board: no more than the wall shows anyway."""
    offset = from_ms(at).astimezone(venue.zone).utcoffset()
    minutes = 0 if offset is None else int(offset.total_seconds() // 60)
    told = asdict(board)
    del told["blocked_words"]  # whoever reads them knows what is not to be read
    title = board.title or venue.name
    return told | {"venue": venue.slug, "title": title, "utc_offset": minutes}


def _about_point(point: PickupPoint | None) -> dict[str, Any]:
    """Who holds a point is nobody's business: its order is on the card or it is not ready."""
    return {} if point is None else {"point": {"name": point.name, "disabled": point.disabled}}


class EventEncoding(OwnEncoding):
    """Every event whole, for keys with orders:read. Keeps no state."""

    def __init__(self, build: str) -> None:
        self.build = build

    def start(self, state: Any) -> None:
        """Nothing is kept."""

    def take(self, event: Event, position: Position) -> Frame | None:
        return self.frame(event, position)

    def frame(self, event: Event, position: Position) -> Frame | None:
        return encode(event.kind, event.seq, event_answer(event), position, _tags(event))

    def needs_fresh(self, event: Event) -> bool:
        # Frames made before would still tell the names to whoever comes back.
        return event.kind == Kind.DAY and event.subject == ANONYMISED

    def hello(self, seq: int, at: int) -> dict[str, Any]:
        return {"v": VERSION, "build": self.build, "seq": seq, "at": at}

    def beat(self, seq: int, at: int) -> dict[str, Any]:
        return {"seq": seq, "at": at, "build": self.build}


def _tags(event: Event) -> frozenset[str]:
    tags = {event.kind.value, f"order:{event.subject}"}
    if event.kind in ABOUT_AN_ORDER:
        tags |= {f"station:{part['station']}" for part in event.body["parts"]}
    return frozenset(tags)


class PrintEncoding(EventEncoding):
    """What is to be printed, for keys with orders:read: every frame is named `print`."""

    def frame(self, event: Event, position: Position) -> Frame | None:
        said = slip(event)
        return None if said is None else encode("print", event.seq, said, position, _tags(event))
