"""Chinese idioms of four characters, written in one pass: a character is one of a thousand, and a vector inside."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor

from gan_lessons import devices, estimators, losses, penalties, training
from gan_lessons.data import text
from gan_lessons.metrics.text import pair_scores
from gan_lessons.networks.idioms import IdiomDiscriminator, IdiomGenerator
from gan_lessons.networks.images import GroupSpread
from gan_lessons.networks.text import Residual, WordDiscriminator
from gan_lessons.plots.text import draw_texts
from gan_lessons.recipes import Recipe
from gan_lessons.training import GAN, Record


def one_hot_first(
    gan: GAN, loss: Callable, real: Tensor, noise: Tensor, penalty: Callable | None = None, *, kinds: int
) -> tuple:
    """Make real symbols [turns, batch, length] one-hot, a batch at a time: all of them would fill the memory."""
    return training.alternating(gan, loss, torch.nn.functional.one_hot(real, kinds).float(), noise, penalty)


@dataclass(frozen=True)
class Idioms(Recipe):
    """The GAN of `words` with an embedding of the characters in either player, and a rate that falls to nothing."""

    characters: int  # the most frequent ones; idioms with any other are left out
    noise_dim: int
    width: int
    embedded: int
    hidden: int
    learning_rate: float
    penalty_weight: float
    penalty_every: int
    average_decay: float
    group: int  # samples that D sees the spread of; 1 for none
    ingredients: ClassVar = (
        Residual,
        IdiomGenerator,
        IdiomDiscriminator,
        WordDiscriminator,
        GroupSpread,
        one_hot_first,
        estimators.straight_through,
        estimators.hard,
        losses.relativistic,
        penalties.squared_slope,
        penalties.r1,
        penalties.r2,
        penalties.r1_and_r2,
        text.split_by_hash,
        text.idioms,
        text.frequent_idioms,
    )

    def splits(self) -> text.Splits:
        """The idioms of this recipe's characters."""
        return text.frequent_idioms(self.characters)

    def data(self) -> Tensor:
        return self.splits().train.symbols

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        torch.manual_seed(seed)
        kinds = self.characters + 1
        generator = IdiomGenerator(self.noise_dim, kinds=kinds, width=self.width, embedded=self.embedded)
        discriminator = IdiomDiscriminator(
            kinds=kinds, width=self.width, embedded=self.embedded, hidden=self.hidden, group=self.group
        )
        return GAN(
            generator.to(device),
            discriminator.to(device),
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
            update=partial(one_hot_first, kinds=self.characters + 1),
        )

    def score(self, gan: GAN) -> dict[str, float]:
        return pair_scores(gan.sample(2000).argmax(-1), self.splits())._asdict()

    def sheet(self, gan: GAN) -> Figure:
        """In pinyin, since matplotlib's own font has no Chinese characters."""
        figure = Figure(figsize=(10, 5), dpi=100, layout="constrained")
        texts = self.splits().train.read(gan.sample(60).argmax(-1))
        draw_texts(figure.subplots(), [text.pinyin(each) for each in texts], columns=4)
        return figure


@dataclass(frozen=True)
class OtherIdioms(Idioms):
    """The GAN of idioms on other texts, as `text.own` reads them: those written with the most frequent `characters`."""

    source: str = "names:family"
    ingredients: ClassVar = (Idioms, *Idioms.ingredients, text.fitted, text.frequent)  # type: ignore[assignment]

    def splits(self) -> text.Splits:
        return text.frequent(text.own(self.source), self.characters)

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        torch.manual_seed(seed)
        train = self.splits().train
        shape = train.length, train.kinds, self.width, self.embedded
        return GAN(
            IdiomGenerator(self.noise_dim, *shape).to(device),
            IdiomDiscriminator(*shape, hidden=self.hidden, group=self.group).to(device),
            noise_dim=self.noise_dim,
            seed=seed,
            optimizer=partial(torch.optim.Adam, lr=self.learning_rate, betas=(0.0, 0.99), fused=device != "meta"),
            average_decay=self.average_decay,
            autocast=devices.mixed_precision(torch.device(device)),
        )

    def sheet(self, gan: GAN) -> Figure:
        """In pinyin, where the texts are Chinese."""
        columns = max(1, 20 // self.splits().train.length)
        figure = Figure(figsize=(10, 5), dpi=100, layout="constrained")
        texts = self.splits().train.read(gan.sample(15 * columns).argmax(-1))
        draw_texts(figure.subplots(), [text.pinyin(each) for each in texts], columns)
        return figure


def on_other_texts(recipe: Idioms, source: str) -> OtherIdioms:
    """The recipe with its settings, on other texts, and with fewer characters where those have fewer."""
    there = len(set("".join(text.own(source).train.read())))
    return OtherIdioms(**vars(recipe) | {"characters": min(recipe.characters, there), "source": source})


SIZES = {
    "cpu": Idioms(
        steps=2000,
        batch=64,
        characters=1000,
        noise_dim=128,
        width=256,
        embedded=64,
        hidden=96,
        learning_rate=1e-3,
        penalty_weight=0.2,
        penalty_every=4,
        average_decay=0.998,
        group=8,
    ),
    "gpu": Idioms(
        steps=100_000,
        batch=512,
        characters=2000,
        noise_dim=128,
        width=1024,
        embedded=128,
        hidden=256,
        learning_rate=5e-4,
        penalty_weight=0.2,
        penalty_every=4,
        average_decay=0.999,
        group=8,
    ),
}
