"""What a board's settings make of an order: filters, lanes, aliases, names, own colours."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from app.domain.aliases import FIRST, SECOND, alias_of
from app.domain.board import Board, Column, Lanes, Names, Shows, asked_to_counter, card
from app.domain.names import cleaned
from app.domain.orders import Fulfilment, Part, Status
from app.domain.times import to_ms
from app.web.board_style import FITS, colours_of, contrast, weak_pairs, width
from app.web.board_view import tile_of
from app.web.board_words import ENGLISH
from tests.test_board_domain import NOON, order, shown

BAR = (Part(station="Bar", status=Status.READY), Part(station="Grill", status=Status.PREPARING))


@pytest.mark.parametrize(
    ("settings", "fields", "is_shown"),
    [
        ({"stations": ("Bar",)}, {"parts": BAR}, True),
        ({"stations": ("Oven",)}, {"parts": BAR}, False),
        ({"fulfilments": (Fulfilment.PICKUP,)}, {}, True),
        ({"fulfilments": (Fulfilment.DELIVERY,)}, {}, False),
        ({"points": ("Window 2",)}, {"place": "Window 2"}, True),
        ({"points": ("Window 1",)}, {"place": "Window 2"}, False),
        ({"points": ("Window 1",)}, {"place": ""}, True),
        ({"lanes": Lanes.READY}, {}, True),
        ({"lanes": Lanes.PREPARING}, {}, False),
    ],
)
def test_filters_narrow_a_board_down(
    settings: dict[str, Any], fields: dict[str, Any], is_shown: bool
) -> None:
    board = replace(Board(), **settings)
    assert (card(order(Status.READY, **fields), board) is not None) == is_shown


def test_a_lane_of_ready_orders_shows_none_that_are_preparing() -> None:
    assert card(order(Status.PREPARING), Board(lanes=Lanes.READY)) is None
    assert card(order(Status.HELD), Board(lanes=Lanes.READY)) is not None


def test_a_stations_board_tells_of_its_own_parts_only() -> None:
    both = (*BAR, Part(station="Oven", status=Status.READY))
    board = Board(stations=("Bar",))
    assert shown(Status.PREPARING, board, parts=both).stations_ready == ("Bar",)


def test_aliases_say_nothing_of_the_guest_and_do_not_clash() -> None:
    board = Board(shows=Shows.ALIAS)
    found = [shown(Status.READY, board, serial=serial) for serial in range(1, 257)]
    assert {one.number for one in found} == {None}
    assert len({one.name for one in found}) == 256
    neighbours = pairwise(found)
    assert all(not set((a.name or "").split()) & set((b.name or "").split()) for a, b in neighbours)


@pytest.mark.parametrize("language", FIRST)
def test_every_language_has_its_own_aliases(language: str) -> None:
    assert len(set(FIRST[language])) == len(FIRST["en"]) == 16
    assert len(set(SECOND[language])) == len(SECOND["en"]) == 16
    assert all(len(alias_of(n, language)) <= 20 for n in range(256))


def test_an_unknown_language_has_the_english_aliases() -> None:
    assert alias_of(7, "tlh") == alias_of(7, "en")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Blue", "Blue"),
        ("Zoë 🦊", "Zoë"),
        ("李小龙", "李小龙"),
        ("نگه\N{ZERO WIDTH NON-JOINER}دار", "نگه\N{ZERO WIDTH NON-JOINER}دار"),
        ("ring 0171 234567", ""),
        ("ana@example.com", ""),
        ("evil\N{RIGHT-TO-LEFT OVERRIDE}eman", "evileman"),
        ("🍕🍕", ""),
        ("Table 12", "Table 12"),
    ],
)
def test_typed_names_lose_pictures_and_personal_data(typed: str, name: str) -> None:
    assert cleaned(typed) == name


def test_a_name_that_may_not_be_shown_leaves_the_number() -> None:
    made = shown(Status.READY, Board(shows=Shows.NAME), name="ana@example.com")
    assert (made.number, made.name) == ("41", None)


def test_blocked_words_are_found_in_any_case() -> None:
    board = Board(blocked_words=("darn",))
    assert shown(Status.READY, board, name="Mr DARNley").name is None
    assert shown(Status.READY, board, name="Ann").name == "Ann"


def test_names_can_be_initials() -> None:
    board = Board(names=Names.INITIALS)
    assert shown(Status.READY, board).name == "J. D."
    assert shown(Status.READY, board, name="Mary Jane Watson").name == "M. J. W."


def test_ready_orders_are_asked_to_the_counter_in_time() -> None:
    board = Board(please_minutes=5)
    ready = shown(Status.READY, board, ready_at=NOON)
    assert not asked_to_counter(ready, board, to_ms(NOON) + 299_999)
    assert asked_to_counter(ready, board, to_ms(NOON) + 300_000)
    assert not asked_to_counter(replace(ready, column=Column.COLLECTED), board, to_ms(NOON) * 2)
    assert not asked_to_counter(ready, Board(), to_ms(NOON) * 2)


def test_weak_own_colours_are_told_one_by_one() -> None:
    board = Board(
        own_wall="#FFFFFF", own_ink="#EEEEEE", own_ready="#333333", own_ready_ink="#FFFFFF"
    )
    assert [line.partition(":")[0] for line in weak_pairs(board)] == ["text on the wall"]
    assert weak_pairs(Board()) == []


@pytest.mark.parametrize("wall", ["#FFFFFF", "#000000", "#7A0019", "#003366"])
def test_colours_made_of_own_ones_stay_readable(wall: str) -> None:
    ink = "#000000" if wall == "#FFFFFF" else "#FFFFFF"
    made = colours_of(Board(theme="own", own_wall=wall, own_ink=ink))  # type: ignore[arg-type]
    for text, behind in (
        (made.quiet, made.wall),
        (made.panel_ink, made.panel),
        (made.panel_quiet, made.panel),
        (made.host, made.panel),
        (made.warn_ink, made.warn),
    ):
        assert contrast(text, behind) >= 4.5


@pytest.mark.parametrize("language", FIRST)
def test_no_letter_of_an_alias_is_cut(language: str) -> None:
    """Cut short, several of them would look the same."""
    board = Board(shows=Shows.ALIAS, language=language)
    cards = [shown(Status.READY, board, serial=serial) for serial in range(256)]
    tiles = [tile_of(one, ENGLISH, to_ms(NOON), "ready", whole_name=True) for one in cards]
    assert [tile.name for tile in tiles] == [one.name for one in cards]
    widest = max(width(tile.name) for tile in tiles)
    assert widest <= FITS[-1]
