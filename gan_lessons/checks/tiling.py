"""The check of a picture that is enlarged tile by tile: margins, edges, and what the network is shown at once."""

from collections.abc import Callable, Sequence
from itertools import product

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from gan_lessons import upscaling
from gan_lessons.checks import CheckError, call, compare, own
from gan_lessons.checks.cards import say, task
from gan_lessons.data import photographs
from gan_lessons.networks.superres import convolution

Network = Callable[[Tensor], Tensor]
MARGINS, TILE = (0, 4, 16), 16  # of the photograph that is shown
WAYS = (
    "whole picture at once", "margin never shown", "margin left in", "margin cut in small pixels",
    "margin cut off at the edge", "zeros beyond the edge", "edge continued", "margin on two sides only",
    "last tiles left out",
)  # fmt: skip


class Enlarger(nn.Module):
    """An untrained network that sees two pixels to each side, in double precision, and notes the sizes it is shown."""

    def __init__(self, scale: int):
        super().__init__()
        self.sizes: list[tuple[int, int]] = []
        layers = convolution(3, 6), nn.Tanh(), convolution(6, 3 * scale**2), nn.PixelShuffle(scale)
        self.layers = nn.Sequential(*layers).double().requires_grad_(False)

    def forward(self, part: Tensor) -> Tensor:
        height, width = part.shape[-2:]
        if 0 in part.shape:
            raise ValueError(f"an empty tile, {height} × {width} pixels")
        self.sizes.append((height, width))
        return self.layers(part)


@task
def in_tiles(
    answer: Callable,
    seed: int = 0,
    shapes: Sequence[tuple[int, ...]] = ((8, 8, 4, 1, 2), (9, 11, 4, 2, 3), (5, 13, 6, 0, 2)),
) -> Tensor:
    """Check in_tiles(network, small, tile, margin, scale) at these heights, widths, tiles, margins and scales.

    Return a photograph by tiles with a margin of 0, 4 and 16, and by the whole, [4, 3, 192, 192].
    """
    for height, width, tile, margin, scale in shapes:
        torch.manual_seed(seed + height)
        network = Enlarger(scale)
        small = 2 * torch.rand(1, 3, height, width).double() - 1
        expected = tiles(network, small, tile, margin, scale)
        others = [(way, tiles(network, small, tile, margin, scale, way)) for way in WAYS]
        network.sizes.clear()
        what = f"{answer.__name__}, {height} × {width} pixels, tile {tile}, margin {margin}, scale {scale}"
        compare(what, call(answer, network, small.clone(), tile, margin, scale), expected, others)
        largest = max(max(size) for size in network.sizes) if network.sizes else 0
        sentence = f"{what}: the network may see {tile + 2 * margin} pixels a side at once, and saw {largest}"
        if largest > tile + 2 * margin:
            raise CheckError("too much at once", sentence)
        say(f"✓ {sentence}")
    return by_margins(answer, seed)


def tiles(network: Network, small: Tensor, tile: int, margin: int, scale: int, way: str = "") -> Tensor:
    """A picture enlarged tile by tile, or with one of the usual mistakes."""
    if way == "whole picture at once":
        return network(small)
    shown = 0 if way == "margin never shown" else margin
    behind = 0 if way == "margin on two sides only" else shown
    frame = margin if way in ("zeros beyond the edge", "edge continued") else 0
    source = pad(small, (frame,) * 4, mode="replicate" if way == "edge continued" else "constant") if frame else small
    least = tile if way == "last tiles left out" else 1  # of a tile's pixels
    starts = [range(0, side - least + 1, tile) or range(1) for side in small.shape[-2:]]

    def one(top: int, left: int) -> Tensor:
        first = [max(frame + start - shown, 0) for start in (top, left)]
        last = [frame + start + tile + behind for start in (top, left)]
        if frame:  # the last tile is smaller, and its margin ends with the frame
            last = [min(end, side + 2 * frame) for end, side in zip(last, small.shape[-2:], strict=True)]
        made = network(source[..., first[0] : last[0], first[1] : last[1]])
        if way == "margin left in":
            return made
        skip = [scale * (frame + start - begin) for start, begin in zip((top, left), first, strict=True)]
        keep = [scale * min(tile, side - start) for start, side in zip((top, left), small.shape[-2:], strict=True)]
        if way == "margin cut in small pixels":
            skip = [each // scale for each in skip]
        if way == "margin cut off at the edge":
            skip = [scale * margin] * 2
        return made[..., skip[0] :, skip[1] :][..., : keep[0], : keep[1]]

    made = {place: one(*place) for place in product(*starts)}
    return torch.cat([torch.cat([made[top, left] for left in starts[1]], -1) for top in starts[0]], -2)


def by_margins(answer: Callable, seed: int) -> Tensor:
    """A crop of your own through the stored GAN: by an answer's tiles with each margin, and as a whole."""
    gan = upscaling.stored("gan")
    top, left = own(seed, "roof", range(130, 200, 10)), own(seed, "beam", range(220, 300, 10))
    crop = photographs.load(held_out=True)["china"][None, :, top : top + 48, left : left + 48].float() / 127.5 - 1
    with torch.inference_mode():
        made = [call(answer, lambda part: gan(None, part), crop, TILE, margin, 4) for margin in MARGINS]
        return torch.cat([*made, gan(None, crop)])
