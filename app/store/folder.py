"""The data folder: making it, refusing one that would lose data, and who may use it when.

`serve` holds `<data>/lock`. A restore holds that and `<data>/lock-restore`, of which every other
verb holds a share, so that none writes into a file that is just being replaced.
"""

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.problems import WrongDatabase

LOCK = "lock"
RESTORE_LOCK = "lock-restore"
MOUNTS = Path("/proc/self/mountinfo")
# Locks and shared memory there reach one machine only or not all, so SQLite's WAL breaks.
NETWORK_FILE_SYSTEMS = (
    "9p afs beegfs ceph cifs coda davfs fuse.ceph fuse.davfs2 fuse.glusterfs fuse.rclone "
    "fuse.s3fs fuse.smbnetfs fuse.sshfs gfs2 glusterfs gpfs lustre ncpfs nfs nfs4 ocfs2 "
    "prl_fs smb2 smb3 smbfs vboxsf vmhgfs"
)


def prepare(folder: Path, mounts: Path = MOUNTS) -> Path:
    """Make the folder, for its owner's eyes only, unless it is there; raises WrongDatabase."""
    kind = file_system(folder, mounts)
    if kind in NETWORK_FILE_SYSTEMS.split():
        raise WrongDatabase(
            f"{folder} lies on a network file system ({kind}), where a database loses data. "
            "Choose a folder on this machine's own disk with --data."
        )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / LOCK).touch()
    except OSError as error:
        raise WrongDatabase(f"{folder} cannot be used: {error.strerror}.") from error
    return folder


def file_system(folder: Path, mounts: Path = MOUNTS) -> str:
    """The type of the file system a path lies or would lie on; empty where the system has no
    mount table."""
    try:
        table = mounts.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
    path = folder.resolve()
    kind, depth = "", -1
    for line in table.splitlines():
        # `36 35 98:0 /root /mount\040point options … - type source options`, see proc(5).
        before, _, after = line.partition(" - ")
        point = Path(_unescaped(before.split(" ")[4]))
        # Of two mounts in one place the later one hides the other.
        if path.is_relative_to(point) and len(point.parts) >= depth:
            kind, depth = after.split(" ")[0], len(point.parts)
    return kind


@contextmanager
def serving(folder: Path) -> Iterator[None]:
    """Only one server may run on a folder."""
    with _locked(folder / LOCK, fcntl.LOCK_EX, f"Another Readyboard already serves {folder}."):
        yield


@contextmanager
def using(folder: Path) -> Iterator[None]:
    """Any other verb, beside a running server."""
    message = "A restore is running; try again when it is done."
    with _locked(folder / RESTORE_LOCK, fcntl.LOCK_SH, message):
        yield


@contextmanager
def restoring(folder: Path) -> Iterator[None]:
    """Nobody else at all."""
    served = f"Readyboard is running on {folder}: stop it, restore, and start it again."
    used = "Another readyboard command is at work on this folder; try again when it is done."
    with (
        _locked(folder / LOCK, fcntl.LOCK_EX, served),
        _locked(folder / RESTORE_LOCK, fcntl.LOCK_EX, used),
    ):
        yield


@contextmanager
def _locked(file: Path, how: int, message: str) -> Iterator[None]:
    # The kernel drops the lock with the process, however it ends; the file itself stays.
    try:
        opened = file.open("ab")
    except OSError as error:
        raise WrongDatabase(f"{file.parent} cannot be used: {error.strerror}.") from error
    with opened:
        try:
            fcntl.flock(opened, how | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WrongDatabase(message) from None
        yield


def _unescaped(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)
