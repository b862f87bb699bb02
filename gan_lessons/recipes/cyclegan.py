"""Image to image without pairs: two kinds of pictures, a generator for either way, and a cycle that holds them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar, cast

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons import reconstruction
from gan_lessons.data import unpaired
from gan_lessons.data.sources import Source
from gan_lessons.data.sources import Unpaired as Pictures
from gan_lessons.data.unpaired import Kinds
from gan_lessons.gan import GAN, Record
from gan_lessons.metrics import translation
from gan_lessons.metrics.spectra import spectrum_gap, told_apart
from gan_lessons.networks.translation import Both, EachOwn, PatchDiscriminator, UNet
from gan_lessons.plots.images import draw_sheet
from gan_lessons.recipes.pix2pix import SHOWN, Patched


@dataclass(frozen=True, kw_only=True)
class Translation(Patched):
    """What the recipes for two kinds of pictures that nobody has paired share.

    `source` is kanji or emoji, whose pairs are known but hidden, or a folder with one folder of either kind: see
    `data.unpaired`. Where the pairs are known, it is judged by them.
    """

    source: str = "kanji"

    def kinds(self) -> Kinds:
        """The pictures of either kind to learn from, and those held out."""
        return unpaired.load(self.source, self.size)

    def found(self) -> str:
        """What the data are, in a line or a few."""
        known = self.kinds()
        told = f"{len(known.first):,} {known.names[0]} and {len(known.second):,} {known.names[1]}, not paired."
        return told if known.found is None else f"{known.found}\n{told}"

    def generator(self, channels: int) -> UNet:
        """A U-Net that adds to its input."""
        return UNet(channels, channels, self.generator_width, added=True)

    def discriminator(self, channels: int) -> PatchDiscriminator:
        """A judge of the patches of one kind."""
        return PatchDiscriminator(channels, 0, self.discriminator_width, self.discriminator_depth)

    def baselines(self) -> dict[str, dict[str, float]]:
        """What the picture itself and, where the pairs are known, another one's truth score, of the way there."""
        known = self.kinds()
        ways = {"identity": known.unseen_first, "shuffled": known.unseen_second.roll(1, 0)}
        return {name: scores_of_way(known.unseen_second, made, known.paired, "there") for name, made in ways.items()}


@dataclass(frozen=True, kw_only=True)
class CycleGAN(Translation):
    """The modern recipe for two kinds of pictures that nobody has paired: what goes there and back has to come home.

    A U-Net for either way, which adds to its input, and a D of patches for either kind. Zhu et al. 2017,
    arXiv:1703.10593, with the losses of today.
    """

    judged: ClassVar = 2
    cycle_weight: float
    identity_weight: float

    def data(self) -> Pictures:
        known = self.kinds()
        return Pictures(known.first, known.second)

    def players(self) -> tuple[nn.Module, nn.Module]:
        known = self.kinds()
        channels = known.first.shape[1], known.second.shape[1]
        there, back = map(self.generator, channels)
        first, second = map(self.discriminator, channels)
        return Both(there, back, channels), EachOwn(first, second, channels)

    def train(self, gan: GAN, data: Tensor | Source, **more: Any) -> Iterator[Record]:
        extra = reconstruction.cycle(self.cycle_weight, self.identity_weight)
        return super().train(gan, data, **{"extra": extra, **more})

    def samples(self, gan: GAN, asked: int | Tensor, seed: int = 0) -> Tensor:
        """The second kind of pictures [count, channels, height, width] of the first, or of a count of held-out ones."""
        if isinstance(asked, int):
            unseen = self.kinds().unseen_first
            asked = unseen[torch.arange(asked) % len(unseen)]
        return there(gan, asked)

    def translator(self, gan: GAN) -> tuple[Callable[[Tensor], Tensor], int]:
        """The way there for a picture of any size, [1, channels, height, width], and how many channels that has."""
        both = cast(Both, gan.average)
        return partial(both.there, None), both.channels[0]

    def score(self, gan: GAN) -> dict[str, float]:
        known = self.kinds()
        made, again = there(gan, known.unseen_first), back(gan, known.unseen_second)
        found = scores_of_way(known.unseen_second, made, known.paired, "there")
        found |= scores_of_way(known.unseen_first, again, known.paired, "back")
        return found | {"cycle": translation.distance(known.unseen_first, back(gan, made))}

    def sheet(self, gan: GAN) -> Figure:
        known = self.kinds()
        figure = Figure(figsize=(9, 4.6), dpi=150, layout="constrained")
        ways = (
            (there, back, known.unseen_first, known.unseen_second, known.names),
            (back, there, known.unseen_second, known.unseen_first, known.names[::-1]),
        )
        for axes, (go, come, pictures, truth, names) in zip(figure.subplots(2, 1), ways, strict=True):
            inputs = pictures[:SHOWN]
            made = go(gan, inputs)
            rows = [inputs, made, come(gan, made), *([truth[:SHOWN]] if known.paired else [])]
            draw_sheet(axes, torch.cat(rows), SHOWN)
            title = f"{names[0]} · made {names[1]} · and back" + (f" · hidden {names[1]}" if known.paired else "")
            axes.set_title(title, fontsize=9, loc="left", parse_math=False)
            axes.set_title(known.credit, fontsize=6, loc="right")
        return figure


def there(gan: GAN, pictures: Tensor) -> Tensor:
    """The second kind made of the first, [count, channels, height, width], by the averaged generator."""
    return one_way(gan, cast(Both, gan.average).there, pictures)


def back(gan: GAN, pictures: Tensor) -> Tensor:
    """The first kind made of the second."""
    return one_way(gan, cast(Both, gan.average).back, pictures)


@torch.inference_mode()
def one_way(gan: GAN, network: nn.Module, pictures: Tensor) -> Tensor:
    """What one of the two generators makes, in [-1, 1], on the processor's side."""
    made = [network(None, some.to(gan.device)).float().cpu() for some in pictures.split(64)]
    return torch.cat(made).clamp(-1, 1)


def scores_of_way(truth: Tensor, made: Tensor, paired: bool, way: str) -> dict[str, float]:
    """The figures of one way: against the hidden pairs, or, where nobody knows them, of spectra alone."""
    if paired:
        found = translation.scores(truth, made)
    else:
        found = {"spectrum_db": spectrum_gap(truth, made), "told_apart": told_apart(truth, made)}
    return {f"{name}_{way}": value for name, value in found.items()}


CPU = CycleGAN(
    steps=300,
    batch=16,
    size=32,
    cycle_weight=4.0,
    identity_weight=1.0,  # without it, one of the ways may go blank
    generator_width=16,
    discriminator_width=24,
    learning_rate=1e-3,
    penalty_weight=0.6,
    average_decay=0.99,
)
KANJI = replace(CPU, steps=4000, average_decay=0.998)
EMOJI = replace(KANJI, source="emoji")
GPU = replace(KANJI, steps=50_000, size=256, generator_width=64, discriminator_width=64)
SIZES = {"cpu": CPU, "kanji": KANJI, "emoji": EMOJI, "gpu": GPU}
