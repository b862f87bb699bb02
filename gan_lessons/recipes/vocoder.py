"""A vocoder: log-mel spectrograms of speech to waveforms, by a mel loss alone first, and then by a GAN beside it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons import losses, spectrograms, training, updates
from gan_lessons.data import sound
from gan_lessons.data.sound import Clips
from gan_lessons.data.sources import Batch, Samples, Source
from gan_lessons.gan import GAN, Record
from gan_lessons.metrics.vocoders import vocoder_scores
from gan_lessons.networks import vocoders
from gan_lessons.recipes import Modern


class Segments(Samples):
    """A stretch of `length` samples from anywhere in a waveform, [batch, length], and its log-mel beside."""

    def __init__(self, waveforms: Tensor, length: int):
        super().__init__(waveforms)
        self.length, self.filters = length, spectrograms.mel_filters()

    def batch(self, indices: Tensor) -> Batch:
        starts = torch.randint(self.samples.shape[1] - self.length + 1, (len(indices), 1), device=self.samples.device)
        places = starts + torch.arange(self.length, device=self.samples.device)
        segments = self.samples[indices].gather(1, places)
        return Batch(segments, spectrograms.log_mel(segments, self.filters))


@dataclass(frozen=True, kw_only=True)
class Vocoding(Modern):
    """A vocoder that corrects itself: mel loss alone at first, then with a least-squares GAN and feature matching.

    The first steps, the share `alone` of all, have no discriminator and take a quarter of the time of the others.
    `source` is `espeak`, digits said by eSpeak NG, or a folder or zip of recordings; `segment` is in samples. What it
    makes is decided by the log-mel: it has no noise.
    """

    best: ClassVar = "lowest mel_l1"
    noise_dim: int = 0
    penalty_weight: float = 0.0  # the discriminators see stretches too short to be learnt by heart
    width: int
    blocks: int
    corrections: int
    discriminator_width: int
    alone: float = 0.75
    segment: int = 2048
    mel_weight: float = 45.0
    feature_weight: float = 10.0
    source: str = "espeak"
    betas: ClassVar = (0.8, 0.99)
    version: ClassVar = 2

    def clips(self) -> tuple[Clips, Clips]:
        """The clips to train on, and those to test with: eSpeak's by other voices, a folder's by other takes."""
        if self.source == "espeak":
            digits = sound.spoken_digits()
            return digits.train, digits.strangers
        return sound.own(self.source)

    def data(self) -> Segments:
        return Segments(self.clips()[0].waveforms, self.segment)

    def players(self) -> tuple[nn.Module, nn.Module]:
        margin = (spectrograms.FOURIER - spectrograms.WINDOW) // 2
        generator = vocoders.Corrected(
            vocoders.Vocoder(spectrograms.MELS, self.width, self.blocks, hop=spectrograms.HOP),
            spectrograms.mel_filters(),
            nn.functional.pad(spectrograms.window(torch.device("cpu")), (margin, margin)),
            spectrograms.FAINTEST,
            spectrograms.LOUDEST,
            self.corrections,
        )
        return generator, vocoders.VocoderDiscriminator(width=self.discriminator_width)

    def schedule(self, progress: float) -> float:
        """The full rate for three quarters of the way, then down to nothing in a straight line."""
        return min(1.0, 4 * (1 - progress))

    def train(self, gan: GAN, data: Tensor | Source, **more: Any) -> Iterator[Record]:
        options = {"loss": losses.least_squares, "penalty": None, "update": self.update, "extra": self.wanted}
        return super().train(gan, data, **{**options, **more})

    def heard(self, gan: GAN) -> bool:
        """Whether the discriminator plays by now."""
        return gan.step >= self.alone * self.steps

    def update(self, gan: GAN, loss: Callable, batches: Sequence[Batch], *rest: Any, **extras: Any) -> tuple:
        """G learns alone at first, and then both."""
        one = training.alternating if self.heard(gan) else updates.extra_only
        return one(gan, loss, batches, *rest, **extras)

    def wanted(self, gan: GAN, fake: Tensor, batch: Batch) -> dict[str, Tensor]:
        """What G should heed beside the scores: the log-mel, and the features of the discriminators that play."""
        mel = (gan.generator.log_mel(fake) - batch.condition).abs().mean()  # type: ignore[operator]
        if not self.heard(gan):
            return {"mel": self.mel_weight * mel}
        with torch.no_grad():
            _, real_features = gan.discriminator.listen(batch.real)  # type: ignore[operator]
        _, fake_features = gan.discriminator.listen(fake)  # type: ignore[operator]
        matched = vocoders.feature_matching(real_features, fake_features)
        return {"mel": self.mel_weight * mel, "features": self.feature_weight * matched}

    def samples(self, gan: GAN, asked: int | Tensor, seed: int = 0) -> Tensor:
        """Waveforms [count, samples] for log-mels [count, 64, frames], or for those of a count of test clips."""
        test = self.clips()[1]
        log_mels = spectrograms.log_mel(test.waveforms[:asked]) if isinstance(asked, int) else asked
        return self.voice(gan, log_mels)

    def voice(self, gan: GAN, log_mels: Tensor) -> Tensor:
        """The averaged generator's waveforms [count, samples] for log-mels [count, 64, frames]."""
        return torch.cat([gan.sample(len(part), condition=part.to(gan.device)).cpu() for part in log_mels.split(50)])

    def score(self, gan: GAN) -> dict[str, float]:
        real = self.clips()[1].waveforms
        return vocoder_scores(real, self.voice(gan, spectrograms.log_mel(real)))._asdict()

    def asked(self) -> Tensor:
        """Log-mel spectrograms [count, 64, frames] of up to six recordings that the vocoder has not heard."""
        return spectrograms.log_mel(self.clips()[1].shuffled().waveforms[:6])

    def listen(self, gan: GAN) -> Tensor:
        """What the vocoder makes of up to six log-mels that it was not taught with."""
        return self.voice(gan, self.asked())

    def sheet(self, gan: GAN) -> Figure:
        """Log-mel spectrograms: above of recordings, below of what the vocoder makes after them."""
        rows = self.asked(), spectrograms.log_mel(self.listen(gan))
        figure = Figure(figsize=(9, 3.2), dpi=100, layout="constrained")
        for axes, picture in zip(figure.subplots(2, len(rows[0]), squeeze=False).flat, torch.cat(rows), strict=True):
            axes.imshow(picture, origin="lower", vmin=-1, vmax=1, aspect="auto")
            axes.set(xticks=[], yticks=[])
        return figure


CPU = Vocoding(
    steps=3000,
    batch=16,
    width=96,
    blocks=4,
    corrections=2,
    discriminator_width=16,
    learning_rate=1e-3,
    average_decay=0.998,
)
GPU = replace(
    CPU,
    steps=200_000,
    batch=64,
    width=512,
    blocks=8,
    discriminator_width=64,
    learning_rate=3e-4,
    average_decay=0.9995,
    alone=0.1,
)
SIZES = {"cpu": CPU, "gpu": GPU}
