"""`readyboard key`: API keys for tills and other programs."""

from functools import partial

import click

from app.cli import database
from app.cli.options import data_option
from app.cli.table import plain, print_table
from app.domain.people import Key, Scope
from app.domain.times import iso

# Kinds of clients; written out because loading the foreign systems takes a second.
CLIENTS = ("eatsa", "mysagra-printer", "mysagra-web", "tastyigniter", "hyra")


@click.group()
def key() -> None:
    """API keys for tills and other programs."""


@key.command()
@click.option("--name", help="what the key is for  [with --for: the client's kind]")
@click.option(
    "--for",
    "client",
    type=click.Choice(CLIENTS),
    help="make it for a client of another ordering system, in that system's own format",
)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([str(scope) for scope in Scope]),
    help="what it is good for; may be given more than once",
)
@click.option(
    "--venue",
    "venues",
    multiple=True,
    metavar="SLUG",
    help="bind it to this venue; may be given more than once  [every venue; with --for: main]",
)
@data_option
def create(
    name: str | None,
    client: str | None,
    scopes: tuple[str, ...],
    venues: tuple[str, ...],
    data: str | None,
) -> None:
    """Make a key. Its secret is printed once and stored nowhere.

    \b
    readyboard key create --name till --scope orders:write --scope orders:read
    readyboard key create --for mysagra-printer
    """
    if client is not None:
        _create_for(client, name or client, scopes, venues or ("main",), data)
        return
    if not name or not scopes:
        raise click.UsageError("Say --name and at least one --scope, or --for a client.")
    from app.commands.keys import create_key

    change = partial(
        create_key, name=name, scopes=[Scope(scope) for scope in scopes], venues=venues or None
    )
    made = database.write(data, change)
    click.echo(made.secret)


def _create_for(
    client: str, name: str, scopes: tuple[str, ...], venues: tuple[str, ...], data: str | None
) -> None:
    """Only the key goes to stdout, so that a script can take it; what else is to say to stderr."""
    if scopes:
        raise click.UsageError("--scope is for our own API; --for knows what its client needs.")
    from app.dialects.systems import CREDENTIALS, make_key

    made = database.write(
        data, partial(make_key, client=client, name=name, venues=venues, actor=database.SHELL)
    )
    dialect, _ = CREDENTIALS[client]
    for slug in made.connected:
        click.echo(f"The venue {slug} now answers to {dialect.title} clients.", err=True)
    click.echo(f"What to enter in the client: readyboard connect {dialect.name}", err=True)
    click.echo(made.shown)


@key.command("list")
@data_option
def list_keys(data: str | None) -> None:
    """List the keys, without their secrets.

    \b
    readyboard key list
    """
    from app.store.people import all_keys

    print_table(
        ("NAME", "ENDS IN", "GOOD FOR", "VENUES", "STATE", "ID"),
        [
            (
                one.name,
                one.last4,
                _good_for(one),
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


def _good_for(key: Key) -> str:
    return ",".join(sorted(key.scopes)) or f"{key.dialect} {key.kind}".strip()


def _state(key: Key) -> str:
    if key.revoked_at:
        return f"revoked {iso(key.revoked_at)}"
    return f"until {iso(key.expires_at)}" if key.expires_at else "in use"
