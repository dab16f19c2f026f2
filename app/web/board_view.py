"""What the board's templates draw: the first page of every column, ready to print."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.board import (
    Board,
    Column,
    Lanes,
    Layout,
    PublicCard,
    Shows,
    asked_to_counter,
    digest,
    visible,
)
from app.domain.times import from_ms, to_ms
from app.feed.hub import BoardState
from app.web.board_style import Colours, Grid, colours_of, fit, shorten, sizes_of
from app.web.board_words import Words, direction_of, words_of

PAGE_SECONDS = 8
MOST_PAGES = 3
FRESH_MS = 60_000
MOST_HOSTS = 3
HOST_ROW = 7.5
HOSTS_STRICT = 6
READY_LANE = (Column.READY, Column.COLLECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    key: str
    lane: str
    number: str
    number_fit: int
    name: str
    name_fit: int
    place: str
    place_fit: int
    label: str
    label_fit: int
    tick: str
    second_line: bool
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """`page` counts from 1; `more` is the line about what is on no page, or empty."""

    name: str
    heading: str
    empty: str
    tiles: list[Tile]
    page: int
    pages: int
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """The venue's distance from UTC in minutes, when it next changes (server ms), and to what."""

    minutes: int
    change: int | None
    then: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """`base` is the board's address relative to its own page, so that any sub-path works."""

    name: str
    subtitle: str
    title: str
    language: str
    direction: str
    classes: str
    logo: str
    order_url: str
    base: str
    build: str
    revision: int
    position: str
    seq: int
    digest: str
    calm: bool
    time: str
    clock: ClockView
    notice: str
    state: str
    host_rows: int
    columns: list[ColumnView]
    colours: Colours
    words_json: str
    hello_json: str


def view_of(state: BoardState, *, plain: bool = False, turn: int | None = None) -> BoardView:
    """`turn` counts pages; without scripts they turn by the clock."""
    venue, board, words = state.venue, state.board, heading_words(state.board)
    now = from_ms(state.at)
    time = now.astimezone(venue.zone).strftime("%H:%M")
    shown = visible(state.cards, state.at)
    if turn is None:
        turn = state.at // (PAGE_SECONDS * 1000) if plain else 0
    hosts = sum(_in_host_lane(card, board, state.at) for card in shown)
    return BoardView(
        name=venue.name,
        subtitle=board.title,
        title=" · ".join(part for part in (board.title, venue.name) if part),
        language=board.language,
        direction=direction_of(board.language),
        classes=_classes(board, shown),
        logo=board.logo,
        order_url=board.order_url,
        base=(board.slug or venue.slug).rpartition("/")[2],
        build=state.hello["build"],
        revision=board.revision,
        position=state.position,
        seq=state.seq,
        digest=digest(state.cards, state.at),
        calm=board.calm,
        time=time,
        clock=clock_of(venue.zone, now),
        notice=(board.notice.splitlines() or [""])[0],
        state=words["still"].replace("{time}", time) if plain else words["connecting"],
        host_rows=min(hosts, MOST_HOSTS),
        columns=_columns(state, words, shown, turn),
        colours=colours_of(board),
        words_json=_json(_languages(board)),
        hello_json=_json(state.hello),
    )


def heading_words(board: Board) -> Words:
    """The words of the board's first language, its own headings among them."""
    return {**words_of(board.language), **{k: v for k, v in board.words.items() if v}}


def _languages(board: Board) -> list[dict[str, str]]:
    """All words of the languages that take turns, each with its name and direction."""
    turns = [(board.language, heading_words(board))]
    if board.second_language and board.second_language != board.language:
        turns.append((board.second_language, words_of(board.second_language)))
    return [
        {**words, "language": language, "direction": direction_of(language)}
        for language, words in turns
    ]


def _classes(board: Board, shown: Sequence[PublicCard]) -> str:
    classes = [f"theme-{board.theme}", f"ready-{board.ready_side}", str(board.layout)]
    if board.lanes != Lanes.BOTH and board.layout == Layout.STANDARD:
        classes.append(f"only-{board.lanes}")
    if board.calm:
        classes.append("calm")
    return " ".join([*classes, "idle"] if not shown else classes)


def _in_host_lane(card: PublicCard, board: Board, at: int) -> bool:
    return card.column == Column.HOST or asked_to_counter(card, board, at)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def clock_of(zone: ZoneInfo, now: datetime) -> ClockView:
    """A wall runs for months, so the page is told of the next change of clocks in advance."""
    minutes = _utc_minutes(zone, now)
    before = now
    for _ in range(53):
        after = before + timedelta(weeks=1)
        if _utc_minutes(zone, after) != minutes:
            change = _first_change(zone, before, after)
            return ClockView(minutes=minutes, change=to_ms(change), then=_utc_minutes(zone, change))
        before = after
    return ClockView(minutes=minutes, change=None, then=minutes)


