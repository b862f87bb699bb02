"""Style without a GAN: pictures whose statistics of features are those of another, by descent on the pixels.

The features are EfficientNet-Lite0's; a style is what is left of them once it is forgotten where each was seen. Gatys
et al. 2015, arXiv:1508.06576.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss, relu6

from gan_lessons.networks.projected import lite

LEVELS = (0, 1, 2, 3, 5)  # after how many blocks the style is read; 0 is the stem
CONTENT = 5  # after how many the content is
LEAST = 32  # pixels a side: below, the deepest maps are hardly maps any more


class Maps(nn.Module):
    """Pixels [batch, 3, height, width] in [-1, 1] to the maps of a frozen EfficientNet-Lite0 after each of `levels`."""

    def __init__(self, levels: Sequence[int] = LEVELS):
        super().__init__()
        network = lite()
        self.levels = tuple(levels)
        self.stem, self.norm = network._conv_stem, network._bn0
        self.blocks = nn.ModuleList(network._blocks[: max(levels)])
        self.eval().requires_grad_(False)

    def train(self, mode: bool = True) -> "Maps":
        return super().train(False)  # its BatchNorm keeps ImageNet's statistics

    def forward(self, pixels: Tensor) -> list[Tensor]:
        maps = [relu6(self.norm(self.stem(pixels)))]
        for block in self.blocks:
            maps.append(block(maps[-1]))
        return [maps[level] for level in self.levels]


def gram(maps: Tensor) -> Tensor:
    """How strongly each two maps are active together, over all places: [batch, maps, maps], of [batch, maps, h, w].

    Where something was seen is lost in the sum; what was seen together with what is kept. Gatys et al. 2015,
    arXiv:1508.06576, equation 3.
    """
    flat = maps.flatten(2)
    return flat @ flat.mT / flat.shape[2]


def statistics(maps: Tensor) -> tuple[Tensor, Tensor]:
    """The mean and the standard deviation of each map over its places, [batch, maps, 1, 1] each."""
    return maps.mean((2, 3), keepdim=True), maps.std((2, 3), keepdim=True) + 1e-4


def adain(content: Tensor, style: Tensor) -> Tensor:
    """The content's maps, moved and stretched until each has the mean and the deviation of the style's.

    Adaptive instance normalisation: Huang & Belongie 2017, arXiv:1703.06868, equation 8.
    """
    (mean, deviation), (new_mean, new_deviation) = statistics(content), statistics(style)
    return new_deviation * (content - mean) / deviation + new_mean


class Styled(NamedTuple):
    """A picture on its way: pixels [1, 3, height, width] in [-1, 1], and what is left of both losses."""

    pixels: Tensor
    style: float  # in shares of the loss at the start
    content: float  # mean square difference of features, in shares of their variance


SHIFTS = ((0, 0), (0, 1), (1, 0), (1, 1))  # of the picture against the network, which sees every second pixel twice


def roughness(pixels: Tensor) -> Tensor:
    """The mean square difference of neighbouring pixels, in both directions."""
    return pixels.diff(dim=2).square().mean() + pixels.diff(dim=3).square().mean()


def transferred(
    content: Tensor,
    style: Tensor,
    steps: int = 200,
    content_weight: float = 0.1,
    smoothness: float = 0.1,
    rate: float = 0.03,
) -> Iterator[Styled]:
    """The content [1, 3, height, width] in the manner of the style [1, 3, h, w]; yields the picture after each step.

    Descent on the pixels by Adam. With `content_weight` 0 nothing keeps the content. The network halves the picture at
    once, so a pattern of single pixels could please it that no eye likes: it sees the picture shifted by a pixel in
    turn, and `smoothness` weighs the roughness. A ValueError for what is no single picture in colour, or is too small.
    """
    for name, picture in (("content", content), ("style", style)):
        if picture.dim() != 4 or picture.shape[:2] != (1, 3) or min(picture.shape[2:]) < LEAST:
            raise ValueError(
                f"The {name} is one picture in colour, [1, 3, height, width], of at least {LEAST} × {LEAST} pixels, "
                f"not {list(picture.shape)}."
            )
    network, place = Maps().to(content.device), LEVELS.index(CONTENT)
    views = [(slice(down, -2 + down), slice(right, -2 + right)) for down, right in SHIFTS]
    with torch.no_grad():
        wanted = [gram(maps) for maps in network(style)]
        before = [network(content[..., rows, columns]) for rows, columns in views]
        units = [mse_loss(gram(maps), grams) + 1e-9 for maps, grams in zip(before[0], wanted, strict=True)]
        spread = before[0][place].var()
    pixels = content.clone().requires_grad_()
    optimizer = torch.optim.Adam([pixels], lr=rate, betas=(0.9, 0.99))
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = rate * (1 - step / steps) ** 0.5
        rows, columns = views[step % len(views)]
        maps, kept = network(pixels[..., rows, columns]), before[step % len(views)][place]
        losses = [mse_loss(gram(own), grams) / unit for own, grams, unit in zip(maps, wanted, units, strict=True)]
        style_loss, content_loss = torch.stack(losses).mean(), mse_loss(maps[place], kept) / spread
        optimizer.zero_grad()
        (style_loss + content_weight * content_loss + smoothness * roughness(pixels)).backward()
        optimizer.step()
        with torch.no_grad():
            pixels.clamp_(-1, 1)
        yield Styled(pixels.detach().clone(), style_loss.item(), content_loss.item())
