"""How fast Readyboard is beside others on this machine: `make bench`, or python -m tests.bench.

Builds the tools, runs every server in turns on one core with the tool on another, prints the
figures against the goals and keeps those of a whole run in RESULTS.md.
"""

import argparse
import os
import shlex
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from tests.bench import machine
from tests.bench.goals import GOALS, Goal, faults
from tests.bench.rounds import Turns
from tests.bench.scenes import PRODUCT, Bench
from tests.bench.servers import NotHere, Shop, nginx
from tests.bench.table import table
from tests.bench.tools import build

RESULTS = Path(__file__).with_name("RESULTS.md")
MANY, QUICK = 10_000, 1_000


def main() -> None:
    asked = _asked()
    fits = machine.raise_file_limit()
    many = min(asked.viewers, fits)
    if many < asked.viewers:
        click.echo(f"Open files are limited here: {many:,} viewers instead of {asked.viewers:,}.")
    goals = [goal for goal in GOALS if not asked.only or goal.row in asked.only]
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        try:
            for tool in ("fan", "floor"):
                build(tool, folder)
        except RuntimeError as error:
            raise SystemExit(str(error)) from error
        shop = Shop(folder, fits + machine.SPARE_FILES)
        bench = Bench(shop, max(1, many // 10), many, asked.quick)
        lines = _circumstances(folder) + _figures(goals, bench, asked.rounds)
    click.echo("\n".join(lines))
    if not (asked.quick or asked.only or many < MANY):
        RESULTS.write_text("\n".join(["# Results of `make bench`", "", *lines, ""]))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, help="3, and 5 for goals near a peer")
    parser.add_argument("--quick", action="store_true", help="fewer viewers, one short round")
    rows = sorted({goal.row for goal in GOALS})
    parser.add_argument("--only", type=int, action="append", choices=rows, help="repeatable")
    parser.add_argument("--viewers", type=int, help="many; a tenth of them is few (10,000)")
    asked = parser.parse_args()
    asked.rounds = asked.rounds or (1 if asked.quick else None)
    asked.viewers = asked.viewers or (QUICK if asked.quick else MANY)
    return asked


def _circumstances(folder: Path) -> list[str]:
    try:
        program: str | None = nginx()[0]
    except NotHere:
        program = None
    cores = machine.server_core(), machine.tool_core()
    where = f"Servers on core {cores[0]}, the tool on core {cores[1]}"
    command = shlex.join(["python", "-m", "tests.bench", *sys.argv[1:]])
    return [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, `{command}`",
        "",
        *(f"* {line}" for line in machine.description(program)),
        f"* {where if cores[0] != cores[1] else 'One core for all: no figure means much'};"
        f" load before the start {os.getloadavg()[0]:.1f}",
        f"* One page made durable by fdatasync: {machine.sync_microseconds(folder):.0f} µs",
        "",
    ]


def _figures(goals: list[Goal], bench: Bench, rounds: int | None) -> list[str]:
    turns = Turns(bench, rounds)
    results = {scene: turns.take(scene) for scene in dict.fromkeys(g.scene for g in goals)}
    counts = sorted({len(runs) for scene in results.values() for runs in scene.values()})
    ours = [report for scene in results.values() for report in scene[PRODUCT] if report]
    return [
        f"Rounds: {' or '.join(map(str, counts))}; figures and ratios are medians over them.",
        "",
        *table(goals, results, bench),
        "",
        f"Lost, doubled or out of order in all runs of Readyboard: {sum(map(faults, ours))}.",
        *(
            []
            if bench.many >= MANY
            else ["The goals are for 10,000 and 1,000 viewers, not for this."]
        ),
        *turns.notes,
    ]


if __name__ == "__main__":
    main()
