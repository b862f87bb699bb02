"""English words of 3 to 10 letters, written in one pass: fully connected layers and a straight-through argmax."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor

from gan_lessons import devices, estimators, losses, penalties, training
from gan_lessons.data import text
from gan_lessons.metrics.text import text_scores
from gan_lessons.networks.images import GroupSpread
from gan_lessons.networks.text import Residual, WordDiscriminator, WordGenerator
from gan_lessons.plots.text import draw_texts
from gan_lessons.recipes import Recipe
from gan_lessons.training import GAN, Record

MANY = 100  # kinds of symbols; of more, one-hot texts would fill the memory


@dataclass(frozen=True)
class Words(Recipe):
    """A GAN of whole words, without pre-training: relativistic loss, R1 and R2, group spread, averaged generator.

    The penalty acts on one-hot letters, between which D is asked to be smooth: it is what gives G a direction.
    """

    noise_dim: int
    width: int
    hidden: int
    learning_rate: float
    penalty_weight: float
    penalty_every: int
    average_decay: float
    group: int  # samples that D sees the spread of; 1 for none
    ingredients: ClassVar = (
        Residual,
        WordGenerator,
        WordDiscriminator,
        GroupSpread,
        estimators.straight_through,
        estimators.hard,
        losses.relativistic,
        penalties.squared_slope,
        penalties.r1,
        penalties.r2,
        penalties.r1_and_r2,
        text.split_by_hash,
        text.words,
    )

    def data(self) -> Tensor:
        train = text.words().train
        return torch.nn.functional.one_hot(train.symbols, train.kinds).float()

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        torch.manual_seed(seed)
        return GAN(
            WordGenerator(self.noise_dim, width=self.width).to(device),
            WordDiscriminator(width=self.width, hidden=self.hidden, group=self.group).to(device),
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
        )

    def score(self, gan: GAN) -> dict[str, float]:
        return text_scores(gan.sample(5000).argmax(-1), text.words())._asdict()

    def sheet(self, gan: GAN) -> Figure:
        figure = Figure(figsize=(6, 4), dpi=100, layout="constrained")
        draw_texts(figure.subplots(), text.words().train.read(gan.sample(80).argmax(-1)))
        return figure


@dataclass(frozen=True)
class OtherWords(Words):
    """The GAN of words on other texts, as `text.own` reads them: with their alphabet, and as long as the longest."""

    source: str = "names:family"
    ingredients: ClassVar = (Words, *Words.ingredients, text.fitted)  # type: ignore[assignment]

    def data(self) -> Tensor:
        train = text.own(self.source).train
        if train.kinds > MANY:
            raise ValueError(
                f"{self.source} has {train.kinds - 1} different symbols, and `words` takes {MANY - 1}: use `idioms`."
            )
        return torch.nn.functional.one_hot(train.symbols, train.kinds).float()

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        torch.manual_seed(seed)
        train = text.own(self.source).train
        shape = train.length, train.kinds
        return GAN(
            WordGenerator(self.noise_dim, *shape, width=self.width).to(device),
            WordDiscriminator(*shape, width=self.width, hidden=self.hidden, group=self.group).to(device),
            noise_dim=self.noise_dim,
            seed=seed,
            optimizer=partial(torch.optim.Adam, lr=self.learning_rate, betas=(0.0, 0.99), fused=device != "meta"),
            average_decay=self.average_decay,
            autocast=devices.mixed_precision(torch.device(device)),
        )

    def score(self, gan: GAN) -> dict[str, float]:
        return text_scores(gan.sample(5000).argmax(-1), text.own(self.source))._asdict()

    def sheet(self, gan: GAN) -> Figure:
        train = text.own(self.source).train
        columns = max(1, 60 // (train.length + 2))
        figure = Figure(figsize=(6, 4), dpi=100, layout="constrained")
        draw_texts(figure.subplots(), train.read(gan.sample(16 * columns).argmax(-1)), columns)
        return figure


def on_other_texts(recipe: Words, source: str) -> OtherWords:
    """The recipe with its settings, on other texts."""
    return OtherWords(**vars(recipe), source=source)


SIZES = {
    "cpu": Words(
        steps=1800,
        batch=64,
        noise_dim=128,
        width=256,
        hidden=96,
        learning_rate=1e-3,
        penalty_weight=0.2,
        penalty_every=4,
        average_decay=0.998,
        group=8,
    ),
    "long": Words(
        steps=2000,
        batch=256,
        noise_dim=128,
        width=512,
        hidden=96,
        learning_rate=6e-4,
        penalty_weight=0.2,
        penalty_every=4,
        average_decay=0.999,
        group=1,
    ),
    "gpu": Words(
        steps=100_000,
        batch=256,
        noise_dim=128,
        width=1024,
        hidden=256,
        learning_rate=5e-4,
        penalty_weight=0.2,
        penalty_every=4,
        average_decay=0.999,
        group=8,
    ),
}
