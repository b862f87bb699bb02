"""Super-resolution: photographs from a fourth of their sides, or a half; first by L1 alone, then with a GAN.

A GAN starts from the network that L1 trained, as Ledig et al. 2017, arXiv:1609.04802, and Wang et al. 2018,
arXiv:1809.00219, do: from noise it would first have to learn what bicubic interpolation knows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gan_lessons import reconstruction, results
from gan_lessons.data import photographs
from gan_lessons.data.photographs import Photographs
from gan_lessons.data.sources import Batch, Source
from gan_lessons.gan import GAN, Record
from gan_lessons.metrics import superres
from gan_lessons.networks.superres import SuperDiscriminator, SuperResolution, enlarged
from gan_lessons.plots.images import draw_sheet
from gan_lessons.recipes import Modern
from gan_lessons.updates import extra_only


@dataclass(frozen=True, kw_only=True)
class Superres(Modern):
    """A residual sub-pixel network that makes `scale` times the sides, and a discriminator of patches.

    G minimises `l1_weight` times the distance of pixels, `perceptual_weight` times that of EfficientNet-Lite0's first
    layers, and what D says; with `adversarial` off D is not asked. `start` names the stored run whose weights it begins
    with. Pictures are spoilt as `kind` says: of a shrunk `area` the result has to shrink back to the input; with `real`
    the input is itself noisy, and need not be kept. `source` is the known photographs, or a folder or a zip.
    """

    memory: ClassVar = torch.channels_last
    momentum: float = 0.9
    scale: int = 4
    kind: str = "area"
    size: int = 64
    width: int = 32
    blocks: int = 6
    discriminator_width: int = 32
    l1_weight: float = 1.0
    perceptual_weight: float = 0.0
    adversarial: bool = True
    start: str | None = None
    source: str = "photographs"

    @property
    def betas(self) -> tuple[float, float]:  # type: ignore[override]  # a setting here
        return self.momentum, 0.99

    def data(self) -> Photographs:
        return Photographs(photographs.load(self.source), self.size, self.scale, self.kind, halves=True)

    def players(self) -> tuple[nn.Module, nn.Module]:
        generator = SuperResolution(self.scale, self.width, self.blocks, exact=self.kind == "area")
        return generator, SuperDiscriminator(self.scale, self.discriminator_width)

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        gan = super().build(device, seed)
        if self.start and device != "meta":
            for network in (gan.generator, gan.average):
                network.load_state_dict(results.weights(self.start))
        return gan

    def train(self, gan: GAN, data: Tensor | Source, **more: Any) -> Iterator[Record]:
        extras = [reconstruction.l1(self.l1_weight)]
        if self.perceptual_weight:
            extras.append(reconstruction.perceptual(self.perceptual_weight, gan.device))
        more = {"extra": reconstruction.together(*extras), **more}
        if not self.adversarial:
            more = {"update": extra_only, **more}
        return super().train(gan, data, **more)

    def pairs(self) -> Batch:
        """The patches of held-out pictures, side by side and without overlap, and what they were spoilt to."""
        return held_out(self.source, self.size, self.scale, self.kind)

    def samples(self, gan: GAN, asked: int | Tensor, seed: int = 0) -> Tensor:
        """Enlarged pictures, of those asked for [count, 3, h, w], or of a count of held-out ones."""
        if isinstance(asked, int):
            every = self.pairs().condition
            small = every[torch.arange(asked) * len(every) // asked]
        else:
            small = asked
        return torch.cat([super(Superres, self).samples(gan, part, seed) for part in small.split(32)])

    def score(self, gan: GAN) -> dict[str, float]:
        real, small = self.pairs()
        return superres.scores(real, self.samples(gan, small).float().cpu(), small)

    def floor_and_ceiling(self) -> dict[str, tuple[float, float]]:
        """What the bicubic picture scores, and the true one, by figure."""
        real, small = self.pairs()
        worst, best = superres.scores(real, enlarged(small, self.scale), small), superres.scores(real, real, small)
        return {name: (worst[name], best[name]) for name in best}

    def sheet(self, gan: GAN) -> Figure:
        """Held-out patches: bicubic, made, and true, one row each."""
        real, small = self.pairs()
        some = torch.arange(8) * len(real) // 8
        rows = [enlarged(small[some], self.scale), self.samples(gan, small[some]).float().cpu(), real[some]]
        figure = Figure(figsize=(8, 3.2), dpi=128, layout="constrained")
        draw_sheet(figure.subplots(), torch.cat(rows), 8)
        return figure


@cache
def held_out(source: str, size: int, scale: int, kind: str) -> Batch:
    """The patches of the pictures that are held out, in the range [-1, 1]."""
    return Photographs(photographs.load(source, held_out=True), size, scale, kind, stride=size).all()


L1 = Superres(
    steps=2500,
    batch=16,
    noise_dim=1,
    learning_rate=1e-3,
    penalty_weight=1.0,
    average_decay=0.999,
    adversarial=False,
)
LONG = replace(
    L1,
    steps=14_000,
    batch=8,
    learning_rate=1.5e-3,
    momentum=0.5,
    average_decay=0.995,
    l1_weight=1.0,
    perceptual_weight=0.3,
    adversarial=True,
    start="superres/l1",
)
CPU = replace(LONG, steps=400, average_decay=0.99)
TWICE = replace(CPU, scale=2, start=None, steps=1000)
GPU = replace(LONG, steps=50_000, batch=64, size=128, width=96, blocks=16, discriminator_width=64, start=None)
SIZES = {"cpu": CPU, "l1": L1, "long": LONG, "twice": TWICE, "gpu": GPU}
