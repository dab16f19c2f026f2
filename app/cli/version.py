"""`readyboard version`."""

import click

from app import __version__


@click.command()
def version() -> None:
    """Print the version."""
    click.echo(f"readyboard {__version__}")
