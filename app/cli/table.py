"""Lists as plain columns. What guests and staff typed cannot steer the terminal."""

from collections.abc import Iterable, Sequence

import click


def print_table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    lines = [[plain(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(heads))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def plain(value: object) -> str:
    text = "" if value is None else str(value)
    return "".join(char if char.isprintable() else "�" for char in text)
