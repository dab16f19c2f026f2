"""How large a board's type is and how many orders fit, from the TV's size and its distance.

Lengths are in units of 1 % of a 16:9 screen's short side; the style sheet makes one rem of five.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.domain.board import Board, Lanes, Layout, ReadyColour, Shows, Theme

# Width classes of a text, in em: the fitting class is the first that holds it.
FITS = (1.7, 1.9, 2.3, 3.0, 3.8, 4.6, 5.6, 6.8, 8.0, 10.5, 14.0)
NARROW, WIDE = frozenset("ijl.,:;'|!It-()[] /fr"), frozenset("mwMW@%&…—")
LONGEST_NAME = 12

LEAST = 3.0  # nothing smaller than 3 % of the screen's height
LIST_HEIGHT = 69.5
READY_WIDTH, PREPARING_WIDTH = 95.0, 58.0
READY_ALONE, PREPARING_ALONE = 160.0, 152.0
PORTRAIT_READY_WIDTH, PORTRAIT_PREPARING_WIDTH = 91.0, 86.0
PORTRAIT_READY, PORTRAIT_PREPARING = 72.5, 58.0
PORTRAIT_ALONE = 138.0  # height of the one list
READY_PADDING, PREPARING_PADDING = 5.4, 2.8
NUMBER_BOX = 1.85  # em that three digits and the space after them take
CAP = 0.72  # height of a digit in em
LINE = 1.12
SIXTEEN_NINE = 0.4903  # height of a 16:9 screen by its diagonal


def digit_mm(distance_m: float) -> float:
    """Height of a ready digit: D/100, but never under ADA 703.5.5 (51 mm up to 4.57 m, then
    3.2 mm more per 305 mm)."""
    return max(distance_m * 10, 51 + 3.2 * max(0.0, distance_m - 4.57) / 0.305)


def must_read_mm(distance_m: float) -> float:
    """ISO 9241-303: whatever a guest has to read is at least D/155 high."""
    return distance_m * 1000 / 155


def shorten(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME].rstrip() + "…"


def width(text: str) -> float:
    """A rough width in em of bold system type, on the wide side."""
    return sum(_char_width(ch) for ch in text)


def _char_width(ch: str) -> float:
    if ch in NARROW:
        return 0.32
    if ch in WIDE:
        return 0.92
    if "A" <= ch <= "Z":
        return 0.7
    return 0.56 if ord(ch) < 0x1100 else 1.05


def fit(text: str) -> int:
    """Which of the sizes a text gets, 1 the largest."""
    needed = width(text)
    return next((i for i, held in enumerate(FITS, 1) if needed <= held), len(FITS))


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows and columns of one list, lying and standing; a row has the same height in both."""

    rows: int
    columns: int
    portrait_rows: int
    portrait_columns: int

    @property
    def slots(self) -> int:
        """What surely fits, whichever way the screen hangs."""
        return min(self.rows * self.columns, self.portrait_rows * self.portrait_columns)

    @property
    def row(self) -> float:
        return LIST_HEIGHT / self.rows


@dataclass(frozen=True, slots=True)
class Sizes:
    """`…_steps` are the font sizes for the width classes of `FITS`."""

    ready: Grid
    preparing: Grid
    number: float
    number_steps: tuple[float, ...]
    name_steps: tuple[float, ...]
    only_name_steps: tuple[float, ...]
    placed_name_steps: tuple[float, ...]
    place_steps: tuple[float, ...]
    preparing_number_steps: tuple[float, ...]
    preparing_name_steps: tuple[float, ...]
    preparing_only_name_steps: tuple[float, ...]
    host_steps: tuple[float, ...]
    host_name_steps: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """What a board's lanes leave each list: width lying, height standing."""

    ready: float
    preparing: float
    portrait_ready: float
    portrait_preparing: float


def room_of(board: Board) -> Room:
    if board.lanes == Lanes.BOTH or board.layout == Layout.EATSA:
        return Room(READY_WIDTH, PREPARING_WIDTH, PORTRAIT_READY, PORTRAIT_PREPARING)
    return Room(READY_ALONE, PREPARING_ALONE, PORTRAIT_ALONE, PORTRAIT_ALONE)


