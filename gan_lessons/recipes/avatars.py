"""Cats, robots and monsters in colour, put together of drawn parts: is the GAN able to make a new one?"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons.data import avatars
from gan_lessons.data.avatars import EVERY
from gan_lessons.data.avatars import Avatars as Pictures
from gan_lessons.data.sources import Source, balanced
from gan_lessons.gan import GAN, Record
from gan_lessons.metrics.avatars import REFERENCE, cat_scores, frechet_fraction
from gan_lessons.networks.conditioning import (
    ConditionalGenerator,
    ManyProjections,
    ManyToldGenerator,
    Projection,
    headed,
)
from gan_lessons.networks.pictures import PictureDiscriminator
from gan_lessons.networks.styles import StyleGenerator
from gan_lessons.plots.images import draw_sheet
from gan_lessons.recipes import Modern


@dataclass(frozen=True, kw_only=True)
class Avatars(Modern):
    """The modern recipe on avatars: on so few of the possible combinations that whatever it makes is nearly always new.

    `kind` is cats, robots, monsters or heads, and `size` the side of the pictures, 32 or 64; `count` combinations are
    learnt from. Both players are told the variant of the part `told`, in groups of eight that share it; or with "all"
    those of all parts; or nothing. A share `mixing` of what G makes in training has the styles of two. D looks at the
    finest detail with `fine` maps. Cats are judged by their parts.
    """

    best: ClassVar = "lowest frechet_fraction"
    memory: ClassVar = torch.channels_last  # twice as fast
    version: ClassVar = 2
    kind: str = "cats"
    size: int
    count: int = 3000
    generator_width: int
    discriminator_width: int
    told: str | None = None
    label_dim: int = 16
    mixing: float = 0.0
    fine: int = 0

    def data(self) -> Pictures:
        return avatars.load(self.kind, self.size, self.count, told=self.told)

    def players(self) -> tuple[nn.Module, nn.Module]:
        counts = self.data().parts
        labels = len(counts) if self.told == EVERY else int(self.told is not None)
        noise_dim = self.noise_dim + labels * self.label_dim
        generator = StyleGenerator(noise_dim, self.size, width=self.generator_width, mixing=self.mixing)
        discriminator = PictureDiscriminator(self.size, width=self.discriminator_width, fine=self.fine)
        if self.told is None:
            return generator, discriminator
        if self.told == EVERY:
            every = list(counts.values())
            return ManyToldGenerator(generator, every, self.label_dim), headed(discriminator, ManyProjections, every)
        classes = counts[self.told]
        return ConditionalGenerator(generator, classes, self.label_dim), headed(discriminator, Projection, classes)

    def train(self, gan: GAN, data: Tensor | Source, **more: Any) -> Iterator[Record]:
        if self.told not in (None, EVERY):
            known = self.data()
            place = list(known.parts).index(self.told)
            more = {"indices": balanced(known.variants()[:, place], 8, gan.device), **more}
        return super().train(gan, data, **more)

    def samples(self, gan: GAN, asked: int | Tensor, seed: int = 0) -> Tensor:
        """Pictures, of a count or of the variants asked for: [count] of the part that it is told, or [count, parts].

        A count has the variants of that part in turn, and those of all parts at random, the same for the same seed.
        """
        if isinstance(asked, int) and self.told is not None:
            counts = list(self.data().parts.values())
            if self.told == EVERY:
                random = torch.rand(asked, len(counts), generator=torch.Generator().manual_seed(seed))
                asked = (random * torch.tensor(counts)).long()
            else:
                asked = torch.arange(asked) % self.data().parts[self.told]
        return super().samples(gan, asked, seed)

    def score(self, gan: GAN) -> dict[str, float]:
        samples = torch.cat([self.samples(gan, 500, seed) for seed in range(REFERENCE // 500)])
        if self.kind != "cats":
            return {"frechet_fraction": frechet_fraction(self.kind, samples)}
        return cat_scores(samples, avatars.load(self.kind, self.size, self.count))._asdict()

    def sheet(self, gan: GAN) -> Figure:
        figure = Figure(figsize=(8, 6), dpi=128, layout="constrained")
        axes = figure.subplots()
        draw_sheet(axes, self.samples(gan, 48), 8)
        axes.set_title(avatars.KINDS[self.kind].credit, fontsize=8, loc="right")
        return figure


CPU = Avatars(
    steps=1500,
    batch=32,
    noise_dim=16,  # for all but the parts
    size=32,
    generator_width=32,
    discriminator_width=16,
    learning_rate=4e-3,
    penalty_weight=0.3,
    average_decay=0.995,
    told=EVERY,
)
LONG = replace(CPU, told=None, steps=26_000, noise_dim=64, size=64, learning_rate=2e-3, average_decay=0.999, mixing=0.3)
PARTS = replace(CPU, steps=6000, size=64, learning_rate=2.5e-3, average_decay=0.998, fine=12)
GPU = replace(
    PARTS, steps=50_000, batch=256, learning_rate=2e-3, average_decay=0.999, generator_width=96, discriminator_width=64
)
SIZES = {"cpu": CPU, "long": LONG, "parts": PARTS, "gpu": GPU}
