"""A recipe that trains in milliseconds, written as a reader would write one; faults can be planted in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor

from gan_lessons import losses
from gan_lessons.data.points import ring
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.recipes import Recipe
from gan_lessons.training import GAN, Record, train


@dataclass(frozen=True)
class Toy(Recipe):
    """A ring of points, learnt by two tiny networks."""

    width: int = 8
    learning_rate: float = 1e-3
    noisy: bool = False
    widths: tuple[int, ...] = (8, 8)
    count: int = 200
    best: ClassVar[str | None] = "lowest spread"

    def data(self):
        return ring().sample(self.count)

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        torch.manual_seed(seed)
        adam = partial(torch.optim.Adam, lr=self.learning_rate)
        players = PointGenerator(width=self.width).to(device), PointDiscriminator(width=self.width).to(device)
        return GAN(*players, noise_dim=2, seed=seed, optimizer=adam)

    def train(self, gan: GAN, data) -> Iterator[Record]:
        return train(gan, data, losses.relativistic, steps=self.steps, batch=self.batch)

    def score(self, gan: GAN) -> dict[str, float]:
        return {"spread": float(gan.sample(100).std()), "step_seen": float(gan.step)}

    def sheet(self, gan: GAN) -> Figure:
        figure = Figure(figsize=(1, 1))
        figure.subplots().scatter(*gan.sample(20).T)
        return figure


class Hum(Toy):
    """A toy that can be heard."""

    rate = 4000

    def listen(self, gan: GAN) -> Tensor:
        return torch.sin(torch.arange(4000) / 4)[None]


SIZES = {"cpu": Toy(steps=12, batch=8), "long": Toy(steps=24, batch=8)}
HUMMING = {"cpu": Hum(steps=12, batch=8)}
