"""The playground's game, without its picture: data, a GAN whose setting may change while it trains, and its history."""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import Tensor, nn

from gan_lessons.data import points
from gan_lessons.data.points import Curve, Mixture
from gan_lessons.labs.points.own import try_out
from gan_lessons.labs.points.watched import REALS, Problem, Watched, frozen, judged, pulled
from gan_lessons.metrics.modes import ModeScores
from gan_lessons.sweeps import Setting, Sweep
from gan_lessons.training import DivergenceError

DATA: dict[str, Callable[[], Mixture | Curve]] = {
    "ring": points.ring,
    "grid": points.grid,
    "spiral": points.spiral,
    "moons": points.moons,
}
FEWEST = 5  # points that make a distribution of one's own
PIECES = 100  # of a curve, which stand for its modes
SAMPLES = 2500  # for the scores
KEPT = 400  # values that a trace holds
FAR = 1e6  # where points are lost


def problem(name: str, drawn: list[tuple[float, float]]) -> Problem:
    """The distribution of that name; a ValueError if it is to be drawn and is not yet."""
    if name == "drawn" and len(drawn) < FEWEST:
        raise ValueError(
            f"Draw at least {FEWEST} points: press the mouse in the plane and pull, or add them below. "
            f"There {'is 1' if len(drawn) == 1 else f'are {len(drawn)}'} so far."
        )
    source = points.drawn(drawn) if name == "drawn" else DATA[name]()
    real = source.sample(REALS, seed=1)
    modes = source if isinstance(source, Mixture) else pieces(source)
    limit = 3.0 if name == "drawn" else float(real.abs().max()) * 1.3
    return Problem(source, real, real.square().mean().sqrt(), modes, limit)


def pieces(curve: Curve) -> Mixture:
    """A curve has no modes to count; places along it, evenly spread, show how much of it is reached."""
    return Mixture(curve.place((torch.arange(PIECES) + 0.5) / PIECES), curve.std)


