"""A whole, consistent copy of a running database, and putting one back."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from app.domain.problems import WrongDatabase
from app.store import folder
from app.store.migrate import newest_version, version_of
from app.store.sqlite import FILE_NAME

EPOCH = "SELECT max(epoch) FROM venues"
NEW_EPOCH = "UPDATE venues SET epoch = :epoch"
TABLES = frozenset({"venues", "orders", "events"})
# Added where the old database can no longer say how often it was restored before.
LEAP = 1000


def backup(data: Path, target: Path) -> None:
    """Copy the database of a data folder, also while it is written to, into one file.

    The file appears whole or not at all. Raises WrongDatabase.
    """
    source = data / FILE_NAME
    if not source.is_file():
        raise WrongDatabase(f"There is no database in {data}.")
    if target.is_dir() or not target.parent.is_dir():
        raise WrongDatabase(f"{target} cannot be written: give the name of a file.")
    if target.exists() and target.samefile(source):
        raise WrongDatabase(f"{target} is the database itself.")
    part = target.with_name(f".{target.name}.part")
    try:
        with _reported(source):
            _copy(source, part)
        part.replace(target)
        _sync(target.parent)
    except OSError as error:
        raise WrongDatabase(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def restore(data: Path, source: Path, now: datetime) -> Path | None:
    """Put a backup in the place of the database; the path the old one was kept under, if any.

    Every venue's epoch grows past both lives' epochs, so that a stream position of the old life
    is not mistaken for one of the new. Raises WrongDatabase: not a backup, too new, in use.
    """
    with _reported(source):
        check(source)
    with folder.restoring(data):
        current, part = data / FILE_NAME, data / f"{FILE_NAME}.restoring"
        try:
            with _reported(source):
                _copy(source, part)
                kept = _set_aside(current, f"{FILE_NAME}.before-restore-{now:%Y%m%dT%H%M%SZ}")
                _raise_epochs(part, current)
            part.replace(current)
            _sync(data)
        except OSError as error:
            raise WrongDatabase(f"{data} cannot be written: {error.strerror}.") from error
        finally:
            part.unlink(missing_ok=True)
        return kept


def check(source: Path) -> None:
    """Refuse what is no whole Readyboard database of this program's schema or an older one."""
    if not source.is_file():
        raise WrongDatabase(f"There is no file {source}.")
    with closing(_open(source)) as db:
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master")}
        if not tables >= TABLES:
            raise WrongDatabase(f"{source} is not a Readyboard database.")
        if version_of(db) > newest_version():
            raise WrongDatabase(
                f"{source} has schema {version_of(db)}, this program knows up to "
                f"{newest_version()}: use a newer Readyboard."
            )
        if db.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise WrongDatabase(f"{source} is damaged.")


def _copy(source: Path, part: Path) -> None:
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)  # it holds names and password hashes
    with closing(_open(source)) as whole, closing(sqlite3.connect(part)) as copy:
        # One step: a copy in slices begins anew whenever somebody writes in between.
        whole.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without -wal beside it
    _sync(part)


def _raise_epochs(part: Path, current: Path) -> None:
    with closing(sqlite3.connect(part)) as db, db:
        epoch = max(db.execute(EPOCH).fetchone()[0] or 0, _epoch_of(current))
        db.execute(NEW_EPOCH, {"epoch": epoch + 1})
    _sync(part)


def _epoch_of(current: Path) -> int:
    if not current.exists():
        return 0
    try:
        with closing(_open(current)) as db:
            return int(db.execute(EPOCH).fetchone()[0] or 0)
    except sqlite3.Error:
        return LEAP


def _set_aside(current: Path, name: str) -> Path | None:
    """Keep the database under another name too; it stays in place until the new one replaces
    it, so that a power cut at any moment leaves the one or the other."""
    if not current.exists():
        return None
    kept, wal = current.with_name(name), Path(f"{current}-wal")
    kept_wal = Path(f"{kept}-wal")
    _link(current, kept)
    if wal.exists():  # now, because SQLite deletes the log of a file it cannot read
        _link(wal, kept_wal)
    try:
        with closing(_open(current)) as db:
            db.execute("PRAGMA journal_mode = DELETE")  # folds the log in; needs to be alone
        kept_wal.unlink(missing_ok=True)
    except sqlite3.OperationalError as error:
        kept.unlink()
        kept_wal.unlink(missing_ok=True)
        message = f"Another program has the database open; close it first ({error})."
        raise WrongDatabase(message) from error
    except sqlite3.DatabaseError:
        pass  # damaged, which may well be why a backup is put back
    for left in (wal, Path(f"{current}-shm")):
        left.unlink(missing_ok=True)
    return kept


def _link(old: Path, new: Path) -> None:
    try:
        new.hardlink_to(old)
    except FileExistsError:  # a restore of this very second; its old life stays
        raise
    except OSError:  # a file system without hard links
        shutil.copy2(old, new)


def _open(file: Path) -> sqlite3.Connection:
    """Open a file that is there; a plain connect would make an empty one."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=5)


@contextmanager
def _reported(source: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise WrongDatabase(f"{source} cannot be read as a database: {error}.") from error


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
