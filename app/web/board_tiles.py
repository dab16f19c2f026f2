"""The tiles of a board as a picture, and the signs beside its headings."""

from dataclasses import dataclass, replace

from app.domain.board import Column
from app.web.board_style import Colours, Sizes
from app.web.board_view import Tile
from app.web.drawing import Box, Drawing

LINE = 1.08  # height of a line of type in em


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the picture, in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    def inside(self, across: float, down: float) -> "Area":
        return Area(self.x + across, self.y + down, self.width - 2 * across, self.height - 2 * down)

    def cut(self, *, top: float = 0, bottom: float = 0) -> "Area":
        return replace(self, y=self.y + top, height=self.height - top - bottom)


@dataclass(frozen=True, slots=True)
class Pen:
    """What all parts of a board are drawn with; `rem` in pixels."""

    drawing: Drawing
    rem: float
    colours: Colours
    sizes: Sizes

    def size(self, steps: tuple[float, ...], fit: int) -> float:
        """The font size in pixels of a width class."""
        return steps[fit - 1] * self.rem / 5

    def tile(self, area: Area, fill: str, *, radius: float, outline: str = "") -> None:
        self.drawing.add(
            Box(
                x=area.x, y=area.y, width=area.width, height=area.height, fill=fill,
                radius=radius, outline=outline, line=0.13 * self.rem if outline else 0,
            )
        )  # fmt: skip

    def panel(self, area: Area) -> None:
        """The ground of a column; one as dark as the wall gets a border."""
        same = self.colours.panel == self.colours.wall
        outline = self.colours.line if same else ""
        self.drawing.add(
            Box(
                x=area.x, y=area.y, width=area.width, height=area.height,
                fill=self.colours.panel, radius=0.32 * self.rem, outline=outline,
                line=0.04 * self.rem if same else 0,
            )
        )  # fmt: skip


def draw_tile(pen: Pen, tile: Tile, area: Area) -> None:
    if tile.lane in (Column.READY, Column.COLLECTED):
        _draw_ready(pen, tile, area)
    elif tile.lane == Column.PREPARING:
        _draw_preparing(pen, tile, area)
    else:
        _draw_host(pen, tile, area)


def _draw_ready(pen: Pen, tile: Tile, area: Area) -> None:
    rem, colours, done = pen.rem, pen.colours, tile.lane == Column.COLLECTED
    fill, ink = (colours.done, colours.done_ink) if done else (colours.tile, colours.tile_ink)
    outline = colours.accent if tile.fresh or fill == colours.wall else ""
    pen.tile(area, fill, radius=0.26 * rem, outline=outline)
    inner = area.inside(0.42 * rem, 0)
    if tile.number:
        size = pen.size(pen.sizes.number_steps, tile.number_fit)
        room = inner.width * (0.6 if _said_beside(tile) else 1)
        wide = pen.drawing.write(tile.number, inner.x, inner.middle, size, ink, room=room)
        taken = max(wide, min(1.75 * pen.sizes.number * rem / 5, room)) + 0.1 * size
        inner = replace(inner, x=inner.x + taken, width=inner.width - taken)
    _write_lines(pen, _lines_of(pen, tile), inner, ink)


def _said_beside(tile: Tile) -> bool:
    return bool(tile.name or tile.place or tile.label)


def _lines_of(pen: Pen, tile: Tile) -> list[tuple[str, float]]:
    """What stands beside a ready number, or alone: each line with its size."""
    sizes = pen.sizes
    if tile.number:
        steps = sizes.name_steps
    else:
        steps = sizes.placed_name_steps if tile.second_line else sizes.only_name_steps
    place = f"→ {tile.place}" if tile.place else ""
    lines = [
        (tile.name, pen.size(steps, tile.name_fit)),
        (place, pen.size(sizes.place_steps, tile.place_fit)),
        (tile.label, pen.size(sizes.place_steps, tile.label_fit)),
    ]
    return [(text, size) for text, size in lines if text]


def _write_lines(pen: Pen, lines: list[tuple[str, float]], area: Area, ink: str) -> None:
    if not lines:
        return
    shrunk = min(1, area.height / (LINE * sum(size for _, size in lines)))
    y = area.middle - LINE * shrunk * sum(size for _, size in lines) / 2
    for text, full in lines:
        size = full * shrunk
        middle = y + size * LINE / 2
        pen.drawing.write(text, area.x, middle, size, ink, room=area.width, least=0.6 * pen.rem)
        y += size * LINE


