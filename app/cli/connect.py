"""`readyboard connect`: what to enter in a till, printer or game that speaks a foreign system."""

from functools import partial

import click

from app.cli import database
from app.cli.options import data_option, load, venue_option
from app.settings import SYSTEMS


@click.command()
@click.argument("system", type=click.Choice(SYSTEMS))
@venue_option
@click.option("--off", is_flag=True, help="disconnect the venue from the system instead")
@data_option
def connect(system: str, venue: str, off: bool, data: str | None) -> None:
    """Connect a venue to another ordering system, and print what to enter in its clients.

    \b
    readyboard connect mysagra
    readyboard connect eatsa --venue airport
    """
    from app.dialects.guides import guide_lines
    from app.dialects.systems import change_system

    change = partial(
        change_system, venue=venue, system=system, changes={"on": not off}, actor=database.SHELL
    )
    connected = database.write(data, change)
    if off:
        click.echo(f"The venue {connected.slug} no longer answers to {system} clients.")
        return
    for line in guide_lines(system, connected, load(data=data).settings):
        click.echo(line)
