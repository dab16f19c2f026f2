"""Venues, their counters, boards and pickup points."""

from base64 import b64decode, b64encode
from dataclasses import asdict
from datetime import datetime, time
from functools import lru_cache
from typing import Any

from app.domain.board import (
    Access,
    Board,
    Lanes,
    Layout,
    Names,
    ReadyColour,
    Shows,
    Sound,
    Theme,
)
from app.domain.orders import Fulfilment, new_id
from app.domain.problems import VenueNotFound
from app.domain.times import to_ms
from app.domain.venues import Numbering, PickupPoint, Venue
from app.store.database import Reading, Row, Transaction
from app.store.rows import dump, load

COLUMNS = "venues.id, venues.slug, venues.name, venues.seq, venues.epoch, venues.settings"
FIRST = "SELECT id FROM venues LIMIT 1"
ADD = """INSERT INTO venues
(id, slug, name, seq, epoch, serial, last_number, counted_day, last_point, settings, created_at)
VALUES (:id, :slug, :name, 0, 1, 0, 0, '', 0, :settings, :created_at)"""
COUNT_ON = "UPDATE venues SET seq = :seq WHERE id = :id"
BY_SLUG = f"SELECT {COLUMNS} FROM venues WHERE slug = :slug"
BY_ID = f"SELECT {COLUMNS} FROM venues WHERE id = :id"
ALL = f"SELECT {COLUMNS} FROM venues ORDER BY created_at, id"
SEQS = "SELECT id, seq FROM venues"
CHANGE = "UPDATE venues SET name = :name, settings = :settings WHERE id = :id"
NEXT_SERIAL = "UPDATE venues SET serial = serial + 1 WHERE id = :id RETURNING serial"

ADD_BOARD = "INSERT INTO boards (venue, slug, settings) VALUES (:venue, :slug, :settings)"
BOARD = "SELECT settings FROM boards WHERE venue = :venue AND slug = :slug"
CHANGE_BOARD = "UPDATE boards SET settings = :settings WHERE venue = :venue AND slug = :slug"

POINTS = "SELECT * FROM pickup_points WHERE venue = :venue ORDER BY position, id"
POINT = "SELECT * FROM pickup_points WHERE venue = :venue AND (id = :point OR name = :point)"
POINT_OF = "SELECT * FROM pickup_points WHERE order_id = :order"
ADD_POINT = """INSERT INTO pickup_points (id, venue, name, position, disabled, reserved, order_id)
VALUES (:id, :venue, :name, :position, :disabled, 0, NULL)"""
CHANGE_POINT = """UPDATE pickup_points
SET name = :name, disabled = :disabled, reserved = :reserved, order_id = :order_id WHERE id = :id"""
LAST_POINT = "SELECT last_point FROM venues WHERE id = :id"
BOARD_WORDS = {
    "layout": Layout,
    "lanes": Lanes,
    "shows": Shows,
    "names": Names,
    "access": Access,
    "theme": Theme,
    "ready_colour": ReadyColour,
    "sound": Sound,
}
BOARD_LISTS = ("stations", "points", "blocked_words")
# What themes were called when the ready colour was part of the name.
OLD_THEMES = {
    "sky": (Theme.NIGHT, ReadyColour.SKY),
    "amber": (Theme.NIGHT, ReadyColour.AMBER),
    "green": (Theme.NIGHT, ReadyColour.GREEN),
    "bright": (Theme.DAY, ReadyColour.AMBER),
}
BOARDS = "SELECT settings FROM boards WHERE venue = :venue ORDER BY slug"
REMOVE_BOARD = "DELETE FROM boards WHERE venue = :venue AND slug = :slug"
ADD_IMAGE = """INSERT INTO images (venue, name, media, body, at)
VALUES (:venue, :name, :media, :body, :at) ON CONFLICT (venue, name) DO NOTHING"""
IMAGE = "SELECT media, body FROM images WHERE venue = :venue AND name = :name"
SET_LAST_POINT = "UPDATE venues SET last_point = :position WHERE id = :id"

BY_FOREIGN_ID = f"""SELECT {COLUMNS} FROM foreign_ids JOIN venues ON venues.id = foreign_ids.venue
WHERE dialect = :dialect AND value = :value"""
CONNECTED = f"""SELECT {COLUMNS} FROM foreign_ids JOIN venues ON venues.id = foreign_ids.venue
WHERE dialect = :dialect AND is_on = 1 ORDER BY venues.created_at, venues.id LIMIT :limit"""
FOREIGN_ID = "SELECT value FROM foreign_ids WHERE venue = :venue AND dialect = :dialect"
FORGET_FOREIGN_ID = "DELETE FROM foreign_ids WHERE venue = :venue AND dialect = :dialect"
SET_FOREIGN_ID = """INSERT INTO foreign_ids (dialect, value, venue, is_on)
VALUES (:dialect, :value, :venue, :is_on)"""
COUNT = """SELECT COUNT(*) AS n FROM venues
WHERE created_at < :at OR (created_at = :at AND id <= :id)"""
CREATED = "SELECT created_at FROM venues WHERE id = :id"


