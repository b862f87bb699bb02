"""CollapseLab: a wall of GANs that train side by side; look back in time, pick one, fork all and compare."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, make_dataclass, replace
from typing import Any

import torch

from gan_lessons import losses, penalties
from gan_lessons.data import points
from gan_lessons.data.points import Mixture
from gan_lessons.labs.kit.controls import Choice, Range, chosen, controls_of, ranged, stepped
from gan_lessons.labs.kit.frame import Frame, Panel
from gan_lessons.labs.kit.lab import Lab, explained
from gan_lessons.labs.points.collapse_drawing import draw
from gan_lessons.labs.points.collapse_simulation import EVERY, PRESETS, Ground, Run, at_rates
from gan_lessons.labs.points.playground_simulation import fitted, try_out
from gan_lessons.networks.points import PointDiscriminator
from gan_lessons.sweeps import Setting, Sweep

DATA: dict[str, Callable[[], Mixture]] = {"ring": points.ring, "grid": points.grid}
RATES = (1e-4, 3e-4, 1e-3, 2e-3, 3e-3, 5e-3, 1e-2, 3e-2, 0.1)
FACTORS = (0.0, 0.1, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0)
SAME, NONE = "as it is", "none"
MOST = 6  # settings that can be told apart by their colours


@dataclass(frozen=True)
class CollapseParameters:
    """What the rows of the wall are, what is looked at, and what a fork would change."""

    at: int = ranged(0, 0, 500, EVERY, "Step shown", "Look back to any step; at the right end the wall is live")
    row: int = ranged(
        1, 1, 4, 1, "Enlarge: row", "Which GAN is shown from near, or click on its tile; a fork adds rows"
    )
    seed: int = ranged(0, 0, 7, 1, "Enlarge: seed", "The column of the GAN shown from near; or click on its tile")
    first: str = chosen("plain", list(PRESETS), "Row 1", "How this row's GANs differ from a plain one; starts again")
    second: str = chosen("relativistic", [*PRESETS, NONE], "Row 2", "How this row's GANs differ; starts again")
    third: str = chosen("packing", [*PRESETS, NONE], "Row 3", "How this row's GANs differ; starts again")
    fourth: str = chosen(
        "packing + relativistic", [*PRESETS, NONE], "Row 4", "How this row's GANs differ; starts again"
    )
    data: str = chosen("ring", list(DATA), "Data", "8 modes on a ring, or 25 on a grid; starts again")
    generator_rate: float = stepped(3e-3, RATES, "G: learning rate", "Of all rows; starts the training again")
    discriminator_rate: float = stepped(1e-3, RATES, "D: learning rate", "Of all rows; starts the training again")
    fork_loss: str = chosen(SAME, [SAME, *losses.KNOWN], "Fork: loss", "What G and D minimise after the fork")
    fork_penalty: str = chosen(SAME, [SAME, "none", *penalties.KNOWN], "Fork: penalty", "D's penalty after the fork")
    fork_weight: float = stepped(
        1.0, (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0), "Fork: weight", "The factor of the penalty chosen here"
    )
    fork_generator: float = stepped(1.0, FACTORS, "Fork: G's rate ×", "What G's learning rate is multiplied by")
    fork_discriminator: float = stepped(3.0, FACTORS, "Fork: D's rate ×", "What D's learning rate is multiplied by")


ROWS = ("first", "second", "third", "fourth")
MAKES = (*ROWS, "data", "generator_rate", "discriminator_rate")  # what starts the training again
FORKS = tuple(entry.name for entry in fields(CollapseParameters) if entry.name.startswith("fork_"))
OwnParameters = make_dataclass(  # where the notebook says what the rows are
    "OwnParameters",
    [(e.name, e.type, e) for e in fields(CollapseParameters) if e.name not in MAKES],
    frozen=True,
)


class CollapseLab(Lab):
    """Settings × seeds of GANs on a wall, which train at once: which of them collapse, and what brings them back?

    The rows are chosen by name, or are your own: `settings` maps their names to `sweeps.Setting`s, `data` is "ring",
    "grid" or a `Mixture`, `seeds` the seeds of the columns. What is shown and scored are the averaged generators, or
    with `average=False` the generators as they are.
    """

    Parameters: Any = CollapseParameters
    burst = 100
    tabs = {"The rows": MAKES, "The fork": FORKS}  # noqa: RUF012

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
            self.tabs = {"The fork": FORKS}  # type: ignore[misc]
        elif isinstance(data, str):
            values = {"data": data, **values}
        self.trunk: Run | None = None
        self.branch: Run | None = None
        self.names: list[str] = []
        self.change = self.waits = ""
        self.following = True
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
        self.trunk = self.branch = None
        self.change = self.waits = ""
        self.following = True
        self.parameters = replace(self.parameters, at=0)
        self._allowed["at"] = replace(controls_of(self.Parameters)["at"])
        try:
            with torch.random.fork_rng(devices=[]):
                rows, mixture = self.wanted()
                ground = Ground(mixture)
                self.names = list(rows)
                self.trunk = Run(ground, Sweep(ground.data(), list(rows.values()), list(self.seeds)), self.average)
        except Exception as error:
            self.waits = explained(error)
        self.rows(1)
        if self.names:
            self.parameters = replace(self.parameters, row=(self.parameters.row - 1) % len(self.names) + 1)

    def changed(self, before: Any) -> None:
        p = self.parameters
        names = [name for name in self.values if getattr(before, name) != getattr(p, name)]
        if again := [self._allowed[name].label for name in names if name in MAKES]:
            if self.trunk is not None and self.trunk.step:
                self.note(f"“{'”, “'.join(again)}” changed, so the training starts again.")
            self.restart()
        elif "at" in names:
            last = max([run.step for run in self.runs()], default=0)
            self.following = p.at >= last
            self.parameters = replace(p, at=min(p.at, upto(last)))

    def runs(self) -> list[Run]:
        return [run for run in (self.trunk, self.branch) if run is not None]

    def advance(self, steps: int) -> None:
        """Train the wall, and the fork; a fork that began earlier catches up first."""
        if self.trunk is None:
            raise ValueError(self.waits)
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
        known: Any = self._allowed["at"]
        front = upto(self.front)
        if front > known.high:
            self._allowed["at"] = replace(known, high=2 * known.high)
        if self.following and self.parameters.at != front:
            self.parameters = replace(self.parameters, at=front)
            self._stretch()

    def _stretch(self) -> None:
        for name in ("at", "row"):
            if name in self._widgets:
                slider, high = self._widgets[name], self._allowed[name].high  # type: ignore[union-attr]
                slider.max = max(slider.max, high)  # a slider that shrinks first would move by itself
                slider.value = self.values[name]
                slider.max = high

    def _show(self) -> None:
        self._stretch()
        super()._show()

    def widget(self) -> Any:
        box = super().widget()
        self._widgets["at"].layout.width = "98%"
        return box

    # The fork

    def fork(self, **changes: Any) -> None:
        """Copy the wall at the step shown, and train the copy with these changes of its settings.

        Without any, what the controls say: `lab.fork(loss="relativistic", discriminator_rate=3e-3)`.
        """
        with self._settled():
            if self.trunk is None:
                raise ValueError(self.waits)
            with torch.random.fork_rng(devices=[]):
                settings, change = self.forked(self.trunk.sweep.settings, changes)
            if self.parameters.at >= self.trunk.step:
                self.trunk.remember()
            row = (self.parameters.row - 1) % len(self.names) + 1
            self.branch = self.trunk.fork(self.parameters.at, settings)
            self.change, self.following = change, True
            self.rows(2)
            self.parameters = replace(self.parameters, at=upto(self.front), row=row + len(self.names))

    def forked(self, settings: Sequence[Setting], changes: dict[str, Any]) -> tuple[list[Setting], str]:
        """The settings after the fork, and what was changed in words."""
        p = self.parameters
        if unknown := set(changes) - {entry.name for entry in fields(Setting)}:
            raise ValueError(f"A Setting has no {', '.join(sorted(unknown))}.")
        if changes:
            said = [f"{name} {getattr(value, '__name__', value)}" for name, value in changes.items()]
            made = [usable(replace(setting, **changes)) for setting in settings]
            return made, ", ".join(said)
        said = []
        if p.fork_loss != SAME:
            changes["loss"] = p.fork_loss
            said.append(f"{p.fork_loss} loss")
        if p.fork_penalty != SAME:
            changes.update(penalty=p.fork_penalty, penalty_weight=p.fork_weight)
            said.append("no penalty" if p.fork_penalty == "none" else f"{p.fork_penalty} × {p.fork_weight:g}")
        said += [
            f"{who}'s rate × {by:g}" for who, by in (("G", p.fork_generator), ("D", p.fork_discriminator)) if by != 1
        ]
        if not said:
            raise ValueError("Choose first what the fork changes: loss, penalty or rates.")
        return [
            replace(
                setting, **changes, generator_rate=setting.generator_rate * p.fork_generator,
                discriminator_rate=setting.discriminator_rate * p.fork_discriminator,
            )
            for setting in settings
        ], ", ".join(said)  # fmt: skip

    def rows(self, walls: int) -> None:
        """So many rows can be picked from."""
        self._allowed["row"] = replace(self._allowed["row"], high=walls * max(1, len(self.names)))  # type: ignore

    def drop(self) -> None:
        """Forget the fork."""
        with self._settled():
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
        if self.trunk is None:
            return Frame((Panel((), (0, 8), (0, 4), "No wall", "seed", equal=True),), self.waits)
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


def tried(what: str, function: Any, *arguments: Any) -> None:
    """Call a reader's own function once; a ValueError says what went wrong."""
    try:
        function(*arguments)
    except Exception as error:
        raise ValueError(f"Your {what} does not work: {explained(error)}") from error


def usable(setting: Setting) -> Setting:
    """A setting with a reader's own parts tried out and fitted; a ValueError says what is wrong with it."""
    if isinstance(setting.loss, str):
        losses.named(setting.loss)
    else:
        setting = replace(setting, loss=fitted(setting.loss))
        tried("loss", setting.loss, torch.zeros(1, 8), torch.zeros(1, 8))
    if not isinstance(setting.penalty, str):
        tried("penalty", setting.penalty, PointDiscriminator(), *torch.randn(2, 1, 8, 2))
    elif setting.penalty != "none":
        penalties.named(setting.penalty)
    if setting.players is not None:
        try_out(setting.players, setting.noise_dim)
    return setting
