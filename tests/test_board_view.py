"""What the board's templates are given: first pages, labels, and the venue's clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.board import Board, Column, Layout, PublicCard, digest
from app.domain.times import to_ms
from app.domain.venues import Venue
from app.feed.hub import BoardState
from app.web.board_view import clock_of, tile_of, view_of
from app.web.board_words import ENGLISH

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
AT = to_ms(NOON)
CARD = PublicCard(
    key="k", number="41", name="Bo", column=Column.READY, place="", stations_ready=(),
    since=AT - 120_000, until=None, wait=None,
)  # fmt: skip


def cards(column: Column, count: int) -> list[PublicCard]:
    return [
        replace(CARD, key=f"{column}{n}", number=str(n), column=column) for n in range(1, count + 1)
    ]


def state(shown: list[PublicCard], board: Board | None = None, at: int = AT) -> BoardState:
    return BoardState(
        venue=Venue(id="v", slug="main", name="Harbour", time_zone="Europe/Rome"),
        board=board or Board(),
        seq=7,
        at=at,
        position="main.1.7",
        cards=shown,
        hello={"build": "abc", "cards": [], "digest": digest(shown, at)},
    )


@pytest.mark.parametrize(
    ("zone", "now", "minutes", "change", "then"),
    [
        ("UTC", NOON, 0, None, 0),
        ("Europe/Rome", NOON, 60, datetime(2027, 3, 28, 1, tzinfo=UTC), 120),
        ("Asia/Kolkata", NOON, 330, None, 330),
        (
            "America/New_York",
            NOON - timedelta(days=60),
            -240,
            datetime(2026, 11, 1, 6, tzinfo=UTC),
            -300,
        ),
    ],
)
def test_page_is_told_the_next_change_of_clocks(
    zone: str, now: datetime, minutes: int, change: datetime | None, then: int
) -> None:
    clock = clock_of(ZoneInfo(zone), now)
    assert (clock.minutes, clock.then) == (minutes, then)
    if change is None:
        assert clock.change is None
    else:
        assert clock.change is not None
        assert 0 <= clock.change - to_ms(change) <= 1000


def test_clock_shows_the_venues_time() -> None:
    assert view_of(state([])).time == "13:00"


def test_tile_of_a_young_ready_order_is_fresh() -> None:
    assert not tile_of(CARD, ENGLISH, AT, "ready").fresh
    assert tile_of(replace(CARD, since=AT - 59_000), ENGLISH, AT, "ready").fresh


def test_tile_shows_the_waiting_time_or_the_ready_stations() -> None:
    waiting = replace(CARD, column=Column.PREPARING, wait=(8, 12))
    partly = replace(waiting, stations_ready=("Bar",))
    assert tile_of(waiting, ENGLISH, AT, "ready").label == "8–12 min"
    assert tile_of(partly, ENGLISH, AT, "ready").label == "Bar ready"


@pytest.mark.parametrize(("turn", "page", "first"), [(0, 1, "30"), (1, 2, "18"), (2, 3, "6")])
def test_plain_page_turns_with_the_time(turn: int, page: int, first: str) -> None:
    ready = [replace(c, since=AT + int(c.number or 0)) for c in cards(Column.READY, 30)]
    at = AT - AT % 24_000 + turn * 8_000
    column = view_of(state(ready, at=at), plain=True).columns[0]
    assert (column.page, column.pages, column.tiles[0].number) == (page, 3, first)


def test_what_is_on_no_page_is_counted() -> None:
    column = view_of(state(cards(Column.READY, 50))).columns[0]
    assert (len(column.tiles), column.more) == (12, "+14 more")


def test_see_host_takes_room_from_preparing() -> None:
    preparing = cards(Column.PREPARING, 24)
    alone = view_of(state(preparing))
    beside = view_of(state(preparing + cards(Column.HOST, 5)))
    assert len(alone.columns[1].tiles) == 24
    assert len(beside.columns[1].tiles) < 24
    assert (beside.host_rows, beside.columns[2].pages) == (3, 2)


def test_strict_board_has_no_preparing_column() -> None:
    view = view_of(state(cards(Column.HOST, 2), Board(layout=Layout.EATSA)))
    assert [column.name for column in view.columns] == ["ready", "host"]


def test_boards_settings_reach_the_page() -> None:
    board = Board(slug="hall", title="Hall", calm=True, ready_side="left", notice="One\nTwo")
    view = view_of(state([], board))
    assert (view.base, view.subtitle, view.title) == ("hall", "Hall", "Hall · Harbour")
    assert view.classes == "theme-night ready-left standard calm idle"
    assert view.notice == "One"
