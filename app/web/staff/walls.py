"""The boards a screen can be sent to, as a form offers them."""

from dataclasses import dataclass

from app.domain.board import Board
from app.domain.people import Caller
from app.domain.point_screen import point_slug
from app.domain.venues import PickupPoint, Venue
from app.store import venues
from app.store.database import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """`board` is a slug; `sized`: whether somebody was asked for its TV and distance already."""

    venue: Venue
    board: str
    title: str
    sized: bool
    tv_inches: int = 55
    distance_m: float = 4.5

    @property
    def value(self) -> str:
        """What a form sends."""
        return f"{self.venue.slug}/{self.board}"


def walls(db: Reading, caller: Caller) -> list[Wall]:
    """Of every venue the caller may enter."""
    entered = [venue for venue in venues.all_venues(db) if caller.may_enter(venue.slug)]
    return [wall for venue in entered for wall in walls_of(db, venue)]


def walls_of(db: Reading, venue: Venue) -> list[Wall]:
    """The boards of a venue, then the screens of its pickup points."""
    boards = [_of_board(venue, board) for board in venues.boards(db, venue.id)]
    return boards + [_of_point(venue, point) for point in venues.points(db, venue.id)]


def _of_board(venue: Venue, board: Board) -> Wall:
    return Wall(
        venue=venue,
        board=board.slug,
        title=board.title or board.slug or "Main board",
        sized=board.sized,
        tv_inches=board.tv_inches,
        distance_m=board.distance_m,
    )


def _of_point(venue: Venue, point: PickupPoint) -> Wall:
    slug = point_slug(point.id)
    return Wall(venue=venue, board=slug, title=f"Only {point.name}", sized=True)
