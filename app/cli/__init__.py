"""The command `readyboard`: one module per noun, loaded only when it is asked for."""

import sqlite3
from importlib import import_module
from typing import Any

import click

from app import __version__
from app.domain.problems import Problem

# Verb -> module that has a command of that name. Loading the lot would double the start.
COMMANDS = {
    "serve": "serve",
    "demo": "serve",
    "user": "user",
    "key": "key",
    "venue": "venue",
    "order": "order",
    "menu": "menu",
    "feed": "feed",
    "screen": "screen",
    "connect": "connect",
    "day": "day",
    "export": "day",
    "anonymise": "day",
    "backup": "backup",
    "restore": "backup",
    "config": "config",
    "healthcheck": "healthcheck",
    "version": "version",
}


class Refusal(click.ClickException):
    """One line on stderr and exit code 2, whatever was refused."""

    exit_code = 2


class Readyboard(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = getattr(import_module(f"app.cli.{COMMANDS[name]}"), name)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Problem as problem:
            raise Refusal(in_one_line(problem)) from problem
        except sqlite3.Error as error:
            raise Refusal(f"The database cannot be used: {error}.") from error


def in_one_line(problem: Problem) -> str:
    errors = problem.extra.get("errors", [])
    wrong = [f"{e['path']}: {e['message']}" for e in errors if e["message"] not in problem.detail]
    return " ".join([problem.detail, "; ".join(wrong)]).strip()


@click.group(cls=Readyboard, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="readyboard %(version)s")
def main() -> None:
    """An order ready board: live on every screen, nothing lost.

    \b
    Try it:          readyboard demo
    Use it:          readyboard serve
    """
