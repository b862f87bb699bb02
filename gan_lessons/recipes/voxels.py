"""Chairs, tables, lamps, vases and mugs as volumes: do the legs reach the floor?"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons.data import shapes
from gan_lessons.data.shapes import KINDS
from gan_lessons.data.sources import Labelled, Source, balanced
from gan_lessons.gan import GAN, Record
from gan_lessons.metrics.shapes import COUNT, shape_scores
from gan_lessons.networks.conditioning import ConditionalGenerator, Projection, headed
from gan_lessons.networks.pictures import PictureDiscriminator
from gan_lessons.networks.shapes import VolumeDiscriminator, VolumeGenerator
from gan_lessons.networks.silhouettes import Silhouettes, silhouettes
from gan_lessons.plots.shapes import render, sheet
from gan_lessons.recipes import Modern


@dataclass(frozen=True, kw_only=True)
class Voxels(Modern):
    """The modern recipe on volumes of `size` voxels a side; both players are `told` the kind, in groups of four.

    Convolutions run along `axes`, two or three, and the generator makes one half, `mirrored` into the other. With the
    `way` "pictures", no discriminator ever sees a volume: real ones are pictures of what shapes hide of a light, each
    from a random side, and G's volumes, smoothed, are looked at likewise.
    """

    best: ClassVar = "highest valid"
    way: str = "volumes"
    size: int = 16
    count: int = 4000
    told: bool = True
    label_dim: int = 16
    mirrored: bool = True
    axes: int = 3
    generator_width: int
    discriminator_width: int

    def data(self) -> Labelled:
        known = shapes.load(self.size, self.count)
        if self.way == "volumes":
            return known
        sides = torch.rand(self.count, generator=torch.Generator().manual_seed(0)) * 2 * torch.pi
        return Labelled(silhouettes(known.samples, sides), known.labels)

    def class_names(self) -> list[str]:
        """The kinds that can be asked for."""
        return list(KINDS) if self.told else []

    def players(self) -> tuple[nn.Module, nn.Module]:
        noise_dim = self.noise_dim + self.label_dim * self.told
        generator: nn.Module = VolumeGenerator(
            noise_dim, self.size, self.generator_width, mirrored=self.mirrored, axes=self.axes
        )
        discriminator: nn.Module = VolumeDiscriminator(self.size, self.discriminator_width, axes=self.axes)
        if self.way == "pictures":
            discriminator = PictureDiscriminator(self.size, 1, self.discriminator_width, group=4, fine=16)
        if self.told:
            generator = ConditionalGenerator(generator, len(KINDS), self.label_dim)
            discriminator = headed(discriminator, Projection, len(KINDS))
        return (Silhouettes(generator) if self.way == "pictures" else generator), discriminator

    def train(self, gan: GAN, data: Tensor | Source, **more: Any) -> Iterator[Record]:
        if self.told:
            more = {"indices": balanced(torch.arange(self.count) % len(KINDS), 4, gan.device), **more}
        return super().train(gan, data, **more)

    def samples(self, gan: GAN, asked: int | Tensor, seed: int = 0) -> Tensor:
        """Volumes [count, 1, size, size, size]; a count has the kinds in turn, if they are told."""
        if isinstance(asked, int) and self.told:
            asked = torch.arange(asked) % len(KINDS)
        if self.way == "volumes":
            return super().samples(gan, asked, seed)
        told = () if isinstance(asked, int) else (asked.to(gan.device),)
        noise = torch.randn(
            asked if isinstance(asked, int) else len(asked),
            gan.noise_dim,
            generator=torch.Generator().manual_seed(seed),
        )
        with torch.inference_mode():
            return gan.average.volumes(noise.to(gan.device), *told)  # type: ignore[operator]

    def score(self, gan: GAN) -> dict[str, float]:
        told = torch.arange(COUNT) % len(KINDS) if self.told else None
        return shape_scores(self.samples(gan, COUNT), told, self.count)._asdict()

    def sheet(self, gan: GAN) -> Figure:
        figure = Figure(figsize=(7.5, 4.5), dpi=128, layout="constrained")
        axes = figure.subplots()
        axes.imshow(sheet(render(self.samples(gan, 15)), 5))
        axes.axis("off")
        return figure


CPU = Voxels(
    steps=400,
    batch=16,
    noise_dim=32,
    generator_width=32,
    discriminator_width=32,
    learning_rate=2e-3,
    penalty_weight=0.5,
    average_decay=0.99,
)
# at 2e-3 and γ = 3, D's scores ran away within 2,000 steps
LONG = replace(CPU, steps=4000, learning_rate=1e-3, average_decay=0.998)
GPU = replace(LONG, size=32, batch=64, steps=30_000, average_decay=0.999)
PICTURES = replace(CPU, steps=800, way="pictures")
SIZES = {"cpu": CPU, "long": LONG, "pictures": PICTURES, "gpu": GPU}
