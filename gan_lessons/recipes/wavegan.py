"""WaveGAN: spoken digits as raw waveforms, with the conditioning, loss and penalties of `spoken_digits`."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import torch
from torch import Tensor

from gan_lessons import devices, spectrograms
from gan_lessons.networks import conditioning, wavegan
from gan_lessons.recipes.spoken_digits import SpokenDigits, load
from gan_lessons.training import GAN


@dataclass(frozen=True)
class WaveGAN(SpokenDigits):
    """A conditional GAN of waveforms; `shuffle` is how far phase shuffle moves the discriminator's features."""

    shuffle: int = 2
    ingredients: ClassVar = (  # type: ignore[assignment]
        SpokenDigits,
        *SpokenDigits.ingredients,
        wavegan.WaveGenerator,
        wavegan.WaveDiscriminator,
        wavegan.phase_shuffle,
    )

    def data(self) -> Tensor:
        train, _, _ = load(self.source, self.words)
        return conditioning.labelled(train.waveforms[:, None, None], train.labels)

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        counts = load(self.source, self.words)[0].labels.bincount()
        torch.manual_seed(seed)
        inside = wavegan.WaveGenerator(self.noise_dim - 1 + self.label_dim, self.generator_width)
        body = wavegan.WaveDiscriminator(self.discriminator_width, self.shuffle)
        head = conditioning.Projection(128 * self.discriminator_width, len(counts))
        return GAN(
            conditioning.ConditionalGenerator(inside, counts, self.label_dim).to(device),
            conditioning.ConditionalDiscriminator(body, head).to(device),
            noise_dim=self.noise_dim,
            seed=seed,
            optimizer=partial(torch.optim.Adam, lr=self.learning_rate, betas=(0.0, 0.99), fused=device != "meta"),
            average_decay=self.average_decay,
            autocast=devices.mixed_precision(torch.device(device)),
        )

    def say(self, gan: GAN, labels: Tensor, seed: int = 0, together: bool = False) -> Tensor:
        """Waveforms [count, 4096] of the words asked for, `labels` [count], by the averaged generator."""
        return super().draw(gan, labels, seed, together)[:, 0]

    def draw(self, gan: GAN, labels: Tensor, seed: int = 0, together: bool = False) -> Tensor:
        """Their log-mel spectrograms [count, 64, 64]."""
        return spectrograms.log_mel(self.say(gan, labels, seed, together))

    def listen(self, gan: GAN) -> Tensor:
        """A clip of each class."""
        return self.say(gan, torch.arange(len(load(self.source, self.words)[0].classes))).cpu()


SIZES = {
    "cpu": WaveGAN(
        steps=1500,
        batch=32,
        noise_dim=65,
        label_dim=32,
        generator_width=16,
        discriminator_width=16,
        learning_rate=4e-4,
        penalty_weight=0.5,
        penalty_every=4,
        average_decay=0.995,
    ),
    "gpu": WaveGAN(
        steps=200_000,
        batch=64,
        noise_dim=129,
        label_dim=64,
        generator_width=64,
        discriminator_width=64,
        learning_rate=2e-4,
        penalty_weight=0.5,
        penalty_every=4,
        average_decay=0.999,
    ),
}
