"""WaveGAN: spoken digits as raw waveforms, with the conditioning, loss and penalties of `spoken_digits`."""

from dataclasses import dataclass, replace
from typing import ClassVar

from torch import Tensor, nn

from gan_lessons import spectrograms
from gan_lessons.data.sources import Labelled
from gan_lessons.gan import GAN
from gan_lessons.networks import wavegan
from gan_lessons.recipes.spoken_digits import SpokenDigits


@dataclass(frozen=True, kw_only=True)
class WaveGAN(SpokenDigits):
    """A conditional GAN of waveforms; `shuffle` is how far phase shuffle moves the discriminator's features."""

    shuffle: int = 2
    features: ClassVar = 128

    def data(self) -> Labelled:
        train, _ = self.clips()
        return Labelled(train.waveforms[:, None, None], train.labels)

    def inside(self, style_dim: int) -> nn.Module:
        return wavegan.WaveGenerator(style_dim, self.generator_width)

    def body(self) -> nn.Module:
        return wavegan.WaveDiscriminator(self.discriminator_width, self.shuffle)

    def say(self, gan: GAN, asked: int | Tensor, seed: int = 0, together: bool = False) -> Tensor:
        """Waveforms [count, 4096] of the words asked for, by their classes, by the averaged generator."""
        return super().samples(gan, asked, seed, together)[:, 0]

    def samples(self, gan: GAN, asked: int | Tensor, seed: int = 0, together: bool = False) -> Tensor:
        """Their log-mel spectrograms [count, 64, 64]."""
        return spectrograms.log_mel(self.say(gan, asked, seed, together))

    def listen(self, gan: GAN) -> Tensor:
        """A clip of each class."""
        return self.say(gan, self.asked(1)).cpu()


CPU = WaveGAN(
    steps=5000,
    batch=32,
    noise_dim=64,
    label_dim=32,
    generator_width=16,
    discriminator_width=16,
    learning_rate=4e-4,
    penalty_weight=0.5,
    average_decay=0.995,
)
GPU = replace(
    CPU,
    steps=200_000,
    batch=64,
    noise_dim=128,
    label_dim=64,
    generator_width=64,
    discriminator_width=64,
    learning_rate=2e-4,
    average_decay=0.999,
)
SIZES = {"cpu": CPU, "gpu": GPU}
