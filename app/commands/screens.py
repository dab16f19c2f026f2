"""Pair a TV with a board, change it, revoke it. The secret is the cookie of the browser that
showed the code: nobody else ever has it, and it is kept only as a hash."""

from dataclasses import dataclass, replace
from functools import partial

from app.commands.venues import change_board
from app.domain.board import Board
from app.domain.events import Actor
from app.domain.orders import new_id
from app.domain.point_screen import asked_point, stored_slug
from app.domain.problems import (
    BoardNotFound,
    CodeNotFound,
    Conflict,
    Invalid,
    ScreenNotFound,
    TooManyRequests,
)
from app.domain.screens import CODE_LASTS, Screen, ShownCode, new_code, typed_code
from app.domain.venues import Venue
from app.store import screens, venues
from app.store.database import Done, Outcome, Reading, Refused, Transaction, Unchanged

MOST_CODES = 1000
MOST_CODES_EACH = 50  # of one address
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Of the TV in inches, and how far the last person stands in metres."""

    inches: int
    distance: float


def known_as(db: Reading, secret: str) -> Screen | ShownCode | None:
    """What the browser with that secret is: a screen, paired or revoked, or one that waits."""
    return screens.by_secret(db, secret) or screens.code_by_secret(db, secret)


def show_code(tx: Transaction, *, secret: str, address: str) -> Outcome[Screen | ShownCode]:
    """The code of the browser with that secret: the one it shows, or a new one when that is
    over. Raises TooManyRequests while too many wait, of one address or of all."""
    known = known_as(tx, secret)
    if known is not None:
        return Unchanged(known)
    screens.delete_expired_codes(tx)
    address = address[:64]
    crowded = screens.count_codes(tx, address) >= MOST_CODES_EACH
    if crowded or screens.count_codes(tx) >= MOST_CODES:
        raise TooManyRequests("Too many screens wait to be paired.", retry_after=60)
    code = new_code()
    while screens.hash_of_code(tx, code) is not None:
        code = new_code()
    shown = ShownCode(code=code, expires_at=tx.now + CODE_LASTS)
    screens.add_code(tx, shown, secret, address)
    return Done(shown)


def pair_screen(
    tx: Transaction,
    *,
    code: str,
    venue: str,
    board: str,
    name: str,
    actor: Actor,
    size: Size | None = None,
) -> Outcome[Screen]:
    """Let the TV that shows the code read the venue's boards, and send it to this one. `size` is
    saved to a board nobody has sized yet. Raises CodeNotFound, VenueNotFound, BoardNotFound,
    Invalid."""
    name, code, home = _checked_name(name), typed_code(code), venues.open_by_slug(tx, venue)
    hashed = shown_by(tx, code)
    found = _board(tx, home, board)
    if size is not None and not found.sized:
        sizes = {"tv_inches": size.inches, "distance_m": size.distance, "sized": True}
        sized = tx.attempt(
            partial(change_board, venue=venue, board=found.slug, changes=sizes, actor=actor)
        )
        assert not isinstance(sized, Refused)
    screen = Screen(
        id=new_id(tx.now),
        venue=venue,
        board=board,
        name=name,
        created_at=tx.now,
        paired_by=actor.name,
    )
    screens.add(tx, screen, home.id, hashed)
    screens.delete_code(tx, code)
    tx.credentials_changed = True
    return Done(screen)


def shown_by(db: Reading, code: str) -> str:
    """The fingerprint of the browser that shows the code. Raises CodeNotFound."""
    hashed = screens.hash_of_code(db, typed_code(code))
    if hashed is None:
        raise CodeNotFound("No screen shows that code now. Codes change every ten minutes.")
    return hashed


def change_screen(
    tx: Transaction, *, venue: str, screen: str, name: str, board: str
) -> Outcome[Screen]:
    """Rename it or move it to another board of its venue; its page follows by itself. Raises
    ScreenNotFound, BoardNotFound, Invalid."""
    before = screen_of(tx, venue, screen)
    _board(tx, venues.open_by_slug(tx, venue), board)
    after = replace(before, name=_checked_name(name), board=board)
    if after == before:
        return Unchanged(before)
    screens.change(tx, after)
    tx.credentials_changed = True
    return Done(after)


def revoke_screen(tx: Transaction, *, screen: str) -> Outcome[Screen]:
    """`screen` is an id, or the name of the one screen in use that has it."""
    found = find_screen(tx, screen)
    if found.revoked_at is not None:
        return Unchanged(found)
    screens.revoke(tx, found.id, tx.now)
    tx.credentials_changed = True
    return Done(replace(found, revoked_at=tx.now))


def note_seen(tx: Transaction, *, screen: str) -> Outcome[None]:
    """Called when it reports, every ten minutes at most."""
    screens.touch(tx, screen, tx.now)
    return Done(None)


def find_screen(db: Reading, screen: str) -> Screen:
    """By id, else by name. Raises ScreenNotFound, Conflict."""
    by_id = screens.by_id(db, screen)
    if by_id is not None:
        return by_id
    called = screens.named(db, screen)
    if len(called) > 1:
        told = f"{len(called)} screens are named {screen[:LONGEST_NAME]}; say which by its id."
        raise Conflict(told)
    if not called:
        raise ScreenNotFound(f"There is no screen {screen[:LONGEST_NAME]}.")
    return called[0]


def board_of(db: Reading, screen: Screen) -> str:
    """The slug of its board; of the venue's first one where that was removed."""
    try:
        _board(db, venues.open_by_slug(db, screen.venue), screen.board)
    except BoardNotFound:
        return ""
    return screen.board


def screen_of(db: Reading, venue: str, screen: str) -> Screen:
    """The venue's screen of that id, as long as it is paired. Raises ScreenNotFound."""
    found = screens.by_id(db, screen)
    if found is None or found.venue != venue or found.revoked_at is not None:
        raise ScreenNotFound("There is no such screen here.")
    return found


def _board(db: Reading, venue: Venue, slug: str) -> Board:
    """A board of the venue, or the screen of one of its pickup points."""
    point = asked_point(slug)
    found = venues.board(db, venue.id, stored_slug(slug))
    if found is None or (point is not None and venues.point(db, venue.id, point) is None):
        raise BoardNotFound(f"Venue '{venue.slug}' has no board '{slug[:60]}'.")
    return found


def _checked_name(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        message = f"A screen's name has 1 to {LONGEST_NAME} letters, on one line."
        raise Invalid(message, errors=[{"path": "name", "message": message}])
    return name
