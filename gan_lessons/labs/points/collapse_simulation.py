"""The collapse lab's simulation: a sweep on a mixture that remembers what it went through, to look back and to fork."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import torch
from torch import Tensor

from gan_lessons import losses
from gan_lessons.data.points import Mixture
from gan_lessons.metrics.modes import ModeScores, mode_scores, perfect
from gan_lessons.sweeps import Member, Setting, Sweep
from gan_lessons.training import DivergenceError

EVERY = 25  # steps between two snapshots
SAMPLES = 500  # points a GAN that are scored
SHOWN = 150  # of them, those that are kept and shown
PULLED = 60  # of those, the ones with an arrow in the enlarged picture
MEMORY = 160 * 2**20  # bytes that the snapshots of a run may take; then some in between go
LONGEST = 400  # entries of a curve; then some in between go

# What is changed of a plain GAN, by name; `remedies` puts it to the wall's learning rates
PRESETS = {
    "plain": Setting(),
    "relativistic": Setting(loss="relativistic"),
    "packing": Setting(pack=2),
    "packing + relativistic": Setting(pack=2, loss="relativistic"),
    "minibatch statistics": Setting(spread=True),
    "R1": Setting(penalty="r1", penalty_weight=1.0),
    "R1 + R2, relativistic": Setting(loss="relativistic", penalty="r1_and_r2", penalty_weight=1.0),
    "Wasserstein + gradient penalty": Setting(loss="wasserstein", penalty="gradient_penalty", penalty_weight=1.0),
    "spectral norm": Setting(loss="hinge", spectral=True),
    "unrolled": Setting(unrolled=5),
    "instance noise": Setting(instance_noise=0.2),
    "five steps of D": Setting(discriminator_steps=5),
    "no average of G": Setting(average_decay=0.0),
}


@dataclass(frozen=True)
class Ground:
    """What a wall of GANs has to learn; its networks see points divided by `scale`, the root of their mean square."""

    mixture: Mixture

    @property
    def scale(self) -> Tensor:
        return self.mixture.centres.square().mean().sqrt()

    @property
    def limit(self) -> float:
        """Half the width of a picture."""
        return 1.3 * float(self.mixture.centres.abs().max()) + 3 * self.mixture.std

    def data(self) -> Tensor:
        return self.mixture.sample(20_000, seed=1) / self.scale

    def perfect(self) -> ModeScores:
        """What as many points of the mixture itself score."""
        return perfect(self.mixture, SAMPLES)


class Snapshot(NamedTuple):
    """A sweep at one step: points at the data's own scale [settings, seeds, SHOWN, 2], their scores, all weights."""

    step: int
    points: Tensor
    scores: ModeScores  # of SAMPLES points, each part [settings, seeds]
    state: Any


class Look(NamedTuple):
    """One GAN from near: D's certainty over a field of places, and where its fakes are pulled."""

    surface: Tensor  # [rows, columns], from 0, fake, to 1, real
    pulls: Tensor  # [fakes, 4]: where they are, and where to


def freeze(sweep: Sweep) -> list[dict[str, Any]]:
    """A copy of all that decides how a sweep goes on."""
    return [
        {
            "step": group.gan.step,
            "diverged": group.diverged,
            "remembered": [vars(module)["spread"] for module in memories(group.gan.discriminator)],
            **copy.deepcopy({part: getattr(group.gan, part).state_dict() for part in PARTS}),
        }
        for group in sweep.groups
    ]


def thaw(sweep: Sweep, state: Sequence[dict[str, Any]]) -> None:
    """Put a sweep of the same settings and seeds back to where it was frozen."""
    for group, kept in zip(sweep.groups, state, strict=True):
        group.gan.step, group.diverged = kept["step"], kept["diverged"]
        for part in PARTS:
            getattr(group.gan, part).load_state_dict(copy.deepcopy(kept[part]))  # an optimiser would share its state
        for module, value in zip(memories(group.gan.discriminator), kept["remembered"], strict=True):
            module.spread = value


PARTS = ("generator", "discriminator", "average", "generator_optimizer", "discriminator_optimizer")


def memories(network: torch.nn.Module) -> list[Any]:
    """The layers that keep a statistic of what they saw last beside their weights."""
    return [module for module in network.modules() if "spread" in vars(module)]


def size(tree: Any) -> int:
    """Bytes of all tensors in a tree of dicts and lists."""
    if isinstance(tree, Tensor):
        return tree.nbytes
    branches = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list | tuple) else ()
    return sum(map(size, branches))


def thin(entries: list[Any], most: int) -> None:
    """Drop the entries (step, ...) that leave the smallest gaps until `most` are left; the first and the last stay."""
    while len(entries) > most:
        gaps = [after[0] - before[0] for before, after in zip(entries, entries[2:], strict=False)]
        del entries[gaps.index(min(gaps)) + 1]


