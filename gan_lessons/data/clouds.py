"""Clouds of points on the surfaces of shapes: another way to write down the same things."""

from functools import cache

import torch
from torch import Tensor

from gan_lessons.data import shapes
from gan_lessons.data.meshes import points
from gan_lessons.data.shapes import KINDS


@cache
def load(kind: str = "chair", count: int = 400, size: int = 256, held_out: bool = False) -> Tensor:
    """Clouds [count, size, 3] of (width, height, depth) on shapes of one kind: `size` points on each surface.

    The shapes are those of `shapes.load`, at 24 voxels a side. A ModuleNotFoundError where scikit-image is missing.
    """
    if kind not in KINDS:
        raise ValueError(f"There are no shapes {kind!r}; the known kinds are {', '.join(KINDS)}.")
    seed = shapes.HELD_OUT if held_out else shapes.TRAINING
    own = torch.Generator().manual_seed(1000 * seed + KINDS.index(kind))
    volumes = shapes.compose(kind, torch.rand(count, 8, generator=own), 24)
    return torch.stack([points(volume, size, place) for place, volume in enumerate(volumes)])
