"""Short texts, English words at first, written in one pass: linear layers and a straight-through argmax."""

from dataclasses import dataclass, replace
from typing import ClassVar

from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons import training
from gan_lessons.data import text
from gan_lessons.data.sources import OneHot
from gan_lessons.gan import GAN
from gan_lessons.metrics.text import text_scores
from gan_lessons.networks.text import WordDiscriminator, WordGenerator
from gan_lessons.plots.text import draw_texts
from gan_lessons.recipes import Modern

MANY = 100  # kinds of symbols; with more, the networks' first and last layers would be nearly all that they are


@dataclass(frozen=True, kw_only=True)
class Words(Modern):
    """A GAN of whole words, without pre-training: the modern recipe, at a constant rate.

    R1 and R2 keep D's slope small at the one-hot letters of real and of written words, which is where the
    straight-through gradient takes it: it is what gives G a direction. `source` is "words", English ones of 3 to 10
    letters, or other texts as `text.own` reads them.
    """

    best: ClassVar = "lowest trigram_js"
    width: int
    hidden: int
    group: int  # texts that share a minibatch standard deviation; 1 for none
    source: str = "words"

    def splits(self) -> text.Splits:
        """The texts."""
        return text.words() if self.source == "words" else text.own(self.source)

    def data(self) -> OneHot:
        train = self.splits().train
        if train.kinds > MANY:
            raise ValueError(
                f"{self.source} has {train.kinds - 1} different symbols, and `words` takes {MANY - 1}: use `idioms`."
            )
        return OneHot(train.symbols, train.kinds)

    def players(self) -> tuple[nn.Module, nn.Module]:
        train = self.splits().train
        shape = train.length, train.kinds
        generator = WordGenerator(self.noise_dim, *shape, width=self.width)
        return generator, WordDiscriminator(*shape, width=self.width, hidden=self.hidden, group=self.group)

    def schedule(self, progress: float) -> float:
        return training.constant(progress)

    def score(self, gan: GAN) -> dict[str, float]:
        return self.score_samples(self.samples(gan, 5000))

    def score_samples(self, samples: Tensor) -> dict[str, float]:
        """The figures of any texts [count, length, kinds]: of noise and of real ones, say."""
        return text_scores(samples.argmax(-1), self.splits())._asdict()

    def sheet(self, gan: GAN) -> Figure:
        train = self.splits().train
        columns = max(1, 60 // (train.length + 2))
        figure = Figure(figsize=(6, 4), dpi=100, layout="constrained")
        draw_texts(figure.subplots(), train.read(self.samples(gan, 16 * columns).argmax(-1)), columns)
        return figure


CPU = Words(
    steps=1800,
    batch=64,
    noise_dim=128,
    width=256,
    hidden=96,
    learning_rate=1e-3,
    penalty_weight=0.2,
    average_decay=0.998,
    group=8,
)
LONG = replace(CPU, steps=2000, batch=256, width=512, learning_rate=6e-4, average_decay=0.999, group=1)
GPU = replace(CPU, steps=100_000, batch=256, width=1024, hidden=256, learning_rate=5e-4, average_decay=0.999)
SIZES = {"cpu": CPU, "long": LONG, "gpu": GPU}
