"""Chinese idioms of four characters, written in one pass: a character is one of a thousand, and a vector inside."""

from dataclasses import dataclass, replace

from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons.data import text
from gan_lessons.data.sources import OneHot
from gan_lessons.gan import GAN
from gan_lessons.metrics.text import pair_scores
from gan_lessons.networks.idioms import IdiomDiscriminator, IdiomGenerator
from gan_lessons.plots.text import draw_texts
from gan_lessons.recipes import Modern


@dataclass(frozen=True, kw_only=True)
class Idioms(Modern):
    """The GAN of `words` with an embedding of the characters in either player, and a rate that falls to nothing.

    `source` is "idioms", or other texts as `text.own` reads them: those written with the most frequent `characters`.
    """

    characters: int
    width: int
    embedded: int
    hidden: int
    group: int  # texts that share a minibatch standard deviation; 1 for none
    source: str = "idioms"

    def splits(self) -> text.Splits:
        """The texts in this recipe's characters; those with any other are left out."""
        if self.source == "idioms":
            return text.frequent_idioms(self.characters)
        return text.frequent(text.own(self.source), self.characters)

    def data(self) -> OneHot:
        train = self.splits().train
        return OneHot(train.symbols, train.kinds)

    def players(self) -> tuple[nn.Module, nn.Module]:
        train = self.splits().train
        shape = train.length, train.kinds, self.width, self.embedded
        generator = IdiomGenerator(self.noise_dim, *shape)
        return generator, IdiomDiscriminator(*shape, hidden=self.hidden, group=self.group)

    def score(self, gan: GAN) -> dict[str, float]:
        return self.score_samples(self.samples(gan, 2000))

    def score_samples(self, samples: Tensor) -> dict[str, float]:
        """The figures of any texts [count, length, kinds]: of noise and of real ones, say."""
        return pair_scores(samples.argmax(-1), self.splits())._asdict()

    def sheet(self, gan: GAN) -> Figure:
        """In pinyin, where the texts are Chinese, since matplotlib's own font has no Chinese characters."""
        columns = max(1, 20 // self.splits().train.length)
        figure = Figure(figsize=(10, 5), dpi=100, layout="constrained")
        texts = self.splits().train.read(self.samples(gan, 15 * columns).argmax(-1))
        draw_texts(figure.subplots(), [text.pinyin(each) for each in texts], columns)
        return figure


CPU = Idioms(
    steps=2000,
    batch=64,
    characters=1000,
    noise_dim=128,
    width=256,
    embedded=64,
    hidden=96,
    learning_rate=1e-3,
    penalty_weight=0.2,
    average_decay=0.998,
    group=8,
)
GPU = replace(
    CPU,
    steps=100_000,
    batch=512,
    characters=2000,
    width=1024,
    embedded=128,
    hidden=256,
    learning_rate=5e-4,
    average_decay=0.999,
)
SIZES = {"cpu": CPU, "gpu": GPU}
