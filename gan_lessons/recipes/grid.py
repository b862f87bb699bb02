"""Ten GANs learn a grid of 25 Gaussians, as one population: how many modes does each find, and how well?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons.data import points
from gan_lessons.data.sources import Source
from gan_lessons.gan import GAN, Record
from gan_lessons.networks.packing import Packed
from gan_lessons.networks.points import BlurredDiscriminator, PointGenerator
from gan_lessons.recipes.ring import Ring


@dataclass(frozen=True, kw_only=True)
class Grid(Ring):
    """A population of GANs on a grid of 25 Gaussians. Seed s builds the members s·members, s·members + 1, …

    The discriminator sees waves of every coordinate, and judges every group at a blur of its own; the least blur falls
    from nearly the spacing of the grid to less than a mode's width, and stays there. The generator has three layers.
    """

    width: int = 96
    depth: int = 3
    learning_rate: float = 4e-3
    discriminator_width: int = 128
    waves: int = 5
    highest: float = 1.5  # blur, at the grid's own scale
    lowest: float = 0.03
    sharp_at: float = 0.7  # share of the training after which the least blur is `lowest`

    mixture: ClassVar[points.Mixture] = points.grid()
    scale: ClassVar[float] = 8**0.5

    def players(self) -> tuple[nn.Module, nn.Module]:
        discriminator = BlurredDiscriminator(
            2 * self.pack, self.discriminator_width, 2, self.waves, self.highest / self.scale
        )
        return PointGenerator(2, 2, self.width, self.depth), Packed(discriminator, self.pack)

    def train(self, gan: GAN, data: Tensor | Source, **more: Any) -> Iterator[Record]:
        return super().train(gan, data, on_step=self.sharpen, **more)

    def sharpen(self, gan: GAN, progress: float) -> None:
        """Let the least blur fall."""
        fallen = min(progress / self.sharp_at, 1)
        blurred = cast(Packed, gan.discriminator).discriminator
        blurred.lowest = self.highest * (self.lowest / self.highest) ** fallen / self.scale

    def sheet(self, gan: GAN) -> Figure:
        figure = super().sheet(gan)
        for axes in figure.axes:
            axes.set(xlim=(-5, 5), ylim=(-5, 5), xticks=[-4, 0, 4], yticks=[-4, 0, 4])
        return figure


SIZES = {
    "cpu": Grid(steps=28_000, batch=128),
    "gpu": Grid(steps=60_000, batch=1024, members=64, width=128),
}
