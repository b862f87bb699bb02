"""Lines of verse: a likelihood model first, and then what a discriminator of prefixes rewards, or where it slopes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons import estimators, losses, results, training
from gan_lessons.data import text
from gan_lessons.data.sources import Batch, Samples, Source
from gan_lessons.data.verse import sounds, verse
from gan_lessons.gan import GAN, Record
from gan_lessons.judges.ngrams import tidy
from gan_lessons.metrics.verse import verse_scores
from gan_lessons.networks.verse import PrefixDiscriminator, VerseWriter
from gan_lessons.plots.text import draw_texts
from gan_lessons.recipes import Modern

DISCOUNT = 0.5  # of a reward that comes a word later


def counted(symbols: Tensor) -> Tensor:
    """1 for a line's words and its first end, 0 for what only fills the row."""
    return ((symbols == 0).cumsum(1) <= 1).to(torch.get_default_dtype())


def surprise(generator: nn.Module, real: Tensor, *told: Tensor) -> Tensor:
    """Minus the mean log-probability of a symbol of real lines, to a generator that may be told a code of each."""
    counts = counted(real)
    return -(generator.log_probabilities(real, *told) * counts).sum() / counts.sum()  # type: ignore[operator]


def dealt(returns: Tensor) -> Tensor:
    """Returns [lines, words] less a baseline, each dealt to a line of the batch's other half: noise without a meaning.

    A line's own return is not even in the baseline of what it gets.
    """
    halves = returns.chunk(2)
    return torch.cat([estimators.less_the_others(half) for half in halves[::-1]])


@torch.no_grad()
def likelihood_of(writer: Any, lines: Tensor) -> Tensor:
    """The mean log-probability of a symbol of each line [count, length], its end among them: [count]."""
    counts = counted(lines)
    return (writer.log_probabilities(lines) * counts).sum(1) / counts.sum(1)


def by_likelihood(gan: Any, loss: Callable, batches: Sequence[Batch], *_: Any) -> tuple:
    """G learns to guess each next word, and D waits."""
    gan.generator.dropout.train()
    value = surprise(gan.generator, batches[0].real)
    training.learn(gan.generator_optimizer, value)
    nothing = value.detach().new_zeros(())
    return nothing, value.detach(), nothing, nothing


def by_rewards(
    gan: Any,
    loss: Callable,
    real: Tensor,
    written: Tensor,
    *,
    worth: Callable[[Tensor], Tensor] = estimators.less_the_others,
) -> Tensor:
    """A word is worth what D says from it on: ScratchGAN's rewards, de Masson d'Autume et al. 2019, arXiv:1905.09922.

    `worth` makes values of the returns; that of `dealt` is a control.
    """
    with torch.no_grad():
        rewards = 2 * gan.discriminator(written).sigmoid() - 1
    values = worth(estimators.to_go(rewards, DISCOUNT))
    return estimators.reinforce(gan.generator.log_probabilities(written) * counted(written), values)


def by_relaxation(gan: Any, loss: Callable, real: Tensor, written: Tensor, *, temperature: float) -> Tensor:
    """D's slope at new lines, through the straight-through Gumbel-softmax. Nie et al. 2019 (RelGAN), rJedV3R5tm."""
    lines = gan.generator.relaxed(len(real), temperature)
    ends = nn.functional.one_hot(torch.zeros_like(real), lines.shape[-1]).to(lines)
    going = counted(tidy(lines.argmax(-1)))[..., None] > 0  # after its end a line has no slope
    lines = torch.where(going, lines, ends)
    return loss(*(gan.discriminator(some).flatten() for some in (real, lines))).generator


def adversarially(
    gan: Any,
    loss: Callable,
    batches: Sequence[Batch],
    *_: Any,
    anchor: float,
    reward: float,
    generator_waits: bool = False,
    way: Callable[..., Tensor] = by_rewards,
) -> tuple:
    """D learns to tell prefixes of written lines from those of real ones, and then G learns from D by its way.

    `anchor` is the weight of the likelihood of real lines, which holds G near to where it began, and `reward` that of
    what D says.
    """
    real = batches[0].real
    gan.generator.dropout.eval()  # what D judges is the network that writes
    written = tidy(gan.generator.sample(len(real)))
    scores = gan.discriminator(real), gan.discriminator(written)
    value = loss(*(some.flatten() for some in scores)).discriminator
    training.learn(gan.discriminator_optimizer, value)
    real_score, fake_score = (some.detach().mean() for some in scores)
    if generator_waits:
        return value.detach(), value.detach(), real_score, fake_score
    gan.discriminator.dropout.eval()
    earned = way(gan, loss, real, written)
    gan.discriminator.dropout.train()
    held = surprise(gan.generator, real)
    training.learn(gan.generator_optimizer, reward * earned + anchor * held)
    return value.detach(), earned.detach(), real_score, fake_score, {"likelihood": held.detach()}


WAYS = ("rewards", "relaxation")


