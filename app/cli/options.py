"""Options that several verbs share, and the reading of settings behind them."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from app.settings import Loaded, Settings, WrongSettings, flag_name, load_settings

F = TypeVar("F", bound=Callable[..., Any])

VALUES = {"data": "FOLDER", "port": "PORT", "public_url": "URL"}


def data_option(command: F) -> F:
    return _setting("data")(command)


def settings_options(command: F) -> F:
    """Every setting as a flag. The values stay text, so that `load_settings` can report all that
    is wrong at once and not only the first flag."""
    for key in reversed(Settings.model_fields):
        command = _setting(key)(command)
    return command


def venue_option(command: F) -> F:
    return click.option(
        "--venue", default="main", show_default=True, metavar="SLUG", help="which venue"
    )(command)


def load(**flags: str | None) -> Loaded:
    """Exit code 2 with one line for every wrong value."""
    try:
        return load_settings(flags)
    except WrongSettings as error:
        for line in error.lines:
            click.echo(f"Error: {line}", err=True)
        raise SystemExit(2) from error


def _setting(key: str) -> Callable[[F], F]:
    field = Settings.model_fields[key]
    default = "" if field.default in (None, "") or key == "data" else f" [{field.default}]"
    return click.option(
        flag_name(key),
        key,
        metavar=VALUES.get(key, "VALUE"),
        help=f"{field.description}{default}",
    )
