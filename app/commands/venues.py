"""Add and change venues, their boards and their pickup points."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from app.commands import points
from app.commands.ledger import Ledger
from app.domain.board import Board
from app.domain.events import Actor, Kind
from app.domain.orders import new_id
from app.domain.problems import BoardNotFound, Invalid, NameTaken, PointInUse, PointNotFound
from app.domain.venues import RESERVED_BOARDS, RESERVED_SLUGS, PickupPoint, Venue
from app.store import orders, venues
from app.store.database import Done, Outcome, Transaction, Unchanged

VENUE = "venue"  # subject of events about the venue itself


def add_venue(tx: Transaction, *, slug: str, name: str, settings: dict[str, Any]) -> Outcome[Venue]:
    """`settings`: fields of Venue. Raises NameTaken."""
    if slug in RESERVED_SLUGS:
        raise NameTaken(f"'{slug}' is the name of a page; choose another.")
    if venues.by_slug(tx, slug) is not None:
        raise NameTaken(f"There is already a venue '{slug}'.")
    venue = Venue(id=new_id(tx.now), slug=slug, name=name, **settings)
    venues.add(tx, venue, tx.now)
    return Done(venue)


def change_venue(
    tx: Transaction, *, venue: str, changes: dict[str, Any], actor: Actor
) -> Outcome[Venue]:
    """Change a venue's name or settings. Raises VenueNotFound."""
    ledger = Ledger(tx, venue, actor)
    after = replace(ledger.venue, **changes)
    if after == ledger.venue:
        return Unchanged(ledger.venue)
    ledger.venue = after
    for order in orders.live(tx, after.id):  # other waits: time moves them at another moment
        orders.save(tx, order, after)
    return keep(ledger, after)


def keep(ledger: Ledger, venue: Venue) -> Outcome[Venue]:
    """Store a changed venue and record that it was; it answers with the seq of that event."""
    venues.change(ledger.tx, venue)
    seq = ledger.record(Kind.BOARD, VENUE, {"name": venue.name} | venues.venue_settings(venue))
    return Done(replace(venue, seq=seq))


def change_board(
    tx: Transaction,
    *,
    venue: str,
    board: str,
    changes: dict[str, Any],
    actor: Actor,
    check: Callable[[Board], None] | None = None,
) -> Outcome[Board]:
    """Change a board's settings; every screen on it gets a fresh `hello`. Raises BoardNotFound,
    and what `check` raises on the board as it would be."""
    ledger = Ledger(tx, venue, actor)
    before = venues.board(tx, ledger.venue.id, board)
    if before is None:
        raise BoardNotFound(f"Venue '{venue}' has no board '{board}'.")
    after = replace(before, **changes)
    if after == before:
        return Unchanged(before)
    if check is not None:
        check(after)
    after = replace(after, revision=before.revision + 1)
    venues.change_board(tx, ledger.venue.id, after)
    ledger.record(Kind.BOARD, f"board:{board}", asdict(after))
    return Done(after)


def add_board(
    tx: Transaction, *, venue: str, board: str, settings: dict[str, Any], actor: Actor
) -> Outcome[Board]:
    """A further board of the venue; `settings`: fields of Board. Raises NameTaken."""
    ledger = Ledger(tx, venue, actor)
    if board in RESERVED_BOARDS:
        raise NameTaken(f"'{board}' is the name of a page; choose another.")
    if venues.board(tx, ledger.venue.id, board) is not None:
        raise NameTaken(f"Venue '{venue}' has a board '{board}' already.")
    made = Board(slug=board, **settings)
    venues.add_board(tx, ledger.venue.id, made)
    ledger.record(Kind.BOARD, f"board:{board}", asdict(made))
    return Done(made)


def set_logo(
    tx: Transaction, *, venue: str, board: str, image: bytes | None, actor: Actor
) -> Outcome[Board]:
    """Show a PNG in the board's head, or none. Raises VenueNotFound, BoardNotFound."""
    found = venues.by_slug(tx, venue)
    name = ""
    if found is not None and image is not None:
        name = hashlib.sha256(image).hexdigest()[:16] + ".png"
        venues.add_image(tx, found.id, name, "image/png", image)
    return change_board(tx, venue=venue, board=board, changes={"logo": name}, actor=actor)


def remove_board(tx: Transaction, *, venue: str, board: str, actor: Actor) -> Outcome[Board]:
    """Its screens are told that it is gone. Raises BoardNotFound, and for the default board
    Invalid: its address is the venue's."""
    ledger = Ledger(tx, venue, actor)
    found = venues.board(tx, ledger.venue.id, board)
    if found is None:
        raise BoardNotFound(f"Venue '{venue}' has no board '{board}'.")
    if not board:
        raise Invalid("The venue's first board cannot be removed.")
    venues.remove_board(tx, ledger.venue.id, board)
    ledger.record(Kind.BOARD, f"board:{board}", {"slug": board, "removed": True})
    return Done(found)


def add_point(tx: Transaction, *, venue: str, name: str, actor: Actor) -> Outcome[PickupPoint]:
    """Add a pickup point at the end of the row. Raises NameTaken."""
    ledger = Ledger(tx, venue, actor)
    known = venues.points(tx, ledger.venue.id)
    if any(point.name == name for point in known):
        raise NameTaken(f"There is already a pickup point '{name}'.")
    position = max((point.position for point in known), default=0) + 1
    point = PickupPoint(
        id=new_id(tx.now), venue=ledger.venue.id, name=name, position=position, disabled=False
    )
    venues.add_point(tx, point)
    ledger.record(Kind.BOARD, VENUE, {"pickup_point": asdict(point)})
    points.hand_on(ledger)
    return Done(point)


def change_point(
    tx: Transaction,
    *,
    venue: str,
    point: str,
    actor: Actor,
    name: str | None = None,
    disabled: bool | None = None,
) -> Outcome[PickupPoint]:
    """Rename, disable or enable a point (by id or name). A point that holds an order cannot be
    disabled until it is free. Raises PointNotFound, PointInUse, NameTaken."""
    ledger = Ledger(tx, venue, actor)
    before = venues.point(tx, ledger.venue.id, point)
    if before is None:
        raise PointNotFound(f"There is no pickup point '{point}'.")
    if disabled and before.order is not None:
        raise PointInUse(f"Pickup point '{before.name}' holds an order.")
    taken = name is not None and venues.point(tx, ledger.venue.id, name)
    if taken and taken.id != before.id:
        raise NameTaken(f"There is already a pickup point '{name}'.")
    after = replace(
        before,
        name=before.name if name is None else name,
        disabled=before.disabled if disabled is None else disabled,
    )
    if after == before:
        return Unchanged(before)
    venues.change_point(tx, after)
    ledger.record(Kind.BOARD, VENUE, {"pickup_point": asdict(after)})
    if after.order is not None and not after.reserved:
        holds = ledger.order(after.order).but(place=after.name, updated_at=ledger.now)
        ledger.save(Kind.EDITED, holds, {"pickup_point": after.id})
    if not after.disabled:
        points.hand_on(ledger)
    return Done(after)