class Trace:
    """The mean of each `width` values in a row, for at most KEPT of them: then `width` doubles."""

    def __init__(self, columns: int, averaged: bool = True):
        self.averaged, self.width, self.count, self.pending = averaged, 1, 0, 0
        self.kept = np.zeros((KEPT, columns + 1))
        self.sum = np.zeros(columns + 1)

    def add(self, step: int, *values: float) -> None:
        """Add the values of a step; what is not averaged is kept now and then."""
        row = np.array([step, *values])
        self.sum = self.sum + row if self.averaged else row * (self.pending + 1)
        self.pending += 1
        if self.pending < self.width:
            return
        self.kept[self.count] = self.sum / self.pending
        self.sum, self.pending, self.count = np.zeros_like(self.sum), 0, self.count + 1
        if self.count == KEPT:
            pairs = self.kept.reshape(KEPT // 2, 2, -1)
            self.kept[: KEPT // 2] = pairs.mean(1) if self.averaged else pairs[:, 1]
            self.width, self.count = 2 * self.width, KEPT // 2

    @property
    def rows(self) -> np.ndarray:
        """Steps and values, [entries, 1 + columns]."""
        return self.kept[: self.count]


@dataclass
class Phase:
    """A setting, and the step up to which it trained."""

    setting: Setting
    until: int


class Players:
    """What a picture asks of a game: its averaged generator, its discriminator, and the loss that pulls the fakes."""

    problem: Problem
    loss: str | Callable
    average: nn.Module
    discriminator: nn.Module
    pack: int

    def generate(self, noise: Tensor) -> Tensor:
        """The averaged G(noise) at the data's own scale, [count, 2]."""
        with torch.no_grad():
            return self.average(noise[None])[0] * self.problem.scale

    def judge(self, places: Tensor) -> Tensor:
        """D's score at each place [count, 2] of the data's own scale; a D that packs sees each place several times."""
        with frozen(self.discriminator):
            return judged(lambda x: self.discriminator(x[None])[0], places / self.problem.scale, self.pack)

    def pulls(self, fakes: Tensor, reals: Tensor) -> Tensor:
        """Where G's loss pulls each fake [count, 2] beside as many reals, at the data's own scale."""
        scale, judge = self.problem.scale, lambda x: self.discriminator(x[None])[0]
        with frozen(self.discriminator):
            return pulled(judge, self.loss, fakes / scale, reals / scale)[0] * scale


class Game(Players, Watched):
    """One GAN on points: trains by steps, each with the setting of that moment, and keeps what happened."""

    def __init__(self, of: Problem, setting: Setting, seed: int):
        if setting.players is not None:
            try_out(setting.players, setting.noise_dim)
        self.seed = seed
        self.phases: list[Phase] = []
        self.losses, self.scores = Trace(2), Trace(3, averaged=False)
        self.measured = -1
        self.diverged = ""
        self.now = (0.0, 0.0)  # both losses of the last step
        self.perfect = of.perfect(SAMPLES, seed=2)
        with torch.random.fork_rng(devices=[]):
            super().__init__(of, Sweep(of.data, [setting], [seed]))
            self.noise = torch.randn(SAMPLES, setting.noise_dim, generator=torch.Generator().manual_seed(0))
        self.measure()

    @property
    def setting(self) -> Setting:
        return self.sweep.settings[0]

    def train(self, setting: Setting) -> None:
        """Take one step with a setting whose networks have the same shapes; a ValueError once it has diverged."""
        if self.diverged:
            raise ValueError(self.diverged)
        if setting != self.setting:
            with torch.random.fork_rng(devices=[]):
                self.follow(self.sweep.fork([setting]))
        before = self.step
        try:
            self.take()
        except DivergenceError as error:
            self.lost(str(error).split(". Try")[0])
        finally:
            if self.step > before:
                self.remember(setting)
        record = self.sweep.last()
        values = float(record.discriminator_loss), float(record.generator_loss)
        if not np.isfinite(values).all() or max(map(abs, values)) > FAR:
            self.lost(f"Training diverged at step {self.step}: D's loss is {values[0]:.3g}, G's {values[1]:.3g}")
        self.now = values
        self.losses.add(self.step, *values)

    def remember(self, setting: Setting) -> None:
        """Note that this step was taken with that setting."""
        if self.phases and self.phases[-1].setting == setting:
            self.phases[-1].until = self.step
        else:
            self.phases.append(Phase(setting, self.step))

    def lost(self, what: str) -> None:
        self.diverged = f"{what}. Try lower rates, a penalty or another loss, and start again."
        raise ValueError(self.diverged)

    @property
    def average(self) -> nn.Module:  # type: ignore[override]
        return self.sweep.groups[0].gan.average

    @property
    def discriminator(self) -> nn.Module:  # type: ignore[override]
        return self.sweep.groups[0].gan.discriminator

    @property
    def loss(self) -> str | Callable:  # type: ignore[override]
        return self.setting.loss

    @property
    def pack(self) -> int:  # type: ignore[override]
        return 1 if self.setting.players else self.setting.pack

    def measure(self) -> ModeScores:
        """The averaged generator's scores at this step, which are also kept."""
        if self.measured != self.step:
            self.measured = self.step
            self.present = self.problem.scores(self.generate(self.noise))
            self.scores.add(self.step, *map(float, self.present))
        return self.present


def code(game: Game, data: str, drawn: list[tuple[float, float]], names: dict[Callable, str]) -> str:
    """Python code that trains this GAN again, step by step; `names` says how it calls the reader's own functions."""

    def value(entry: object) -> str:
        return names.get(entry, "your_own") if callable(entry) else repr(entry)

    def call(what: str, setting: Setting, base: Setting) -> str:
        changed = [
            f"{entry.name}={value(getattr(setting, entry.name))}"
            for entry in fields(Setting)
            if getattr(setting, entry.name) != getattr(base, entry.name)
        ]
        return f"{what}{', '.join(changed)})"

    start = game.phases[0].setting if game.phases else game.setting
    plan = [
        f"    ({'start' if phase.setting == start else call('replace(start, ', phase.setting, start)}, {phase.until}),"
        for phase in game.phases
    ]
    own = [f"# {name.removeprefix('fitted(').rstrip(')')} is your own, as the lab got it" for name in names.values()]
    source = f"points.drawn({drawn})" if data == "drawn" else f"points.{data}()"
    fits = any("fitted(" in name for name in names.values())
    fitting = ["from gan_lessons.labs.points import fitted"] if fits else []
    return "\n".join([
        "from dataclasses import replace", "", "from gan_lessons.data import points", *fitting,
        "from gan_lessons.sweeps import Setting, Sweep", "", *own,
        f"real = {source}.sample(20_000, seed=1)",
        "scale = real.square().mean().sqrt()",
        f"start = {call('Setting(', start, Setting())}",
        "plan = [  # each setting, and the step up to which it trained", *plan, "]",
        f"sweep = Sweep(real / scale, [start], seeds=[{game.seed}])",
        "for setting, until in plan:",
        "    sweep = sweep.fork([setting])",
        "    for step in sweep.train(until):",
        "        pass",
        "fakes = scale * sweep.sample(2500)[0, 0]", "",
    ])  # fmt: skip