class Run:
    """A sweep that trains step by step, with a snapshot every few steps and the scores' quartiles over time."""

    every = EVERY

    def __init__(self, ground: Ground, sweep: Sweep, average: bool = True):
        self.ground, self.sweep, self.average = ground, sweep, average
        self.running = sweep.train(10**9)
        self.snapshots: list[Snapshot] = []
        self.curve: list[tuple[int, Tensor]] = []  # step, and quartiles [3 scores, 3 quartiles, settings]
        self.over = ""
        self.lost = torch.zeros(len(sweep.settings), len(sweep.seeds), dtype=torch.long)  # step at which, or 0
        self.viewer: Sweep | None = None
        self.viewed = -1
        self.start = sweep.step
        self.remember()

    @property
    def step(self) -> int:
        return self.sweep.step

    def train(self) -> None:
        """Take one step; when no GAN is left, say so in `over`."""
        try:
            with torch.random.fork_rng(devices=[]):
                next(self.running)
        except DivergenceError as error:
            self.over = str(error).split(":")[0]
            self.remember()
        except BaseException:  # an interrupt comes after a whole step
            self.running = self.sweep.train(10**9)
            raise
        if self.step % self.every == 0:
            self.remember()

    def remember(self) -> Snapshot:
        """Score the present step and keep a snapshot of it, unless there is one."""
        if self.snapshots and self.snapshots[-1].step == self.step:
            return self.snapshots[-1]
        points = self.points(SAMPLES)
        scores = mode_scores(points, self.ground.mixture)
        self.notice(points)
        self.snapshots.append(Snapshot(self.step, points[:, :, :SHOWN].clone(), scores, freeze(self.sweep)))
        thin(self.snapshots, max(8, MEMORY // max(1, size(self.snapshots[-1]))))
        self.curve.append((self.step, self.quartiles(scores)))
        thin(self.curve, LONGEST)
        return self.snapshots[-1]

    def points(self, count: int) -> Tensor:
        """Fakes of every GAN at the data's own scale, [settings, seeds, count, 2]."""
        with torch.random.fork_rng(devices=[]):
            return self.sweep.sample(count, average=self.average) * self.ground.scale

    def notice(self, points: Tensor) -> None:
        """Write down who has left the numbers, and when: by their losses, else by their points."""
        gone = points.flatten(2).isfinite().all(-1).logical_not()
        for group in self.sweep.groups:
            recent = group.gan.history[-self.every :]
            for k, member in enumerate(group.members):
                place = member.setting, member.seed
                if self.lost[place] or not recent:
                    continue
                bad = [r.step for r in recent if not (r.discriminator_loss + r.generator_loss)[k].isfinite()]
                if bad or gone[place]:
                    self.lost[place] = min(bad, default=group.gan.step)

    def quartiles(self, scores: ModeScores) -> Tensor:
        """First quartile, median and third over the seeds of modes, high quality and KL, [3, 3, settings].

        A KL that is infinite, for want of a single good point, counts as that of one mode alone.
        """
        worst = torch.tensor(len(self.ground.mixture.centres)).log()
        values = torch.stack([scores.modes, scores.high_quality, scores.kl.clamp(max=worst)]).float()
        return values.quantile(torch.tensor([0.25, 0.5, 0.75]), dim=-1).movedim(0, 1)

    def at(self, step: int) -> Snapshot:
        """The last snapshot up to that step."""
        return next((s for s in reversed(self.snapshots) if s.step <= step), self.snapshots[0])

    def rewound(self, snapshot: Snapshot) -> Sweep:
        """A sweep in that snapshot's state, to look at and to fork."""
        if snapshot.step == self.step:
            return self.sweep
        if self.viewer is None:
            self.viewer = self.sweep.fork()
        if self.viewed != snapshot.step:
            thaw(self.viewer, snapshot.state)
            self.viewed = snapshot.step
        return self.viewer

    def fork(self, step: int, settings: Sequence[Setting]) -> "Run":
        """A run that goes on from the last snapshot up to `step` with other settings."""
        with torch.random.fork_rng(devices=[]):
            return Run(self.ground, self.rewound(self.at(step)).fork(settings), self.average)

    def look(self, sweep: Sweep, fakes: Tensor, place: tuple[int, int], shape: tuple[int, int]) -> Look:
        """One GAN of this run's sweep, or of a rewound one: its D over a field of `shape` cells, and its pulls."""
        setting, scale = sweep.settings[place[0]], self.ground.scale
        group, _ = sweep.places[Member(*place)]
        pack = 1 if setting.players else setting.pack
        rows, columns = shape
        across = self.ground.limit * columns / rows
        ticks = torch.linspace(-self.ground.limit, self.ground.limit, rows), torch.linspace(-across, across, columns)
        cells = torch.stack(torch.meshgrid(*ticks, indexing="ij")[::-1], -1).flatten(0, 1) / scale
        count = PULLED - PULLED % pack
        real = self.sweep.data[:count]
        fakes = (fakes[:count] / scale).detach().requires_grad_()
        loss = losses.named(setting.loss) if isinstance(setting.loss, str) else setting.loss
        group.gan.discriminator.eval()  # a look must not move what a network remembers of the samples that it sees
        try:
            _, discriminator = sweep.networks(*place)
            with torch.no_grad():
                field = discriminator(cells.repeat_interleave(pack, 0)).unflatten(0, shape)
            scores = discriminator(real), discriminator(fakes)
            (slope,) = torch.autograd.grad(loss(*(s[None] for s in scores)).generator.sum(), fakes)
        finally:
            group.gan.discriminator.train()
        middle = 0.0 if setting.loss in DECIDED else (scores[0].mean() + scores[1].mean()).detach() / 2
        return Look((field - middle).sigmoid(), torch.cat([fakes.detach(), -slope * count], 1) * scale)


DECIDED = ("minimax", "non_saturating", "least_squares", "hinge")  # losses whose D is undecided at a score of 0


def at_rates(names: Sequence[str], generator_rate: float, discriminator_rate: float) -> list[Setting]:
    """The presets of those names at these learning rates."""
    return [
        replace(PRESETS[name], generator_rate=generator_rate, discriminator_rate=discriminator_rate) for name in names
    ]