def seed(tx: Transaction) -> None:
    """A fresh file holds the venue `main`."""
    if tx.one(FIRST) is None:
        add(tx, Venue(id=new_id(tx.now), slug="main", name="Readyboard"), tx.now)


def add(tx: Transaction, venue: Venue, now: datetime) -> None:
    tx.run(
        ADD,
        id=venue.id,
        slug=venue.slug,
        name=venue.name,
        settings=dump(venue_settings(venue)),
        created_at=to_ms(now),
    )
    tx.run(ADD_BOARD, venue=venue.id, slug="", settings=dump(asdict(Board())))


def count_on(tx: Transaction, venue_id: str, seq: int) -> None:
    """Keep the seq of the venue's last event; once a commit, however many there were."""
    tx.run(COUNT_ON, id=venue_id, seq=seq)


def by_slug(tx: Reading, slug: str) -> Venue | None:
    row = tx.one(BY_SLUG, slug=slug)
    return None if row is None else _venue(row)


def open_by_slug(tx: Reading, slug: str) -> Venue:
    """Raises VenueNotFound."""
    venue = by_slug(tx, slug)
    if venue is None:
        raise VenueNotFound(f"There is no venue '{slug[:40]}'.")
    return venue


def open_for_change(tx: Transaction, slug: str) -> Venue:
    """The same, read once for all changes of a commit."""
    if slug not in tx.venues:
        tx.venues[slug] = open_by_slug(tx, slug)
    return tx.venues[slug]


def by_id(tx: Reading, venue_id: str) -> Venue | None:
    row = tx.one(BY_ID, id=venue_id)
    return None if row is None else _venue(row)


def all_venues(tx: Reading) -> list[Venue]:
    return [_venue(row) for row in tx.all(ALL)]


def seqs(tx: Reading) -> dict[str, int]:
    return {row["id"]: row["seq"] for row in tx.all(SEQS)}


def change(tx: Transaction, venue: Venue) -> None:
    tx.run(CHANGE, id=venue.id, name=venue.name, settings=dump(venue_settings(venue)))
    tx.venues.clear()


def next_serial(tx: Transaction, venue_id: str) -> int:
    row = tx.one(NEXT_SERIAL, id=venue_id)
    assert row is not None
    return int(row["serial"])


def by_foreign_id(tx: Reading, dialect: str, value: str) -> Venue | None:
    """The venue that a foreign system knows by this id, connected now or earlier."""
    row = tx.one(BY_FOREIGN_ID, dialect=dialect, value=value)
    return None if row is None else _venue(row)


def connected(tx: Reading, dialect: str, limit: int = 2**31 - 1) -> list[Venue]:
    """The venues a foreign system is switched on for, the oldest first."""
    return [_venue(row) for row in tx.all(CONNECTED, dialect=dialect, limit=limit)]


def foreign_id(tx: Reading, venue_id: str, dialect: str) -> str | None:
    row = tx.one(FOREIGN_ID, venue=venue_id, dialect=dialect)
    return None if row is None else row["value"]


def set_foreign_id(tx: Transaction, venue_id: str, dialect: str, value: str, is_on: bool) -> None:
    tx.run(FORGET_FOREIGN_ID, venue=venue_id, dialect=dialect)
    tx.run(SET_FOREIGN_ID, venue=venue_id, dialect=dialect, value=value, is_on=int(is_on))


def running_number(tx: Reading, venue_id: str) -> int:
    """1 for the first venue that was made, 2 for the next."""
    made = tx.one(CREATED, id=venue_id)
    assert made is not None
    row = tx.one(COUNT, at=made["created_at"], id=venue_id)
    assert row is not None
    return int(row["n"])


def board(tx: Reading, venue_id: str, slug: str = "") -> Board | None:
    row = tx.one(BOARD, venue=venue_id, slug=slug)
    return None if row is None else _board(load(row["settings"]))


def boards(tx: Reading, venue_id: str) -> list[Board]:
    """All boards of a venue, the default one first."""
    return [_board(load(row["settings"])) for row in tx.all(BOARDS, venue=venue_id)]


