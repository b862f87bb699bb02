"""Growing: both players begin with small pictures, and larger ones fade in. Karras et al. 2018, arXiv:1710.10196.

Both take pictures of the full size all along. While they are young, G enlarges the small ones that it draws, and D
looks at what it is shown in large pixels.
"""

import math
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate, leaky_relu

from gan_lessons.networks.images import GroupSpread
from gan_lessons.networks.pictures import halvings, layout


def widths(width: int, count: int) -> list[int]:
    """How many maps there are at each size, from the smallest: half of `width` at the largest, then width and more."""
    return [width * 2 ** min(step, 2) for step in reversed(range(count))] + [width // 2]


class GrowingGenerator(nn.Module):
    """Noise to pixels [batch, channels, size, size]; `stage` says how often the first small picture is enlarged.

    At stage 1.3 the second picture fades in: three tenths of it, and seven of the first one, enlarged.
    """

    def __init__(self, noise_dim: int = 64, size: int = 64, channels: int = 3, width: int = 32, hidden: int = 128):
        super().__init__()
        count = halvings(size)
        side, maps = size // 2**count, widths(width, count)
        self.size, self.stage = size, float(count)
        self.first = layout(noise_dim, hidden, maps[0], side)
        self.blocks = nn.ModuleList(
            nn.Sequential(
                nn.ConvTranspose2d(before, after, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()
            )
            for before, after in pairwise(maps)
        )
        self.pixels = nn.ModuleList(nn.Conv2d(some, channels, 1) for some in maps)

    def forward(self, noise: Tensor) -> Tensor:
        maps = self.first(noise)
        pixels = torch.tanh(self.pixels[0](maps))
        for step, block in enumerate(self.blocks[: math.ceil(self.stage)]):
            maps = block(maps)
            larger = torch.tanh(self.pixels[step + 1](maps))
            pixels = torch.lerp(interpolate(pixels, scale_factor=2.0), larger, min(1.0, self.stage - step))
        return interpolate(pixels, self.size)


class GrowingDiscriminator(nn.Module):
    """Pixels [batch, channels, size, size] to scores [batch], of the picture as small as `stage` says."""

    def __init__(self, size: int = 64, channels: int = 3, width: int = 16, hidden: int = 128, group: int = 8):
        super().__init__()
        count = halvings(size)
        side, maps = size // 2**count, widths(width, count)
        self.size, self.stage, self.least = size, float(count), side
        self.blocks = nn.ModuleList(
            nn.Conv2d(after, before, 4, stride=2, padding=1) for before, after in pairwise(maps)
        )
        self.maps = nn.ModuleList(nn.Conv2d(channels, some, 1) for some in maps)
        self.last = nn.Sequential(
            nn.Flatten(),
            nn.Linear(maps[0] * side**2, hidden),
            nn.LeakyReLU(0.2),
            GroupSpread(group),
            nn.Linear(2 * hidden, 1),
            nn.Flatten(0),
        )

    def forward(self, pixels: Tensor) -> Tensor:
        top = math.ceil(self.stage)
        pixels = avg_pool2d(pixels, self.size // (self.least * 2**top))
        maps = leaky_relu(self.maps[top](pixels), 0.2)
        for step in reversed(range(top)):
            maps = leaky_relu(self.blocks[step](maps), 0.2)
            if step == top - 1:
                smaller = leaky_relu(self.maps[step](avg_pool2d(pixels, 2)), 0.2)
                maps = torch.lerp(smaller, maps, min(1.0, self.stage - step))
        return self.last(maps)


def grow(gan: Any, progress: float, until: float = 0.6) -> None:
    """Set both players' stage for a share of the training that is over: each size fades in, and then holds as long.

    To be given to `training.train` as `on_step`; at the share `until` the pictures have their full size.
    """
    count = len(gan.generator.blocks)
    passed = min(1.0, progress / until) * (count + 1)  # the first size only holds
    whole, part = divmod(passed, 1)
    stage = min(float(count), max(0.0, whole - 1 + min(1.0, 2 * part) if whole else 0.0))
    for network in (gan.generator, gan.discriminator, gan.average):
        network.stage = stage
