"""`readyboard backup` and `readyboard restore`."""

from pathlib import Path

import click

from app.cli.options import data_option, load

A_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("file", type=A_FILE)
@data_option
def backup(file: Path, data: str | None) -> None:
    """Copy the database into FILE, whole and consistent, also while the server runs.

    \b
    readyboard backup /srv/backups/readyboard-$(date +%F).db
    """
    from app.store import backup as backups, folder

    path = load(data=data).settings.data
    with folder.using(path):
        backups.backup(path, file)
    click.echo(f"Saved {file} ({file.stat().st_size:,} bytes).")


@click.command()
@click.argument("file", type=A_FILE)
@data_option
def restore(file: Path, data: str | None) -> None:
    """Put the backup FILE in the place of the database. Stop the server first.

    The database of before is kept beside it. Keys, users and sessions are those of the backup
    again: what was revoked since then is valid again.

    \b
    readyboard restore /srv/backups/readyboard-2026-11-21.db
    """
    from app.domain.times import utc_now
    from app.store import backup as backups, folder

    path = folder.prepare(load(data=data).settings.data)
    kept = backups.restore(path, file, utc_now())
    click.echo(f"Restored {file}.")
    if kept:
        click.echo(f"What was there before is kept as {kept}.")