def _first_change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The change lies between the two; halve until it is known to the second."""
    old = _utc_minutes(zone, before)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if _utc_minutes(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after.astimezone(UTC)


def _utc_minutes(zone: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(zone).utcoffset() or timedelta()
    return offset // timedelta(minutes=1)


def _columns(
    state: BoardState, words: Words, shown: Sequence[PublicCard], turn: int
) -> list[ColumnView]:
    board, sizes, at = state.board, sizes_of(state.board), state.at
    strict = board.layout == Layout.EATSA
    hosts = [c for c in shown if _in_host_lane(c, board, at)]
    ready = [c for c in shown if c.column in READY_LANE and not _in_host_lane(c, board, at)]
    preparing = [c for c in shown if c.column == Column.PREPARING]
    column = partial(_column, turn=turn, words=words, at=at, whole_names=board.shows == Shows.ALIAS)
    columns = []
    if strict or board.lanes != Lanes.PREPARING:
        below = hosts if board.lanes == Lanes.READY and not strict else []
        columns.append(column("ready", ready, _room(sizes.ready, below)))
    if not strict and board.lanes != Lanes.READY:
        columns.append(column("preparing", preparing, _room(sizes.preparing, hosts)))
    host_slots = HOSTS_STRICT if strict else MOST_HOSTS
    return [*columns, column("host", hosts, host_slots)]


def _room(grid: Grid, hosts: Sequence[PublicCard]) -> int:
    """See Host takes its room from the foot of the column above it."""
    if not hosts:
        return grid.slots
    lost = math.ceil((3.3 + HOST_ROW * min(len(hosts), MOST_HOSTS)) / grid.row)
    rows, portrait_rows = grid.rows - lost, grid.portrait_rows - lost
    return max(1, min(rows * grid.columns, portrait_rows * grid.portrait_columns))


def _column(
    name: str,
    cards: Sequence[PublicCard],
    slots: int,
    *,
    turn: int,
    words: Words,
    at: int,
    whole_names: bool,
) -> ColumnView:
    pages = min(MOST_PAGES, max(1, -(-len(cards) // slots)))
    page = turn % pages
    more = len(cards) - pages * slots
    return ColumnView(
        name=name,
        heading=words[name],
        empty=words[f"no_{name}"],
        tiles=[
            tile_of(card, words, at, name, whole_name=whole_names)
            for card in cards[page * slots :][:slots]
        ],
        page=page + 1,
        pages=pages,
        more=words["more"].replace("{count}", str(more)) if more > 0 else "",
    )


def tile_of(
    card: PublicCard, words: Words, at: int, column: str, *, whole_name: bool = False
) -> Tile:
    """`whole_name`: of an alias no letter may be missing, or several would look the same."""
    name = card.name or ""
    name = name if whole_name else shorten(name)
    number = shorten(card.number or "")
    lane = column if column == "host" else str(card.column)
    label = _label(card, words, lane)
    return Tile(
        key=card.key,
        lane=lane,
        number=number,
        number_fit=fit(number),
        name=name,
        name_fit=fit(name),
        place=card.place,
        place_fit=fit(f"→ {card.place}"),
        label=label,
        label_fit=fit(label),
        tick=", ".join(card.stations_ready),
        second_line=bool(card.place) or card.column == Column.COLLECTED,
        fresh=lane == Column.READY and at - card.since < FRESH_MS,
    )


def _label(card: PublicCard, words: Words, lane: str) -> str:
    if lane == "host" and card.column == Column.READY:
        return words["please"]
    if card.column in (Column.HOST, Column.COLLECTED):
        return words[card.column]
    if card.stations_ready:
        return words["station"].replace("{name}", ", ".join(card.stations_ready))
    if card.wait:
        low, high = card.wait
        return words["wait"].replace("{from}", str(low)).replace("{to}", str(high))
    return ""


def text_of(state: BoardState) -> str:
    """The board as plain text, one order a line under its heading."""
    words = heading_words(state.board)
    time = from_ms(state.at).astimezone(state.venue.zone).strftime("%H:%M")
    shown = visible(state.cards, state.at)
    blocks = [f"{state.board.title or state.venue.name} {time}\n"]
    for heading, columns in (
        ("ready", (Column.READY, Column.COLLECTED)),
        ("host", (Column.HOST,)),
        ("preparing", (Column.PREPARING,)),
    ):
        lines = _lines(c for c in shown if c.column in columns)
        if lines:
            blocks.append(f"{words[heading].upper()}\n" + "".join(lines))
    return "\n".join(blocks)


def _lines(cards: Iterable[PublicCard]) -> list[str]:
    return [_line(card) for card in cards]


def _line(card: PublicCard) -> str:
    parts = [card.number, card.name, f"-> {card.place}" if card.place else None]
    done = "?" if card.column == Column.COLLECTED else None
    return " ".join(part for part in (*parts, done) if part) + "\n"
