"""The data folder's locks, online backup, and putting a backup back."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from app.commands.orders import NewOrder, place
from app.domain.board import Board, card, digest
from app.domain.events import SYSTEM
from app.domain.problems import WrongDatabase
from app.domain.venues import Venue
from app.store import orders, venues
from app.store.backup import backup, restore
from app.store.database import Reading
from app.store.folder import prepare, restoring, serving, using
from app.store.sqlite import FILE_NAME, SqliteStore, open_store

NOW = datetime(2026, 11, 21, 18, 4, 5, tzinfo=UTC)
MOUNTS = """\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 27 0:50 / /mnt/my\\040share rw shared:1 master:2 - nfs4 server:/x rw,vers=4.2
31 30 254:1 / /mnt/my\\040share/disk rw - ext4 /dev/vdb rw
32 27 0:51 / /srv rw - ext4 /dev/vdc rw
33 27 0:52 / /srv rw - fuse.sshfs me@there:/ rw
"""


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = await open_store(prepare(tmp_path / "data"))
    yield opened
    await opened.close()


async def place_orders(store: SqliteStore, *names: str) -> None:
    for name in names:
        new = NewOrder(name=name)
        await store.write(partial(place, venue="main", new=new, actor=SYSTEM))


def main_venue(db: Reading) -> Venue:
    found = venues.by_slug(db, "main")
    assert found is not None
    return found


def names(db: Reading) -> list[str | None]:
    return [order.name for order in orders.live(db, main_venue(db).id)]


def board_digest(db: Reading) -> str:
    found = orders.live(db, main_venue(db).id)
    return digest([shown for order in found if (shown := card(order, Board()))], 0)


async def test_acceptance_item_12_backup_under_load_restores_to_the_same_digest(
    store: SqliteStore, tmp_path: Path
) -> None:
    file = tmp_path / "backup.db"
    await place_orders(store, "first")
    load = asyncio.create_task(place_orders(store, *(f"guest {i}" for i in range(200))))
    await asyncio.to_thread(backup, store.path.parent, file)
    await load
    (tmp_path / "other").mkdir()
    restore(tmp_path / "other", file, NOW)
    other = await open_store(tmp_path / "other")
    kept = await other.read(main_venue)
    whole = await store.read(names)
    assert await other.read(names) == whole[: kept.seq]
    assert len(await other.read(board_digest)) == 8
    await other.close()


async def test_backup_and_restore_give_the_same_board(store: SqliteStore, tmp_path: Path) -> None:
    await place_orders(store, "Anna", "Ben")
    before = await store.read(board_digest)
    backup(store.path.parent, tmp_path / "backup.db")
    await place_orders(store, "Carla")
    await store.close()
    restore(store.path.parent, tmp_path / "backup.db", NOW)
    await store.open()
    assert await store.read(names) == ["Anna", "Ben"]
    assert await store.read(board_digest) == before


async def test_a_backup_is_one_file_for_its_owner_only(store: SqliteStore, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    backup(store.path.parent, tmp_path / "out" / "backup.db")
    [file] = (tmp_path / "out").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "delete"


async def test_a_second_backup_takes_the_place_of_the_first(
    store: SqliteStore, tmp_path: Path
) -> None:
    file = tmp_path / "backup.db"
    file.write_text("an older one")
    backup(store.path.parent, file)
    assert file.read_bytes().startswith(b"SQLite format 3\0")


async def test_a_backup_never_overwrites_the_database(store: SqliteStore, tmp_path: Path) -> None:
    with pytest.raises(WrongDatabase, match="is the database itself"):
        backup(store.path.parent, store.path)
    with pytest.raises(WrongDatabase, match="give the name of a file"):
        backup(store.path.parent, tmp_path)
    with pytest.raises(WrongDatabase, match="There is no database in"):
        backup(tmp_path, tmp_path / "backup.db")
    with pytest.raises(WrongDatabase, match="cannot be written"):
        backup(store.path.parent, Path("/proc/backup.db"))


async def test_the_old_database_is_kept_aside_with_all_it_had(
    store: SqliteStore, tmp_path: Path
) -> None:
    backup(store.path.parent, tmp_path / "backup.db")
    await place_orders(store, "only in the old life")
    await store.close()
    kept = restore(store.path.parent, tmp_path / "backup.db", NOW)
    assert kept == store.path.with_name(f"{FILE_NAME}.before-restore-20261121T180405Z")
    with closing(sqlite3.connect(kept)) as db:
        assert db.execute("SELECT count(*) FROM orders").fetchone() == (1,)
    await store.open()


async def test_the_epoch_grows_past_both_lives(store: SqliteStore, tmp_path: Path) -> None:
    backup(store.path.parent, tmp_path / "backup.db")
    await store.close()
    for days in range(2):  # the second time the backup's own epoch is the lower one
        restore(store.path.parent, tmp_path / "backup.db", NOW + timedelta(days=days))
    await store.open()
    assert (await store.read(main_venue)).epoch == 3


async def test_a_damaged_database_can_be_restored_over(store: SqliteStore, tmp_path: Path) -> None:
    backup(store.path.parent, tmp_path / "backup.db")
    await store.close()
    store.path.write_bytes(b"not a database, but long enough for a header" * 100)
    store.path.with_name(f"{FILE_NAME}-wal").write_bytes(b"its log")
    kept = restore(store.path.parent, tmp_path / "backup.db", NOW)
    assert kept is not None
    assert kept.read_bytes().startswith(b"not a database")
    assert kept.with_name(f"{kept.name}-wal").read_bytes() == b"its log"
    await store.open()
    assert (await store.read(main_venue)).epoch > 1000


async def test_two_restores_in_one_second_do_not_lose_the_first_life(
    store: SqliteStore, tmp_path: Path
) -> None:
    backup(store.path.parent, tmp_path / "backup.db")
    await store.close()
    restore(store.path.parent, tmp_path / "backup.db", NOW)
    with pytest.raises(WrongDatabase, match="File exists"):
        restore(store.path.parent, tmp_path / "backup.db", NOW)
    await store.open()


async def test_a_backup_of_a_newer_program_is_refused(store: SqliteStore, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    backup(store.path.parent, file)
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA user_version = 9999")
    with pytest.raises(WrongDatabase, match="has schema 9999"):
        restore(store.path.parent, file, NOW)


async def test_only_a_whole_readyboard_database_is_restored(
    store: SqliteStore, tmp_path: Path
) -> None:
    file = tmp_path / "backup.db"
    with pytest.raises(WrongDatabase, match="There is no file"):
        restore(store.path.parent, file, NOW)
    file.write_text("an ordinary text, long enough to be looked at\n" * 100)
    with pytest.raises(WrongDatabase, match="cannot be read as a database"):
        restore(store.path.parent, file, NOW)
    file.unlink()
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(WrongDatabase, match="not a Readyboard database"):
        restore(store.path.parent, file, NOW)


async def test_a_damaged_backup_is_refused(store: SqliteStore, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    await place_orders(store, *(f"guest {i}" for i in range(50)))
    backup(store.path.parent, file)
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET rootpage = 2 WHERE name = 'orders'")
    with pytest.raises(WrongDatabase, match=r"damaged|cannot be read"):
        restore(store.path.parent, file, NOW)


async def test_a_restore_is_refused_while_the_server_runs(
    store: SqliteStore, tmp_path: Path
) -> None:
    backup(store.path.parent, tmp_path / "backup.db")
    with (
        serving(store.path.parent),
        pytest.raises(WrongDatabase, match="stop it, restore, and start it again"),
    ):
        restore(store.path.parent, tmp_path / "backup.db", NOW)


async def test_a_restore_is_refused_while_another_program_has_the_file_open(
    store: SqliteStore, tmp_path: Path
) -> None:
    backup(store.path.parent, tmp_path / "backup.db")
    with pytest.raises(WrongDatabase, match="Another program has the database open"):
        restore(store.path.parent, tmp_path / "backup.db", NOW)
    await place_orders(store, "still works")


def test_only_one_server_runs_on_a_folder(tmp_path: Path) -> None:
    with (
        serving(prepare(tmp_path)),
        pytest.raises(WrongDatabase, match="Another Readyboard already serves"),
        serving(tmp_path),
    ):
        pass
    with serving(tmp_path), using(tmp_path), using(tmp_path):
        pass


def test_verbs_and_a_restore_keep_out_of_each_others_way(tmp_path: Path) -> None:
    prepare(tmp_path)
    with using(tmp_path), pytest.raises(WrongDatabase, match="is at work"), restoring(tmp_path):
        pass
    with restoring(tmp_path), pytest.raises(WrongDatabase, match="is running"), using(tmp_path):
        pass


def test_the_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    assert prepare(tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WrongDatabase, match=r"cannot be used: (File exists|Not a directory)"):
        prepare(tmp_path / "file")
    with pytest.raises(WrongDatabase, match="cannot be used: No such file"), using(tmp_path / "x"):
        pass


@pytest.mark.parametrize(
    ("folder", "kind"), [("/mnt/my share/data", "nfs4"), ("/srv/data", "fuse.sshfs")]
)
def test_a_network_file_system_is_refused(folder: str, kind: str, tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    with pytest.raises(WrongDatabase, match=f"network file system \\({kind}\\)"):
        prepare(Path(folder), mounts)


def test_a_disk_below_a_network_folder_is_fine(tmp_path: Path) -> None:
    from app.store.folder import file_system

    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    assert file_system(Path("/mnt/my share/disk/data"), mounts) == "ext4"
    assert file_system(tmp_path, mounts) == "ext4"
    assert file_system(tmp_path, tmp_path / "no-such-table") == ""
