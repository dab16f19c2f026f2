"""`readyboard screen`: list, pair and revoke TVs in the shell."""

import asyncio
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.commands.screens import note_seen, show_code
from app.commands.venues import add_board
from app.domain.people import new_secret
from app.domain.screens import Screen
from app.store.database import Change
from app.store.sqlite import open_store
from tests.venue_server import TILL

T = TypeVar("T")
Verb = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in os.environ:
        if name.upper().startswith("READYBOARD_"):
            monkeypatch.delenv(name)
    return tmp_path / "data"


@pytest.fixture
def verb(data: Path) -> Verb:
    def run(*words: str) -> Result:
        return CliRunner().invoke(main, ["screen", *words, "--data", str(data)])

    return run


def change(data: Path, act: Change[T]) -> T:
    async def once() -> T:
        store = await open_store(data)
        try:
            return await store.write(act)
        finally:
            await store.close()

    return asyncio.run(once())


def shown(data: Path) -> str:
    code = change(data, partial(show_code, secret=new_secret(), address=""))
    assert not isinstance(code, Screen)
    return code.code


def test_a_code_is_approved_listed_and_revoked(data: Path, verb: Verb) -> None:
    code = shown(data)
    change(data, partial(add_board, venue="main", board="bar", settings={}, actor=TILL))
    paired = verb("pair", code.lower(), "--board", "bar", "--name", "Bar TV")
    assert (paired.exit_code, paired.stderr) == (0, "")
    assert paired.stdout.startswith("Bar TV is paired.  ")
    screen = paired.stdout.split()[-1]
    [heads, row] = verb("list").stdout.splitlines()
    assert heads.split() == ["NAME", "VENUE", "BOARD", "LAST", "SEEN", "STATE", "ID"]
    assert row.split() == ["Bar", "TV", "main", "bar", "never", "paired", screen]
    change(data, partial(note_seen, screen=screen))
    assert "never" not in verb("list").stdout
    assert verb("revoke", "Bar TV").stdout == "Bar TV is no longer paired.\n"
    assert "revoked 20" in verb("list").stdout
    assert verb("revoke", screen).exit_code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("pair", "CCCCC"), "No screen shows that code now"),
        (("revoke", "Hall"), "There is no screen Hall."),
    ],
)
def test_what_is_not_there_is_refused_in_one_line(
    data: Path, verb: Verb, words: tuple[str, ...], told: str
) -> None:
    change(data, partial(show_code, secret=new_secret(), address=""))
    refused = verb(*words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert told in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_a_wrong_board_venue_or_name_pairs_nothing(data: Path, verb: Verb) -> None:
    code = shown(data)
    for words in (
        ("--board", "x"),
        ("--venue", "x"),
        ("--name", "a\u001b[2J"),
        ("--name", "x" * 61),
    ):
        assert verb("pair", code, *words).exit_code == 2
    assert len(verb("list").stdout.splitlines()) == 1


def test_of_two_screens_with_one_name_the_id_decides(data: Path, verb: Verb) -> None:
    for _ in range(2):
        assert verb("pair", shown(data)).exit_code == 0
    refused = verb("revoke", "TV")
    assert refused.exit_code == 2
    assert "2 screens are named TV" in refused.stderr
    assert verb("list").stdout.count("paired") == 2
