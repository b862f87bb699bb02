"""The playground's game, without its picture: data, a GAN whose setting may change while it trains, and its history."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from gan_lessons import losses
from gan_lessons.data import points
from gan_lessons.data.points import Curve, Mixture
from gan_lessons.losses import Losses
from gan_lessons.metrics.modes import ModeScores, mode_scores
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


class Problem(NamedTuple):
    """What the generator has to learn: a distribution, its scale, and the modes (or a curve's pieces) to find.

    The networks see points divided by `scale`, the root of their mean square coordinate.
    """

    source: Mixture | Curve
    real: Tensor  # [20 000, 2]
    scale: Tensor
    modes: Mixture
    limit: float  # of the picture

    @property
    def data(self) -> Tensor:
        return self.real / self.scale

    def scores(self, fakes: Tensor) -> ModeScores:
        """Modes, high quality and KL of points [count, 2] at the data's own scale."""
        return mode_scores(fakes, self.modes)

    def perfect(self) -> ModeScores:
        """What as many new points of the distribution itself score."""
        return self.scores(self.source.sample(SAMPLES, seed=2))


def problem(name: str, drawn: list[tuple[float, float]]) -> Problem:
    """The distribution of that name; a ValueError if it is to be drawn and is not yet."""
    if name == "drawn" and len(drawn) < FEWEST:
        raise ValueError(
            f"Draw at least {FEWEST} points: press the mouse in the plane and pull, or add them below. "
            f"There {'is 1' if len(drawn) == 1 else f'are {len(drawn)}'} so far."
        )
    source = points.drawn(drawn) if name == "drawn" else DATA[name]()
    real = source.sample(20_000, seed=1)
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


def fitted(loss: Callable) -> Callable:
    """A reader's loss in the form of the library's: one number a member from each player, whatever mean it took."""

    def one(real_scores: Tensor, fake_scores: Tensor) -> Losses:
        pair = loss(real_scores, fake_scores)
        if not isinstance(pair, tuple | list) or len(pair) != 2 or not all(isinstance(v, Tensor) for v in pair):
            raise ValueError("Your loss has to return two tensors: what D minimises, and what G minimises.")
        shape = real_scores.shape[:-1]
        return Losses(*(value if value.shape == shape else value.mean().expand(shape) for value in pair))

    return one


def try_out(players: Callable, noise_dim: int) -> None:
    """Raise a ValueError if a reader's networks are not such as a GAN on points needs."""
    try:
        generator, discriminator = players()
        fakes = generator(torch.zeros(8, noise_dim))
        scores = discriminator(torch.zeros(8, 2))
    except Exception as error:
        raise ValueError(f"Your players do not work: {type(error).__name__}: {error}") from error
    if not all(isinstance(network, nn.Module) for network in (generator, discriminator)):
        raise ValueError("Your players have to be two torch modules: a generator and a discriminator.")
    for network in (generator, discriminator):
        if not any(True for _ in network.parameters()):
            raise ValueError(f"Your {type(network).__name__} has no weights, so there is nothing to train.")
    if fakes.shape != (8, 2):
        raise ValueError(f"Your generator makes {list(fakes.shape)} of noise [8, {noise_dim}]; it needs [8, 2].")
    if scores.shape != (8,):
        raise ValueError(f"Your discriminator makes {list(scores.shape)} of points [8, 2]; it needs [8], a score each.")
    for name, values in (("generator", fakes), ("discriminator", scores)):
        if not values.isfinite().all():
            raise ValueError(f"Your {name} returns values that are no numbers (NaN) before any training.")


@dataclass
class Phase:
    """A setting, and the step up to which it trained."""

    setting: Setting
    until: int


class Game:
    """One GAN on points: trains by steps, each with the setting of that moment, and keeps what happened."""

    def __init__(self, of: Problem, setting: Setting, seed: int):
        if setting.players is not None:
            try_out(setting.players, setting.noise_dim)
        self.problem, self.seed = of, seed
        self.phases: list[Phase] = []
        self.losses, self.scores = Trace(2), Trace(3, averaged=False)
        self.measured = -1
        self.diverged = ""
        self.perfect = of.perfect()
        with torch.random.fork_rng(devices=[]):
            self.sweep = Sweep(of.data, [setting], [seed])
            self.noise = torch.randn(SAMPLES, setting.noise_dim, generator=torch.Generator().manual_seed(0))
        self.running = self.sweep.train(10**9)
        self.measure()

    @property
    def step(self) -> int:
        return self.sweep.step

    @property
    def setting(self) -> Setting:
        return self.sweep.settings[0]

    def train(self, setting: Setting) -> None:
        """Take one step with a setting whose networks have the same shapes; a ValueError once it has diverged."""
        if self.diverged:
            raise ValueError(self.diverged)
        with torch.random.fork_rng(devices=[]):
            if setting != self.setting:
                self.sweep = self.sweep.fork([setting])
                self.running = self.sweep.train(10**9)
            before = self.step
            try:
                next(self.running)
            except DivergenceError as error:
                self.lost(str(error).split(". Try")[0])
            except BaseException:  # an interrupt comes after a whole step
                self.running = self.sweep.train(10**9)
                raise
            finally:
                if self.step > before:
                    self.remember(setting)
        record = self.sweep.last()
        values = float(record.discriminator_loss), float(record.generator_loss)
        if not np.isfinite(values).all() or max(map(abs, values)) > FAR:
            self.lost(f"Training diverged at step {self.step}: D's loss is {values[0]:.3g}, G's {values[1]:.3g}")
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

    def generate(self, noise: Tensor, average: bool = True) -> Tensor:
        """G(noise) at the data's own scale, [count, 2]."""
        gan = self.sweep.groups[0].gan
        network = gan.average if average else gan.generator
        with torch.no_grad():
            return network(noise[None])[0] * self.problem.scale

    def judge(self, places: Tensor) -> Tensor:
        """D's score at each place [count, 2] of the data's own scale; a D that packs sees each place several times."""
        pack = 1 if self.setting.players else self.setting.pack
        network = self.sweep.groups[0].gan.discriminator
        with self.frozen(), torch.no_grad():
            return network((places / self.problem.scale).repeat_interleave(pack, 0)[None])[0]

    def pulls(self, fakes: Tensor, reals: Tensor) -> Tensor:
        """Where G's loss L pulls each fake x [count, 2]: -count · ∂L/∂x, at the data's own scale, beside as many reals.

        The gradient is taken with respect to the points that D sees, and by the present D.
        """
        network, scale = self.sweep.groups[0].gan.discriminator, self.problem.scale
        fakes = (fakes / scale).detach().requires_grad_()
        loss = losses.named(self.setting.loss) if isinstance(self.setting.loss, str) else self.setting.loss

        with self.frozen():
            scores = network(torch.cat([reals / scale, fakes])[None])
            value = loss(*scores.split(scores.shape[-1] // 2, -1)).generator.sum()
            (slope,) = torch.autograd.grad(value, fakes)
        return -slope * len(fakes) * scale

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Ask D without changing it: some networks keep a statistic of what they saw last while they train."""
        network = self.sweep.groups[0].gan.discriminator
        training = network.training
        try:
            if training:
                network.eval()
            yield
        finally:
            if training:
                network.train()

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
    fitting = (
        ["from gan_lessons.labs.points.playground_simulation import fitted"]
        if any("fitted(" in n for n in names.values())
        else []
    )
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
