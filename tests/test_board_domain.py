"""What a public board may show of an order, when, and in which order."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.board import (
    Board,
    Column,
    Layout,
    PublicCard,
    Shows,
    card,
    card_body,
    digest,
    visible,
)
from app.domain.orders import CancelledBy, Order, Part, Status
from app.domain.times import to_ms
from app.web.board_style import fit, shorten

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "vectors" / "board.json").read_text(encoding="utf-8")
)
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
STRICT = Board(layout=Layout.EATSA)


def order(status: Status, **more: Any) -> Order:
    order = Order(
        id="0" * 24,
        venue="v",
        serial=1,
        key="k1",
        status=status,
        placed_at=NOON,
        moved_at=NOON + timedelta(minutes=5),
        updated_at=NOON,
        parts=(Part(station="Kitchen", status=status),),
        number="41",
        first_name="John",
        last_name="Doe",
        place="Window 2",
        ready_at=NOON + timedelta(minutes=4),
    )
    return replace(order, **more)


def shown(status: Status, board: Board | None = None, **more: Any) -> PublicCard:
    made = card(order(status, **more), board or Board())
    assert made is not None
    return made


def parse(body: dict[str, Any]) -> PublicCard:
    return PublicCard(
        **body | {"column": Column(body["column"]), "stations_ready": tuple(body["stations_ready"])}
    )


@pytest.mark.parametrize("case", VECTORS["boards"], ids=lambda case: case["says"])
def test_board_matches_the_shared_vectors(case: dict[str, Any]) -> None:
    cards = [parse(body) for body in case["cards"]]
    assert [c.key for c in visible(cards, case["at"])] == case["visible"]
    assert digest(reversed(cards), case["at"]) == case["digest"]


@pytest.mark.parametrize("case", VECTORS["names"], ids=lambda case: case["name"] or "empty")
def test_names_match_the_shared_vectors(case: dict[str, Any]) -> None:
    assert shorten(case["name"]) == case["shown"]
    assert fit(case["shown"]) == case["fit"]


@pytest.mark.parametrize(
    ("status", "column"),
    [
        (Status.QUEUED, Column.PREPARING),
        (Status.PREPARING, Column.PREPARING),
        (Status.REASSIGNING, Column.PREPARING),
        (Status.RESERVING, Column.PREPARING),
        (Status.READY, Column.READY),
        (Status.HELD, Column.HOST),
        (Status.COLLECTED, Column.COLLECTED),
    ],
)
def test_each_status_has_its_column(status: Status, column: Column) -> None:
    assert shown(status).column == column


@pytest.mark.parametrize(
    "status", [Status.SCHEDULED, Status.PLACED, Status.OUT_FOR_DELIVERY, Status.CANCELLED]
)
def test_some_statuses_are_not_for_the_wall(status: Status) -> None:
    assert card(order(status), Board()) is None


def test_placed_orders_show_where_the_board_wants_them() -> None:
    assert shown(Status.PLACED, Board(show_placed=True)).column == Column.PREPARING
    assert card(order(Status.PLACED), replace(STRICT, show_placed=True)) is None


def test_card_holds_nothing_but_its_own_fields() -> None:
    body = card_body(
        shown(Status.READY, phone="0123", email="a@b.c", note="no nuts", channel="app")
    )
    assert body == {
        "key": "k1",
        "number": "41",
        "name": "John D.",
        "column": "ready",
        "place": "Window 2",
        "stations_ready": (),
        "since": to_ms(NOON + timedelta(minutes=4)),
        "until": None,
        "wait": None,
    }


def test_number_and_name_follow_the_boards_setting() -> None:
    by_number = shown(Status.READY, Board(shows=Shows.NUMBER))
    by_name = shown(Status.READY, Board(shows=Shows.NAME))
    assert (by_number.number, by_number.name) == ("41", None)
    assert (by_name.number, by_name.name) == (None, "John D.")


def test_what_is_missing_is_replaced_by_the_other() -> None:
    nameless = shown(Status.READY, Board(shows=Shows.NAME), first_name="", last_name="")
    unnumbered = shown(Status.READY, Board(shows=Shows.NUMBER), number=None)
    assert (nameless.number, nameless.name) == ("41", None)
    assert (unnumbered.number, unnumbered.name) == (None, "John D.")


def test_place_shows_only_when_there_is_something_to_fetch() -> None:
    assert shown(Status.PREPARING).place == ""
    assert shown(Status.READY).place == "Window 2"


def test_partly_ready_order_says_which_stations_are_ready() -> None:
    parts = (
        Part(station="Bar", status=Status.READY),
        Part(station="Grill", status=Status.PREPARING),
    )
    assert shown(Status.PREPARING, parts=parts).stations_ready == ("Bar",)
    assert shown(Status.READY, parts=parts).stations_ready == ()


def test_cancelled_order_asks_to_see_the_host_for_ten_minutes() -> None:
    cancelled = shown(Status.CANCELLED, cancelled_by=CancelledBy.ATTENDANT, cancelled_at=NOON)
    assert cancelled.column == Column.HOST
    assert cancelled.until == to_ms(NOON + timedelta(minutes=10))
    assert shown(Status.HELD).until is None


def test_order_cancelled_by_its_guest_is_gone() -> None:
    assert card(order(Status.CANCELLED, cancelled_by=CancelledBy.CUSTOMER), Board()) is None


def test_collected_order_stays_a_minute_from_ready() -> None:
    assert shown(Status.COLLECTED).until == to_ms(NOON + timedelta(minutes=5))


def test_confirmed_pick_up_is_gone_at_once() -> None:
    assert card(order(Status.COLLECTED, pickup_confirmed=True), Board()) is None
    assert card(order(Status.COLLECTED, ready_at=None), Board()) is None


def test_ready_order_stays_unless_the_board_says_how_long() -> None:
    assert shown(Status.READY).until is None
    limited = shown(Status.READY, Board(ready_minutes=20))
    assert limited.until == to_ms(NOON + timedelta(minutes=24))


def test_order_leaves_the_board_at_the_day_boundary() -> None:
    off = NOON + timedelta(hours=1)
    assert shown(Status.PREPARING, off_board_at=off).until == to_ms(off)
    limited = shown(Status.READY, Board(ready_minutes=90), off_board_at=off)
    assert limited.until == to_ms(off)


def test_strict_board_shows_ready_names_and_see_host_only() -> None:
    assert [status for status in Status if card(order(status), STRICT)] == [
        Status.READY,
        Status.HELD,
    ]
    ready = shown(Status.READY, replace(STRICT, shows=Shows.NUMBER))
    assert (ready.number, ready.name) == (None, "John D.")


def test_digest_tells_any_visible_difference() -> None:
    ready = shown(Status.READY)
    others = [
        replace(ready, key="k2"),
        replace(ready, column=Column.COLLECTED),
        replace(ready, number="42"),
        replace(ready, name="Jo"),
        replace(ready, place="Window 3"),
        replace(ready, stations_ready=("Bar",)),
    ]
    assert len({digest([other], 0) for other in [ready, *others]}) == 7
