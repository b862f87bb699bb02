"""Ten GANs learn a ring of eight Gaussians, as one population: how many modes does each find, and how well?"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons import losses
from gan_lessons.data import points
from gan_lessons.data.sources import Source
from gan_lessons.gan import GAN, Record
from gan_lessons.metrics.modes import ModeScores, mode_scores, perfect
from gan_lessons.networks.packing import Packed
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.plots.points import draw_points
from gan_lessons.populations import population
from gan_lessons.recipes import Recipe
from gan_lessons.training import constant, cosine, train


@dataclass(frozen=True, kw_only=True)
class Ring(Recipe):
    """A population of GANs on a ring of eight Gaussians. Seed s builds the members s·members, s·members + 1, …

    What keeps every mode: reals and fakes compared in pairs by the relativistic loss, and packed in twos. What makes
    the modes sharp: plain ReLU, large batches, and a high learning rate that falls to nothing.
    """

    best: ClassVar = "lowest kl"
    members: int = 10
    width: int = 64
    depth: int = 2
    pack: int = 2
    loss: str = "relativistic"
    learning_rate: float = 6e-3
    annealed: bool = True
    average_decay: float = 0.999

    mixture: ClassVar[points.Mixture] = points.ring()
    scale: ClassVar[float] = 2**0.5  # standard deviation of either coordinate; the networks see data divided by it

    def data(self) -> Tensor:
        return self.mixture.sample(20_000, seed=1) / self.scale

    def players(self) -> tuple[nn.Module, nn.Module]:
        """A fresh generator and discriminator."""
        discriminator = PointDiscriminator(2 * self.pack, self.width, self.depth)
        return PointGenerator(2, 2, self.width, self.depth), Packed(discriminator, self.pack)

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        seeds = range(seed * self.members, (seed + 1) * self.members)
        adam = partial(torch.optim.Adam, lr=self.learning_rate, betas=(0.5, 0.99), fused=True)
        with torch.device(device):
            return population(self.players, seeds, noise_dim=2, optimizer=adam, average_decay=self.average_decay)

    def train(self, gan: GAN, data: Tensor | Source, **more: Any) -> Iterator[Record]:
        schedule = cosine if self.annealed else constant
        loss = losses.named(self.loss)
        return train(gan, data, loss, steps=self.steps, batch=self.batch, schedule=schedule, **more)

    def points(self, gan: GAN, count: int = 2500) -> Tensor:
        """Samples of the averaged generators, at the ring's own scale, shape [members, count, 2]."""
        return self.samples(gan, count).cpu() * self.scale

    def mode_scores(self, gan: GAN) -> ModeScores:
        """Each member's modes, high quality and KL, from 2,500 samples."""
        return mode_scores(self.points(gan), self.mixture)

    def score(self, gan: GAN) -> dict[str, float]:
        return self.over_members(self.mode_scores(gan))

    def over_members(self, scores: ModeScores) -> dict[str, float]:
        """The figures of a population: of the modes also the fewest that a member has."""
        modes, high_quality, kl = (part.reshape(-1).double() for part in scores)
        return {
            "modes_min": float(modes.min()),
            "modes_median": float(modes.quantile(0.5)),
            "high_quality": float(high_quality.quantile(0.5)),
            "kl": float(kl.quantile(0.5)),
        }

    def floor_and_ceiling(self) -> dict[str, tuple[float, float]]:
        """What noise, N(0, 1) at the data's scale, and the mixture itself score, by figure."""
        noise = torch.randn(2500, 2, generator=torch.Generator().manual_seed(0)) * self.scale
        worst, best = (self.over_members(each) for each in (mode_scores(noise, self.mixture), perfect(self.mixture)))
        return {name: (worst[name], best[name]) for name in best}

    def sheet(self, gan: GAN) -> Figure:
        shown = self.points(gan, 500)[:10]
        figure = Figure(figsize=(10, 4.2), layout="constrained")
        for axes, fake in zip(figure.subplots(2, 5).flat, shown, strict=False):
            draw_points(axes, self.mixture.sample(500), fake)
        return figure


SIZES = {
    "cpu": Ring(steps=7000, batch=128),
    "gpu": Ring(steps=30_000, batch=1024, members=64, width=128),
    # what tutorials train: no packing, no pairs, one learning rate, no average
    "plain": Ring(
        steps=7000, batch=128, pack=1, loss="non_saturating", learning_rate=1e-3, annealed=False, average_decay=0.0
    ),
}
