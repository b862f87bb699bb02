"""Ten GANs learn a ring of eight Gaussians, as one population: how many modes does each find, and how well?"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, cast

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons import losses
from gan_lessons.data import points
from gan_lessons.data.sources import Source
from gan_lessons.gan import GAN, Record
from gan_lessons.metrics.modes import ModeScores, mode_scores, perfect
from gan_lessons.networks.packing import Packed
from gan_lessons.networks.points import BlurredDiscriminator, PointDiscriminator, PointGenerator
from gan_lessons.plots.points import draw_points
from gan_lessons.populations import population
from gan_lessons.recipes import Recipe
from gan_lessons.training import constant, cosine, train


@dataclass(frozen=True, kw_only=True)
class Ring(Recipe):
    """A population of GANs on a ring of eight Gaussians. Seed s builds the members s·members, s·members + 1, …

    What keeps every mode: reals and fakes compared in pairs by the relativistic loss, packed in twos, and a
    discriminator that sees every group at a blur of its own. What makes the modes sharp: its least blur falls from a
    quarter of the ring's radius to a mode's width and stays there, it sees waves of every coordinate, the generator
    has three layers, and a high learning rate falls to nothing. Without `waves` the discriminator is a plain one.
    """

    version: ClassVar = 2
    best: ClassVar = "lowest kl"
    members: int = 10
    width: int = 64
    depth: int = 3  # of the generator; the discriminator has two hidden layers
    discriminator_width: int = 64
    waves: int = 3
    highest: float = 0.5  # blur, at the data's own scale
    lowest: float = 0.02
    sharp_at: float = 0.6  # share of the training after which the least blur is `lowest`
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
        dims, width = 2 * self.pack, self.discriminator_width
        discriminator = (
            BlurredDiscriminator(dims, width, 2, self.waves, self.highest / self.scale)
            if self.waves
            else PointDiscriminator(dims, width, 2)
        )
        return PointGenerator(2, 2, self.width, self.depth), Packed(discriminator, self.pack)

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        seeds = range(seed * self.members, (seed + 1) * self.members)
        adam = partial(torch.optim.Adam, lr=self.learning_rate, betas=(0.5, 0.99), fused=True)
        with torch.device(device):
            return population(self.players, seeds, noise_dim=2, optimizer=adam, average_decay=self.average_decay)

    def train(self, gan: GAN, data: Tensor | Source, **more: Any) -> Iterator[Record]:
        schedule = cosine if self.annealed else constant
        sharpen = self.sharpen if self.waves else None
        options = {"loss": losses.named(self.loss), "batch": self.batch, "schedule": schedule, "on_step": sharpen}
        return train(gan, data, steps=self.steps, **{**options, **more})

    def sharpen(self, gan: GAN, progress: float) -> None:
        """Let the least blur fall."""
        fallen = min(progress / self.sharp_at, 1)
        blurred = cast(Packed, gan.discriminator).discriminator
        blurred.lowest = self.highest * (self.lowest / self.highest) ** fallen / self.scale

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
    "gpu": Ring(steps=30_000, batch=1024, members=64, width=128, discriminator_width=128),
    # what tutorials train: no blur, no packing, no pairs, one learning rate, no average
    "plain": Ring(
        steps=7000,
        batch=128,
        depth=2,
        waves=0,
        pack=1,
        loss="non_saturating",
        learning_rate=1e-3,
        annealed=False,
        average_decay=0.0,
    ),
}
