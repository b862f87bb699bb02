"""Pairs for shapes in space: volumes, by convolutions along all three axes or along two, and clouds of points.

Wu et al. 2016, arXiv:1610.07584 (3D-GAN), with the styled layers of Karras et al. 2019, arXiv:1812.04948.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu, pixel_shuffle, pixel_unshuffle, relu

from gan_lessons.networks.images import GroupSpread
from gan_lessons.networks.styles import Mapping, gentle

CONVOLUTIONS = {2: nn.Conv2d, 3: nn.Conv3d}
NORMS = {2: nn.InstanceNorm2d, 3: nn.InstanceNorm3d}


def unfolded(volumes: Tensor, axes: int = 3) -> Tensor:
    """A volume [batch, 1, s, s, s] at half its side, with what lies within a place as channels.

    Along three axes blocks of 2 × 2 × 2 voxels are eight channels, [batch, 8, s/2, s/2, s/2]. Along two, depth and
    width, all slices of the height are channels too: [batch, 4 s, s/2, s/2].
    """
    if axes == 2:
        return pixel_unshuffle(volumes[:, 0], 2)
    blocks = volumes.unflatten(4, (-1, 2)).unflatten(3, (-1, 2)).unflatten(2, (-1, 2))  # [batch, 1, s/2, 2, s/2, 2, …]
    return blocks.permute(0, 1, 3, 5, 7, 2, 4, 6).flatten(1, 4)


def folded(maps: Tensor) -> Tensor:
    """The volumes of what `unfolded` makes of them."""
    if maps.dim() == 4:
        return pixel_shuffle(maps, 2)[:, None]
    blocks = maps.unflatten(1, (-1, 2, 2, 2))
    return blocks.permute(0, 1, 5, 2, 6, 3, 7, 4).flatten(6, 7).flatten(4, 5).flatten(2, 3)


class Unfold(nn.Module):
    """`unfolded` as a layer."""

    def __init__(self, axes: int):
        super().__init__()
        self.axes = axes

    def forward(self, volumes: Tensor) -> Tensor:
        return unfolded(volumes, self.axes)


class Styled(nn.Module):
    """A convolution along two or three axes; each map is normalised, and the style scales and shifts it: AdaIN.

    Each sample by itself, not over the batch as in `styles.Normalised`: here a batch holds few kinds, and their mean is
    not that of all. Huang & Belongie 2017, arXiv:1703.06868, equation 8.
    """

    def __init__(self, before: int, after: int, style_dim: int, axes: int):
        super().__init__()
        self.convolution = CONVOLUTIONS[axes](before, after, 3, padding=1, bias=False)
        self.norm = NORMS[axes](after)
        self.scale = gentle(nn.Linear(style_dim, after))
        self.shift = gentle(nn.Linear(style_dim, after))

    def forward(self, maps: Tensor, style: Tensor) -> Tensor:
        maps = self.norm(self.convolution(maps))  # [batch, after, side, side(, side)]
        places = (...,) + (None,) * (maps.dim() - 2)
        return relu(torch.addcmul(self.shift(style)[places], maps, 1 + self.scale(style)[places]))


class VolumeGenerator(nn.Module):
    """Noise [batch, noise_dim] to volumes [batch, 1, size, size, size] in [-1, 1], told its style at every layer.

    Two linear layers lay out a small volume, which is enlarged until half the size; the last layer makes all voxels of
    a place. With two `axes` the convolutions run along depth and width, as over a picture whose channels are the slices
    of the height: things stand upright on a floor, so that no layer has to work alike at all heights. `mirrored` makes
    the left half alone, and the right one its mirror image.
    """

    def __init__(
        self,
        noise_dim: int = 64,
        size: int = 16,
        width: int = 32,
        hidden: int = 128,
        mirrored: bool = False,
        axes: int = 3,
    ):
        super().__init__()
        count = doublings(size)
        side, maps = size // 2**count, [width * 2 ** min(step, 2) for step in range(count)][::-1]
        self.noise_dim, self.mirrored = noise_dim, mirrored
        self.mapping = Mapping(noise_dim)
        layout = (maps[0], *[side] * (axes - 1), side // 2 if mirrored else side)
        self.first = nn.Sequential(
            nn.Linear(noise_dim, hidden),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden, torch.Size(layout).numel()),
            nn.Unflatten(-1, layout),
        )
        layers: list[nn.Module] = [Styled(maps[0], maps[0], noise_dim, axes)]
        for before, after in pairwise(maps):
            layers.append(nn.Upsample(scale_factor=2))
            layers += [Styled(before, after, noise_dim, axes), Styled(after, after, noise_dim, axes)]
        self.layers = nn.ModuleList(layers)
        self.last = CONVOLUTIONS[axes](maps[-1], 8 if axes == 3 else 4 * size, 3, padding=1)

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
    """Volumes [batch, 1, size, size, size] to scores [batch]: convolutions along two or three axes, a hidden layer.

    The first takes blocks of voxels as channels, which costs far less than one channel at the full size.
    """

    def __init__(self, size: int = 16, width: int = 32, hidden: int = 128, group: int = 4, axes: int = 3):
        super().__init__()
        count, kind = doublings(size), CONVOLUTIONS[axes]
        side, maps = size // 2**count, [width * 2 ** min(step, 2) for step in range(count)]
        first = kind(8 if axes == 3 else 4 * size, maps[0], 3, padding=1)
        layers: list[nn.Module] = [Unfold(axes), first, nn.LeakyReLU(0.2)]
        for before, after in pairwise(maps):
            layers += [kind(before, after, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(
            *layers,
            nn.Flatten(),
            nn.Linear(maps[-1] * side**axes, hidden),  # [batch, hidden]
            nn.LeakyReLU(0.2),
            GroupSpread(group),  # [batch, 2 * hidden]
            nn.Linear(2 * hidden, 1),
            nn.Flatten(0),  # [batch]
        )

    def forward(self, volumes: Tensor) -> Tensor:
        return self.layers(volumes)


def doublings(size: int) -> int:
    """How often a side of 4 doubles to reach the size; a ValueError where it does not."""
    count = max(0, size // 4).bit_length() - 1
    if count < 1 or size != 4 * 2**count:
        raise ValueError(f"The side of the volumes has to be 8, 16, 32 or 64, not {size}.")
    return count


class CloudGenerator(nn.Module):
    """Noise [batch, noise_dim] to clouds of points [batch, points, 3]: a sphere that the style folds into a shape.

    Each of the sphere's points passes through one and the same perceptron, whose units the style scales and shifts.
    After Yang et al. 2018, arXiv:1712.07262 (FoldingNet), who fold a sheet.
    """

    sphere: Tensor

    def __init__(self, noise_dim: int = 32, points: int = 256, width: int = 64, depth: int = 3):
        super().__init__()
        self.mapping = Mapping(noise_dim)
        widths = [3, *[width] * depth]
        self.layers = nn.ModuleList(nn.Linear(before, after) for before, after in pairwise(widths))
        self.styles = nn.ModuleList(gentle(nn.Linear(noise_dim, 2 * width)) for _ in range(depth))
        self.last = nn.Linear(width, 3)
        self.register_buffer("sphere", even_sphere(points))

    def forward(self, noise: Tensor) -> Tensor:
        style = self.mapping(noise)
        folded_ = self.sphere.expand(len(noise), -1, -1)
        for layer, told in zip(self.layers, self.styles, strict=True):
            scale, shift = told(style)[:, None].chunk(2, -1)
            folded_ = leaky_relu(layer(folded_) * (1 + scale) + shift, 0.2)
        return torch.tanh(self.last(folded_))


class CloudDiscriminator(nn.Module):
    """Clouds [batch, points, 3] to scores [batch], whatever the order of the points: a maximum over them.

    Each point passes through one and the same perceptron. Qi et al. 2017, arXiv:1612.00593 (PointNet).
    """

    def __init__(self, width: int = 64, hidden: int = 128, group: int = 4):
        super().__init__()
        self.points = nn.Sequential(
            nn.Linear(3, width), nn.LeakyReLU(0.2), nn.Linear(width, width), nn.LeakyReLU(0.2),
            nn.Linear(width, 2 * hidden), nn.LeakyReLU(0.2),
        )  # fmt: skip
        self.layers = nn.Sequential(
            nn.Linear(4 * hidden, hidden),
            nn.LeakyReLU(0.2),
            GroupSpread(group),
            nn.Linear(2 * hidden, 1),
            nn.Flatten(0),
        )

    def forward(self, clouds: Tensor) -> Tensor:
        features = self.points(clouds)
        return self.layers(torch.cat([features.amax(1), features.mean(1)], 1))


def even_sphere(points: int) -> Tensor:
    """Points [points, 3] spread evenly over a sphere of radius 1, along a spiral: a Fibonacci lattice."""
    place = torch.arange(points) + 0.5
    height, turn = 1 - 2 * place / points, torch.pi * (1 + 5**0.5) * place
    aside = (1 - height**2).sqrt()
    return torch.stack([aside * turn.cos(), height, aside * turn.sin()], 1)
