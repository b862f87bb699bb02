"""Handwritten digits, 28×28: a small convolutional pair, trained by today's rules."""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons.data import images
from gan_lessons.gan import GAN
from gan_lessons.metrics.images import digit_scores
from gan_lessons.networks.images import ImageDiscriminator, ImageGenerator
from gan_lessons.plots.images import draw_sheet
from gan_lessons.recipes import Modern


@dataclass(frozen=True, kw_only=True)
class Digits(Modern):
    """The modern recipe on MNIST's digits, at the size of a laptop's processor."""

    best: ClassVar = "lowest frechet"
    version: ClassVar = 2
    generator_width: int
    discriminator_width: int
    memory: ClassVar = torch.channels_last  # twice as fast

    def data(self) -> Tensor:
        return images.digits().pixels

    def players(self) -> tuple[nn.Module, nn.Module]:
        generator = ImageGenerator(self.noise_dim, width=self.generator_width)
        return generator, ImageDiscriminator(width=self.discriminator_width)

    def score(self, gan: GAN) -> dict[str, float]:
        return self.score_samples(self.samples(gan, len(self.data())))

    def score_samples(self, samples: Tensor) -> dict[str, float]:
        """The figures of any pictures [count, 1, 28, 28]: of noise and of real ones, say."""
        return {name: float(value) for name, value in digit_scores(samples)._asdict().items()}

    def sheet(self, gan: GAN) -> Figure:
        figure = Figure(figsize=(6, 6), dpi=100, layout="constrained")
        draw_sheet(figure.subplots(), self.samples(gan, 100))
        return figure


CPU = Digits(
    steps=900,
    batch=32,
    noise_dim=64,
    generator_width=24,
    discriminator_width=16,
    learning_rate=6e-3,
    penalty_weight=0.5,
    average_decay=0.99,
)
MINUTES = replace(CPU, steps=4500, learning_rate=4e-3, penalty_weight=0.2, average_decay=0.998)
LONG = replace(
    MINUTES,
    steps=15_000,
    generator_width=32,
    discriminator_width=32,
    learning_rate=2e-3,
    penalty_weight=0.1,
    average_decay=0.999,
)
GPU = replace(LONG, steps=50_000, batch=256, generator_width=128, discriminator_width=128)
SIZES = {"cpu": CPU, "minutes": MINUTES, "long": LONG, "gpu": GPU}
