"""Execute a hand-in in a process of its own, in a home that is thrown away, and bring back what its cells put out."""

import contextlib
import functools
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gan_lessons.grading import isolation, reading
from gan_lessons.grading.template import Template


@dataclass(frozen=True)
class Limits:
    """What a hand-in may take: seconds of computing a cell, memory in GB, minutes in all."""

    seconds: float = 30
    memory: float = 4
    minutes: float = 15


@dataclass
class Outcome:
    """What came of a hand-in: outputs by cell, what was stopped or replaced, and the CPU seconds that it took."""

    outputs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    look: list[str] = field(default_factory=list)
    network: str = ""
    seconds: float = 0.0


def cells_of(notebook: Any, template: Template) -> list[tuple[int, dict[str, Any]]]:
    """The code cells of a mended hand-in, with the teacher's own checks, and where each stands in the notebook."""
    found = []
    for k, cell in enumerate(notebook.cells):
        known = template.known.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        if cell.cell_type == "code":
            theirs = known is not None and not known.solution
            source = known.source if known and theirs else cell.source
            found.append(
                (k, {"source": source, "check": bool(known and known.check), "name": known.id if known else ""})
            )
    return found


def execute(notebook: Any, template: Template, limits: Limits, beside: Path | None = None) -> Outcome:
    """Run the code cells of a mended hand-in, where it finds the files that lie beside the teacher's notebook."""
    cells = cells_of(notebook, template)
    folder = Path(tempfile.mkdtemp(prefix="gl", dir=None if os.name == "nt" else "/tmp"))  # sockets need short paths
    try:
        unlike = shutil.ignore_patterns("*.ipynb", ".*")
        shutil.copytree(beside, folder / "home", ignore=unlike) if beside else (folder / "home").mkdir()
        fonts(folder / "home")
        task = {"cells": [cell for _, cell in cells], "checks": template.checks(), "limits": vars(limits)}
        (folder / "cells.json").write_text(json.dumps(task), "utf-8")
        words = supervise(folder, limits.minutes)
        outcome = gathered(folder / "outcomes.jsonl", cells, words)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return outcome


def supervise(folder: Path, minutes: float) -> str:
    """Let the jail run until it ends or its time is over, then end all that it has started; return its last words."""
    import psutil

    command = [sys.executable, "-m", "gan_lessons.grading.jail", str(folder)]
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            command, env=isolation.environment(str(folder / "home")), cwd=folder / "home",
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    family: dict[int, psutil.Process] = {}
    end, words = time.monotonic() + 60 * minutes, ""
    try:
        while process.poll() is None:
            with contextlib.suppress(psutil.Error):
                family |= {each.pid: each for each in psutil.Process(process.pid).children(recursive=True)}
            if time.monotonic() > end:
                words = f"it took longer than {minutes:g} minutes"
                break
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.5)
    finally:
        for each in family.values():
            with contextlib.suppress(psutil.Error):
                each.kill()
        with contextlib.suppress(OSError):
            process.kill()
        process.wait()
    log_text = (folder / "log.txt").read_text("utf-8", errors="replace").strip()
    return words or (log_text.splitlines()[-1][:300] if process.returncode and log_text else "")


def gathered(path: Path, cells: list[tuple[int, dict[str, Any]]], words: str) -> Outcome:
    """Read the outcomes that the jail has written, as far as it came."""
    outcome, begun, done = Outcome(), None, False
    replaced: dict[str, None] = {}
    lines = path.read_text("utf-8", errors="replace").splitlines() if path.exists() else []
    for line in lines:
        try:
            said = json.loads(reading.whole(json.dumps(json.loads(line), ensure_ascii=False)))
        except ValueError:
            continue  # torn
        outcome.network = said.get("network", outcome.network)
        outcome.seconds = said.get("seconds", outcome.seconds)
        done = done or "done" in said
        begun = said.get("begun", begun)
        if "cell" in said and 0 <= said["cell"] < len(cells):
            place, cell = cells[said["cell"]]
            outcome.outputs[place] = said["outputs"]
            name = cell["name"] or f"cell {place + 1}"
            outcome.look += [f"{name}: {said['stopped']}"] if said.get("stopped") else []
            replaced |= dict.fromkeys(said.get("replaced", []))
    if replaced:
        outcome.look.append(f"replaced, no points: {', '.join(replaced)}")
    if not done:
        at = f" at cell {cells[begun][0] + 1}" if begun is not None and begun < len(cells) else ""
        outcome.look.append(f"execution ended{at} before its end{': ' * bool(words)}{words}")
    outcome.look = list(dict.fromkeys(outcome.look))
    return outcome


def not_run(why: str) -> list[dict[str, Any]]:
    """The output of a cell that was not run: nbgrader would take an empty one for right."""
    return [{"output_type": "error", "ename": "NotRun", "evalue": why, "traceback": [f"✗ {why}"]}]


@functools.cache
def font_lists() -> tuple[str, ...]:
    """matplotlib's lists of fonts, which take seconds to make."""
    import matplotlib

    return tuple(glob.glob(f"{glob.escape(matplotlib.get_cachedir())}/fontlist*.json"))


def fonts(home: Path) -> None:
    """Give a home the lists of fonts that are there already."""
    for file in font_lists():
        shutil.copy(file, home)