def _draw_preparing(pen: Pen, tile: Tile, area: Area) -> None:
    rem, colours, sizes = pen.rem, pen.colours, pen.sizes
    inner = area.inside(0.18 * rem, 0)
    y = inner.y
    if tile.number:
        size = pen.size(sizes.preparing_number_steps, tile.number_fit)
        middle = y + size * 0.42
        room = inner.width * (0.55 if tile.tick else 1)
        wide = pen.drawing.write(tile.number, inner.x, middle, size, colours.panel_ink, room=room)
        if tile.tick:
            beside = replace(inner, x=inner.x + wide + 0.3 * rem)
            _draw_ticked(pen, tile.tick, replace(beside, width=inner.right - beside.x), middle)
        y += size * 0.84
    if tile.name:
        alone = not tile.number
        steps = sizes.preparing_only_name_steps if alone else sizes.preparing_name_steps
        size = pen.size(steps, tile.name_fit)
        ink = colours.panel_ink if alone else colours.panel_quiet
        at = y + size * 0.62
        pen.drawing.write(tile.name, inner.x, at, size, ink, room=inner.width, least=0.6 * rem)
        y += size * 1.2
        if alone and tile.tick and y + 0.7 * rem <= inner.bottom:
            _draw_ticked(pen, tile.tick, inner, y + 0.35 * rem)
    if tile.label and not tile.tick and y + 0.7 * rem <= inner.bottom:
        at = y + 0.35 * rem
        pen.drawing.write(tile.label, inner.x, at, 0.6 * rem, colours.host, room=inner.width)


def _draw_ticked(pen: Pen, stations: str, area: Area, middle: float) -> None:
    """A tick and the stations that are done."""
    size, colour = 0.6 * pen.rem, pen.colours.host
    _draw_check(pen, area.x + 0.1 * size, middle, size, colour)
    room = area.width - 0.8 * size
    pen.drawing.write(stations, area.x + 0.8 * size, middle, size, colour, room=room, least=size)


def _draw_host(pen: Pen, tile: Tile, area: Area) -> None:
    rem, colours = pen.rem, pen.colours
    bar = Box(x=area.x, y=area.y, width=0.2 * rem, height=area.height, fill=colours.host)
    pen.drawing.add(bar)
    left = area.x + 0.6 * rem
    size = 0.64 * rem
    label = pen.drawing.write(
        tile.label, area.right, area.middle, size, colours.host,
        room=(area.right - left) * 0.6, anchor="end", least=0.6 * rem,
    )  # fmt: skip
    end = area.right - label - 0.4 * rem
    for text, fit in ((tile.number, tile.number_fit), (tile.name, tile.name_fit)):
        largest = pen.size(pen.sizes.host_steps, fit)
        left += pen.drawing.write(
            text, left, area.middle, largest, colours.panel_ink, room=end - left, least=0.6 * rem
        )
        left += 0.4 * rem if text else 0


def draw_icon(pen: Pen, column: str, x: float, middle: float) -> None:
    """The sign before a heading: a tick, a clock or an exclamation mark in a circle."""
    rem, colours = pen.rem, pen.colours
    across = 0.86 * rem
    circle = Box(x=x, y=middle - across / 2, width=across, height=across, radius=across / 2)
    if column == "ready":
        pen.drawing.add(replace(circle, fill=colours.tile))
        _draw_check(pen, x + 0.2 * rem, middle, rem, colours.tile_ink)
    elif column == "preparing":
        pen.drawing.add(replace(circle, outline=colours.panel_ink, line=0.1 * rem))
        at = x + across / 2 - 0.04 * rem
        hands = [
            (at, middle - 0.24 * rem),
            (at, middle + 0.06 * rem),
            (at + 0.2 * rem, middle + 0.06 * rem),
        ]
        pen.drawing.line(hands, colours.panel_ink, 0.09 * rem)
    else:
        pen.drawing.add(replace(circle, fill=colours.host))
        size = 0.8 * rem
        pen.drawing.write(
            "!", x + across / 2, middle, size, colours.panel, room=across, anchor="middle"
        )


def _draw_check(pen: Pen, x: float, middle: float, size: float, colour: str) -> None:
    points = [
        (x, middle + 0.02 * size),
        (x + 0.15 * size, middle + 0.17 * size),
        (x + 0.45 * size, middle - 0.2 * size),
    ]
    pen.drawing.line(points, colour, 0.12 * size)
