"""Boxes, lines and texts at their places on a picture, and how wide a text is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.files import project_folder

if TYPE_CHECKING:
    from PIL import ImageFont

FONT = "LiberationSans-Bold.ttf"  # as wide as the faces of the pages, which Pillow may not have
MEASURED_AT = 1000
CAP = 0.72  # height of a capital or digit in em


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    outline: str = ""
    line: float = 0
    radius: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    points: tuple[tuple[float, float], ...]
    colour: str
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """`x` is the left, middle or right end as `anchor` (start, middle, end) says, `y` the line the
    letters stand on; `width` what it takes in our own font, and `room` what it may take."""

    x: float
    y: float
    size: float
    text: str
    colour: str
    anchor: str
    width: float
    room: float


Shape = Box | Line | Text


@dataclass(slots=True, kw_only=True)
class Drawing:
    """A picture in the making, in pixels from the upper left."""

    width: int
    height: int
    background: str
    title: str
    language: str
    shapes: list[Shape] = field(default_factory=list)

    def add(self, shape: Shape) -> None:
        self.shapes.append(shape)

    def line(self, points: Sequence[tuple[float, float]], colour: str, width: float) -> None:
        self.shapes.append(Line(points=tuple(points), colour=colour, width=width))

    def write(
        self,
        text: str,
        x: float,
        middle: float,
        size: float,
        colour: str,
        *,
        room: float,
        anchor: str = "start",
        least: float = 0,
    ) -> float:
        """Write one line whose capitals have their middle at `middle`, smaller down to `least`
        where there is not the room, then cut short with "…". Answers its width."""
        text = one_line(text)
        if not text or room <= 0:
            return 0
        size = max(min(size, room / em_wide(text)), min(size, least))
        text = cut_to(text, room / size)
        width = em_wide(text) * size
        self.shapes.append(
            Text(
                x=x, y=middle + size * CAP / 2, size=size, text=text, colour=colour,
                anchor=anchor, width=width, room=room,
            )
        )  # fmt: skip
        return width


def one_line(text: str) -> str:
    """Without what no picture can show, and XML may not hold: breaks, controls, unused code
    points."""
    return "".join(ch for ch in " ".join(text.split()) if ch.isprintable())


def cut_to(text: str, room: float) -> str:
    """The text, or as much of its beginning as fits into so many em before "…"."""
    if em_wide(text) <= room + 0.001:
        return text
    while text and em_wide(text + "…") > room:
        text = text[:-1].rstrip()
    return text + "…"


def em_wide(text: str) -> float:
    return font_at(MEASURED_AT).getlength(text) / MEASURED_AT


@lru_cache(maxsize=64)
def font_at(size: int) -> "ImageFont.FreeTypeFont":
    """Ours in a size in pixels. Plain layout: the other kind needs a library of the system."""
    # Four megabytes, for those who ask for pictures.
    from PIL import ImageFont

    return ImageFont.truetype(font_file(), size, layout_engine=ImageFont.Layout.BASIC)


def font_file() -> Path:
    return project_folder("static") / "fonts" / FONT
