"""The C tools: built anew for every run of the bench, and spoken to by their options."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.bench.machine import run_on, tool_core

SOURCES = Path(__file__).parent
FLAGS = ("-O2", "-std=gnu11", "-Wall", "-Wextra", "-Werror")

Report = dict[str, Any]


def build(name: str, folder: Path) -> Path:
    """Compile `<name>.c`. Raises RuntimeError where there is no C compiler, CalledProcessError
    where it refuses."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise RuntimeError("Missing: a C compiler named cc (Debian: apt-get install gcc libc6-dev)")
    program = folder / name
    command = [compiler, *FLAGS, "-o", str(program), str(SOURCES / f"{name}.c")]
    subprocess.run(command, check=True)
    return program


def run_fan(program: Path, *words: str) -> Report:
    """Run the tool on its core. Raises RuntimeError with what it said if it cannot finish."""
    report: Report = json.loads(run_on(tool_core(), [str(program), *words]))
    return report
