"""What a waiting TV and a paired screen load: readable by old engines, small, strong in colour."""

import re

import pytest
from calmjs.parse import es5

from app.files import project_folder
from app.web.board_style import LEAST, contrast
from tests.test_board_assets import INLINE, TOO_NEW, rules

STATIC, TEMPLATES = project_folder("static"), project_folder("templates")
SCRIPTS = ("tv.js", "screen.js")
SHEETS = ("tv.css", "screen.css")


def read(name: str) -> str:
    return re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text(encoding="utf-8"), flags=re.S)


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_is_plain_es5_and_small(name: str) -> None:
    script = (STATIC / name).read_text(encoding="utf-8")
    es5(script)
    assert len(script.encode()) < 6_000


@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize("feature", TOO_NEW)
def test_style_uses_nothing_younger_than_chromium_38(name: str, feature: str) -> None:
    assert re.search(TOO_NEW[feature], read(name)) is None


def test_the_page_holds_no_inline_script_or_style() -> None:
    page = (TEMPLATES / "tv.html").read_text(encoding="utf-8")
    assert re.search(INLINE, page) is None


def test_every_text_has_contrast_seven() -> None:
    found = {selector: declared for name in SHEETS for selector, declared in rules(read(name))}
    wall = found["body"]["background"]
    texts = {name: d for name, d in found.items() if "color" in d}
    assert {"body", ".code", ".state", ".identify"} <= set(texts)
    for selector, declared in texts.items():
        assert contrast(declared["color"], declared.get("background", wall)) >= 7, selector


def test_no_type_is_smaller_than_three_percent_of_the_height() -> None:
    sizes = re.findall(r"[^l]font-size:([\d.]+)rem", read("tv.css"))
    assert len(sizes) > 4
    assert min(float(size) * 5 for size in sizes) >= LEAST
