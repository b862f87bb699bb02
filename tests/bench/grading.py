"""A class of sixty by one command: a row for everyone, points where they are due, and the CPU seconds of a hand-in.

Every kind of `tests.hand_ins` twice, and the rest right or empty. `rows` should be 60, `right` and `none` 1 (shares of
those who are due full marks, or nothing, and have them), `task` 1 (of those whose one mistake should cost one task).
"""

import csv
import resource
import tempfile
from pathlib import Path

from chapters.assignments.build import ASSIGNMENTS
from gan_lessons.__main__ import main
from tests import hand_ins

NAME, COUNT, SECONDS = "04_the_losses", 60, 10
POINTS, TASK = 20, 4
RIGHT = {"right", "duplicated", "split", "stripped", "renamed", "wrong_kernel", "merge_marks", "huge_output", "cut"}
ONE_TASK = {"wrong", "hanging", "stubborn", "memory_eating", "kernel_killing", "printing", "deleted"}


def bench() -> dict[str, float]:
    given = hand_ins.Assignment(
        ASSIGNMENTS / "source" / NAME / f"{NAME}.ipynb", ASSIGNMENTS / "release" / NAME / f"{NAME}.ipynb", "hinge"
    )
    known = hand_ins.kinds(given, "check")
    kinds = [*known, *known, *["right"] * 12]
    kinds += ["empty"] * (COUNT - len(kinds))
    with tempfile.TemporaryDirectory() as folder:
        place, out = Path(folder) / "class", Path(folder) / "out"
        for k, kind in enumerate(kinds):
            name, make = known[kind]
            hand_ins.hand_in(place, f"s{k:02}-{kind}", name, make())
        words = ["grade", str(place), "--assignment", NAME, "--out", str(out), "--seconds", str(SECONDS)]
        before = cpu()
        status = main(words)
        used = cpu() - before
        with (out / f"{NAME}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = {row["id"]: row for row in csv.DictReader(file)}
    points: dict[str, list[float]] = {}
    for name, row in rows.items():
        points.setdefault(name.partition("-")[2], []).append(float(row["points"]))
    print({kind: found for kind, found in points.items()})
    due = {kind: POINTS if kind in RIGHT else POINTS - TASK if kind in ONE_TASK else 0 for kind in points}
    share = {
        most: sum(found.count(most) for kind, found in points.items() if due[kind] == most)
        / sum(len(found) for kind, found in points.items() if due[kind] == most)
        for most in set(due.values())
    }
    slowest = max(float(row["CPU seconds"]) for row in rows.values())
    return {
        "status": status, "rows": len(rows), "right": share[POINTS], "task": share[POINTS - TASK], "none": share[0],
        "cpu_seconds": used / COUNT, "slowest_cpu_seconds": slowest,
    }  # fmt: skip


def cpu() -> float:
    """The CPU seconds of this process, and of those that it has waited for."""
    times = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in times)
