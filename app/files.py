"""Where the files that come with the program are: in the installed package, or in a checkout."""

from pathlib import Path

PACKAGE = Path(__file__).parent


def project_folder(name: str) -> Path:
    """`templates` or `static`: a wheel carries them inside the package, a checkout beside it."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name
