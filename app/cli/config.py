"""`readyboard config`: which settings hold, and where they come from."""

import click

from app.cli.options import load, settings_options
from app.cli.table import print_table


@click.group()
def config() -> None:
    """Which settings hold, and where each comes from."""


@config.command()
@settings_options
def show(**flags: str | None) -> None:
    """Print every setting, its value and its source. Secret files are not printed.

    \b
    readyboard config show --data ./data
    """
    print_table(("SETTING", "VALUE", "FROM"), load(**flags).rows())


@config.command()
@settings_options
def check(**flags: str | None) -> None:
    """Say what is wrong with the settings; exit code 2 if anything is.

    \b
    readyboard config check && systemctl restart readyboard
    """
    load(**flags)
    click.echo("The settings are fine.")
