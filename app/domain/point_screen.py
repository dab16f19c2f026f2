"""The screen of one pickup point: a board that shows only the order waiting there.

Its slug is `point/` and the point's id; look and access are those of the venue's default board.
"""

import zlib
from dataclasses import replace

from app.domain.board import Board, Lanes, Layout, Sound
from app.domain.venues import PickupPoint

PREFIX = "point/"


def point_slug(point: str) -> str:
    """`point`: the point's id or name."""
    return PREFIX + point


def asked_point(slug: str) -> str | None:
    """The id or name in the slug of a point's screen; None for the slug of a board."""
    return slug.removeprefix(PREFIX) if slug.startswith(PREFIX) else None


def stored_slug(slug: str) -> str:
    """The slug of the board whose settings this one has."""
    return slug if asked_point(slug) is None else ""


def point_screen(board: Board, point: PickupPoint) -> Board:
    """The default board narrowed down to one point. What would hide a waiting order or speak for
    the whole hall is left out."""
    return replace(
        board,
        slug=point_slug(point.id),
        title=point.name,
        layout=Layout.POINT,
        points=(point.name,),
        lanes=Lanes.BOTH,
        stations=(),
        fulfilments=(),
        ready_minutes=None,
        please_minutes=None,
        second_language="",
        sound=Sound.OFF,
        revision=_revision(board, point),
    )


def _revision(board: Board, point: PickupPoint) -> int:
    """Changes with all that the page says while it is idle, so that an open one is renewed."""
    said = f"{board.revision} {point.disabled} {point.name}"
    return zlib.crc32(said.encode())
