"""R3GAN's pair: residual blocks of grouped convolutions, no normalisation anywhere, and a start that is the identity.

Huang et al. 2024, arXiv:2501.05441, section 4 and appendix; the start after Zhang et al. 2019, arXiv:1901.09321.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, leaky_relu

from gan_lessons.networks.growing import widths
from gan_lessons.networks.pictures import halvings


class ResidualBlock(nn.Module):
    """Maps plus a correction of them, [batch, channels, side, side]: 1 × 1 widens, grouped 3 × 3 mixes, 1 × 1 narrows.

    The last convolution starts at 0 (fix-up), so that any number of fresh blocks is the identity, and the others so
    small that `depth` blocks together move as much in a step as one.
    """

    def __init__(self, channels: int, depth: int, widening: int = 2, per_group: int = 16):
        super().__init__()
        inner = widening * channels
        self.widen = nn.Conv2d(channels, inner, 1)
        self.mix = nn.Conv2d(inner, inner, 3, padding=1, groups=max(1, inner // per_group), bias=False)
        self.narrow = nn.Conv2d(inner, channels, 1, bias=False)
        for convolution in (self.widen, self.mix):
            nn.init.kaiming_normal_(convolution.weight, 0.2)
            convolution.weight.data.mul_(depth**-0.25)
        nn.init.zeros_(self.narrow.weight)

    def forward(self, maps: Tensor) -> Tensor:
        inner = leaky_relu(self.widen(maps), 0.2)
        return maps + self.narrow(leaky_relu(self.mix(inner), 0.2))


class ResidualGenerator(nn.Module):
    """Noise [batch, noise_dim] to pixels [batch, channels, size, size] in [-1, 1].

    The noise says how much of each learned small map there is; then `blocks` blocks a size, and a bilinear enlargement.
    """

    def __init__(self, noise_dim: int = 64, size: int = 64, channels: int = 3, width: int = 32, blocks: int = 1):
        super().__init__()
        count = halvings(size)
        side, maps = size // 2**count, widths(width, count)
        self.basis = nn.Parameter(torch.randn(maps[0], side, side))
        self.amounts = nn.Linear(noise_dim, maps[0])
        stages = [nn.Sequential(*blocks_of(maps[0], blocks, count))]
        for before, after in pairwise(maps):
            stages.append(nn.Sequential(nn.Conv2d(before, after, 1), *blocks_of(after, blocks, count)))
        self.stages = nn.ModuleList(stages)
        self.last = nn.Conv2d(maps[-1], channels, 1)

    def forward(self, noise: Tensor) -> Tensor:
        maps = self.basis * self.amounts(noise)[:, :, None, None]
        for stage in self.stages:
            maps = stage(maps if stage is self.stages[0] else interpolate(maps, scale_factor=2.0, mode="bilinear"))
        return torch.tanh(self.last(maps))


class ResidualDiscriminator(nn.Module):
    """Pixels [batch, channels, size, size] to scores [batch]: the generator's mirror image, and no batch statistics."""

    def __init__(self, size: int = 64, channels: int = 3, width: int = 16, blocks: int = 1):
        super().__init__()
        count = halvings(size)
        side, maps = size // 2**count, widths(width, count)[::-1]
        layers: list[nn.Module] = [nn.Conv2d(channels, maps[0], 1), *blocks_of(maps[0], blocks, count)]
        for before, after in pairwise(maps):
            layers += [nn.AvgPool2d(2), nn.Conv2d(before, after, 1), *blocks_of(after, blocks, count)]
        weighing = nn.Conv2d(maps[-1], maps[-1], side, groups=maps[-1], bias=False)  # one number a map
        self.layers = nn.Sequential(*layers, weighing, nn.Flatten(), nn.Linear(maps[-1], 1), nn.Flatten(0))

    def forward(self, pixels: Tensor) -> Tensor:
        return self.layers(pixels)


def blocks_of(channels: int, blocks: int, stages: int) -> list[ResidualBlock]:
    """So many blocks, of a network that has them at `stages + 1` sizes."""
    return [ResidualBlock(channels, blocks * (stages + 1)) for _ in range(blocks)]
