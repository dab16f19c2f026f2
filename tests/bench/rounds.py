"""Every server in turns, so that a slow minute of the machine is everyone's."""

import subprocess
import time

import click

from tests.bench.goals import Rounds
from tests.bench.scenes import Bench, Scene, Way
from tests.bench.servers import NotHere
from tests.bench.tools import Report

ROUNDS, ROUNDS_NEAR_A_PEER = 3, 5


class Turns:
    """`notes`: what could not be measured, each thing once."""

    def __init__(self, bench: Bench, rounds: int | None) -> None:
        self._bench = bench
        self._rounds = rounds
        self._notes: dict[str, None] = {}

    @property
    def notes(self) -> list[str]:
        return list(self._notes)

    def take(self, scene: Scene) -> Rounds:
        count = self._rounds or (ROUNDS_NEAR_A_PEER if scene.near_a_peer else ROUNDS)
        found: Rounds = {name: [] for name in scene.ways}
        title = self._bench.words(scene.title)
        for number in range(1, count + 1):
            for name, way in scene.ways.items():
                started = time.perf_counter()
                found[name].append(self._one_run(way, f"{name}, {title}"))
                taken = time.perf_counter() - started
                click.echo(f"{title}: round {number} of {count}, {name}, {taken:.0f} s", err=True)
        return found

    def _one_run(self, way: Way, which: str) -> Report | None:
        try:
            return way(self._bench)
        except NotHere as error:
            self._notes[f"Not compared: {error}"] = None
        except (RuntimeError, OSError, subprocess.SubprocessError) as error:
            # One round that fails must not cost the hour the others took.
            click.echo("\n".join([str(error), *getattr(error, "__notes__", [])]), err=True)
            self._notes[f"A round failed: {which}: {' '.join(str(error).split())[:200]}"] = None
        return None
