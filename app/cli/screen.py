"""`readyboard screen`: TVs that are paired with a board."""

from functools import partial

import click

from app.cli import database
from app.cli.options import data_option, venue_option
from app.cli.table import plain, print_table
from app.domain.screens import Screen
from app.domain.times import iso


@click.group()
def screen() -> None:
    """TVs that are paired with a board."""


@screen.command("list")
@data_option
def list_screens(data: str | None) -> None:
    """List the screens, and when each was last there.

    \b
    readyboard screen list
    """
    from app.store.screens import all_screens

    print_table(
        ("NAME", "VENUE", "BOARD", "LAST SEEN", "STATE", "ID"),
        [
            (
                one.name,
                one.venue,
                one.board or "main board",
                iso(one.last_seen_at) if one.last_seen_at else "never",
                _state(one),
                one.id,
            )
            for one in database.read(data, all_screens)
        ],
    )


@screen.command()
@click.argument("code")
@click.option("--name", default="TV", show_default=True, help="what the screen is called")
@click.option("--board", default="", metavar="SLUG", help="which board  [the venue's main board]")
@venue_option
@data_option
def pair(code: str, name: str, board: str, venue: str, data: str | None) -> None:
    """Approve the CODE a TV shows at /tv; it goes to its board by itself.

    \b
    readyboard screen pair HK4T7 --board bar --name "Bar TV"
    """
    from app.commands.screens import pair_screen

    change = partial(
        pair_screen, code=code, venue=venue, board=board, name=name, actor=database.SHELL
    )
    paired = database.write(data, change)
    click.echo(f"{plain(paired.name)} is paired.  {paired.id}")


@screen.command()
@click.argument("id_or_name", metavar="SCREEN")
@data_option
def revoke(id_or_name: str, data: str | None) -> None:
    """End a pairing, by the screen's name or id; it shows a code again.

    \b
    readyboard screen revoke "Bar TV"
    """
    from app.commands.screens import revoke_screen

    revoked = database.write(data, partial(revoke_screen, screen=id_or_name))
    click.echo(f"{plain(revoked.name)} is no longer paired.")


def _state(screen: Screen) -> str:
    return f"revoked {iso(screen.revoked_at)}" if screen.revoked_at else "paired"
