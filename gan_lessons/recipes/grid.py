"""Ten GANs learn a grid of 25 Gaussians, as one population: how many modes does each find, and how well?"""

from dataclasses import dataclass
from typing import ClassVar

from matplotlib.figure import Figure

from gan_lessons.data import points
from gan_lessons.gan import GAN
from gan_lessons.recipes.ring import Ring


@dataclass(frozen=True, kw_only=True)
class Grid(Ring):
    """A population of GANs on a grid of 25 Gaussians. Seed s builds the members s·members, s·members + 1, …

    As on the ring, with wider networks, more waves, and a least blur that falls from nearly the spacing of the grid to
    less than a mode's width.
    """

    version: ClassVar = 1
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

    def sheet(self, gan: GAN) -> Figure:
        figure = super().sheet(gan)
        for axes in figure.axes:
            axes.set(xlim=(-5, 5), ylim=(-5, 5), xticks=[-4, 0, 4], yticks=[-4, 0, 4])
        return figure


SIZES = {
    "cpu": Grid(steps=28_000, batch=128),
    "gpu": Grid(steps=60_000, batch=1024, members=64, width=128),
}
