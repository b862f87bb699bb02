"""CollapseLab: a wall of GANs that train side by side; look back in time, pick one, fork all and compare."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch

from gan_lessons.data.points import Mixture
from gan_lessons.labs.kit.controls import Choice, Preset, Range, controls_of
from gan_lessons.labs.kit.frame import Frame
from gan_lessons.labs.kit.lab import Lab
from gan_lessons.labs.points.collapse_drawing import draw
from gan_lessons.labs.points.collapse_parameters import (
    DATA,
    FORKS,
    MAKES,
    NONE,
    ROWS,
    SAME,
    WALLS,
    CollapseParameters,
    OwnParameters,
    forked,
)
from gan_lessons.labs.points.collapse_simulation import Run, at_rates, ground
from gan_lessons.labs.points.own import usable
from gan_lessons.sweeps import Setting, Sweep

MOST = 6  # settings that can be told apart by their colours


class CollapseLab(Lab):
    """Settings × seeds of GANs on a wall, which train at once: which of them collapse, and what brings them back?

    The rows are chosen by name, or are your own: `settings` maps their names to `sweeps.Setting`s, `data` is "ring",
    "grid" or a `Mixture`, `seeds` the seeds of the columns. What is shown and scored are the averaged generators, or
    with `average=False` the generators as they are.
    """

    Parameters: Any = CollapseParameters
    burst = 100
    remakes = MAKES
    wide = ("at",)
    empty = "No wall"
    trunk: Run | None = None
    branch: Run | None = None
    tabs = {"The rows": MAKES, "The fork": FORKS}  # noqa: RUF012
    presets: Sequence[Preset] = WALLS  # type: ignore[misc]

    def __init__(
        self,
        settings: Mapping[str, Setting] | None = None,
        data: str | Mixture = "ring",
        seeds: Sequence[int] = range(8),
        average: bool = True,
        **values: Any,
    ):
        self.own, self.own_data, self.seeds, self.average = settings, data, seeds, average
        if settings is not None:
            self.Parameters = OwnParameters  # type: ignore[misc]
            self.tabs, self.presets = {"The fork": FORKS}, ()  # type: ignore[misc]
        elif isinstance(data, str):
            values = {"data": data, **values}
        super().__init__(**values)

    def controls(self) -> dict[str, Range | Choice]:
        known: dict[str, Any] = controls_of(self.Parameters)
        columns = len(self.seeds) if isinstance(self.seeds, Sequence) and len(self.seeds) else 1
        known["seed"] = replace(known["seed"], high=columns - 1)
        return known

    # The wall

    def wanted(self) -> tuple[dict[str, Setting], Mixture]:
        """The rows by name, and the data; a ValueError if they cannot be."""
        p, data = self.parameters, self.own_data
        if not isinstance(self.seeds, Sequence) or not all(type(seed) is int for seed in self.seeds) or not self.seeds:
            raise ValueError(f"The seeds are a list of whole numbers, not {self.seeds!r}.")
        if self.own is None:
            names = list(dict.fromkeys(name for row in ROWS if (name := getattr(p, row)) != NONE))
            settings = at_rates(names, p.generator_rate, p.discriminator_rate)
            rows = dict(zip(names, settings, strict=True))
            data = p.data if isinstance(data, str) else data
        else:
            rows = dict(self.own) if isinstance(self.own, Mapping) else {}
            if not rows or len(rows) > MOST or not all(isinstance(one, Setting) for one in rows.values()):
                raise ValueError(f"The settings map 1 to {MOST} names to sweeps.Setting(...).")
            rows = {str(name): usable(setting) for name, setting in rows.items()}
        if isinstance(data, str) and data in DATA:
            data = DATA[data]()
        if not isinstance(data, Mixture) or data.centres.shape[1:] != (2,):
            raise ValueError(f"The data are {' or '.join(DATA)}, or a points.Mixture in the plane, not {data!r:.60}.")
        return rows, data

    def restart(self) -> None:
        self.release()
        self.names: list[str] = []
        self.change, self.following = "", True
        self.parameters = replace(self.parameters, at=0)
        self.allowed["at"] = controls_of(self.Parameters)["at"]
        self.rows(1)
        with torch.random.fork_rng(devices=[]):
            rows, mixture = self.wanted()
            problem = ground(mixture)
            self.trunk = Run(problem, Sweep(problem.data, list(rows.values()), list(self.seeds)), self.average)
        self.names = list(rows)
        self.rows(1)
        self.parameters = replace(self.parameters, row=(self.parameters.row - 1) % len(self.names) + 1)

    def release(self) -> None:
        self.trunk = self.branch = None

    @property
    def trained(self) -> bool:
        return self.trunk is not None and self.trunk.step > 0

    def changed(self, before: Any) -> None:
        super().changed(before)
        p = self.parameters
        if p.at != before.at:
            last = max([run.step for run in self.runs()], default=0)
            self.following = p.at >= last
            self.parameters = replace(p, at=min(p.at, upto(last)))

    def runs(self) -> list[Run]:
        return [run for run in (self.trunk, self.branch) if run is not None]

    def advance(self, steps: int) -> None:
        """Train the wall, and the fork; a fork that began earlier catches up first."""
        assert self.trunk is not None
        for done in range(steps):
            left = [run for run in self.runs() if not run.over]
            if not left:
                if not done:
                    raise ValueError(f"{self.trunk.over}: every GAN of the wall. Choose other rows or rates, or fork.")
                break
            behind = min(run.step for run in left)
            for run in left:
                if run.step == behind:
                    run.train()
            self.follow()

    @property
    def front(self) -> int:
        """The step that the training has reached: the fork's, while it catches up."""
        return min([run.step for run in self.runs() if not run.over] or [run.step for run in self.runs()])

    def follow(self) -> None:
        """Let the slider of time go along, a snapshot at a time."""
        known: Any = self.allowed["at"]
        front = upto(self.front)
        if front > known.high:
            self.allowed["at"] = replace(known, high=2 * known.high)
        if self.following and self.parameters.at != front:
            self.parameters = replace(self.parameters, at=front)
            if self.view is not None:
                self.view.put("at", front)

    # The fork

    def fork(self, **changes: Any) -> None:
        """Copy the wall at the step shown, and train the copy with these changes of its settings.

        Without any, what the controls say: `lab.fork(loss="relativistic", discriminator_rate=3e-3)`.
        """
        with self.settled():
            self.need()
            assert self.trunk is not None
            with torch.random.fork_rng(devices=[]):
                settings, change = forked(self.parameters, self.trunk.sweep.settings, changes)
            if self.parameters.at >= self.trunk.step:
                self.trunk.remember()
            row = (self.parameters.row - 1) % len(self.names) + 1
            self.branch = self.trunk.fork(self.parameters.at, settings)
            self.change, self.following = change, True
            self.rows(2)
            self.parameters = replace(self.parameters, at=upto(self.front), row=row + len(self.names))

    def rows(self, walls: int) -> None:
        """So many rows can be picked from."""
        self.allowed["row"] = replace(self.allowed["row"], high=walls * max(1, len(self.names)))  # type: ignore

    def drop(self) -> None:
        """Forget the fork."""
        with self.settled():
            self.branch, self.change = None, ""
            self.rows(1)
            if self.trunk is not None:
                at = upto(self.trunk.step) if self.following else min(self.parameters.at, upto(self.trunk.step))
                row = (self.parameters.row - 1) % len(self.names) + 1
                self.parameters = replace(self.parameters, at=at, row=row)

    def buttons(self) -> Sequence[tuple[str, str, Callable[[], Any]]]:
        return [
            *super().buttons(),
            ("Fork here", "Copy the wall at the step shown, and go on with what “The fork” says", self.fork),
            ("Drop the fork", "Forget the copy", self.drop),
        ]

    # What is shown

    @property
    def picked(self) -> tuple[int, int, int]:
        """Wall (1: the fork's), row and column of the GAN that is enlarged."""
        wall, row = divmod(self.parameters.row - 1, len(self.names))
        return wall, row, self.parameters.seed

    def idle(self) -> set[str]:
        without = {"fork_weight"} if self.parameters.fork_penalty in (SAME, "none") else set()
        return without if isinstance(self.own_data, str) or self.own is not None else {*without, "data"}

    def picture(self) -> Frame:
        assert self.trunk is not None
        if not self.playing:
            for run in self.runs():
                run.remember()
        step = self.front if self.following else self.parameters.at
        return draw(self.trunk, self.branch, self.change, self.names, self.picked, step)

    def pointed(self, panel: int, x: float, y: float, kind: str) -> None:
        walls = 1 if self.branch is None else 2
        if kind == "down" and panel < walls and self.trunk is not None:
            column, row = round(x), len(self.names) - round(y)
            if 0 <= column < len(self.seeds) and 1 <= row <= len(self.names):
                self.set(row=row + panel * len(self.names), seed=column)


def upto(step: int) -> int:
    """The first snapshot's step that is not before `step`: there the slider stands while the wall is live."""
    return -(-step // Run.every) * Run.every
