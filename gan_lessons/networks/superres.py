"""Super-resolution: nearly all is done on the small picture, and the last layers unfold its maps into more pixels."""

import copy
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate, leaky_relu

from gan_lessons.networks.translation import PatchDiscriminator, Residual, convolution, limited

Network = TypeVar("Network", bound=nn.Module)


class SubPixel(nn.Module):
    """Maps [batch, before, h, w] to [batch, after, 2h, 2w]: a convolution to four times `after`, unfolded.

    It begins with four equal kernels a map, so that the four pixels of a square are equal and no checkerboard is seen
    (ICNR, Aitken et al. 2017, arXiv:1707.02937). Shi et al. 2016, arXiv:1609.05158.
    """

    def __init__(self, before: int, after: int):
        super().__init__()
        self.unfold = nn.PixelShuffle(2)
        self.layer = convolution(before, 4 * after)
        with torch.no_grad():
            self.layer.weight.copy_(self.layer.weight[::4].repeat_interleave(4, 0))
            nn.init.zeros_(self.layer.bias)  # type: ignore[arg-type]

    def forward(self, maps: Tensor) -> Tensor:
        return leaky_relu(self.unfold(self.layer(maps)), 0.2)


def enlarged(small: Tensor, scale: int) -> Tensor:
    """Bicubic interpolation of [batch, channels, h, w], what all is compared with."""
    return interpolate(small, scale_factor=scale, mode="bicubic", align_corners=False)


def consistent(large: Tensor, small: Tensor) -> Tensor:
    """The picture nearest to `large` that shrinks back to `small`: each square is moved to the mean it ought to have.

    It is the orthogonal projection on all pictures that could have been the true one, which is among them, so that no
    picture comes to lie farther from the truth. Bahat & Michaeli 2020, arXiv:1912.01839.
    """
    scale = large.shape[-1] // small.shape[-1]
    return large + interpolate(small - avg_pool2d(large, scale), scale_factor=scale, mode="nearest")


class SuperResolution(nn.Module):
    """A picture [batch, 3, h, w] in [-1, 1] to one of `scale` times the sides: the bicubic one and what is added to it.

    `scale` is a power of two. With `exact` the result shrinks back to the input. There is no noise: each input has one
    answer. After SRResNet (Ledig et al. 2017, arXiv:1609.04802), without BatchNorm (Lim et al. 2017, arXiv:1707.02921).
    """

    def __init__(self, scale: int = 4, width: int = 32, blocks: int = 6, exact: bool = True):
        super().__init__()
        if scale < 2 or scale & (scale - 1):
            raise ValueError(f"A picture is enlarged by 2, 4, 8 …, a power of two; {scale} is none.")
        self.scale, self.exact = scale, exact
        doublings = scale.bit_length() - 1
        self.first = convolution(3, width)
        self.body = nn.Sequential(*(Residual(width) for _ in range(blocks)))
        maps = [width, *[width // 2] * doublings]
        self.up = nn.Sequential(*(SubPixel(maps[step], maps[step + 1]) for step in range(doublings)))
        self.last = convolution(maps[-1], 3)
        nn.init.zeros_(self.last.bias)  # type: ignore[arg-type]
        with torch.no_grad():
            self.last.weight.mul_(0.1)  # it begins near the bicubic picture

    def forward(self, noise: Any, small: Tensor) -> Tensor:
        maps = self.first(small)
        added = self.last(self.up(maps + self.body(maps)))
        large = limited(enlarged(small, self.scale) + added.float())
        return consistent(large, small) if self.exact else large


class SuperDiscriminator(nn.Module):
    """Scores of patches [batch, 1, h, w] of a picture beside the small one that it was made of, enlarged."""

    def __init__(self, scale: int = 4, width: int = 32, depth: int = 3):
        super().__init__()
        self.scale = scale
        self.patches = PatchDiscriminator(3, 3, width, depth)

    def forward(self, picture: Tensor, small: Tensor) -> Tensor:
        return self.patches(picture, enlarged(small, self.scale))


@torch.no_grad()
def between(first: Network, second: Network, share: float) -> Network:
    """A network whose every weight lies between those of two: 0 is the first, 1 the second.

    It makes sense where one was trained from the other. Wang et al. 2018, arXiv:1809.00219, section 3.4.
    """
    made = copy.deepcopy(first)
    for weight, start, end in zip(made.parameters(), first.parameters(), second.parameters(), strict=True):
        weight.copy_(start.lerp(end, share))
    return made
