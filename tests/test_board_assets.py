"""The files a wall loads: readable by old engines, small, and strong enough in colour."""

import re
from collections.abc import Iterator

import pytest
from calmjs.parse import es5

from app.domain.board import Board, Lanes, Layout, ReadyColour, Shows, Theme
from app.files import project_folder
from app.main import make_templates
from app.web.board_pages import style_sheet
from app.web.board_style import LEAST, LIST_HEIGHT, colours_of, contrast, sizes_of
from app.web.board_words import LANGUAGES, words_of

STATIC, TEMPLATES = project_folder("static"), project_folder("templates")
SCRIPT = (STATIC / "board.js").read_text(encoding="utf-8")
SHAPE = (STATIC / "board.css").read_text(encoding="utf-8")
TOO_NEW = {
    "custom property": r"var\(|(^|[;{\s])--[\w-]+\s*:",
    "flex gap": r"(^|[;{\s-])gap\s*:",
    "grid": r"display\s*:\s*(inline-)?grid",
    "size function": r"(clamp|min|max)\(",
    "layer": r"@layer|@container|@supports",
    "new colour": r"oklch\(|lab\(|color-mix\(",
    "logical property": r"(^|[;{\s])inset\s*:|(margin|padding)-(inline|block)",
    "aspect-ratio property": r"(^|[;{\s])aspect-ratio\s*:",
    "new selector": r":(is|where|has)\(|:focus-visible",
    "new unit": r"\d(dvh|svh|lvh|cqw|cqh)\b",
    "sticky": r"position\s*:\s*sticky",
}

INLINE = r"\sstyle=|<style|\son\w+=|javascript:|<script(?![^>]*\ssrc=)"


OWN_THEMES = [
    Board(theme=theme, ready_colour=colour)
    for theme in Theme
    if theme != Theme.OWN
    for colour in ReadyColour
]


def rendered(board: Board) -> str:
    return style_sheet(make_templates(TEMPLATES), board)


def every_board() -> Iterator[Board]:
    yield from OWN_THEMES
    for inches in (24, 32, 43, 55, 65, 75, 98):
        for metres in (1, 3, 4.5, 6, 8, 10, 30):
            for shows in Shows:
                yield Board(tv_inches=inches, distance_m=metres, shows=shows)
    yield Board(layout=Layout.EATSA)
    yield Board(lanes=Lanes.READY)
    yield Board(lanes=Lanes.PREPARING, language="ar")


