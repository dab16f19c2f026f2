"""What was rewritten or deleted may linger in unused parts of the file; this leaves none of it."""

import sqlite3

from app.domain.problems import Unavailable


def overwrite_old_copies(connection: sqlite3.Connection) -> None:
    """Write the whole file anew and empty its log. Takes about a second for 100 MB, in which
    other changes wait. For `SqliteStore.on_writer`. Raises Unavailable: a full disk, or another
    program at work on the file; the names are out of what can be read all the same."""
    try:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise Unavailable(
            "The names are out, but old copies of them may linger in the database file "
            f"({error}). Do it once more."
        ) from error