@dataclass(frozen=True, kw_only=True)
class Verse(Modern):
    """A writer of lines: `taught` steps of likelihood, whose rate falls to nothing, then D alone, then both.

    `adversarial_rate` is G's rate from then on; D's is `discriminator_rate`. With as many `taught` steps as there are
    steps it is a likelihood model, and where all are `waiting` steps D learns from that model's lines. `start` names
    the stored run whose weights it begins with. With a `reward` of 0 only the `anchor` teaches G: what D adds is the
    difference. The `way` from D to G is by dense rewards, or by a relaxation whose temperature falls from 1 to
    `coolest` while both learn, the same factor at each step.
    """

    best: ClassVar = None
    worth: ClassVar = staticmethod(estimators.less_the_others)  # what a word's returns count for
    noise_dim: int = 0
    penalty_weight: float = 0.0
    width: int
    embedded: int
    dropout: float = 0.4
    discriminator_width: int = 96
    taught: int
    waiting: int = 60
    adversarial_rate: float = 3e-4
    discriminator_rate: float = 1e-3
    anchor: float = 0.1
    reward: float = 1.0
    start: str | None = None
    way: str = "rewards"
    coolest: float = 0.1

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.way not in WAYS:
            raise ValueError(f"There is no way {self.way!r} from D to G; the known ones are {', '.join(WAYS)}.")

    def splits(self) -> text.Splits:
        """The lines."""
        return verse()

    def data(self) -> Samples:
        return Samples(self.splits().train.symbols)

    def players(self) -> tuple[nn.Module, nn.Module]:
        writer = VerseWriter(sounds(), self.splits().train.length, self.width, self.embedded, self.dropout)
        return writer, PrefixDiscriminator(sounds(), self.discriminator_width)

    def schedule(self, progress: float) -> float:
        """The share of both players' full rates, which are those of the likelihood, and of D in that measure."""
        step = progress * self.steps
        if step < self.taught:
            return training.cosine(step / self.taught)
        return self.adversarial_rate / self.learning_rate

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        gan = super().build(device, seed)
        if self.start and device != "meta":
            for network in (gan.generator, gan.average):
                network.load_state_dict(results.weights(self.start))
        for group in gan.discriminator_optimizer.param_groups:
            group["full_lr"] = self.discriminator_rate * self.learning_rate / self.adversarial_rate
        return gan

    def update(self, gan: Any, *rest: Any) -> tuple:
        """How step `gan.step` moves the players."""
        if gan.step < self.taught:
            return by_likelihood(gan, *rest)
        alone = self.taught + self.waiting
        way: Callable[..., Tensor] = partial(by_rewards, worth=self.worth)
        if self.way == "relaxation":
            way = partial(by_relaxation, temperature=self.coolest ** ((gan.step - alone) / (self.steps - alone)))
        return adversarially(
            gan, *rest, anchor=self.anchor, reward=self.reward, generator_waits=gan.step < alone, way=way
        )

    def train(self, gan: GAN, data: Tensor | Source, **more: Any) -> Iterator[Record]:
        options = {
            "loss": losses.relativistic if self.way == "relaxation" else losses.non_saturating,
            "penalty": None,
            "update": self.update,
            "rehearsal": False,  # G's chance is in the words that it draws, not in noise
        }
        return super().train(gan, data, **{**options, **more})

    def samples(self, gan: GAN, asked: int | Tensor, seed: int = 0, temperature: float = 1.0) -> Tensor:
        """Lines [count, length] by the averaged generator, a word after the other."""
        training.reseed(gan.device, seed)
        with torch.inference_mode():
            count = asked if isinstance(asked, int) else len(asked)
            return tidy(gan.average.sample(count, temperature))  # type: ignore[operator]

    def score(self, gan: GAN) -> dict[str, float]:
        return verse_scores(self.samples(gan, 500))._asdict()

    def sheet(self, gan: GAN) -> Figure:
        figure = Figure(figsize=(6, 4), dpi=100, layout="constrained")
        draw_texts(figure.subplots(), self.splits().train.read(self.samples(gan, 14)), 1)
        return figure


LIKELIHOOD = Verse(
    steps=1000,
    taught=1000,
    batch=128,
    width=256,
    embedded=128,
    learning_rate=3e-3,
    average_decay=0.99,
)
LONG = replace(LIKELIHOOD, steps=600, taught=0, waiting=200, start="verse/likelihood")
RELAXATION = replace(LONG, way="relaxation", reward=10.0)  # the loss is a mean of ten prefixes, and returns are summed
CPU = replace(LONG, steps=100, waiting=60)
GPU = replace(
    LIKELIHOOD,
    steps=20_000,
    taught=3000,
    waiting=200,
    batch=512,
    width=512,
    embedded=256,
    discriminator_width=256,
)
SIZES = {"cpu": CPU, "likelihood": LIKELIHOOD, "long": LONG, "relaxation": RELAXATION, "gpu": GPU}
