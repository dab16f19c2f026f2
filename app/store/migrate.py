"""Runs the numbered migrations that a database file has not seen; refuses a newer schema."""

import sqlite3
from importlib.resources import files
from importlib.resources.abc import Traversable

from app.domain.problems import WrongDatabase

MIGRATIONS = files("app.store") / "migrations"


def migrations() -> list[tuple[int, Traversable]]:
    """Number and file of each migration, in order; the number leads the file name."""
    found = [f for f in MIGRATIONS.iterdir() if f.name.endswith(".sql")]
    return sorted(((int(f.name.split("_")[0]), f) for f in found), key=lambda pair: pair[0])


def newest_version() -> int:
    return migrations()[-1][0]


def version_of(connection: sqlite3.Connection) -> int:
    """The schema version of an open file; 0 for an empty one."""
    row = connection.execute("PRAGMA user_version").fetchone()
    return int(row[0])


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the file to this program's schema, each step in one transaction of its own."""
    version = version_of(connection)
    if version > newest_version():
        raise WrongDatabase(
            f"The database has schema {version}, this program knows up to {newest_version()}: "
            "start a newer Readyboard, or restore a backup made by this one."
        )
    for number, file in migrations():
        if number > version:
            _run(connection, number, file.read_text("utf-8"))


def _run(connection: sqlite3.Connection, number: int, script: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # A second process may have migrated while this one waited for the lock.
        if version_of(connection) < number:
            for statement in statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk has ended it already
            connection.execute("ROLLBACK")
        raise


def statements(script: str) -> list[str]:
    """The script's statements one by one; executescript() would commit between them."""
    found, current = [], ""
    for line in script.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            found.append(current.strip())
            current = ""
    return found
