"""Texts of a known law, learnt from nothing by one of four ways to get a gradient through a symbol."""

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons import estimators, losses, training
from gan_lessons.data.sources import Batch, Source
from gan_lessons.gan import GAN, Record
from gan_lessons.judges.oracle import KINDS, LENGTH, oracle
from gan_lessons.likelihood import likelihoods
from gan_lessons.networks.text import LSTMGenerator, StepDiscriminator, WordDiscriminator
from gan_lessons.plots.text import draw_texts
from gan_lessons.recipes import Modern

SYMBOLS = "abcdefghijklmnopqrstuvwxyzABCDEF"


def one_hot(symbols: Tensor) -> Tensor:
    """Symbols [batch, length] as one-hot texts [batch, length, kinds]."""
    return nn.functional.one_hot(symbols, KINDS).to(torch.get_default_dtype())


def by_rollouts(gan: Any, loss: Callable, real: Tensor) -> Tensor:
    """SeqGAN: D's score of a whole text is the reward, and rollouts say what each symbol did for it."""
    symbols = gan.generator.sample(len(real))
    score = lambda texts: gan.discriminator(one_hot(texts))  # noqa: E731
    values = estimators.rollouts(gan.generator.complete, score, symbols, count=2)
    return estimators.reinforce(gan.generator.log_probabilities(symbols), estimators.less_the_others(values))


def by_relaxation(gan: Any, loss: Callable, real: Tensor) -> Tensor:
    """By the straight-through Gumbel-softmax (Jang et al. 2017): one-hot forward, soft backward, through D."""
    return loss(gan.discriminator(one_hot(real)), gan.discriminator(gan.generator.relaxed(len(real)))).generator


def by_steps(gan: Any, loss: Callable, real: Tensor) -> Tensor:
    """ScratchGAN: D scores every prefix, and a symbol is worth what comes from it on, later scores discounted."""
    symbols = gan.generator.sample(len(real))
    rewards = gan.discriminator.chosen(symbols).detach()
    values = estimators.less_the_others(estimators.to_go(rewards, discount=0.2))
    return estimators.reinforce(gan.generator.log_probabilities(symbols), values)


def by_all_actions(gan: Any, loss: Callable, real: Tensor) -> Tensor:
    """D scores every symbol that might have come, so that G need not wait for one to be drawn."""
    symbols = gan.generator.sample(len(real))
    values = gan.discriminator(symbols)
    return estimators.all_actions(gan.generator(symbols).softmax(-1), values - values.mean(-1, keepdim=True))


WAYS: dict[str, Callable[[Any, Callable, Tensor], Tensor]] = {
    "rollouts": by_rollouts,
    "relaxation": by_relaxation,
    "steps": by_steps,
    "all_actions": by_all_actions,
}
WHOLE = ("rollouts", "relaxation")  # D reads whole texts, and the others score each symbol


def through_symbols(
    gan: Any, loss: Callable, batches: Sequence[Batch], noise: Tensor, penalty: Callable | None = None, *, way: str
) -> tuple:
    """Both players learn once, D from real and written texts [batch, length], and then G by its way."""
    real = batches[0].real
    written = gan.generator.sample(len(real))
    if way in WHOLE:
        shown, score = (one_hot(real), one_hot(written)), gan.discriminator
    else:
        shown, score = (real, written), gan.discriminator.chosen
    real_scores, fake_scores = (score(texts).flatten() for texts in shown)
    value = loss(real_scores, fake_scores).discriminator
    total = value if penalty is None else value + penalty(gan.discriminator, *shown)
    training.learn(gan.discriminator_optimizer, total)
    generator_value = WAYS[way](gan, loss, real)
    training.learn(gan.generator_optimizer, generator_value)
    return value.detach(), generator_value.detach(), real_scores.detach().mean(), fake_scores.detach().mean()


@dataclass(frozen=True, kw_only=True)
class Oracle(Modern):
    """A GAN of symbol after symbol, from nothing, against a writer whose law is known: by one of four ways.

    D reads whole texts with R1 and R2 where G learns by rollouts or by relaxation, and scores every symbol elsewhere.
    """

    way: str
    width: int
    discriminator_width: int

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.way not in WAYS:
            raise ValueError(f"There is no way {self.way!r} through a symbol; the known ones are {', '.join(WAYS)}.")

    def data(self) -> Tensor:
        torch.manual_seed(0)
        return oracle().sample(60_000)

    def players(self) -> tuple[nn.Module, nn.Module]:
        generator, width = LSTMGenerator(KINDS, LENGTH, width=self.width), self.discriminator_width
        return generator, (
            WordDiscriminator(LENGTH, KINDS, width=width)
            if self.way in WHOLE
            else StepDiscriminator(KINDS, LENGTH, width=width)
        )

    def train(self, gan: GAN, data: Tensor | Source, **more: Any) -> Iterator[Record]:
        options = {
            "loss": losses.relativistic if self.way == "relaxation" else losses.non_saturating,
            "schedule": training.constant,
            "update": partial(through_symbols, way=self.way),
            "rehearsal": False,  # G's chance is in the symbols that it draws, not in noise
        }
        if self.way not in WHOLE:
            options["penalty"] = None
        return super().train(gan, data, **{**options, **more})

    def samples(self, gan: GAN, asked: int | Tensor, seed: int = 0) -> Tensor:
        """Texts [count, length] by the averaged generator, a symbol after the other."""
        training.reseed(gan.device, seed)
        with torch.inference_mode():
            return gan.average.sample(asked if isinstance(asked, int) else len(asked))  # type: ignore[operator]

    def score(self, gan: Any) -> dict[str, float]:
        torch.manual_seed(0)
        return likelihoods(copy.deepcopy(gan.average).cpu(), oracle())._asdict()

    def sheet(self, gan: Any) -> Figure:
        figure = Figure(figsize=(6, 4), dpi=100, layout="constrained")
        rows = self.samples(gan, 80).tolist()
        draw_texts(figure.subplots(), ["".join(SYMBOLS[symbol] for symbol in row) for row in rows])
        return figure


CPU = Oracle(
    noise_dim=0,
    steps=1200,
    batch=64,
    way="all_actions",
    width=64,
    discriminator_width=64,
    learning_rate=1e-3,
    penalty_weight=0.5,
    average_decay=0.99,
)
SIZES = {
    "cpu": CPU,
    "steps": replace(CPU, way="steps", steps=1300),
    "relaxation": replace(CPU, way="relaxation", steps=750, discriminator_width=256),
    "rollouts": replace(CPU, way="rollouts", steps=240, discriminator_width=256),
    "gpu": replace(CPU, steps=100_000, batch=512, width=256, discriminator_width=256, learning_rate=3e-4),
}