def sizes_of(board: Board) -> Sizes:
    high_mm = board.tv_inches * 25.4 * SIXTEEN_NINE
    number = max(digit_mm(board.distance_m) / CAP / high_mm * 100, LEAST)
    read = max(must_read_mm(board.distance_m) / CAP / high_mm * 100, LEAST)
    number, read = min(number, 40.0), min(read, 30.0)
    ready = _ready_grid(board, number)
    minor = max(number / 2, read)
    preparing = _preparing_grid(board, minor)
    room = room_of(board)
    inner = _narrowest(ready, room.ready, PORTRAIT_READY_WIDTH) - READY_PADDING
    small = _narrowest(preparing, room.preparing, PORTRAIT_PREPARING_WIDTH) - PREPARING_PADDING
    beside = inner - NUMBER_BOX * number
    row = ready.row - 1.2
    place = max(LEAST, min(read * 0.62, row * 0.34))
    small_name = max(LEAST, minor / 2)
    return Sizes(
        ready=ready,
        preparing=preparing,
        number=number,
        number_steps=_steps(number, 1.75 * number),
        name_steps=_steps(min(read, row * 0.46), beside),
        only_name_steps=_steps(min(number, row / LINE) * 0.9, inner),
        placed_name_steps=_steps(row / LINE - place, inner),
        place_steps=_steps(place, beside),
        preparing_number_steps=_steps(minor, 1.75 * minor),
        preparing_name_steps=_steps(small_name, small),
        preparing_only_name_steps=_steps(minor, small),
        host_steps=_steps(max(LEAST, min(read, 6.0)), PREPARING_WIDTH * 0.45),
        host_name_steps=_steps(max(LEAST, min(read, 6.0)), _host_name_room(board)),
    )


def _host_name_room(board: Board) -> float:
    """Beside its number and its label; a strict board has names alone, and no number."""
    return PREPARING_WIDTH * (0.5 if board.layout == Layout.EATSA else 0.28)


def _narrowest(grid: Grid, width: float, portrait: float) -> float:
    return min(width / grid.columns, portrait / grid.portrait_columns)


def _steps(largest: float, room: float) -> tuple[float, ...]:
    return tuple(round(max(LEAST, min(largest, room / held)), 2) for held in FITS)


def _ready_grid(board: Board, number: float) -> Grid:
    rows = max(1, int(80 / (number * LINE)))
    wants = {Shows.BOTH: 4.2, Shows.NAME: 4.2, Shows.NUMBER: 3.4}[_shows(board)] * number
    room = room_of(board)
    return Grid(
        rows,
        max(1, int(room.ready / wants)),
        max(1, int(rows * room.portrait_ready / LIST_HEIGHT)),
        max(1, int(PORTRAIT_READY_WIDTH / wants)),
    )


def _preparing_grid(board: Board, minor: float) -> Grid:
    name_size = max(LEAST, minor / 2)
    rows = max(1, int(LIST_HEIGHT / (0.84 * minor + 1.16 * name_size + 0.2)))
    name = 6.2 * name_size
    wants = {Shows.BOTH: name, Shows.NAME: 4.6 * minor, Shows.NUMBER: 2.0 * minor}[_shows(board)]
    wants = max(wants, 2.0 * minor) + 0.6
    room = room_of(board)
    return Grid(
        rows,
        max(1, int(room.preparing / wants)),
        max(1, int(rows * room.portrait_preparing / LIST_HEIGHT)),
        max(1, int(PORTRAIT_PREPARING_WIDTH / wants)),
    )


def _shows(board: Board) -> Shows:
    if board.layout == Layout.EATSA or board.shows == Shows.ALIAS:
        return Shows.NAME
    return board.shows


@dataclass(frozen=True, slots=True)
class Colours:
    """Every pair that carries a number, a name or a heading is at least 7:1 (by test)."""

    wall: str
    ink: str
    quiet: str
    panel: str
    panel_ink: str
    panel_quiet: str
    tile: str
    tile_ink: str
    accent: str
    done: str
    done_ink: str
    host: str
    warn: str
    warn_ink: str
    line: str

    @property
    def panel_odd(self) -> str:
        """The preparing panel on odd days, so that no pixel ages alone: nearer to the wall, or
        to black where the wall is as light as the writing."""
        nearer = mixed(self.panel, self.wall, 0.5)
        weaker = contrast(self.panel_quiet, nearer) < contrast(self.panel_quiet, self.panel)
        return mixed(self.panel, "#000000", 0.5) if weaker else nearer


