"""`readyboard user`: who may sign in to the staff pages."""

import sys
from functools import partial

import click

from app.cli import database
from app.cli.options import data_option, venue_option
from app.cli.table import plain, print_table
from app.domain.people import Role
from app.domain.times import iso


@click.group()
def user() -> None:
    """Who may sign in to the staff pages."""


password_option = click.option(
    "--password-stdin", is_flag=True, help="take the password from the first line of the input"
)


@user.command()
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice([str(role) for role in Role]),
    default=str(Role.STAFF),
    show_default=True,
    help="what this person may do",
)
@click.option("--email", help="e-mail address; a customer needs one")
@venue_option
@password_option
@data_option
def add(
    name: str, role: str, email: str | None, venue: str, password_stdin: bool, data: str | None
) -> None:
    """Add a user; asks for the password. A customer belongs to a venue and signs in through
    another ordering system only.

    \b
    readyboard user add anna --role admin
    readyboard user add "Ada Byron" --role customer --email ada@example.com
    pass show anna | readyboard user add anna --password-stdin
    """
    if role == Role.CUSTOMER and not email:
        raise click.UsageError("A customer signs in by --email.")
    from app.commands.guests import add_person

    hashed = _hashed(password_stdin)
    change = partial(
        add_person, name=name, role=Role(role), email=email, venue=venue, password_hash=hashed
    )
    added = database.write(data, change)
    click.echo(f"Added {plain(added.name)} ({added.role}).")


@user.command()
@click.argument("name")
@click.option("--email", help="e-mail address, to sign in to other ordering systems by")
@click.option("--group", help="group, as TastyIgniter assigns orders to")
@data_option
def describe(name: str, email: str | None, group: str | None, data: str | None) -> None:
    """Set a user's e-mail address or group.

    \b
    readyboard user describe anna --email anna@example.com --group Kitchen
    """
    from app.commands.guests import describe_user

    change = partial(describe_user, user=name, email=email, group=group)
    member = database.write(data, change)
    click.echo(f"{plain(member.name)} is number {member.serial}.")


@user.command()
@click.argument("name")
@password_option
@data_option
def passwd(name: str, password_stdin: bool, data: str | None) -> None:
    """Give a user a new password and sign them out everywhere.

    \b
    readyboard user passwd anna
    """
    from app.commands.people import change_password, find_user

    database.read(data, lambda db: find_user(db, name))  # a wrong name shows before the typing
    change = partial(change_password, user=name, password_hash=_hashed(password_stdin))
    changed = database.write(data, change)
    click.echo(f"{plain(changed.name)} has a new password and was signed out everywhere.")


@user.command()
@click.argument("name")
@click.option("--pin-stdin", is_flag=True, help="take the PIN from the first line of the input")
@click.option("--remove", is_flag=True, help="take the PIN away")
@data_option
def pin(name: str, pin_stdin: bool, remove: bool, data: str | None) -> None:
    """Give a user a PIN of 4 to 8 digits, for tablets that several people share.

    \b
    readyboard user pin anna
    readyboard user pin anna --remove
    """
    from app.commands.passwords import hash_pin
    from app.commands.people import find_user
    from app.commands.pins import remove_pin, set_pin

    database.read(data, lambda db: find_user(db, name))  # a wrong name shows before the typing
    if remove:
        changed = database.write(data, partial(remove_pin, user=name))
        click.echo(f"{plain(changed.name)} has no PIN.")
        return
    hashed = hash_pin(_typed("PIN", pin_stdin))
    changed = database.write(data, partial(set_pin, user=name, pin_hash=hashed))
    click.echo(f"{plain(changed.name)} has a new PIN.")


@user.command()
@click.argument("name")
@data_option
def disable(name: str, data: str | None) -> None:
    """Keep a user out, at once and until enabled again.

    \b
    readyboard user disable anna
    """
    from app.commands.people import disable_user

    changed = database.write(data, partial(disable_user, user=name))
    click.echo(f"{plain(changed.name)} can no longer sign in.")


@user.command()
@click.argument("name")
@data_option
def enable(name: str, data: str | None) -> None:
    """Let a disabled user in again.

    \b
    readyboard user enable anna
    """
    from app.commands.people import enable_user

    changed = database.write(data, partial(enable_user, user=name))
    click.echo(f"{plain(changed.name)} can sign in.")


@user.command("list")
@data_option
def list_users(data: str | None) -> None:
    """List the users.

    \b
    readyboard user list
    """
    from app.store.people import all_users

    rows = [
        (one.name, one.role, "disabled" if one.disabled else "", iso(one.created_at), one.id)
        for one in database.read(data, all_users)
    ]
    print_table(("NAME", "ROLE", "", "ADDED", "ID"), rows)


def _hashed(password_stdin: bool) -> str:
    from app.commands.passwords import hash_password

    return hash_password(_typed("Password", password_stdin))


def _typed(what: str, stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = click.prompt(what, hide_input=True, confirmation_prompt=True)
    return typed
