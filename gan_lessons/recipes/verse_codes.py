"""Lines of verse by an adversarial autoencoder: D sees no words, only the codes that lines are written from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons import training
from gan_lessons.data.sources import Batch, Samples
from gan_lessons.data.verse import sounds, verse
from gan_lessons.gan import GAN
from gan_lessons.judges.ngrams import tidy
from gan_lessons.metrics.verse import verse_scores
from gan_lessons.networks.points import PointDiscriminator
from gan_lessons.networks.verse import LineAutoencoder
from gan_lessons.plots.text import draw_texts
from gan_lessons.recipes import Modern
from gan_lessons.recipes.verse import surprise


@dataclass(frozen=True, kw_only=True)
class VerseCodes(Modern):
    """A denoising adversarial autoencoder. Shen et al. 2020, arXiv:1905.12777; Makhzani et al. 2015, arXiv:1511.05644.

    The encoder is the GAN's generator: its codes of real lines are the fakes, and normal noise is what is real. A share
    `masked` of the words is hidden from it, so that lines that share words lie near to each other. `adversarial` is the
    weight of D's word against that of the words.
    """

    width: int
    embedded: int
    dropout: float = 0.2
    masked: float = 0.3
    adversarial: float = 0.3
    discriminator_width: int = 128

    def data(self) -> Samples:
        return Samples(verse().train.symbols)

    def players(self) -> tuple[nn.Module, nn.Module]:
        length = verse().train.length
        autoencoder = LineAutoencoder(sounds(), length, self.noise_dim, self.width, self.embedded, self.dropout)
        return autoencoder, PointDiscriminator(self.noise_dim, self.discriminator_width)

    def update(
        self, gan: Any, loss: Callable, batches: Sequence[Batch], noise: Tensor, penalty: Callable | None = None
    ) -> tuple:
        """D learns to tell noise from codes; then encoder and writer learn to spell lines, and the encoder to pass."""
        real, normal = batches[0].real, noise[0, 0]
        hidden = torch.rand(real.shape, device=real.device) < self.masked
        code = gan.generator.encode(real.masked_fill(hidden, 0))
        scores = gan.discriminator(normal), gan.discriminator(code.detach())
        value = loss(*scores).discriminator
        total = value if penalty is None else value + penalty(gan.discriminator, normal, code.detach())
        training.learn(gan.discriminator_optimizer, total)
        with torch.no_grad():
            normal_scores = gan.discriminator(normal)
        passed = loss(normal_scores, gan.discriminator(code)).generator
        spelled = surprise(gan.generator, real, code)
        training.learn(gan.generator_optimizer, spelled + self.adversarial * passed)
        means = (some.detach().mean() for some in scores)
        return value.detach(), passed.detach(), *means, {"likelihood": spelled.detach()}

    def train(self, gan: GAN, data: Any, **more: Any) -> Any:
        return super().train(gan, data, **{"update": self.update, "rehearsal": False, **more})

    def samples(self, gan: GAN, asked: int | Tensor, seed: int = 0, temperature: float = 1.0) -> Tensor:
        """Lines [count, length] of normal noise."""
        training.reseed(gan.device, seed)
        with torch.inference_mode():
            noise = torch.randn(asked if isinstance(asked, int) else len(asked), self.noise_dim, device=gan.device)
            return tidy(gan.average.decode(noise, temperature))  # type: ignore[operator]

    def score(self, gan: GAN) -> dict[str, float]:
        return verse_scores(self.samples(gan, 500))._asdict()

    def sheet(self, gan: GAN) -> Figure:
        figure = Figure(figsize=(6, 4), dpi=100, layout="constrained")
        draw_texts(figure.subplots(), verse().train.read(self.samples(gan, 14)), 1)
        return figure


LONG = VerseCodes(
    steps=1400,
    batch=128,
    noise_dim=48,
    width=192,
    embedded=128,
    learning_rate=2e-3,
    penalty_weight=0.1,
    average_decay=0.99,
)
CPU = replace(LONG, steps=300, width=128, embedded=96)
GPU = replace(LONG, steps=20_000, batch=512, width=512, embedded=256, noise_dim=128)
SIZES = {"cpu": CPU, "long": LONG, "gpu": GPU}
