"""`readyboard key`: API keys for tills and other programs."""

from functools import partial

import click

from app.cli import database
from app.cli.options import data_option
from app.cli.table import plain, print_table
from app.domain.people import Key, Scope
from app.domain.times import iso


@click.group()
def key() -> None:
    """API keys for tills and other programs."""


@key.command()
@click.option("--name", required=True, help="what the key is for")
@click.option(
    "--scope",
    "scopes",
    required=True,
    multiple=True,
    type=click.Choice([str(scope) for scope in Scope]),
    help="what it is good for; may be given more than once",
)
@click.option(
    "--venue",
    "venues",
    multiple=True,
    metavar="SLUG",
    help="bind it to this venue; may be given more than once  [every venue]",
)
@data_option
def create(name: str, scopes: tuple[str, ...], venues: tuple[str, ...], data: str | None) -> None:
    """Make a key. Its secret is printed once and stored nowhere.

    \b
    readyboard key create --name till --scope orders:write --scope orders:read
    """
    from app.commands.keys import create_key

    change = partial(
        create_key, name=name, scopes=[Scope(scope) for scope in scopes], venues=venues or None
    )
    made = database.write(data, change)
    click.echo(made.secret)


@key.command("list")
@data_option
def list_keys(data: str | None) -> None:
    """List the keys, without their secrets.

    \b
    readyboard key list
    """
    from app.store.people import all_keys

    print_table(
        ("NAME", "ENDS IN", "SCOPES", "VENUES", "STATE", "ID"),
        [
            (
                one.name,
                one.last4,
                ",".join(sorted(one.scopes)),
                "all" if one.venues is None else ",".join(sorted(one.venues)),
                _state(one),
                one.id,
            )
            for one in database.read(data, all_keys)
        ],
    )


@key.command()
@click.argument("key_or_name", metavar="KEY")
@data_option
def revoke(key_or_name: str, data: str | None) -> None:
    """End a key, by its name or id; streams opened with it close at once.

    \b
    readyboard key revoke till
    """
    from app.commands.keys import revoke_key

    revoked = database.write(data, partial(revoke_key, key=key_or_name))
    click.echo(f"The key {plain(revoked.name)} (…{revoked.last4}) is revoked.")


def _state(key: Key) -> str:
    if key.revoked_at:
        return f"revoked {iso(key.revoked_at)}"
    return f"until {iso(key.expires_at)}" if key.expires_at else "in use"
