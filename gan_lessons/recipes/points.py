"""Chairs as clouds of points: a sphere learns to fold itself into furniture."""

from dataclasses import dataclass, replace

from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons.data import clouds
from gan_lessons.gan import GAN
from gan_lessons.metrics.clouds import cloud_scores
from gan_lessons.networks.shapes import CloudDiscriminator, CloudGenerator
from gan_lessons.plots.shapes import draw_clouds
from gan_lessons.recipes import Modern

COUNT = 100  # clouds that are scored


@dataclass(frozen=True, kw_only=True)
class Points(Modern):
    """The modern recipe on clouds of `points` points on the surfaces of one `kind` of thing, `count` of them."""

    kind: str = "chair"
    count: int = 400
    points: int = 256
    generator_width: int
    discriminator_width: int

    def data(self) -> Tensor:
        return clouds.load(self.kind, self.count, self.points)

    def players(self) -> tuple[nn.Module, nn.Module]:
        generator = CloudGenerator(self.noise_dim, self.points, self.generator_width)
        return generator, CloudDiscriminator(self.discriminator_width)

    def score(self, gan: GAN) -> dict[str, float]:
        real = clouds.load(self.kind, COUNT, self.points, held_out=True)
        return cloud_scores(real, self.samples(gan, COUNT))._asdict()

    def sheet(self, gan: GAN) -> Figure:
        figure = Figure(figsize=(7.5, 3.2), dpi=128, layout="constrained")
        draw_clouds(figure.subplots(2, 5).flat, self.samples(gan, 10))
        return figure


CPU = Points(
    steps=1200,
    batch=16,
    noise_dim=32,
    generator_width=64,
    discriminator_width=64,
    learning_rate=2e-3,
    penalty_weight=1.0,
    average_decay=0.99,
)
LONG = replace(CPU, steps=12_000, learning_rate=1e-3, average_decay=0.999)
GPU = replace(LONG, count=4000, points=1024, batch=64, generator_width=256, discriminator_width=128)
SIZES = {"cpu": CPU, "long": LONG, "gpu": GPU}
