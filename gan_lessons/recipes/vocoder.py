"""A vocoder: log-mel spectrograms of speech to waveforms, by a mel loss alone first, and then by a GAN beside it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons import devices, losses, spectrograms, training
from gan_lessons.data import sound
from gan_lessons.data.sound import Clips
from gan_lessons.metrics.vocoders import vocoder_scores
from gan_lessons.networks import vocoders
from gan_lessons.recipes import Recipe
from gan_lessons.training import GAN, Record


def segments(waveforms: Tensor, length: int) -> Tensor:
    """A stretch of each waveform [batch, samples], from anywhere in it: [batch, length]."""
    starts = torch.randint(waveforms.shape[1] - length + 1, (len(waveforms), 1), device=waveforms.device)
    return waveforms.gather(1, starts + torch.arange(length, device=waveforms.device))


def late(progress: float) -> float:
    """A schedule: the full rate for three quarters of the way, then down to nothing in a straight line."""
    return min(1.0, 4 * (1 - progress))


def teach_to_speak(gan: GAN, wanted: Callable[[Tensor], Tensor], log_mels: Tensor) -> Tensor:
    """Let G learn to make of log-mels the waveforms that are `wanted`."""
    with gan.autocast:
        value = wanted(gan.generator(log_mels))
    gan.generator_optimizer.zero_grad()
    value.backward(inputs=list(gan.generator.parameters()))
    gan.generator_optimizer.step()
    return value.detach()


@dataclass(frozen=True)
class Vocoding(Recipe):
    """A vocoder that corrects itself: mel loss alone at first, then with a least-squares GAN and feature matching.

    The first steps, the share `alone` of all, have no discriminator and take a quarter of the time of the others.
    `source` is `espeak`, digits said by eSpeak NG, or a folder or zip of recordings; `segment` is in samples.
    """

    width: int
    blocks: int
    corrections: int
    discriminator_width: int
    learning_rate: float
    average_decay: float
    alone: float = 0.75
    segment: int = 2048
    mel_weight: float = 45.0
    feature_weight: float = 10.0
    source: str = "espeak"
    ingredients: ClassVar = (
        vocoders.ConvNeXtBlock,
        vocoders.Vocoder,
        vocoders.Corrected,
        vocoders.PeriodDiscriminator,
        vocoders.SpectrumDiscriminator,
        vocoders.VocoderDiscriminator,
        vocoders.heard,
        vocoders.feature_matching,
        spectrograms.mel_filters,
        losses.least_squares,
        segments,
        late,
        training.discriminator_step,
        teach_to_speak,
    )

    def clips(self) -> tuple[Clips, Clips]:
        """The clips to train on, and those to test with: eSpeak's by other voices, a folder's by other takes."""
        if self.source == "espeak":
            digits = sound.spoken_digits()
            return digits.train, digits.strangers
        return sound.own(self.source)

    def data(self) -> Tensor:
        return self.clips()[0].waveforms

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        torch.manual_seed(seed)
        margin = (spectrograms.FOURIER - spectrograms.WINDOW) // 2
        generator = vocoders.Corrected(
            vocoders.Vocoder(spectrograms.MELS, self.width, self.blocks, hop=spectrograms.HOP),
            spectrograms.mel_filters(),
            nn.functional.pad(spectrograms.window(torch.device("cpu")), (margin, margin)),
            spectrograms.FAINTEST,
            spectrograms.LOUDEST,
            self.corrections,
        )
        return GAN(
            generator.to(device),
            vocoders.VocoderDiscriminator(width=self.discriminator_width).to(device),
            noise_dim=1,  # a vocoder needs none: what it makes is decided by the log-mel
            seed=seed,
            optimizer=partial(torch.optim.Adam, lr=self.learning_rate, betas=(0.8, 0.99), fused=device != "meta"),
            average_decay=self.average_decay,
            autocast=devices.mixed_precision(torch.device(device)),
        )

    def train(self, gan: GAN, data: Tensor) -> Iterator[Record]:
        return training.train(
            gan, data, losses.least_squares, steps=self.steps, batch=self.batch, schedule=late, update=self.update
        )

    def update(self, gan: GAN, loss: Callable, real: Tensor, noise: Tensor, penalty: Callable | None) -> tuple:
        """One step: D learns, once its time has come, and then G, by log-mels, scores and features."""
        waveforms = segments(real[-1], self.segment)
        log_mels = gan.generator.log_mel(waveforms)  # type: ignore[operator]
        adversary = gan.step >= self.alone * self.steps
        nothing = log_mels.new_zeros(())
        judged = training.discriminator_step(gan, loss, waveforms, log_mels) if adversary else (nothing,) * 3

        def wanted(fake: Tensor) -> Tensor:
            value = self.mel_weight * (gan.generator.log_mel(fake) - log_mels).abs().mean()  # type: ignore[operator]
            if not adversary:
                return value
            with torch.no_grad():
                real_scores, real_features = gan.discriminator.listen(waveforms)  # type: ignore[operator]
            fake_scores, fake_features = gan.discriminator.listen(fake)  # type: ignore[operator]
            matched = vocoders.feature_matching(real_features, fake_features)
            return value + loss(real_scores, fake_scores).generator + self.feature_weight * matched

        return judged[0], teach_to_speak(gan, wanted, log_mels), *judged[1:]

    def voice(self, gan: GAN, log_mels: Tensor) -> Tensor:
        """The averaged generator's waveforms [count, samples] for log-mels [count, 64, frames]."""
        with torch.inference_mode():
            parts = [gan.average(part.to(gan.device)).cpu() for part in log_mels.split(50)]
        return torch.cat(parts)

    def score(self, gan: GAN) -> dict[str, float]:
        real = self.clips()[1].waveforms
        return vocoder_scores(real, self.voice(gan, spectrograms.log_mel(real)))._asdict()

    def asked(self) -> Tensor:
        """Log-mel spectrograms [6, 64, frames] of recordings that the vocoder has not heard."""
        return spectrograms.log_mel(self.clips()[1].shuffled()[torch.arange(6)].waveforms)

    def listen(self, gan: GAN) -> Tensor:
        """What the vocoder makes of six log-mels that it was not taught with."""
        return self.voice(gan, self.asked())

    def sheet(self, gan: GAN) -> Figure:
        """Log-mel spectrograms: above of recordings, below of what the vocoder makes after them."""
        rows = self.asked(), spectrograms.log_mel(self.listen(gan))
        figure = Figure(figsize=(9, 3.2), dpi=100, layout="constrained")
        for axes, picture in zip(figure.subplots(2, 6).flat, torch.cat(rows), strict=True):
            axes.imshow(picture, origin="lower", vmin=-1, vmax=1, aspect="auto")
            axes.set(xticks=[], yticks=[])
        return figure


SIZES = {
    "cpu": Vocoding(
        steps=3000,
        batch=16,
        width=96,
        blocks=4,
        corrections=2,
        discriminator_width=16,
        learning_rate=1e-3,
        average_decay=0.998,
    ),
    "gpu": Vocoding(
        steps=200_000,
        batch=64,
        width=512,
        blocks=8,
        corrections=2,
        discriminator_width=64,
        learning_rate=3e-4,
        average_decay=0.9995,
        alone=0.1,
    ),
}
