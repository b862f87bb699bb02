"""Image to image without pairs and without a way back: each place of the output has to match its place in the input."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons import reconstruction
from gan_lessons.data.sources import Source, Towards
from gan_lessons.data.unpaired import Kinds
from gan_lessons.gan import GAN, Record
from gan_lessons.networks.translation import Contrastive
from gan_lessons.plots.images import draw_sheet
from gan_lessons.recipes import Modern
from gan_lessons.recipes.cyclegan import Translation, scores_of_way
from gan_lessons.recipes.pix2pix import SHOWN


@dataclass(frozen=True, kw_only=True)
class CUT(Translation):
    """The modern recipe for one way from pictures of one kind to another that nobody has paired with them.

    Half the networks of a CycleGAN, and no round trip in which something could be hidden. `turned` learns the other
    way. Park et al. 2020, arXiv:2007.15651, with the losses of today.
    """

    contrast_weight: float
    identity_weight: float = 0.0
    turned: bool = False

    def kinds(self) -> Kinds:
        found = super().kinds()
        return found.turned() if self.turned else found

    def data(self) -> Towards:
        known = self.kinds()
        return Towards(known.first, known.second)

    def players(self) -> tuple[nn.Module, nn.Module]:
        channels = self.kinds().first.shape[1]
        return Contrastive(self.generator(channels)), self.discriminator(channels)

    def train(self, gan: GAN, data: Tensor | Source, **more: Any) -> Iterator[Record]:
        extra = reconstruction.contrast(self.contrast_weight, self.identity_weight)
        return super().train(gan, data, **{"extra": extra, **more})

    def samples(self, gan: GAN, asked: int | Tensor, seed: int = 0) -> Tensor:
        """The second kind of pictures [count, channels, height, width] of the first, or of a count of held-out ones."""
        if isinstance(asked, int):
            unseen = self.kinds().unseen_first
            asked = unseen[torch.arange(asked) % len(unseen)]
        made = [Modern.samples(self, gan, some, seed).float().cpu() for some in asked.split(64)]
        return torch.cat(made).clamp(-1, 1)

    def translator(self, gan: GAN) -> tuple[Callable[[Tensor], Tensor], int]:
        """What makes a picture of any size of another, [1, channels, height, width], and how many channels that has."""
        return partial(gan.average, None), self.kinds().first.shape[1]

    def score(self, gan: GAN) -> dict[str, float]:
        known = self.kinds()
        return scores_of_way(known.unseen_second, self.samples(gan, known.unseen_first), known.paired, "there")

    def sheet(self, gan: GAN) -> Figure:
        known = self.kinds()
        inputs = known.unseen_first[:SHOWN]
        rows = [inputs, self.samples(gan, inputs), *([known.unseen_second[:SHOWN]] if known.paired else [])]
        figure = Figure(figsize=(9, 2.6), dpi=150, layout="constrained")
        axes = figure.subplots()
        draw_sheet(axes, torch.cat(rows), SHOWN)
        title = f"{known.names[0]} · made {known.names[1]}" + (f" · hidden {known.names[1]}" if known.paired else "")
        axes.set_title(title, fontsize=9, loc="left", parse_math=False)
        axes.set_title(known.credit, fontsize=6, loc="right")
        return figure


CPU = CUT(
    steps=400,
    batch=16,
    size=32,
    contrast_weight=2.0,
    generator_width=16,
    discriminator_width=24,
    learning_rate=1.2e-3,
    penalty_weight=0.4,
    average_decay=0.99,
)
KANJI = replace(CPU, steps=3000, average_decay=0.998)
EMOJI = replace(KANJI, source="emoji")
GPU = replace(KANJI, steps=50_000, size=256, generator_width=64, discriminator_width=64)
SIZES = {"cpu": CPU, "kanji": KANJI, "emoji": EMOJI, "gpu": GPU}
