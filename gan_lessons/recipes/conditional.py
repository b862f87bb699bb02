"""Pictures on demand: the recipe of `digits`, told the classes; for any labelled set, or a folder of your own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons import devices, losses, penalties, training
from gan_lessons.data import images
from gan_lessons.data.images import Images
from gan_lessons.metrics.asked import asked_scores
from gan_lessons.networks import conditioning
from gan_lessons.networks.images import GroupSpread, ImageDiscriminator, ImageGenerator
from gan_lessons.plots.images import draw_sheet
from gan_lessons.recipes import Recipe
from gan_lessons.training import GAN, Record

KNOWN = {"digits": images.digits, "small_digits": images.small_digits, "faces": images.faces}
LEAST = 8  # pictures in all, a group of D's; of a class, two: one alone has no variety to learn


@cache
def load(source: str, size: int) -> Images:
    """A set by its name, or a folder's pictures in colour, scaled to size × size; without labels, all are one class."""
    if source in KNOWN:
        return KNOWN[source]()
    if not Path(source).is_dir():
        raise ValueError(f"There is no set and no folder {source!r}; the known sets are {', '.join(KNOWN)}.")
    found = images.folder(source, size)
    if found.labels is None:
        found = Images(found.pixels, torch.zeros(len(found), dtype=torch.long))
    if len(found) < LEAST:
        raise ValueError(f"A GAN needs at least {LEAST} pictures; the folder {source} has {len(found)}.")
    found.class_counts(least=2)
    return found


@dataclass(frozen=True)
class Conditional(Recipe):
    """A conditional GAN of any labelled set: relativistic loss, R1 and R2, group spread within classes, an average.

    `source` is the name of a set or a folder whose subfolders are the classes; `size` is the side of a folder's
    pictures, a multiple of four. Without labels all pictures are one class, and the GAN is an ordinary one.
    """

    noise_dim: int
    label_dim: int
    generator_width: int
    discriminator_width: int
    learning_rate: float
    penalty_weight: float
    penalty_every: int
    average_decay: float
    head: str = "projection"
    classifier_weight: float = 1.0  # of an auxiliary classifier
    source: str = "digits"
    size: int = 32
    ingredients: ClassVar = (
        ImageGenerator,
        ImageDiscriminator,
        GroupSpread,
        conditioning.labelled,
        conditioning.split,
        conditioning.ConditionalGenerator,
        conditioning.ConditionalDiscriminator,
        losses.relativistic,
        penalties.squared_slope,
        penalties.r1,
        penalties.r2,
        penalties.r1_and_r2,
        training.cosine,
    )

    def images(self) -> Images:
        """The pictures and their labels."""
        return load(self.source, self.size)

    def data(self) -> Tensor:
        found = self.images()
        assert found.labels is not None
        return conditioning.labelled(found.pixels, found.labels)

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        counts = self.images().class_counts()
        channels, _, size = self.images().pixels.shape[1:]
        torch.manual_seed(seed)
        inside = ImageGenerator(self.noise_dim - 1 + self.label_dim, size, channels, self.generator_width)
        # all of ImageDiscriminator but its last layer, which takes the features to a score
        *body, score, _ = ImageDiscriminator(size, channels, self.discriminator_width).layers
        assert isinstance(score, nn.Linear)
        head = conditioning.HEADS[self.head](score.in_features, len(counts))
        generator: nn.Module = conditioning.ConditionalGenerator(inside, counts, self.label_dim).to(device)
        discriminator: nn.Module = conditioning.ConditionalDiscriminator(nn.Sequential(*body), head).to(device)
        for network in (generator, discriminator):
            network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # twice as fast
        return GAN(
            generator,
            discriminator,
            noise_dim=self.noise_dim,
            seed=seed,
            optimizer=partial(torch.optim.Adam, lr=self.learning_rate, betas=(0.0, 0.99), fused=device != "meta"),
            average_decay=self.average_decay,
            autocast=devices.mixed_precision(torch.device(device)),
        )

    def train(self, gan: GAN, data: Tensor) -> Iterator[Record]:
        loss: Callable = losses.relativistic
        penalty: Callable = partial(penalties.r1_and_r2, weight=self.penalty_weight)
        if self.head == "auxiliary":
            loss = conditioning.with_classifier(loss, self.classifier_weight)
            penalty = conditioning.of_score(penalty)
        return training.train(
            gan,
            data,
            loss,
            steps=self.steps,
            batch=min(self.batch, len(data) // LEAST * LEAST),
            penalty=penalty,
            penalty_every=self.penalty_every,
            schedule=training.cosine,
        )

    def draw(self, gan: GAN, labels: Tensor, seed: int = 0) -> Images:
        """Pictures of the classes asked for, `labels` [count], by the averaged generator."""
        training.reseed(gan.device, seed)
        noise = torch.randn(len(labels), self.noise_dim, device=gan.device)
        with torch.inference_mode():
            asked = gan.average.ask(noise, labels.to(gan.device))  # type: ignore[operator]
            pixels, drawn = conditioning.split(gan.average(asked))
        return Images(pixels.clone(), drawn)

    def score(self, gan: GAN) -> dict[str, float]:
        real = self.images()
        assert real.labels is not None
        return asked_scores(self.draw(gan, real.labels), real)

    def sheet(self, gan: GAN) -> Figure:
        classes = len(self.images().class_counts())
        labels = torch.arange(min(classes, 12)).repeat_interleave(10) if classes > 1 else torch.zeros(100).long()
        figure = Figure(figsize=(6, 6), dpi=100, layout="constrained")
        draw_sheet(figure.subplots(), self.draw(gan, labels).pixels)
        return figure

    def parts(self) -> tuple[Callable, ...]:
        return (*super().parts(), conditioning.HEADS[self.head])


SIZES = {
    "cpu": Conditional(
        steps=700,
        batch=48,
        noise_dim=32,
        label_dim=64,
        generator_width=24,
        discriminator_width=16,
        learning_rate=6e-3,
        penalty_weight=0.3,
        penalty_every=4,
        average_decay=0.99,
    ),
    "long": Conditional(
        steps=8000,
        batch=32,
        noise_dim=64,
        label_dim=32,
        generator_width=32,
        discriminator_width=24,
        learning_rate=3e-3,
        penalty_weight=0.2,
        penalty_every=4,
        average_decay=0.999,
    ),
    "faces": Conditional(
        steps=1000,
        batch=32,
        noise_dim=64,
        label_dim=32,
        generator_width=32,
        discriminator_width=24,
        learning_rate=3e-3,
        penalty_weight=0.5,
        penalty_every=4,
        average_decay=0.999,
        source="faces",
    ),
    "gpu": Conditional(
        steps=50_000,
        batch=256,
        noise_dim=64,
        label_dim=32,
        generator_width=128,
        discriminator_width=128,
        learning_rate=2e-3,
        penalty_weight=0.1,
        penalty_every=4,
        average_decay=0.999,
    ),
}