def rules(css: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Selector and declarations of every rule outside media queries."""
    flat = re.sub(r"@media[^{]*\{([^{}]*\{[^{}]*\})*\s*\}", "", css)
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", flat):
        pairs = (line.split(":", 1) for line in body.split(";") if ":" in line)
        declared = {name.strip(): value.strip() for name, value in pairs}
        for selector in selectors.split(","):
            yield selector.strip(), declared


def test_acceptance_item_3_board_script_is_plain_es5() -> None:
    es5(SCRIPT)


def test_es5_parser_would_notice_a_younger_script() -> None:
    with pytest.raises(Exception, match="let"):
        es5("let a = 1;")


@pytest.mark.parametrize("feature", TOO_NEW)
def test_acceptance_item_3_styles_use_nothing_younger_than_chromium_38(feature: str) -> None:
    for css in (SHAPE, *map(rendered, every_board())):
        assert re.search(TOO_NEW[feature], css) is None


def test_script_and_style_together_stay_under_40_kb() -> None:
    assert len(SCRIPT.encode()) + len(SHAPE.encode()) < 40_000


def test_pages_hold_no_inline_script_or_style() -> None:
    for page in TEMPLATES.glob("board*.html"):
        html = page.read_text(encoding="utf-8")
        assert re.search(INLINE, html) is None


@pytest.mark.parametrize("board", OWN_THEMES, ids=lambda b: f"{b.theme}-{b.ready_colour}")
def test_every_text_of_every_theme_has_contrast_seven(board: Board) -> None:
    found = dict[str, dict[str, str]]()
    for selector, declared in rules(rendered(board)):
        found.setdefault(selector, {}).update(declared)
    wall, panel = found["body"]["background"], found[".preparing"]["background"]
    odd = found[".odd .preparing"]["background"]
    texts = {name: d["color"] for name, d in found.items() if "color" in d}
    assert len(texts) > 15
    for selector, colour in texts.items():
        behind = found[selector].get("background")
        on_panel = re.match(r"\.(tile\.)?(preparing|host)", selector)
        if selector == ".host .icon:after":
            behind = found[".host .icon"]["background"]
        assert contrast(colour, behind or (panel if on_panel else wall)) >= 7, selector
        if behind is None and on_panel and ".host" not in selector:
            assert contrast(colour, odd) >= 7, selector


@pytest.mark.parametrize("board", OWN_THEMES, ids=lambda b: f"{b.theme}-{b.ready_colour}")
def test_ready_and_preparing_differ_in_luminance_too(board: Board) -> None:
    colours = colours_of(board)
    assert contrast(colours.tile, colours.panel) >= 7


def test_nothing_moves_faster_than_once_a_second() -> None:
    timed = re.findall(r"animation:\s*(\w+)\s+([\d.]+)(m?s)[^;]*?\s(\d+)\s*[;}]", SHAPE)
    assert len(timed) == 2  # once plain, once for -webkit-
    for _, length, unit, count in timed:
        assert unit == "s"
        assert float(length) >= 1
        assert int(count) == 3
    assert "infinite" not in SHAPE


def test_every_animation_has_its_webkit_twin() -> None:
    for name in re.findall(r"@keyframes (\w+)", SHAPE):
        assert f"@-webkit-keyframes {name}" in SHAPE
    assert len(re.findall(r"(?<!-)animation:", SHAPE)) == SHAPE.count("-webkit-animation:")


def test_reduced_motion_and_calm_boards_stand_still() -> None:
    reduced = SHAPE[SHAPE.index("@media (prefers-reduced-motion:reduce)") :].partition("\n}")[0]
    assert ".call{-webkit-animation:none;animation:none}" in reduced
    assert ".calm .call{-webkit-animation:none;animation:none}" in SHAPE


def test_sizes_are_those_of_the_table() -> None:
    """board.md 5.1: percent of the height and rows, by TV size and distance."""
    table = {
        32: ((3, 18, 4), (4.5, 18, 4), (6, 23, 3), (8, 30, 2), (10, 38, 1)),
        43: ((3, 13, 5), (4.5, 13, 5), (6, 17, 4), (8, 23, 3), (10, 28, 2)),
        55: ((3, 10, 6), (4.5, 10, 6), (6, 13, 5), (8, 18, 4), (10, 22, 3)),
        65: ((3, 9, 8), (4.5, 9, 8), (6, 11, 6), (8, 15, 4), (10, 19, 3)),
        75: ((3, 8, 9), (4.5, 8, 9), (6, 10, 7), (8, 13, 5), (10, 16, 4)),
    }
    for inches, row in table.items():
        for metres, percent, rows in row:
            sizes = sizes_of(Board(tv_inches=inches, distance_m=metres))
            assert (round(sizes.number), sizes.ready.rows) == (percent, rows)


def test_common_board_holds_twelve_ready_and_twenty_four_preparing() -> None:
    sizes = sizes_of(Board(tv_inches=55))
    assert (sizes.ready.columns, sizes.ready.rows) == (2, 6)
    assert (sizes.preparing.columns, sizes.preparing.rows) == (3, 8)
    assert (sizes.ready.portrait_columns, sizes.ready.portrait_rows) == (2, 6)


def test_no_type_is_smaller_than_three_percent_of_the_height() -> None:
    for board in every_board():
        sizes = re.findall(r"font-size:([\d.]+)rem", rendered(board))
        assert min(float(size) * 5 for size in sizes) >= LEAST


def test_every_board_has_room_for_at_least_one_order() -> None:
    for board in every_board():
        sizes = sizes_of(board)
        assert sizes.ready.slots >= 1
        assert sizes.preparing.slots >= 1
        assert sizes.ready.row <= LIST_HEIGHT


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word(language: str) -> None:
    english = LANGUAGES["en"]
    words = LANGUAGES[language]
    assert words.keys() == english.keys()
    for key, text in words.items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english[key]))


def test_unknown_language_is_answered_in_english() -> None:
    assert words_of("tlh") is LANGUAGES["en"]
    assert words_of("de-AT") is LANGUAGES["de"]
