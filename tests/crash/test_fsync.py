"""A kill proves nothing about power cuts, so this looks at the calls: an fdatasync stands between
a change and its acknowledgement."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path


def test_every_acknowledgement_comes_after_an_fdatasync(tmp_path: Path) -> None:
    strace = shutil.which("strace")
    assert strace is not None, "strace is missing; `make test` installs it"
    trace, calls = tmp_path / "trace", "trace=fdatasync,fsync,pwrite64,write"
    # One writer: with more, the next batch may be under way while the last is acknowledged.
    child = [sys.executable, "-m", "tests.crash.child", str(tmp_path / "data"), "1"]
    command = [strace, "-f", "-y", "-e", calls, "-o", str(trace), *child]
    # A session of its own: killing strace alone would let the child go on writing for ever.
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as traced:
        assert traced.stdout is not None
        for _ in range(60):
            traced.stdout.readline()
        os.killpg(traced.pid, signal.SIGKILL)
    lines = trace.read_text(errors="replace").splitlines()
    acknowledgements = unsynced = 0
    dirty = False
    for line in lines:
        if "pwrite64(" in line and "-wal>" in line:
            dirty = True
        elif ("fdatasync(" in line or "fsync(" in line) and "-wal>" in line:
            dirty = False
        elif "write(1<" in line:
            acknowledgements += 1
            unsynced += dirty
    assert acknowledgements >= 50
    assert any("-wal>" in line and "sync(" in line for line in lines)
    assert unsynced == 0
