"""Draw every face in every size: `make screenshots`, or `python -m tests.screenshots FOLDER`.

The drawing is done by the test that holds every face to its rules; the README's are kept here.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ALL = HERE.parent.parent / "build" / "screenshots"
TEST = "tests/browser/test_every_face.py"
KEPT = {
    "board-1920x1080": "board-wall",
    "board-1080x1920": "board-portrait",
    "pad-1024x768-dark": "staff-tablet",
    "pad-390x844-dark": "staff-phone",
    "ticket-ready-390x844": "ticket-phone",
    "board-editor-1440x900-light": "board-editor",
    "point-1024x600": "point",
}


def main(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "--numprocesses", "auto", TEST]
    done = subprocess.run(command, env=os.environ | {"READYBOARD_PICTURES": str(folder)})
    for drawn, kept in KEPT.items():
        if (folder / f"{drawn}.png").exists():
            shutil.copy(folder / f"{drawn}.png", HERE / f"{kept}.png")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ALL))
