"""Pictures in panels: what the labs about images share."""

from typing import Any

import torch
from torch import Tensor

from gan_lessons.labs.kit.frame import Layer, Panel, Pictures


def checked(pixels: Any, what: str) -> Tensor:
    """Pictures [count, channels, height, width] in [-1, 1], grey or coloured; a ValueError if they are not."""
    if not isinstance(pixels, Tensor) or pixels.dim() != 4 or pixels.shape[1] not in (1, 3) or not pixels.numel():
        found = list(pixels.shape) if isinstance(pixels, Tensor) else type(pixels).__name__
        raise ValueError(
            f"{what} are pictures of the shape [count, channels, height, width], grey or in colour, not {found}."
        )
    pixels = pixels.detach().cpu().float()
    if not pixels.isfinite().all():
        raise ValueError(f"{what} hold values that are not numbers.")
    return pixels


def layer(pixels: Tensor, columns: int, extent: tuple[float, float, float, float], gap: int = 2) -> Pictures:
    """Pictures in [-1, 1] as a layer, in rows of `columns`."""
    shown = ((pixels.detach().float().clamp(-1, 1) + 1) / 2).permute(0, 2, 3, 1)
    return Pictures(shown.cpu().numpy(), extent, columns, gap)


def sheet(pixels: Tensor, columns: int, title: str, *more: Layer, **panel: Any) -> Panel:
    """A panel of pictures [count, channels, height, width] and nothing else; a unit is a picture with its gap."""
    height, width = pixels.shape[-2:]
    rows = -(-len(pixels) // columns)
    tall = rows * (height + 2) / (width + 2)
    first = layer(pixels, columns, (0, columns, 0, tall))
    return Panel((first, *more), (0, columns), (0, tall), title, equal=True, bare=True, **panel)


def apart(first: Tensor, second: Tensor) -> Tensor:
    """How far pictures are from their partners: the root of the mean square difference of pixels, [count]."""
    return (first.float() - second.float()).flatten(1).square().mean(1).sqrt()


def to_bytes(pixels: Tensor) -> Tensor:
    """Pictures in [-1, 1] as bytes, a quarter of the memory."""
    return ((pixels.detach().float().nan_to_num().clamp(-1, 1) + 1) * 127.5).round().to("cpu", torch.uint8)


def from_bytes(pixels: Tensor) -> Tensor:
    """Bytes as pictures in [-1, 1]."""
    return pixels.float() / 127.5 - 1


def nothing(title: str, **panel: Any) -> Panel:
    """An empty panel."""
    return Panel((), (0, 1), (0, 1), title, equal=True, bare=True, **panel)