DARK = Colours(
    wall="#0B0F14",
    ink="#FFFFFF",
    quiet="#A9B4C0",
    panel="#161B22",
    panel_ink="#DCE3EA",
    panel_quiet="#AEB9C5",
    tile="#58C4FF",
    tile_ink="#0B0F14",
    accent="#FFFFFF",
    done="#222A33",
    done_ink="#B9C3CD",
    host="#FFC20A",
    warn="#FFC20A",
    warn_ink="#0B0F14",
    line="#2A323C",
)
DAY = Colours(
    wall="#EEF2F6",
    ink="#0B0F14",
    quiet="#3A4550",
    panel="#1D2530",
    panel_ink="#F2F5F8",
    panel_quiet="#C3CCD6",
    tile="#FFD24A",
    tile_ink="#0B0F14",
    accent="#0B0F14",
    done="#D5DCE4",
    done_ink="#2F3943",
    host="#FFD24A",
    warn="#7A1F00",
    warn_ink="#FFFFFF",
    line="#39434F",
)
CONTRAST = Colours(
    wall="#000000",
    ink="#FFFFFF",
    quiet="#FFFFFF",
    panel="#000000",
    panel_ink="#FFFFFF",
    panel_quiet="#FFFFFF",
    tile="#FFFFFF",
    tile_ink="#000000",
    accent="#FFE000",
    done="#000000",
    done_ink="#FFFFFF",
    host="#FFE000",
    warn="#FFE000",
    warn_ink="#000000",
    line="#FFFFFF",
)
THEMES: Mapping[Theme, Colours] = {
    Theme.NIGHT: DARK,
    Theme.DAY: DAY,
    Theme.CONTRAST: CONTRAST,
}
# The ready tile of each theme; See Host must not look like it.
READY: Mapping[tuple[Theme, ReadyColour], tuple[str, str]] = {
    (Theme.NIGHT, ReadyColour.SKY): ("#58C4FF", "#FFC20A"),
    (Theme.NIGHT, ReadyColour.AMBER): ("#FFC20A", "#FFFFFF"),
    (Theme.NIGHT, ReadyColour.GREEN): ("#7CE0A3", "#FFC20A"),
    (Theme.DAY, ReadyColour.SKY): ("#7BD0FF", "#FFD24A"),
    (Theme.DAY, ReadyColour.AMBER): ("#FFD24A", "#FFFFFF"),
    (Theme.DAY, ReadyColour.GREEN): ("#7CE0A3", "#FFD24A"),
    (Theme.CONTRAST, ReadyColour.SKY): ("#8FD8FF", "#FFE000"),
    (Theme.CONTRAST, ReadyColour.AMBER): ("#FFE000", "#FFFFFF"),
    (Theme.CONTRAST, ReadyColour.GREEN): ("#8CF5B4", "#FFE000"),
}
LEAST_CONTRAST = 4.5  # WCAG 2.2 AA; our own themes have 7


def colours_of(board: Board) -> Colours:
    if board.theme == Theme.OWN:
        return _own(board)
    tile, host = READY[board.theme, board.ready_colour]
    return replace(THEMES[board.theme], tile=tile, host=host)


def _own(board: Board) -> Colours:
    """The four chosen colours in place of everything; greys between them are mixed only as far
    as they stay readable."""
    wall, ink = board.own_wall, board.own_ink
    quiet = mixed(ink, wall, 0.25)
    if contrast(quiet, wall) < LEAST_CONTRAST:
        quiet = ink
    panel = mixed(wall, ink, 0.06)
    if contrast(ink, panel) < LEAST_CONTRAST:
        panel = wall
    panel_quiet = quiet if contrast(quiet, panel) >= LEAST_CONTRAST else ink
    return Colours(
        wall=wall,
        ink=ink,
        quiet=quiet,
        panel=panel,
        panel_ink=ink,
        panel_quiet=panel_quiet,
        tile=board.own_ready,
        tile_ink=board.own_ready_ink,
        accent=ink,
        done=panel,
        done_ink=panel_quiet,
        host=ink,
        warn=ink,
        warn_ink=wall,
        line=panel_quiet,
    )


def mixed(one: str, other: str, share: float) -> str:
    """`share` of the other colour in the one."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast of two #RRGGBB colours, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def weak_pairs(board: Board) -> list[str]:
    """What cannot be read of a board's own colours, in words; empty if all is well."""
    pairs = {
        "text on the wall": (board.own_ink, board.own_wall),
        "number on the ready tile": (board.own_ready_ink, board.own_ready),
        "ready tile on the wall": (board.own_ready, board.own_wall),
    }
    return [
        f"{what}: contrast {contrast(*pair):.1f}, at least {LEAST_CONTRAST} is needed"
        for what, pair in pairs.items()
        if contrast(*pair) < (3 if what.startswith("ready tile") else LEAST_CONTRAST)
    ]


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
