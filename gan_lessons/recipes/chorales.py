"""Chorales: two bars for four voices, all at once, and a discriminator that knows intervals."""

from dataclasses import dataclass, replace
from typing import ClassVar

from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons.data import chorales
from gan_lessons.data.chorales import KINDS, Rolls, Voices
from gan_lessons.gan import GAN
from gan_lessons.metrics.chorales import COUNT, chorale_scores
from gan_lessons.networks.chorales import ChoraleDiscriminator, ChoraleGenerator
from gan_lessons.plots import organ
from gan_lessons.plots.music import draw_rolls
from gan_lessons.recipes import Modern


@dataclass(frozen=True, kw_only=True)
class Chorales(Modern):
    """The modern recipe on rolls of four voices. Dong et al. 2018 (MuseGAN), arXiv:1709.06298, is of this kind.

    Pitches are chosen by a straight-through argmax. With `intervals` D is told which intervals sound between voices.
    """

    best: ClassVar = "lowest chords_js"
    rate: ClassVar = organ.RATE
    generator_width: int
    discriminator_width: int
    intervals: bool = True
    group: int = 4

    def data(self) -> Rolls:
        return Rolls(chorales.chorales().train)

    def players(self) -> tuple[nn.Module, nn.Module]:
        generator = ChoraleGenerator(self.noise_dim, KINDS, self.generator_width)
        return generator, ChoraleDiscriminator(
            KINDS, self.discriminator_width, intervals=self.intervals, group=self.group
        )

    def voices(self, samples: Tensor) -> Voices:
        """Samples as what each voice sings."""
        return chorales.from_roll(samples.float().cpu())

    def score(self, gan: GAN) -> dict[str, float]:
        return chorale_scores(self.voices(self.samples(gan, COUNT)))._asdict()

    def sheet(self, gan: GAN) -> Figure:
        figure = Figure(figsize=(7.2, 5), dpi=100, layout="constrained")
        draw_rolls(figure, self.voices(self.samples(gan, 9)))
        return figure

    def listen(self, gan: GAN) -> Tensor:
        return self.hear(self.samples(gan, 5))

    def hear(self, samples: Tensor) -> Tensor:
        """Samples as an organ plays them, [count, length]."""
        return organ.play(self.voices(samples))

    def midi(self, samples: Tensor) -> bytes:
        """Samples as a MIDI file, one after the other."""
        return organ.as_midi(self.voices(samples))


CPU = Chorales(
    steps=500,
    batch=32,
    noise_dim=64,
    generator_width=96,
    discriminator_width=96,
    learning_rate=2e-3,
    penalty_weight=3.0,
    average_decay=0.99,
)
LONG = replace(CPU, steps=3000, learning_rate=1e-3, average_decay=0.998)
GPU = replace(LONG, steps=100_000, batch=256, generator_width=384, discriminator_width=384, average_decay=0.9995)
SIZES = {"cpu": CPU, "long": LONG, "gpu": GPU}
