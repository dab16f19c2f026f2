"""`readyboard venue`: the places one server looks after."""

from functools import partial

import click

from app.cli import database
from app.cli.checking import checked
from app.cli.options import data_option
from app.cli.table import plain, print_table


@click.group()
def venue() -> None:
    """The places this server looks after."""


@venue.command()
@click.argument("slug")
@click.option("--name", help="as people know it  [the slug]")
@click.option("--time-zone", metavar="ZONE", default="UTC", show_default=True)
@click.option("--currency", metavar="CODE", default="EUR", show_default=True)
@data_option
def add(slug: str, name: str | None, time_zone: str, currency: str, data: str | None) -> None:
    """Add a venue; its board is at /b/SLUG.

    \b
    readyboard venue add airport --name "Burger Hall Airport" --time-zone Europe/Rome
    """
    from app.commands.venues import add_venue
    from app.web.native.bodies import NewVenueBody

    body = {"slug": slug, "name": name or slug, "time_zone": time_zone, "currency": currency}
    settings = checked(NewVenueBody, body).changes()
    slug, name = settings.pop("slug"), settings.pop("name")
    added = database.write(data, partial(add_venue, slug=slug, name=name, settings=settings))
    click.echo(f"Added {plain(added.name)}: its board is /b/{added.slug}.")


@venue.command("list")
@data_option
def list_venues(data: str | None) -> None:
    """List the venues.

    \b
    readyboard venue list
    """
    from app.store.venues import all_venues

    rows = [
        (one.slug, one.name, one.time_zone, one.currency, one.seq)
        for one in database.read(data, all_venues)
    ]
    print_table(("SLUG", "NAME", "TIME ZONE", "CURRENCY", "EVENTS"), rows)
