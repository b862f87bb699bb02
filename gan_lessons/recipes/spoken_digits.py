"""Spoken digits on demand: a conditional GAN of log-mel spectrograms, which Griffin-Lim turns into sound."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons import spectrograms
from gan_lessons.data import sound
from gan_lessons.data.sound import Clips
from gan_lessons.data.sources import Labelled, Source, balanced
from gan_lessons.gan import GAN, Record
from gan_lessons.judges import sounds
from gan_lessons.judges.sounds import SoundJudge
from gan_lessons.metrics.sound import sound_scores
from gan_lessons.networks import conditioning
from gan_lessons.networks.sound import MelDiscriminator, MelGenerator
from gan_lessons.plots.images import draw_sheet
from gan_lessons.recipes import Modern


@cache
def judge_of(source: str, words: tuple[str, ...]) -> SoundJudge:
    """The judge of eSpeak's words, or of a folder or a zip; but for eSpeak's own sets it is trained here."""
    if source != "espeak":
        return sounds.train(sound.own(source)[0])
    return sounds.stored(words) or sounds.train(sound.spoken_words(words).judge)


def heard(waveforms: Tensor, labels: Tensor) -> Labelled:
    """Log-mel spectrograms to learn from, [count, 1, 64, 64], of waveforms [count, samples], and their labels.

    Computed in double precision and then rounded, they are the same bit for bit on any processor.
    """
    return Labelled(spectrograms.log_mel(waveforms.double()).float()[:, None], labels)


@dataclass(frozen=True, kw_only=True)
class SpokenDigits(Modern):
    """A conditional GAN of log-mel spectrograms: the modern recipe with FiLM and projection.

    `source` is "espeak", which says the `words`, or a folder or zip of recordings, whose classes are then its words;
    for other words than those of the book a judge is trained too.
    """

    best: ClassVar = "lowest frechet"
    label_dim: int
    generator_width: int
    discriminator_width: int
    source: str = "espeak"
    words: tuple[str, ...] = sound.DIGITS
    known: ClassVar = "espeak"  # the source whose classes are `words`
    features: ClassVar = 4
    version: ClassVar = 3

    def clips(self) -> tuple[Clips, Clips]:
        """The clips to train on, and those to test with."""
        if self.source == "espeak":
            said = sound.spoken_words(self.words)
            return said.train, said.test
        return sound.own(self.source)

    @property
    def classes(self) -> tuple[str, ...]:
        """What can be asked for; only a reader's own recordings have to be read for it."""
        return self.words if self.source == self.known else self.clips()[0].classes

    def judge(self) -> SoundJudge:
        """What reads the class and the voice of such clips."""
        return judge_of(self.source, self.words)

    def data(self) -> Labelled:
        train, _ = self.clips()
        return heard(train.waveforms, train.labels)

    def inside(self, style_dim: int) -> nn.Module:
        """What makes a picture of a style [batch, style_dim], noise and class."""
        return MelGenerator(style_dim, self.generator_width)

    def body(self) -> nn.Module:
        """What makes features of a picture, `features` times its width of them."""
        return MelDiscriminator(self.discriminator_width)

    def players(self) -> tuple[nn.Module, nn.Module]:
        classes = len(self.classes)
        inside = self.inside(self.noise_dim + self.label_dim)
        head = conditioning.Projection(self.features * self.discriminator_width, classes)
        return (
            conditioning.ConditionalGenerator(inside, classes, self.label_dim),
            conditioning.ConditionalDiscriminator(self.body(), head),
        )

    def schedule(self, progress: float) -> float:
        """The full rate for three fifths of the way, then down to a twentieth in a straight line."""
        return 1 - 0.95 * max(0.0, progress - 0.6) / 0.4

    def train(self, gan: GAN, data: Tensor | Source, **more: Any) -> Iterator[Record]:
        return super().train(gan, data, indices=balanced(self.clips()[0].labels, device=gan.device), **more)

    def samples(self, gan: GAN, asked: int | Tensor, seed: int = 0, together: bool = False) -> Tensor:
        """Log-mel spectrograms [count, 64, 64] of the words asked for, by their classes, or a count of all in turn.

        Each has a noise of its own, or all have one, `together`.
        """
        labels = torch.arange(asked) % len(self.classes) if isinstance(asked, int) else asked
        labels = labels.to(gan.device)
        if not together:
            return super().samples(gan, labels, seed)[:, 0].float().clone()
        return torch.cat([gan.sample(1, seed, condition=label[None]) for label in labels])[:, 0].float().clone()

    def score(self, gan: GAN) -> dict[str, float]:
        _, test = self.clips()
        return sound_scores(self.judge(), self.samples(gan, test.labels).cpu(), test.labels, test)._asdict()

    def floor_and_ceiling(self) -> dict[str, tuple[float, float]]:
        """What noise and as many clips of the training part score, by figure."""
        train, test = self.clips()
        some = train.shuffled()[torch.arange(min(len(test), len(train)))]
        real, labels = spectrograms.log_mel(some.waveforms), some.labels
        noise = 2 * torch.rand(real.shape, generator=torch.Generator().manual_seed(0)) - 1
        worst, best = (sound_scores(self.judge(), each, labels, test)._asdict() for each in (noise, real))
        return {name: (worst[name], best[name]) for name in best}

    def asked(self, times: int) -> Tensor:
        """Each class so many times."""
        return torch.arange(len(self.classes)).repeat_interleave(times)

    def sheet(self, gan: GAN) -> Figure:
        figure = Figure(figsize=(6, 9), dpi=100, layout="constrained")
        draw_sheet(figure.subplots(), self.samples(gan, self.asked(6)).flip(1)[:, None], columns=6)
        return figure

    def listen(self, gan: GAN) -> Tensor:
        """One clip of each class, after Griffin-Lim."""
        return spectrograms.griffin_lim(self.samples(gan, self.asked(1)).cpu())


CPU = SpokenDigits(
    steps=1000,
    batch=16,
    noise_dim=64,
    label_dim=32,
    generator_width=32,
    discriminator_width=32,
    learning_rate=1.6e-3,
    penalty_weight=0.5,
    average_decay=0.995,
)
GPU = replace(
    CPU,
    steps=50_000,
    batch=128,
    noise_dim=128,
    label_dim=64,
    generator_width=96,
    discriminator_width=96,
    learning_rate=4e-4,
    penalty_weight=0.3,
    average_decay=0.999,
)
SIZES = {"cpu": CPU, "gpu": GPU}
