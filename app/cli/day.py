"""`readyboard day`, `readyboard export` and `readyboard anonymise`: the end of a working day."""

from datetime import datetime
from functools import partial
from pathlib import Path

import click

from app.cli import database
from app.cli.options import data_option, load, venue_option
from app.cli.table import plain
from app.domain.day import Report, csv_of
from app.store.database import Reading

day_option = click.option(
    "--day", default="", metavar="YYYY-MM-DD", help="which working day  [the one that runs]"
)
rewrite_option = click.option(
    "--rewrite/--no-rewrite",
    default=True,
    show_default=True,
    help="leave no old copy of a name in the database file; a running server waits meanwhile, "
    "about a second for 100 MB",
)
A_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def day() -> None:
    """The end of a working day."""


@day.command()
@click.argument("venue")
@day_option
@data_option
def report(venue: str, day: str, data: str | None) -> None:
    """Print a working day in numbers, and which steps of its end are done.

    \b
    readyboard day report main
    readyboard day report main --day 2026-11-20
    """
    from app.commands.day import evening

    seen = database.read(data, partial(evening, venue=venue, day=day))
    _print(seen.report, seen.venue.currency)
    for step, taken in seen.steps.items():
        at = taken.at.astimezone(seen.venue.zone).strftime("%Y-%m-%d %H:%M")
        click.echo(f"{step.capitalize():<18}{at} by {plain(taken.actor.name)}")


@day.command()
@click.argument("venue")
@day_option
@click.option("--csv", "csv_file", type=A_FILE, help="CSV file  [backups/ in the data folder]")
@click.option("--keep-names", is_flag=True, help="leave the guests' names in")
@rewrite_option
@data_option
def close(
    venue: str, day: str, csv_file: Path | None, keep_names: bool, rewrite: bool, data: str | None
) -> None:
    """Close a working day: nothing may be open; then CSV, backup and anonymise.

    \b
    readyboard day close main
    readyboard day close main --day 2026-11-20 --csv /srv/books/2026-11-20.csv
    """
    from app.commands.closing import Closing, close_all

    closing = Closing(
        data=load(data=data).settings.data, venue=venue, day=day, actor=database.SHELL
    )
    seen, lines = database.run(
        data,
        lambda store: close_all(
            store,
            closing,
            csv_file=csv_file,
            keep_names=keep_names,
            told=_progress,
            rewrite=rewrite,
        ),
    )
    _print(seen.report, seen.venue.currency)
    for line in lines:
        click.echo(plain(line))


@click.group()
def export() -> None:
    """Orders for a spreadsheet."""


@export.command("csv")
@venue_option
@day_option
@click.option("--output", type=A_FILE, help="write here instead of on the screen")
@data_option
def export_csv(venue: str, day: str, output: Path | None, data: str | None) -> None:
    """Write a working day's orders as CSV: times, items, totals, no names.

    \b
    readyboard export csv --venue main --day 2026-11-20 > 2026-11-20.csv
    """
    from app.commands.closing import write_csv
    from app.commands.day import evening

    seen = database.read(data, partial(evening, venue=venue, day=day))
    if output is None:
        click.echo(csv_of(seen.orders, seen.venue).replace("\r\n", "\n"), nl=False)
        return
    write_csv(output, seen)
    click.echo(f"Saved {plain(output)} ({len(seen.orders)} orders).")


@click.command()
@click.argument("venue")
@click.option("--before", metavar="YYYY-MM-DD", help="working days before this one")
@click.option("--day", metavar="YYYY-MM-DD", help="this working day only")
@rewrite_option
@data_option
def anonymise(
    venue: str, before: str | None, day: str | None, rewrite: bool, data: str | None
) -> None:
    """Take the guests' names, phones, e-mails and notes out of ended orders and their history.

    Times, counts, numbers and amounts stay. Backups made before still hold the names.

    \b
    readyboard anonymise main --before 2026-11-01
    readyboard anonymise main --day 2026-11-20
    """
    if bool(before) == bool(day):
        raise click.UsageError("Say either --before or --day.")
    from app.commands.anonymise import anonymise as change
    from app.commands.closing import in_rounds

    since, until = database.read(data, partial(_between, venue=venue, before=before, day=day))
    run = partial(change, venue=venue, since=since, before=until, actor=database.SHELL)
    done = database.run(data, lambda store: in_rounds(store, run, told=_progress, rewrite=rewrite))
    click.echo(
        f"Took the names out of {done.orders} orders ({done.events} events) "
        f"and {done.guests} records of guests."
    )


def _between(
    db: Reading, venue: str, before: str | None, day: str | None
) -> tuple[datetime | None, datetime]:
    from app.commands.day import open_day

    of = open_day(db, venue, before or day or "")
    return (None, of.start) if before else (of.start, of.end)


def _progress(done: int, left: int) -> None:
    """On stderr, and only where somebody waits for a second round."""
    if left:
        click.echo(f"{done} orders done, {left} left", err=True)


def _print(report: Report, currency: str) -> None:
    minutes = "–" if report.prep_minutes is None else f"{report.prep_minutes:g} min"
    slowest = "" if report.slowest_minutes is None else f", slowest {report.slowest_minutes:g} min"
    rows = (
        ("Day", report.day),
        ("Orders", report.orders),
        ("Collected", report.collected),
        ("Cancelled", report.cancelled),
        ("Open", report.open),
        ("Items", report.pieces),
        ("Total", f"{report.amount:.2f} {currency}"),
        ("Preparation", f"{minutes} (median){slowest}" if minutes != "–" else minutes),
    )
    for head, value in rows:
        click.echo(f"{head:<18}{plain(value)}")
