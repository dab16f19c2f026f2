"""What a ticket is made of: its words, its script, its colours."""

import re

import pytest
from calmjs.parse import es5

from app.domain.board import Board, ReadyColour, Theme
from app.domain.tickets import State
from app.files import project_folder
from app.main import make_templates
from app.web.board_style import colours_of, contrast
from app.web.ticket_words import LANGUAGES, language_for, wait_line, words_of
from tests.test_board_assets import INLINE, OWN_THEMES, rules


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word(language: str) -> None:
    english, words = LANGUAGES["en"], LANGUAGES[language]
    assert words.keys() == english.keys()
    for name, text in words.items():
        assert text.strip()
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english[name]))
    assert {word for state in State for word in (state, f"{state}_text")} <= words.keys()


@pytest.mark.parametrize(
    ("chosen", "accepted", "found"),
    [
        ("it", "de", "it"),
        ("xx", "de-AT,en;q=0.5", "de"),
        ("", "ja, en;q=0.3, fr;q=0.8", "fr"),
        ("", "de;q=0, es;q=0.1", "es"),
        ("", "de;q=rubbish", ""),
        ("", "ja", ""),
        ("", "", ""),
    ],
)
def test_the_guest_then_the_browser_chooses(chosen: str, accepted: str, found: str) -> None:
    assert language_for(chosen, accepted) == found


def test_the_last_minute_is_said_in_words_of_its_own() -> None:
    assert wait_line((8, 12), words_of("en")) == "About 8–12 min to go"
    assert wait_line((1, 1), words_of("en")) == "About 1 min to go"
    assert wait_line(None, words_of("en")) == ""


def test_script_is_plain_es5_and_small() -> None:
    script = (project_folder("static") / "ticket.js").read_text(encoding="utf-8")
    es5(script)
    assert len(script.encode()) < 20_000


def test_pages_hold_no_inline_script_or_style() -> None:
    for name in ("ticket.html", "ticket_gone.html", "staff/slip.html"):
        html = (project_folder("templates") / name).read_text(encoding="utf-8")
        assert re.search(INLINE, html) is None


@pytest.mark.parametrize("board", OWN_THEMES, ids=lambda b: f"{b.theme}-{b.ready_colour}")
def test_every_state_has_contrast_seven_and_ready_looks_like_no_other(board: Board) -> None:
    css = make_templates(project_folder("templates")).get_template("ticket.css")
    found = dict(rules(css.render(c=colours_of(board))))
    for selector, pair in found.items():
        assert contrast(pair["color"], pair["background"]) >= 7, selector
    ready = found["body.ready"]["background"]
    others = [found[name]["background"] for name in ("body", "body.host", "body.collected")]
    assert ready not in others
    assert contrast(ready, found["body"]["background"]) >= 7


def test_the_own_theme_can_be_read_in_every_state() -> None:
    css = make_templates(project_folder("templates")).get_template("ticket.css")
    board = Board(theme=Theme.OWN, ready_colour=ReadyColour.SKY)
    for selector, pair in rules(css.render(c=colours_of(board))):
        assert contrast(pair["color"], pair["background"]) >= 4.5, selector
