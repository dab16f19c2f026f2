"""`readyboard menu`: a venue's menu, from a file and back into one."""

import json
from functools import partial
from pathlib import Path

import click

from app.cli import database
from app.cli.options import data_option, venue_option


@click.group()
def menu() -> None:
    """A venue's menu, from a file and back into one."""


@menu.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@venue_option
@click.option("--replace", is_flag=True, help="remove what the file does not name")
@click.option("--dry-run", is_flag=True, help="say what would change, and change nothing")
@data_option
def import_file(file: Path, venue: str, replace: bool, dry_run: bool, data: str | None) -> None:
    """Import a menu: all of the file or nothing. Ids in the file are kept.

    JSON: an object of the lists stations, printers, registers, categories, ingredients, items,
    banners, instructions; or what a MySagra server answers at /v1/categories?include=foods.
    CSV: the columns name, category, and if you like id, price, description, available, station,
    printer, ingredients.

    \b
    readyboard menu import menu.csv
    readyboard menu import menu.json --venue airport --replace
    """
    from app.commands.menu_file import read_menu
    from app.commands.menu_import import import_menu

    rows = read_menu(file.read_bytes(), file.name)
    change = partial(
        import_menu,
        venue=venue,
        rows=rows,
        actor=database.SHELL,
        replace_all=replace,
        dry_run=dry_run,
    )
    done = database.write(data, change)
    told = f"{done.added} added, {done.changed} changed, {done.same} as before"
    removed = f", {done.removed} removed" if replace else ""
    click.echo(f"{told}{removed}." + (" Nothing was written." if dry_run else ""))


@menu.command("export")
@venue_option
@data_option
def export_file(venue: str, data: str | None) -> None:
    """Print the menu as JSON that import takes back.

    \b
    readyboard menu export > menu.json
    """
    from app.commands.menu_import import exported
    from app.store import venues

    told = database.read(data, lambda tx: exported(tx, venues.open_by_slug(tx, venue).id))
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))
