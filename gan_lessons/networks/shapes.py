"""Pairs for shapes in space: volumes by three-dimensional convolutions, and clouds of points.

Wu et al. 2016, arXiv:1610.07584 (3D-GAN), with the styled layers of Karras et al. 2019, arXiv:1812.04948.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import relu

from gan_lessons.networks.images import GroupSpread
from gan_lessons.networks.styles import Mapping, gentle


def unfolded(volumes: Tensor) -> Tensor:
    """Blocks of 2 × 2 × 2 voxels as eight channels: [batch, 1, s, s, s] to [batch, 8, s/2, s/2, s/2]."""
    blocks = volumes.unflatten(4, (-1, 2)).unflatten(3, (-1, 2)).unflatten(2, (-1, 2))  # [b, 1, a, 2, b, 2, c, 2]
    return blocks.permute(0, 1, 3, 5, 7, 2, 4, 6).flatten(1, 4)


def folded(maps: Tensor) -> Tensor:
    """Eight channels as blocks of 2 × 2 × 2 voxels: what `unfolded` has taken apart."""
    blocks = maps.unflatten(1, (-1, 2, 2, 2))
    return blocks.permute(0, 1, 5, 2, 6, 3, 7, 4).flatten(6, 7).flatten(4, 5).flatten(2, 3)


class Styled(nn.Module):
    """A convolution in space, each map normalised, which the style then scales and shifts: AdaIN.

    Each sample by itself, not over the batch as in `styles.Normalised`: here a batch holds few kinds, and their mean is
    not that of all. Huang & Belongie 2017, arXiv:1703.06868, equation 8.
    """

    def __init__(self, before: int, after: int, style_dim: int):
        super().__init__()
        self.convolution = nn.Conv3d(before, after, 3, padding=1, bias=False)
        self.norm = nn.InstanceNorm3d(after)
        self.scale = gentle(nn.Linear(style_dim, after))
        self.shift = gentle(nn.Linear(style_dim, after))

    def forward(self, maps: Tensor, style: Tensor) -> Tensor:
        maps = self.norm(self.convolution(maps))  # [batch, after, side, side, side]
        return relu(torch.addcmul(everywhere(self.shift(style)), maps, 1 + everywhere(self.scale(style))))


def everywhere(values: Tensor) -> Tensor:
    """A value for each map, [batch, channels, 1, 1, 1]."""
    return values[:, :, None, None, None]


class VolumeGenerator(nn.Module):
    """Noise [batch, noise_dim] to volumes [batch, 1, size, size, size] in [-1, 1], told its style at every layer.

    Two linear layers lay out a small volume, which is enlarged until half the size; the last layer makes eight voxels
    of each place. `mirrored` makes the left half alone, and the right one its mirror image.
    """

    def __init__(
        self, noise_dim: int = 64, size: int = 16, width: int = 32, hidden: int = 128, mirrored: bool = False
    ):
        super().__init__()
        count = doublings(size)
        side, maps = size // 2**count, [width * 2 ** min(step, 2) for step in range(count)][::-1]
        self.mirrored, broad = mirrored, side // 2 if mirrored else side
        self.mapping = Mapping(noise_dim)
        self.first = nn.Sequential(
            nn.Linear(noise_dim, hidden),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden, maps[0] * side * side * broad),
            nn.Unflatten(-1, (maps[0], side, side, broad)),
        )
        layers: list[nn.Module] = [Styled(maps[0], maps[0], noise_dim)]
        for before, after in pairwise(maps):
            layers += [nn.Upsample(scale_factor=2), Styled(before, after, noise_dim), Styled(after, after, noise_dim)]
        self.layers = nn.ModuleList(layers)
        self.last = nn.Conv3d(maps[-1], 8, 3, padding=1)

    def forward(self, noise: Tensor) -> Tensor:
        return self.draw(self.mapping(noise))

    def draw(self, style: Tensor) -> Tensor:
        """Volumes for styles [batch, noise_dim]."""
        maps = self.first(style)
        for layer in self.layers:
            maps = layer(maps, style) if isinstance(layer, Styled) else layer(maps)
        volumes = torch.tanh(folded(self.last(maps)))
        return torch.cat([volumes, volumes.flip(4)], 4) if self.mirrored else volumes


class VolumeDiscriminator(nn.Module):
    """Volumes [batch, 1, size, size, size] to scores [batch]: convolutions of stride two, and a hidden layer.

    The first takes blocks of eight voxels as channels, a sixth of the time that one channel at the full size takes.
    """

    def __init__(self, size: int = 16, width: int = 32, hidden: int = 128, group: int = 4):
        super().__init__()
        count = doublings(size)
        side, maps = size // 2**count, [width * 2 ** min(step, 2) for step in range(count)]
        layers: list[nn.Module] = [Unfold(), nn.Conv3d(8, maps[0], 3, padding=1), nn.LeakyReLU(0.2)]
        for before, after in pairwise(maps):
            layers += [nn.Conv3d(before, after, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(
            *layers,
            nn.Flatten(),
            nn.Linear(maps[-1] * side**3, hidden),  # [batch, hidden]
            nn.LeakyReLU(0.2),
            GroupSpread(group),  # [batch, 2 * hidden]
            nn.Linear(2 * hidden, 1),
            nn.Flatten(0),  # [batch]
        )

    def forward(self, volumes: Tensor) -> Tensor:
        return self.layers(volumes)


class Unfold(nn.Module):
    """`unfolded` as a layer."""

    def forward(self, volumes: Tensor) -> Tensor:
        return unfolded(volumes)


def doublings(size: int) -> int:
    """How often a volume of side 4 doubles to reach the size; a ValueError where it does not."""
    count = (size // 4).bit_length() - 1
    if count < 1 or size != 4 * 2**count:
        raise ValueError(f"The side of the volumes has to be 8, 16, 32 or 64, not {size}.")
    return count
