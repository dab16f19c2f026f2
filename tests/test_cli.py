"""The command line, verb by verb, on a real database; the server's own verbs are in test_serve."""

import asyncio
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import click
import pytest
from click.testing import CliRunner, Result

from app import __version__
from app.cli import main
from app.cli.healthcheck import reachable
from app.cli.table import plain
from app.commands.passwords import password_fits
from app.domain.people import Scope
from app.store import people
from app.store.database import Reading
from app.store.sqlite import FILE_NAME, open_store

T = TypeVar("T")
Verb = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder where a server has been."""
    for name in os.environ:
        if name.upper().startswith("READYBOARD_"):
            monkeypatch.delenv(name)
    folder = tmp_path / "data"
    look(folder, lambda _db: None)
    return folder


@pytest.fixture
def verb(data: Path) -> Verb:
    """Runs `readyboard WORDS… --data …`; `says` is what is typed in."""

    def run(*words: str, says: str | None = None) -> Result:
        return CliRunner().invoke(main, [*words, "--data", str(data)], input=says)

    return run


def look(folder: Path, ask: Callable[[Reading], T]) -> T:
    async def once() -> T:
        store = await open_store(folder)
        try:
            return await store.read(ask)
        finally:
            await store.close()

    return asyncio.run(once())


def fine(result: Result) -> str:
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def refused(result: Result) -> str:
    """Exit code 2 and one line on stderr, whatever it was."""
    assert (result.exit_code, result.stdout) == (2, "")
    [line] = result.stderr.splitlines()
    return line


def every_command(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        yield words
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner is not None
        yield from every_command(inner, (*words, name))


@pytest.mark.parametrize("words", list(every_command(main)), ids=" ".join)
def test_every_verb_explains_itself_with_an_example(words: tuple[str, ...]) -> None:
    shown = fine(CliRunner().invoke(main, [*words, "--help"]))
    assert words == ("version",) or f"readyboard {' '.join(words)}" in shown


def test_the_help_lists_every_verb() -> None:
    shown = fine(CliRunner().invoke(main, ["--help"]))
    assert all(f"\n  {name} " in shown for name in ("serve", "order", "restore", "version"))


def test_an_unknown_verb_is_named() -> None:
    result = CliRunner().invoke(main, ["sevre"])
    assert result.exit_code == 2
    assert "No such command 'sevre'" in result.stderr


def test_the_version_is_told() -> None:
    told = f"readyboard {__version__}\n"
    assert fine(CliRunner().invoke(main, ["version"])) == told
    assert fine(CliRunner().invoke(main, ["--version"])) == told


def test_a_folder_without_a_database_is_refused_and_stays_empty(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["user", "list", "--data", str(tmp_path)])
    assert "There is no database in" in refused(result)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_database_is_told_in_one_line(verb: Verb, data: Path) -> None:
    (data / FILE_NAME).write_bytes(b"no database at all, but of some length" * 200)
    assert "The database cannot be used: " in refused(verb("user", "list"))


def test_wrong_settings_stop_every_verb(verb: Verb, data: Path) -> None:
    (data / "readyboard.toml").write_text("prot = 1\nport = 'x'\n")
    result = verb("venue", "list")
    assert result.exit_code == 2
    assert [line.split(" (")[0] for line in result.stderr.splitlines()] == [
        "Error: prot",
        "Error: port",
    ]


def test_a_user_is_added_with_a_prompted_password(verb: Verb, data: Path) -> None:
    result = verb("user", "add", "anna", "--role", "admin", says="open sesame\nopen sesame\n")
    assert result.exit_code == 0
    assert "open sesame" not in result.output
    assert result.stdout.endswith("Added anna (admin).\n")
    [anna] = look(data, people.all_users)
    assert password_fits("open sesame", look(data, lambda db: people.password_hash(db, anna.id)))


def test_a_users_password_is_changed_from_the_input(verb: Verb, data: Path) -> None:
    fine(verb("user", "add", "anna", "--password-stdin", says="open sesame\n"))
    fine(verb("user", "passwd", "anna", "--password-stdin", says="another one\n"))
    [anna] = look(data, people.all_users)
    assert password_fits("another one", look(data, lambda db: people.password_hash(db, anna.id)))


def test_users_are_listed_disabled_and_enabled(verb: Verb) -> None:
    fine(verb("user", "add", "Anna", "--password-stdin", says="open sesame\n"))
    assert fine(verb("user", "disable", "anna")) == "Anna can no longer sign in.\n"
    assert fine(verb("user", "list")).splitlines()[1].split()[:3] == ["Anna", "staff", "disabled"]
    assert fine(verb("user", "enable", "anna")) == "Anna can sign in.\n"


def test_a_user_that_cannot_be_is_refused(verb: Verb) -> None:
    short = verb("user", "add", "anna", "--password-stdin", says="short\n")
    assert refused(short) == "Error: A password has 8 to 200 characters."
    assert refused(verb("user", "passwd", "nobody")) == "Error: There is no user nobody."
    assert "--role" in verb("user", "add", "anna", "--role", "king").stderr


def test_a_key_is_printed_once_and_works(verb: Verb, data: Path) -> None:
    made = verb("key", "create", "--name", "till", "--scope", "orders:write", "--venue", "main")
    secret = fine(made).strip()
    key = look(data, lambda db: people.key_by_secret(db, secret))
    assert key is not None
    assert (key.scopes, key.venues) == (frozenset({Scope.ORDERS_WRITE}), frozenset({"main"}))
    listed = fine(verb("key", "list"))
    assert secret not in listed
    assert listed.splitlines()[1].split()[:4] == ["till", secret[-4:], "orders:write", "main"]


def test_a_revoked_key_is_listed_as_such(verb: Verb) -> None:
    fine(verb("key", "create", "--name", "till", "--scope", "admin"))
    assert "is revoked" in fine(verb("key", "revoke", "till"))
    assert " all     revoked 20" in fine(verb("key", "list"))
    assert refused(verb("key", "revoke", "till")) == "Error: There is no key till."


def test_a_key_for_an_unknown_venue_is_refused(verb: Verb) -> None:
    made = verb("key", "create", "--name", "till", "--scope", "admin", "--venue", "moon")
    assert refused(made) == "Error: There is no venue moon."


def test_a_venue_is_added(verb: Verb) -> None:
    words = ("venue", "add", "airport", "--name", "Hall B", "--time-zone", "Europe/Rome")
    assert fine(verb(*words)) == "Added Hall B: its board is /b/airport.\n"
    assert fine(verb("venue", "list")).splitlines()[2].split()[:4] == [
        "airport",
        "Hall",
        "B",
        "Europe/Rome",
    ]


def test_everything_wrong_with_a_venue_is_told_at_once(verb: Verb) -> None:
    line = refused(verb("venue", "add", "Air Port", "--currency", "euro", "--time-zone", "Rome"))
    assert all(f"{field}: " in line for field in ("slug", "currency", "time_zone"))


def test_an_order_is_placed_and_moved_by_its_number(verb: Verb) -> None:
    words = ("--first-name", "John", "--last-name", "Doe", "--item", "2 x Fries", "--item", "Cola")
    number, order = fine(verb("order", "add", *words)).split()
    assert fine(verb("order", "move", number, "ready")) == f"{number} is ready.\n"
    listed = fine(verb("order", "list", "--status", "ready", "--search", "cola")).splitlines()[1]
    assert listed.split()[:4] == [number, "John", "D.", "ready"]
    assert fine(verb("order", "move", order, "collected")) == f"{number} is collected.\n"
    assert len(fine(verb("order", "list")).splitlines()) == 1
    assert order in fine(verb("order", "list", "--all"))


def test_items_carry_their_quantity(verb: Verb) -> None:
    fine(verb("order", "add", "--item", "2x Fries", "--item", "7 up"))
    [line] = fine(verb("feed", "tail", "--once")).splitlines()
    items = json.loads(line)["order"]["items"]
    assert [(item["name"], item["quantity"]) for item in items] == [("Fries", 2), ("7 up", 1)]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("order", "move", "41", "ready"), "There is no order and no live number '41'"),
        (("order", "move", "1", "ready", "--venue", "moon"), "There is no venue 'moon'"),
        (("order", "list", "--venue", "moon"), "There is no venue 'moon'"),
        (("order", "add", "--venue", "moon"), "There is no venue 'moon'"),
        (("order", "add", "--item", ""), "write it like"),
        (("order", "add", "--name", "bell\a", "--table", "t" * 81), "name: "),
        (("feed", "tail", "--once", "--venue", "moon"), "There is no venue 'moon'"),
    ],
)
def test_what_cannot_be_is_refused(verb: Verb, words: tuple[str, ...], message: str) -> None:
    result = verb(*words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_an_order_is_handed_out_at_a_point_and_cancelled(verb: Verb) -> None:
    fine(verb("order", "add", "--number", "77", "--note", "no onion"))
    words = ("order", "move", "77", "cancelled", "--cancelled-by", "customer", "--note", "left")
    assert fine(verb(*words)) == "77 is cancelled.\n"
    last = json.loads(fine(verb("feed", "tail", "--once")).splitlines()[-1])
    assert (last["detail"]["cancelled_by"], last["detail"]["note"]) == ("customer", "left")


def test_the_log_is_told_by_whom(verb: Verb) -> None:
    fine(verb("order", "add", "--name", "Ada"))
    [line] = fine(verb("feed", "tail", "--once", "--venue", "main", "--after", "0")).splitlines()
    event = json.loads(line)
    assert (event["venue"], event["seq"], event["kind"]) == ("main", 1, "placed")
    assert event["actor"]["name"] == "command line"


def test_the_log_starts_at_the_last_ten_or_where_asked(verb: Verb) -> None:
    for _ in range(11):
        fine(verb("order", "add"))
    for words, first in (((), 2), (("--after", "9"), 10)):
        lines = fine(verb("feed", "tail", "--once", *words)).splitlines()
        assert [json.loads(line)["seq"] for line in lines] == list(range(first, 12))


def test_backup_and_restore_bring_the_orders_back(verb: Verb, tmp_path: Path) -> None:
    file = str(tmp_path / "backup.db")
    fine(verb("order", "add", "--name", "Kept"))
    assert fine(verb("backup", file)).startswith(f"Saved {file} (")
    fine(verb("order", "add", "--name", "Later"))
    told = fine(verb("restore", file))
    assert "What was there before is kept as " in told
    listed = fine(verb("order", "list"))
    assert "Kept" in listed
    assert "Later" not in listed


def test_restore_fills_a_folder_that_was_not_there(verb: Verb, tmp_path: Path) -> None:
    fine(verb("backup", str(tmp_path / "backup.db")))
    words = ["restore", str(tmp_path / "backup.db"), "--data", str(tmp_path / "new")]
    assert fine(CliRunner().invoke(main, words)).count("\n") == 1


def test_a_file_that_is_no_backup_is_refused(verb: Verb, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ada, " * 100)
    assert "cannot be read as a database" in refused(verb("restore", str(tmp_path / "letter.txt")))


def test_settings_are_shown_with_where_they_come_from(verb: Verb, data: Path) -> None:
    shown = [line.split() for line in fine(verb("config", "show", "--port", "81")).splitlines()]
    assert ["port", "81", "--port"] in shown
    assert ["data", str(data), "--data"] in shown
    assert ["retry_ms", "2000", "default"] in shown


def test_settings_are_checked(verb: Verb) -> None:
    assert fine(verb("config", "check")) == "The settings are fine.\n"
    assert refused(verb("config", "check", "--port", "no")).startswith("Error: port (--port): ")


def test_the_health_check_reaches_a_server_that_listens_everywhere() -> None:
    assert [reachable(host) for host in ("0.0.0.0", "::", "10.0.0.7", "board.lan")] == [
        "127.0.0.1",
        "::1",
        "10.0.0.7",
        "board.lan",
    ]


def test_what_guests_typed_cannot_steer_the_terminal() -> None:
    assert plain("\x1b[31mred\u202e") == "�[31mred�"
    assert plain(None) == ""
