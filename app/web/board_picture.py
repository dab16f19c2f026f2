"""A board as a picture: the header, columns and foot that static/board.css gives the page."""

from dataclasses import dataclass, replace

from app.domain.board import Board, Layout
from app.feed.hub import BoardState
from app.web.board_style import Colours, colours_of, sizes_of
from app.web.board_tiles import Area, Pen, draw_icon, draw_tile
from app.web.board_view import BoardView, ColumnView, heading_words, view_of
from app.web.drawing import Drawing, em_wide

MARGIN = 0.05
READY_SHARE, OTHER_SHARE = 0.594, 0.392  # of the width
STANDING_READY, STANDING_OTHER = 0.54, 0.555  # of the height: where one ends, the other begins
HOST_HEIGHTS = (0.0, 1.9, 3.4, 4.9)  # rem, by rows
# Ink on paper, for screens with two colours.
MONO = Colours(
    wall="#FFFFFF",
    ink="#000000",
    quiet="#000000",
    panel="#FFFFFF",
    panel_ink="#000000",
    panel_quiet="#000000",
    tile="#000000",
    tile_ink="#FFFFFF",
    accent="#000000",
    done="#FFFFFF",
    done_ink="#000000",
    host="#000000",
    warn="#000000",
    warn_ink="#FFFFFF",
    line="#000000",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What may be asked of a picture: its size in pixels, black on white only, and which page
    (from 1); without one the pages turn by the clock."""

    width: int
    height: int
    mono: bool = False
    page: int | None = None


def rem_of(width: int, height: int) -> float:
    """As in static/board.css: one rem is 5 % of the short side of the 16:9 screen inside."""
    if height >= width:
        return min(height * 0.028125, width * 0.05)
    return min(height * 0.05, width * 0.028125)


def draw_board(state: BoardState, look: Look) -> Drawing:
    turn = None if look.page is None else look.page - 1
    view = view_of(state, plain=True, turn=turn)
    colours = MONO if look.mono else colours_of(state.board)
    drawing = Drawing(
        width=look.width,
        height=look.height,
        background=colours.wall,
        title=view.title,
        language=view.language,
    )
    pen = Pen(drawing, rem_of(look.width, look.height), colours, sizes_of(state.board))
    wall = Area(0, 0, look.width, look.height).inside(look.width * MARGIN, look.height * MARGIN)
    if state.board.layout == Layout.POINT:
        _draw_point(pen, wall, view, state)
    else:
        _Wall(pen, view, state.board, look.height >= look.width).draw(wall)
    return drawing


@dataclass(frozen=True, slots=True)
class _Wall:
    pen: Pen
    view: BoardView
    board: Board
    standing: bool

    def draw(self, wall: Area) -> None:
        rem = self.pen.rem
        _draw_top(self.pen, wall, self.view.name, self.view.subtitle, self.view.time)
        _draw_foot(self.pen, wall, self.view)
        lists = wall.cut(top=1.55 * rem, bottom=1.1 * rem)
        areas = self._areas(lists)
        for column in self.view.columns:
            if column.name in areas:
                self._draw_column(column, areas[column.name])

    def _areas(self, lists: Area) -> dict[str, Area]:
        rem = self.pen.rem
        shown = {column.name for column in self.view.columns}
        strict = self.board.layout == Layout.EATSA
        alone = shown & {"ready", "preparing"} if not strict else set()
        host = HOST_HEIGHTS[self.view.host_rows] * rem
        ready, other = (lists, lists) if len(alone) == 1 else self._two(lists)
        if strict:
            return {"ready": ready, "host": other}
        above = host + 0.25 * rem if host else 0
        areas = {"preparing": other.cut(bottom=above), "ready": ready}
        if "preparing" not in shown:
            areas = {"ready": ready.cut(bottom=above)}
        return areas | ({"host": other.cut(top=other.height - host)} if host else {})

    def _two(self, lists: Area) -> tuple[Area, Area]:
        """Where ready orders stand, and all others."""
        if self.standing:
            ready = replace(lists, height=lists.height * STANDING_READY)
            return ready, lists.cut(top=lists.height * STANDING_OTHER)
        ready = replace(lists, width=lists.width * READY_SHARE)
        other = replace(lists, width=lists.width * OTHER_SHARE)
        if self.board.ready_side == "right":
            return replace(ready, x=lists.right - ready.width), other
        return ready, replace(other, x=lists.right - other.width)

    def _draw_column(self, column: ColumnView, area: Area) -> None:
        rem, colours = self.pen.rem, self.pen.colours
        panel, inset = column.name != "ready", 0.0
        ink, quiet = colours.ink, colours.quiet
        if panel:
            self.pen.panel(area)
            inset, ink, quiet = 0.6 * rem, colours.panel_ink, colours.panel_ink
        if column.name == "host" and self.board.layout != Layout.EATSA:
            self._draw_lane(column, area)
            return
        head = area.inside(inset, 0)
        middle, more = head.y + 0.65 * rem, self._more(column)
        more_wide = self.pen.drawing.write(
            more, head.right, middle, 0.72 * rem, quiet, room=head.width * 0.6, anchor="end"
        )
        draw_icon(self.pen, column.name, head.x, middle)
        room = head.width - 1.28 * rem - more_wide - 0.5 * rem
        self.pen.drawing.write(
            column.heading, head.x + 1.28 * rem, middle, rem, ink, room=room, least=0.7 * rem
        )
        if not column.tiles:
            size, at = 0.86 * rem, head.y + 2.05 * rem
            self.pen.drawing.write(column.empty, head.x, at, size, quiet, room=head.width)
        self._draw_list(column, area)

    def _more(self, column: ColumnView) -> str:
        pages = f"{column.page}/{column.pages}" if column.pages > 1 else ""
        return " ".join(part for part in (pages, column.more) if part)

    def _draw_lane(self, column: ColumnView, area: Area) -> None:
        """See Host has no heading: every row says it."""
        rem = self.pen.rem
        inner = area.cut(top=0.2 * rem, bottom=0.2 * rem).inside(0.5 * rem, 0)
        more = self._more(column)
        taken = self.pen.drawing.write(
            more, inner.right, inner.y + 0.75 * rem, 0.72 * rem, self.pen.colours.panel_ink,
            room=inner.width * 0.4, anchor="end",
        )  # fmt: skip
        rows = replace(inner, width=inner.width - (taken + 0.4 * rem if taken else 0))
        self._draw_rows(column, rows)

    def _draw_rows(self, column: ColumnView, area: Area) -> None:
        height = 1.5 * self.pen.rem
        for number, tile in enumerate(column.tiles):
            row = Area(area.x, area.y + number * height, area.width, height)
            draw_tile(self.pen, tile, row.inside(0, 0.12 * self.pen.rem))

    def _draw_list(self, column: ColumnView, area: Area) -> None:
        rem, sizes = self.pen.rem, self.pen.sizes
        inner = area.cut(top=1.3 * rem)
        if column.name == "host":
            self._draw_rows(column, inner.inside(0.5 * rem, 0))
            return
        if column.name == "ready":
            inner = replace(inner, x=inner.x - 0.12 * rem, width=inner.width + 0.24 * rem)
        else:
            inner = inner.inside(0.4 * rem, 0)
        grid = sizes.ready if column.name == "ready" else sizes.preparing
        across = grid.portrait_columns if self.standing else grid.columns
        width, height = inner.width / across, grid.row * rem / 5
        for number, tile in enumerate(column.tiles):
            x, y = inner.x + number % across * width, inner.y + number // across * height
            slot = Area(x, y, width, height)
            draw_tile(self.pen, tile, slot.inside(0.12 * rem, 0.1 * rem))


def _draw_top(pen: Pen, wall: Area, name: str, subtitle: str, time: str) -> None:
    rem, colours, middle = pen.rem, pen.colours, wall.y + 0.65 * pen.rem
    clock = pen.drawing.write(
        time, wall.right, middle, 1.24 * rem, colours.ink, room=wall.width / 2, anchor="end"
    )
    room = wall.width - clock - 0.8 * rem
    taken = pen.drawing.write(name, wall.x, middle, rem, colours.ink, room=room, least=rem)
    room -= taken + 0.5 * rem
    if room > 3 * rem:
        at = wall.x + taken + 0.5 * rem
        pen.drawing.write(subtitle, at, middle, rem, colours.quiet, room=room, least=rem)


def _draw_foot(pen: Pen, wall: Area, view: BoardView) -> None:
    rem, quiet, middle = pen.rem, pen.colours.quiet, wall.bottom - 0.43 * pen.rem
    size = 0.64 * rem
    state = pen.drawing.write(
        view.state, wall.right, middle, size, quiet, room=wall.width / 2, anchor="end"
    )
    room = wall.width - state - rem
    pen.drawing.write(view.notice, wall.x, middle, size, quiet, room=room, least=size)


def _draw_point(pen: Pen, wall: Area, view: BoardView, state: BoardState) -> None:
    """A pickup point's own screen: its name while it is free, else whose order waits there."""
    rem, colours = pen.rem, pen.colours
    point, words = state.hello["board"]["point"], heading_words(state.board)
    _draw_top(pen, wall, point["name"], "", view.time)
    _draw_foot(pen, wall, view)
    area = wall.cut(top=1.55 * rem, bottom=1.1 * rem)
    tiles = view.columns[0].tiles
    if tiles:
        pen.tile(area, colours.tile, radius=0.6 * rem)
        lines = [(tiles[0].number, 8.4), (tiles[0].name, 3.4 if tiles[0].number else 6.4)]
        _draw_middle(pen, area.inside(rem, 0), lines, colours.tile_ink)
    else:
        said = words["point_closed" if point["disabled"] else "point_free"]
        _draw_middle(pen, area, [(point["name"], 5), (said, 1.3)], colours.ink)


def _draw_middle(pen: Pen, area: Area, lines: list[tuple[str, float]], ink: str) -> None:
    """Texts under each other in the middle of an area, each as large as its rem and the room
    allow."""
    sized = [(text, min(rem * pen.rem, area.width / em_wide(text))) for text, rem in lines if text]
    y = area.y + (area.height - sum(size * 1.1 for _, size in sized)) / 2
    for text, size in sized:
        pen.drawing.write(
            text, area.x + area.width / 2, y + size * 0.55, size, ink,
            room=area.width, anchor="middle", least=0.6 * pen.rem,
        )  # fmt: skip
        y += size * 1.1
