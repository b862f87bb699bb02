"""The collapse lab's simulation: a sweep on a mixture that remembers what it went through, to look back and to fork."""

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import torch
from torch import Tensor

from gan_lessons.data.points import Mixture
from gan_lessons.labs.points.watched import REALS, Problem, Watched, frozen, judged, pulled, undecided
from gan_lessons.metrics.modes import ModeScores
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


def ground(mixture: Mixture) -> Problem:
    """A mixture as a wall's problem; its networks see points divided by the centres' root mean square."""
    limit = 1.3 * float(mixture.centres.abs().max()) + 3 * mixture.std
    scale = mixture.centres.square().mean().sqrt()
    return Problem(mixture, mixture.sample(REALS, seed=1), scale, mixture, limit)


class Snapshot(NamedTuple):
    """A sweep at one step: points at the data's own scale [settings, seeds, SHOWN, 2], their scores, all weights."""

    step: int
    points: Tensor
    scores: ModeScores  # of SAMPLES points, each part [settings, seeds]
    states: list[tuple[dict[str, Any], str]]  # of each group, and whether and when it diverged


class Look(NamedTuple):
    """One GAN from near: D's certainty over a field of places, and where its fakes are pulled."""

    surface: Tensor  # [rows, columns], from 0, fake, to 1, real
    pulls: Tensor  # [fakes, 4]: where they are, and where to


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


class Run(Watched):
    """A sweep that trains step by step, with a snapshot every few steps and the scores' quartiles over time."""

    every = EVERY

    def __init__(self, problem: Problem, sweep: Sweep, average: bool = True):
        super().__init__(problem, sweep)
        self.average, self.perfect = average, problem.perfect(SAMPLES, seed=0)
        self.snapshots: list[Snapshot] = []
        self.curve: list[tuple[int, Tensor]] = []  # step, and quartiles [3 scores, 3 quartiles, settings]
        self.over = ""
        self.lost = torch.zeros(len(sweep.settings), len(sweep.seeds), dtype=torch.long)  # step at which, or 0
        self.viewer: Sweep | None = None
        self.viewed = -1
        self.start = sweep.step
        self.remember()

    def train(self) -> None:
        """Take one step; when no GAN is left, say so in `over`."""
        try:
            self.take()
        except DivergenceError as error:
            self.over = str(error).split(":")[0]
            self.remember()
        if self.step % self.every == 0:
            self.remember()

    def remember(self) -> Snapshot:
        """Score the present step and keep a snapshot of it, unless there is one."""
        if self.snapshots and self.snapshots[-1].step == self.step:
            return self.snapshots[-1]
        points = self.points(SAMPLES)
        scores = self.problem.scores(points)
        self.notice(points)
        states = [(copy.deepcopy(group.gan.state()), group.diverged) for group in self.sweep.groups]
        self.snapshots.append(Snapshot(self.step, points[:, :, :SHOWN].clone(), scores, states))
        thin(self.snapshots, max(8, MEMORY // max(1, size(self.snapshots[-1]))))
        self.curve.append((self.step, self.quartiles(scores)))
        thin(self.curve, LONGEST)
        return self.snapshots[-1]

    def points(self, count: int) -> Tensor:
        """Fakes of every GAN at the data's own scale, [settings, seeds, count, 2]."""
        with torch.random.fork_rng(devices=[]):
            return self.sweep.sample(count, average=self.average) * self.problem.scale

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
        worst = torch.tensor(len(self.problem.modes.centres)).log()
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
            for group, (kept, diverged) in zip(self.viewer.groups, snapshot.states, strict=True):
                group.gan.load(kept)
                group.diverged = diverged
            self.viewed = snapshot.step
        return self.viewer

    def fork(self, step: int, settings: Sequence[Setting]) -> "Run":
        """A run that goes on from the last snapshot up to `step` with other settings."""
        with torch.random.fork_rng(devices=[]):
            return Run(self.problem, self.rewound(self.at(step)).fork(settings), self.average)

    def look(self, sweep: Sweep, fakes: Tensor, place: tuple[int, int], shape: tuple[int, int]) -> Look:
        """One GAN of this run's sweep, or of a rewound one: its D over a field of `shape` cells, and its pulls."""
        setting, (_, real, scale, _, limit) = sweep.settings[place[0]], self.problem
        pack = 1 if setting.players else setting.pack
        across = limit * shape[1] / shape[0]
        ticks = torch.linspace(-limit, limit, shape[0]), torch.linspace(-across, across, shape[1])
        cells = torch.stack(torch.meshgrid(*ticks, indexing="ij")[::-1], -1).flatten(0, 1)
        count = PULLED - PULLED % pack
        fakes = fakes[:count]
        with frozen(sweep.places[Member(*place)][0].gan.discriminator):
            _, judge = sweep.networks(*place)
            field = judged(judge, cells / scale, pack).unflatten(0, shape)
            pulls, *scores = pulled(judge, setting.loss, fakes / scale, real[:count] / scale)
        surface = (field - undecided(setting.loss, *scores)).sigmoid()
        return Look(surface, torch.cat([fakes, pulls * scale], 1))


def at_rates(names: Sequence[str], generator_rate: float, discriminator_rate: float) -> list[Setting]:
    """The presets of those names at these learning rates."""
    return [
        replace(PRESETS[name], generator_rate=generator_rate, discriminator_rate=discriminator_rate) for name in names
    ]
