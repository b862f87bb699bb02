"""Spoken digits on demand: a conditional GAN of log-mel spectrograms, which Griffin-Lim turns into sound."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons import devices, losses, penalties, spectrograms, training
from gan_lessons.data import sound
from gan_lessons.data.sound import Clips
from gan_lessons.judges import sounds
from gan_lessons.judges.sounds import SoundJudge
from gan_lessons.metrics.sound import sound_scores
from gan_lessons.networks import conditioning
from gan_lessons.networks.sound import FiLM, MelDiscriminator, MelGenerator
from gan_lessons.plots.images import draw_sheet
from gan_lessons.recipes import Recipe
from gan_lessons.training import GAN, Record


@cache
def judge_of(source: str, words: tuple[str, ...]) -> SoundJudge:
    """The judge of eSpeak's words, or of a folder or a zip; but for eSpeak's digits it is trained here."""
    if source != "espeak":
        return sounds.train(sound.own(source)[0])
    return sounds.load() if words == sound.DIGITS else sounds.train(sound.spoken_words(words).judge)


def falling(progress: float) -> float:
    """A schedule: the full rate for three fifths of the way, then down to a twentieth in a straight line."""
    return 1 - 0.95 * max(0.0, progress - 0.6) / 0.4


@dataclass(frozen=True)
class SpokenDigits(Recipe):
    """A conditional GAN of log-mel spectrograms: FiLM, projection, relativistic loss, R1 and R2, an average.

    `source` is "espeak", which says the `words`, or a folder or zip of recordings, whose classes are then its words;
    for other words than the ten digits a judge is trained too.
    """

    noise_dim: int
    label_dim: int
    generator_width: int
    discriminator_width: int
    learning_rate: float
    penalty_weight: float
    penalty_every: int
    average_decay: float
    source: str = "espeak"
    words: tuple[str, ...] = sound.DIGITS
    features: ClassVar = 4
    ingredients: ClassVar = (
        FiLM,
        MelGenerator,
        MelDiscriminator,
        conditioning.ConditionalGenerator,
        conditioning.ConditionalDiscriminator,
        conditioning.Projection,
        losses.relativistic,
        penalties.squared_slope,
        penalties.r1_and_r2,
        spectrograms.log_mel,
        sound.prepared,
        sound.spoken,
        falling,
    )

    def clips(self) -> tuple[Clips, Clips]:
        """The clips to train on, and those to test with."""
        if self.source == "espeak":
            said = sound.spoken_words(self.words)
            return said.train, said.test
        return sound.own(self.source)

    def judge(self) -> SoundJudge:
        """What reads the class and the voice of such clips."""
        return judge_of(self.source, self.words)

    def data(self) -> Tensor:
        train, _ = self.clips()
        return conditioning.labelled(spectrograms.log_mel(train.waveforms)[:, None], train.labels)

    def inside(self, style_dim: int) -> nn.Module:
        """What makes a picture of a style [batch, style_dim], noise and class."""
        return MelGenerator(style_dim, self.generator_width)

    def body(self) -> nn.Module:
        """What makes features of a picture, `features` times its width of them."""
        return MelDiscriminator(self.discriminator_width)

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        counts = self.clips()[0].labels.bincount()
        torch.manual_seed(seed)
        inside = self.inside(self.noise_dim - 1 + self.label_dim)
        head = conditioning.Projection(self.features * self.discriminator_width, len(counts))
        return GAN(
            conditioning.ConditionalGenerator(inside, counts, self.label_dim).to(device),
            conditioning.ConditionalDiscriminator(self.body(), head).to(device),
            noise_dim=self.noise_dim,
            seed=seed,
            optimizer=partial(torch.optim.Adam, lr=self.learning_rate, betas=(0.0, 0.99), fused=device != "meta"),
            average_decay=self.average_decay,
            autocast=devices.mixed_precision(torch.device(device)),
        )

    def train(self, gan: GAN, data: Tensor) -> Iterator[Record]:
        return training.train(
            gan,
            data,
            losses.relativistic,
            steps=self.steps,
            batch=self.batch,
            penalty=partial(penalties.r1_and_r2, weight=self.penalty_weight),
            penalty_every=self.penalty_every,
            schedule=falling,
        )

    def draw(self, gan: GAN, labels: Tensor, seed: int = 0, together: bool = False) -> Tensor:
        """Log-mel spectrograms [count, 64, 64] of the words asked for, `labels` [count], by the averaged generator.

        Each has a noise of its own, or all have one, `together`.
        """
        training.reseed(gan.device, seed)
        noise = torch.randn(1 if together else len(labels), self.noise_dim, device=gan.device)
        noise = noise.expand(len(labels), -1)
        with torch.inference_mode():
            asked = gan.average.ask(noise, labels.to(gan.device))  # type: ignore[operator]
            return conditioning.split(gan.average(asked))[0][:, 0].float().clone()

    def score(self, gan: GAN) -> dict[str, float]:
        _, test = self.clips()
        return sound_scores(self.judge(), self.draw(gan, test.labels).cpu(), test.labels, test)._asdict()

    def asked(self, times: int) -> Tensor:
        """Each class so many times."""
        return torch.arange(len(self.clips()[0].classes)).repeat_interleave(times)

    def sheet(self, gan: GAN) -> Figure:
        figure = Figure(figsize=(6, 9), dpi=100, layout="constrained")
        draw_sheet(figure.subplots(), self.draw(gan, self.asked(6)).flip(1)[:, None], columns=6)
        return figure

    def listen(self, gan: GAN) -> Tensor:
        """One clip of each class, after Griffin-Lim."""
        return spectrograms.griffin_lim(self.draw(gan, self.asked(1)).cpu())


SIZES = {
    "cpu": SpokenDigits(
        steps=1000,
        batch=16,
        noise_dim=65,
        label_dim=32,
        generator_width=32,
        discriminator_width=32,
        learning_rate=1.6e-3,
        penalty_weight=0.5,
        penalty_every=4,
        average_decay=0.995,
    ),
    "gpu": SpokenDigits(
        steps=50_000,
        batch=128,
        noise_dim=129,
        label_dim=64,
        generator_width=96,
        discriminator_width=96,
        learning_rate=4e-4,
        penalty_weight=0.3,
        penalty_every=4,
        average_decay=0.999,
    ),
}
