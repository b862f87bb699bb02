"""Headlines, word by word, of a grammar, a file or the hub: likelihood first, then the rewards of a D of prefixes."""

from dataclasses import dataclass, replace

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons.data import headlines
from gan_lessons.gan import GAN
from gan_lessons.metrics.headlines import COUNT, floors, headline_scores, law_scores
from gan_lessons.networks.verse import PrefixDiscriminator, VerseWriter
from gan_lessons.plots.text import draw_texts
from gan_lessons.recipes.verse import Verse


@dataclass(frozen=True, kw_only=True)
class Headlines(Verse):
    """The recipe of `verse` on headlines, whose `words` most frequent words are symbols of their own.

    `source` is "made", `hub:NAME`, or a text file with a headline a line.
    """

    words: int = headlines.WORDS
    source: str = headlines.MADE

    def splits(self) -> headlines.Headlines:
        """The headlines."""
        return headlines.headlines(self.source, self.words)

    def players(self) -> tuple[nn.Module, nn.Module]:
        train = self.splits().train
        # no word has a sound: only the end and the beginning are of their own kind
        kinds = torch.tensor([0] + [1] * len(train.alphabet) + [2])
        writer = VerseWriter(kinds, train.length, self.width, self.embedded, self.dropout)
        return writer, PrefixDiscriminator(kinds, self.discriminator_width)

    def score(self, gan: GAN) -> dict[str, float]:
        return self.judged(self.samples(gan, COUNT))

    def judged(self, symbols: Tensor) -> dict[str, float]:
        """The figures of any headlines [count, length]."""
        law = law_scores(symbols, self.splits()) if self.source == headlines.MADE else {}
        return {**law, **headline_scores(symbols, self.splits())}

    def floor_and_ceiling(self) -> dict[str, dict[str, float]]:
        """What shuffled headlines, those of a bigram model and real ones score."""
        scores = {name: self.judged(lines) for name, lines in floors(self.splits()).items()}
        return {figure: {name: score[figure] for name, score in scores.items()} for figure in scores["real"]}

    def sheet(self, gan: GAN) -> Figure:
        figure = Figure(figsize=(8, 5), dpi=100, layout="constrained")
        lines = self.splits().train.read(self.samples(gan, 16))
        draw_texts(figure.subplots(), [self.splits().filled(line) for line in lines], 1)
        return figure


LIKELIHOOD = Headlines(
    steps=1000,
    taught=1000,
    batch=128,
    width=128,
    embedded=64,
    learning_rate=3e-3,
    average_decay=0.99,
)
CPU = replace(LIKELIHOOD, steps=800, taught=600, waiting=50)
LONG = replace(LIKELIHOOD, steps=2000, waiting=200)
GPU = replace(
    LIKELIHOOD,
    steps=20_000,
    taught=5000,
    waiting=200,
    batch=512,
    words=4000,
    width=512,
    embedded=256,
    discriminator_width=256,
)
SIZES = {"cpu": CPU, "likelihood": LIKELIHOOD, "long": LONG, "gpu": GPU}
