"""Pictures on demand: the recipe of `digits`, told the classes; for any labelled set, or a folder of your own."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons.data import images
from gan_lessons.data.images import Images
from gan_lessons.data.sources import Labelled, Source, balanced
from gan_lessons.gan import GAN, Record
from gan_lessons.metrics.asked import asked_scores
from gan_lessons.networks import conditioning
from gan_lessons.networks.images import ImageDiscriminator, ImageGenerator
from gan_lessons.plots.images import draw_sheet
from gan_lessons.recipes import Modern


@dataclass(frozen=True, kw_only=True)
class Conditional(Modern):
    """A conditional GAN of any labelled set: the modern recipe, with the labels of real and fake matched in each batch.

    Pairs are of one class. `alike` samples of a class stand together, so that D sees in its groups of eight how much a
    class varies: eight of ten digits, but two of forty people, of whom a batch would hold too few otherwise.

    `source` is the name of a set, or a folder or zip whose subfolders are the classes; `size` is the side of a folder's
    pictures, a multiple of four. Without labels all pictures are one class, and the GAN is an ordinary one.
    """

    best: ClassVar = "lowest frechet_fraction"
    label_dim: int
    generator_width: int
    discriminator_width: int
    head: str = "projection"
    classifier_weight: float = 1.0  # of an auxiliary classifier
    alike: int = 8
    source: str = "digits"
    size: int = 32
    version: ClassVar = 3
    memory: ClassVar = torch.channels_last  # twice as fast

    def images(self) -> Images:
        """The pictures and their labels."""
        return images.load(self.source, self.size)

    def reference(self) -> Images:
        """What its pictures are compared with: held-out digits; of other sets, which hold nothing out, the same."""
        return images.load(self.source, self.size, held_out=True)

    def data(self) -> Labelled:
        return Labelled(self.images().pixels, self.labels())

    def labels(self) -> Tensor:
        """The class of each picture, [count]."""
        found = self.images().labels
        assert found is not None
        return found

    def players(self) -> tuple[nn.Module, nn.Module]:
        classes = len(self.images().class_counts())
        channels, _, size = self.images().pixels.shape[1:]
        inside = ImageGenerator(self.noise_dim + self.label_dim, size, channels, self.generator_width)
        body = ImageDiscriminator(size, channels, self.discriminator_width)
        discriminator = conditioning.headed(body, conditioning.HEADS[self.head], classes)
        return conditioning.ConditionalGenerator(inside, classes, self.label_dim), discriminator

    def train(self, gan: GAN, data: Tensor | Source, **more: Any) -> Iterator[Record]:
        if self.head == "auxiliary":
            more = conditioning.classifying(self.classifier_weight) | more
        batch = min(self.batch, len(data) // images.LEAST * images.LEAST)
        return super().train(gan, data, batch=batch, indices=balanced(self.labels(), self.alike, gan.device), **more)

    def samples(self, gan: GAN, asked: int | Tensor, seed: int = 0) -> Tensor:
        """Pictures of the classes asked for, [count], or a count of all in turn; a ValueError for an unknown class."""
        classes = len(gan.average.get_parameter("embedding.weight"))
        labels = torch.arange(asked) % classes if isinstance(asked, int) else asked
        if len(odd := labels[(labels < 0) | (labels >= classes)]):
            raise ValueError(f"The GAN was trained on the classes 0 to {classes - 1}; there is no class {int(odd[0])}.")
        return super().samples(gan, labels, seed).clone()

    def score(self, gan: GAN) -> dict[str, float]:
        real = self.reference()
        assert real.labels is not None
        asked = real.labels.repeat(len(self.images()) // len(real))  # each label of held-out digits four times
        return asked_scores(Images(self.samples(gan, asked), asked), real)

    def floor_and_ceiling(self) -> dict[str, tuple[float, float]]:
        """What noise and the pictures that it learns from score, by figure."""
        noise = 2 * torch.rand(self.images().pixels.shape, generator=torch.Generator().manual_seed(0)) - 1
        fakes = Images(noise, self.labels()), self.images()
        worst, best = (asked_scores(each, self.reference()) for each in fakes)
        return {name: (worst[name], best[name]) for name in best}

    def sheet(self, gan: GAN) -> Figure:
        classes = len(self.images().class_counts())
        rows = max(1, 10 // classes)  # of ten pictures, for each class
        labels = torch.arange(min(classes, 12)).repeat_interleave(10 * rows)
        figure = Figure(figsize=(6, 6), dpi=100, layout="constrained")
        draw_sheet(figure.subplots(), self.samples(gan, labels))
        return figure


CPU = Conditional(
    steps=700,
    batch=48,
    noise_dim=32,
    label_dim=64,
    generator_width=24,
    discriminator_width=16,
    learning_rate=4e-3,  # at 6e-3, one seed in four lost two points of accuracy
    penalty_weight=0.3,
    average_decay=0.99,
)
LONG = replace(
    CPU,
    steps=5000,
    batch=64,  # eight classes at a time
    noise_dim=64,
    label_dim=32,
    generator_width=32,
    discriminator_width=24,
    learning_rate=3e-3,
    penalty_weight=0.2,
    average_decay=0.999,
)
FACES = replace(LONG, steps=4000, batch=32, penalty_weight=0.5, alike=2, source="faces", size=64, generator_width=22)
GPU = replace(
    LONG, steps=50_000, batch=256, generator_width=128, discriminator_width=128, learning_rate=2e-3, penalty_weight=0.1
)
SIZES = {"cpu": CPU, "long": LONG, "faces": FACES, "gpu": GPU}
