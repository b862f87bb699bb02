"""Image to image: a U-Net, a discriminator of patches, and the two of each that unpaired translation needs.

Both are made of convolutions alone, so they take pictures of any size. The edge is continued by its own pixels, since
a frame of zeros would be seen at the border of every tile.
"""

from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu, normalize, pad


def convolution(before: int, after: int, side: int = 3, stride: int = 1) -> nn.Conv2d:
    """A convolution that keeps the size, or halves it, and continues the edge."""
    return nn.Conv2d(before, after, side, stride, padding=(side - 1) // 2, padding_mode="replicate")


class Residual(nn.Module):
    """Maps [batch, maps, height, width] and what two convolutions add to them."""

    def __init__(self, maps: int):
        super().__init__()
        last = convolution(maps, maps)
        nn.init.zeros_(last.weight)  # it begins as the identity
        self.layers = nn.Sequential(convolution(maps, maps), nn.LeakyReLU(0.2), last)

    def forward(self, maps: Tensor) -> Tensor:
        return maps + self.layers(maps)


def limited(pixels: Tensor, slope: float = 0.1) -> Tensor:
    """Pixels as they are within [-1, 1], and a tenth of what goes beyond: unlike tanh, it never stops learning."""
    inside = pixels.clamp(-1, 1)
    return inside + slope * (pixels - inside)


class UNet(nn.Module):
    """A picture [batch, inputs, height, width] to one of the same size, [batch, outputs, height, width].

    The way down halves the picture `depth` times, and each enlargement on the way up also sees what the way down had at
    that size, so that edges stay where they are. With `added` the output is the input and what the network adds to it.
    `noise` [batch, noise_dim] is laid over the smallest maps; with `noise_dim` 0 it is not looked at. `edge` says what
    the halving sees beyond the edge, as torch's padding modes do: with "replicate" a tile is made as it is within a
    larger picture. Ronneberger et al. 2015, arXiv:1505.04597; as a generator Isola et al. 2017, arXiv:1611.07004.
    """

    def __init__(
        self,
        inputs: int = 3,
        outputs: int = 3,
        width: int = 16,
        depth: int = 3,
        blocks: int = 2,
        noise_dim: int = 0,
        added: bool = False,
        edge: str = "zeros",
    ):
        super().__init__()
        maps = [width * 2 ** min(step, 2) for step in range(depth + 1)]
        self.depth, self.noise_dim, self.added = depth, noise_dim, added
        self.maps = maps
        self.first = convolution(inputs, maps[0])
        self.down = nn.ModuleList(
            nn.Conv2d(large, small, 4, stride=2, padding=1, padding_mode=edge)  # type: ignore[arg-type]
            for large, small in pairwise(maps)
        )
        self.noise = nn.Linear(noise_dim, maps[-1]) if noise_dim else None
        self.middle = nn.Sequential(*(Residual(maps[-1]) for _ in range(blocks)))
        self.up = nn.ModuleList(
            nn.Sequential(nn.Upsample(scale_factor=2), convolution(small, large))
            for large, small in reversed(list(pairwise(maps)))
        )
        self.join = nn.ModuleList(convolution(2 * maps, maps) for maps in reversed(maps[:-1]))
        self.last = convolution(maps[0], outputs)

    def halved(self, picture: Tensor) -> list[Tensor]:
        """The maps of the way down, the largest first, [batch, maps, h, w] each."""
        height, width = picture.shape[-2:]
        whole = 2**self.depth  # the sides have to be halved so often
        found = [self.first(pad(picture, (0, -width % whole, 0, -height % whole), mode="replicate"))]
        for smaller in self.down:
            found.append(leaky_relu(smaller(found[-1]), 0.2))
        return found

    def forward(self, noise: Tensor | None, picture: Tensor) -> Tensor:
        height, width = picture.shape[-2:]
        *passed, maps = self.halved(picture)
        if self.noise is not None and noise is not None:
            maps = maps + self.noise(noise)[..., None, None]
        maps = self.middle(maps)
        for larger, join in zip(self.up, self.join, strict=True):
            maps = leaky_relu(join(torch.cat([leaky_relu(larger(maps), 0.2), passed.pop()], 1)), 0.2)
        made = self.last(maps)[..., :height, :width]
        return limited(picture + made if self.added else made)


class PatchDiscriminator(nn.Module):
    """A picture [batch, channels, height, width], and what it was made of, to scores of patches [batch, 1, h, w].

    Each score sees `receptive_field` pixels across, and judges only them: texture and edges; the whole is what pairs
    and cycles are for. With `condition_channels` 0, a condition is not looked at. Isola et al. 2017,
    arXiv:1611.07004, section 3.2.2.
    """

    def __init__(self, channels: int = 3, condition_channels: int = 3, width: int = 32, depth: int = 3):
        super().__init__()
        maps = [channels + condition_channels, *(width * 2 ** min(step, 2) for step in range(depth))]
        layers: list[nn.Module] = []
        for before, after in pairwise(maps):
            layers += [nn.Conv2d(before, after, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        self.condition_channels, self.receptive_field = condition_channels, 5 * 2**depth - 2
        self.layers = nn.Sequential(*layers, convolution(maps[-1], 1))

    def forward(self, picture: Tensor, condition: Tensor | None = None) -> Tensor:
        if self.condition_channels and condition is not None:
            picture = torch.cat([picture, condition], 1)
        return self.layers(picture)


class Both(nn.Module):
    """The generator of unpaired translation: of two pictures, laid together by channels, each in the other's manner.

    `there` makes the second kind of the first, and `back` the first of the second; `channels` says how many either has.
    """

    def __init__(self, there: nn.Module, back: nn.Module, channels: tuple[int, int] = (1, 1)):
        super().__init__()
        self.there, self.back, self.channels = there, back, channels

    def apart(self, both: Tensor) -> tuple[Tensor, Tensor]:
        """The picture of either kind, of two that are laid together."""
        first, second = both.split(self.channels, -3)
        return first, second

    def forward(self, noise: Tensor | None, both: Tensor) -> Tensor:
        first, second = self.apart(both)
        return torch.cat([self.back(noise, second), self.there(noise, first)], -3)


class EachOwn(nn.Module):
    """The discriminator of unpaired translation: one of its own for either kind, to scores [batch, 1, patches]."""

    def __init__(self, first: nn.Module, second: nn.Module, channels: tuple[int, int] = (1, 1)):
        super().__init__()
        self.first, self.second, self.channels = first, second, channels

    def forward(self, both: Tensor, condition: Any = None) -> Tensor:
        first, second = both.split(self.channels, -3)
        return torch.cat([self.first(first).flatten(2), self.second(second).flatten(2)], 2)


class Contrastive(nn.Module):
    """The generator of one-sided translation: a U-Net, and heads that lay places of pictures on a sphere.

    What the U-Net's way down makes of a place is mapped to `width` numbers of length 1, by a head a size: so the loss
    `reconstruction.contrast` compares a place of the output with places of the input. Park et al. 2020,
    arXiv:2007.15651, section 3.
    """

    def __init__(self, there: UNet, width: int = 64):
        super().__init__()
        self.there = there
        self.heads = nn.ModuleList(
            nn.Sequential(nn.Linear(maps, width), nn.ReLU(), nn.Linear(width, width)) for maps in there.maps
        )

    def forward(self, noise: Tensor | None, picture: Tensor) -> Tensor:
        return self.there(noise, picture)

    def described(self, picture: Tensor, places: list[Tensor]) -> list[Tensor]:
        """Places of a picture [batch, channels, height, width], a tensor of their numbers [count] for each size of the
        way down, as vectors of length 1: [batch, count, width] each."""
        every = zip(self.there.halved(picture), places, self.heads, strict=True)
        return [normalize(head(maps.flatten(2)[..., some].mT).float(), dim=-1) for maps, some, head in every]
