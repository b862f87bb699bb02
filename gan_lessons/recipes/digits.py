"""Handwritten digits, 28×28: a small convolutional pair, trained by today's rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor

from gan_lessons import devices, losses, penalties, training
from gan_lessons.data import images
from gan_lessons.metrics.images import digit_scores
from gan_lessons.networks.images import GroupSpread, ImageDiscriminator, ImageGenerator
from gan_lessons.plots.images import draw_sheet
from gan_lessons.recipes import Recipe
from gan_lessons.training import GAN, Record


@dataclass(frozen=True)
class Digits(Recipe):
    """Relativistic loss, R1 and R2 every few steps, an averaged generator, and a rate that falls to nothing.

    Huang et al. 2024, arXiv:2501.05441, at the size of a laptop's processor.
    """

    noise_dim: int
    generator_width: int
    discriminator_width: int
    learning_rate: float
    penalty_weight: float
    penalty_every: int
    average_decay: float
    ingredients: ClassVar = (
        ImageGenerator,
        ImageDiscriminator,
        GroupSpread,
        losses.relativistic,
        penalties.squared_slope,
        penalties.r1,
        penalties.r2,
        penalties.r1_and_r2,
        training.cosine,
    )

    def data(self) -> Tensor:
        return images.digits().pixels

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        torch.manual_seed(seed)
        generator = ImageGenerator(self.noise_dim, width=self.generator_width).to(device)
        discriminator = ImageDiscriminator(width=self.discriminator_width).to(device)
        for network in (generator, discriminator):
            network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # twice as fast
        return GAN(
            generator,
            discriminator,
            noise_dim=self.noise_dim,
            seed=seed,
            optimizer=partial(torch.optim.Adam, lr=self.learning_rate, betas=(0.0, 0.99), fused=device != "meta"),
            average_decay=self.average_decay,
            autocast=devices.mixed_precision(torch.device(device)),
        )

    def train(self, gan: GAN, data: Tensor) -> Iterator[Record]:
        return training.train(
            gan,
            data,
            losses.relativistic,
            steps=self.steps,
            batch=self.batch,
            penalty=partial(penalties.r1_and_r2, weight=self.penalty_weight),
            penalty_every=self.penalty_every,
            schedule=training.cosine,
        )

    def score(self, gan: GAN) -> dict[str, float]:
        return {name: float(value) for name, value in digit_scores(gan.sample(5000))._asdict().items()}

    def sheet(self, gan: GAN) -> Figure:
        figure = Figure(figsize=(6, 6), dpi=100, layout="constrained")
        draw_sheet(figure.subplots(), gan.sample(100))
        return figure


SIZES = {
    "cpu": Digits(
        steps=900,
        batch=32,
        noise_dim=64,
        generator_width=24,
        discriminator_width=16,
        learning_rate=6e-3,
        penalty_weight=0.5,
        penalty_every=4,
        average_decay=0.99,
    ),
    "minutes": Digits(
        steps=4500,
        batch=32,
        noise_dim=64,
        generator_width=24,
        discriminator_width=16,
        learning_rate=4e-3,
        penalty_weight=0.2,
        penalty_every=4,
        average_decay=0.998,
    ),
    "long": Digits(
        steps=15_000,
        batch=32,
        noise_dim=64,
        generator_width=32,
        discriminator_width=32,
        learning_rate=2e-3,
        penalty_weight=0.1,
        penalty_every=4,
        average_decay=0.999,
    ),
    "gpu": Digits(
        steps=50_000,
        batch=256,
        noise_dim=64,
        generator_width=128,
        discriminator_width=128,
        learning_rate=2e-3,
        penalty_weight=0.1,
        penalty_every=4,
        average_decay=0.999,
    ),
}
