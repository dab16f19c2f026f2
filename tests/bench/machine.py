"""The machine the figures are taken on: its cores, its limits, what it and its parts are called."""

import os
import platform
import resource
import sqlite3
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import IO

from app.settings import PREFIX

ROOT = Path(__file__).parent.parent.parent
LIBRARIES = ("uvicorn", "uvloop", "httptools", "starlette", "sse-starlette", "aiosqlite")
SPARE_FILES = 200  # what a server needs beside one file for each viewer
PAGE = 4096
SYNCS = 200
LONGEST_SECONDS = 300


def server_core() -> int:
    return min(os.sched_getaffinity(0))


def tool_core() -> int:
    """Another one, if there is one."""
    return max(os.sched_getaffinity(0))


def start_on(core: int, command: list[str], errors: int | IO[str]) -> subprocess.Popen[str]:
    """A child of our own on one core; threads it starts later stay there, too."""
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith(PREFIX)},
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
    with suppress(ProcessLookupError):  # its end is told by whoever waits for it
        os.sched_setaffinity(child.pid, {core})
    return child


def run_on(core: int, command: list[str]) -> str:
    """What it printed. Raises RuntimeError with what it complained of, or after five minutes."""
    with start_on(core, command, subprocess.PIPE) as child:
        try:
            said, complaint = child.communicate(timeout=LONGEST_SECONDS)
        except subprocess.TimeoutExpired as error:
            child.kill()
            raise RuntimeError(f"{command[0]} did not come to an end") from error
    if child.returncode:
        raise RuntimeError(complaint.strip())
    return said


def raise_file_limit() -> int:
    """Up to what we may; children inherit it. How many viewers fit."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most - SPARE_FILES


def private_bytes(pid: int) -> int:
    """Memory that belongs to this process alone."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


def sync_microseconds(folder: Path) -> float:
    """How long this disk takes to make one page durable, median."""
    taken = []
    with (folder / "page").open("wb", buffering=0) as file:
        file.write(bytes(PAGE * SYNCS))
        os.fsync(file.fileno())
        file.seek(0)
        for _ in range(SYNCS):
            file.write(bytes(PAGE))
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1e6


def description(nginx: str | None) -> list[str]:
    """What the figures depend on, one line each."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    lines = [
        f"{_cpu()}, {os.cpu_count()} cores, Linux {platform.release()}",
        f"Python {platform.python_version()} ({Path(sys.executable).resolve()}), "
        f"SQLite {sqlite3.sqlite_version}, {libraries}",
    ]
    if nginx is not None:
        said = subprocess.run([nginx, "-v"], capture_output=True, text=True, check=True).stderr
        lines.append(f"nchan in {said.partition(': ')[2].strip()}")
    return lines


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(": ")[2]
    return platform.machine()
