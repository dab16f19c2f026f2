"""The figures of a run as a Markdown table."""

from collections.abc import Iterable, Mapping

from tests.bench.goals import Goal, Rounds
from tests.bench.scenes import FLOOR, NAIVE, NCHAN, PORTABLE, PRODUCT, Bench, Scene

SERVERS = (FLOOR, NCHAN, NAIVE, PORTABLE, PRODUCT)
Results = Mapping[Scene, Rounds]


def table(goals: Iterable[Goal], results: Results, bench: Bench) -> list[str]:
    head = ["#", "measure", *SERVERS, "judged", "must", "aim", ""]
    rule = ["--:", "---", *["--:"] * len(SERVERS), "--:", "---", "---", "---"]
    rows = [_row(goal, results[goal.scene], bench) for goal in goals if goal.scene in results]
    return ["| " + " | ".join(cells) + " |" for cells in (head, rule, *rows)]


def _row(goal: Goal, rounds: Rounds, bench: Bench) -> list[str]:
    medians, judged = goal.medians(rounds), goal.judged(rounds)
    told = goal.must is not None or goal.against is not None
    shown = "" if judged is None or not told else figure(judged)
    return [
        str(goal.row),
        bench.words(goal.what),
        *(figure(medians[name]) if name in medians else "" for name in SERVERS),
        f"{shown} × {goal.against}" if shown and goal.against else shown,
        str(goal.must or ""),
        str(goal.aim or ""),
        goal.verdict(judged),
    ]


def figure(value: float) -> str:
    """Three digits that count, and no more."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