def add_board(tx: Transaction, venue_id: str, board: Board) -> None:
    tx.run(ADD_BOARD, venue=venue_id, slug=board.slug, settings=dump(asdict(board)))


def remove_board(tx: Transaction, venue_id: str, slug: str) -> None:
    tx.run(REMOVE_BOARD, venue=venue_id, slug=slug)


def add_image(tx: Transaction, venue_id: str, name: str, media: str, body: bytes) -> None:
    """Keep a picture under the name made from its bytes; once more is no harm."""
    text = b64encode(body).decode()
    tx.run(ADD_IMAGE, venue=venue_id, name=name, media=media, body=text, at=to_ms(tx.now))


def image(tx: Reading, venue_id: str, name: str) -> tuple[str, bytes] | None:
    """Media type and bytes."""
    row = tx.one(IMAGE, venue=venue_id, name=name)
    return None if row is None else (row["media"], b64decode(row["body"]))


def change_board(tx: Transaction, venue_id: str, board: Board) -> None:
    tx.run(CHANGE_BOARD, venue=venue_id, slug=board.slug, settings=dump(asdict(board)))


def points(tx: Reading, venue_id: str) -> list[PickupPoint]:
    return [_point(row) for row in tx.all(POINTS, venue=venue_id)]


def point(tx: Reading, venue_id: str, id_or_name: str) -> PickupPoint | None:
    row = tx.one(POINT, venue=venue_id, point=id_or_name)
    return None if row is None else _point(row)


def point_of(tx: Reading, order_id: str) -> PickupPoint | None:
    """The point an order holds or has reserved."""
    row = tx.one(POINT_OF, order=order_id)
    return None if row is None else _point(row)


def add_point(tx: Transaction, point: PickupPoint) -> None:
    tx.run(
        ADD_POINT,
        id=point.id,
        venue=point.venue,
        name=point.name,
        position=point.position,
        disabled=int(point.disabled),
    )


def change_point(tx: Transaction, point: PickupPoint) -> None:
    tx.run(
        CHANGE_POINT,
        id=point.id,
        name=point.name,
        disabled=int(point.disabled),
        reserved=int(point.reserved),
        order_id=point.order,
    )


def last_point(tx: Reading, venue_id: str) -> int:
    row = tx.one(LAST_POINT, id=venue_id)
    assert row is not None
    return int(row["last_point"])


def set_last_point(tx: Transaction, venue_id: str, position: int) -> None:
    tx.run(SET_LAST_POINT, id=venue_id, position=position)


def venue_settings(venue: Venue) -> dict[str, Any]:
    """The part of a venue that is settings rather than identity or counters, as stored."""
    return {
        "time_zone": venue.time_zone,
        "currency": venue.currency,
        "address": venue.address,
        "phone": venue.phone,
        "opening_hours": venue.opening_hours,
        "lead_minutes": venue.lead_minutes,
        "day_starts": venue.day_starts.strftime("%H:%M"),
        "numbering": venue.numbering,
        "default_station": venue.default_station,
        "auto_collect_minutes": venue.auto_collect_minutes,
        "slow_minutes": venue.slow_minutes,
        "late_minutes": venue.late_minutes,
        "dialects": venue.dialects,
    }


def _venue(row: Row) -> Venue:
    return Venue(
        id=row["id"],
        slug=row["slug"],
        name=row["name"],
        seq=row["seq"],
        epoch=row["epoch"],
        **_settings(row["settings"]),
    )


@lru_cache(maxsize=256)  # every change reads its venue's
def _settings(text: str) -> dict[str, Any]:
    settings: dict[str, Any] = load(text)
    settings["day_starts"] = time.fromisoformat(settings["day_starts"])
    settings["numbering"] = Numbering(settings["numbering"])
    return settings


def _board(settings: dict[str, Any]) -> Board:
    if settings.get("theme") in OLD_THEMES:
        settings["theme"], settings["ready_colour"] = OLD_THEMES[settings["theme"]]
    for name, kind in BOARD_WORDS.items():
        if name in settings:
            settings[name] = kind(settings[name])
    for name in BOARD_LISTS:
        settings[name] = tuple(settings.get(name, ()))
    settings["fulfilments"] = tuple(Fulfilment(f) for f in settings.get("fulfilments", ()))
    return Board(**settings)


def _point(row: Row) -> PickupPoint:
    return PickupPoint(
        id=row["id"],
        venue=row["venue"],
        name=row["name"],
        position=row["position"],
        disabled=bool(row["disabled"]),
        reserved=bool(row["reserved"]),
        order=row["order_id"],
    )
