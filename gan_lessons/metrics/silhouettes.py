"""What silhouettes tell of a shape: its visual hull, and not which way it faces."""

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

from gan_lessons.data import shapes
from gan_lessons.metrics.memory import nearest


def hull(pictures: Tensor, angles: Tensor) -> Tensor:
    """The largest shapes [count, 1, s, s, s] that throw the silhouettes [count, sides, s, s] seen from angles [sides].

    A voxel belongs to the hull if it lies in the shadow from every side; values are above 0 inside, as in a volume.
    Laurentini 1994, 10.1109/34.273735.
    """
    height, depth, width = shapes.grid(pictures.shape[-1])
    inside = []
    for picture, angle in zip(pictures.unbind(1), angles, strict=True):
        aside = angle.cos() * width - angle.sin() * depth  # where the voxel is seen, to the right
        places = torch.stack([aside, -height], -1).flatten(0, 1).expand(len(picture), -1, -1, -1)
        dark = grid_sample((picture[:, None] + 1) / 2, places, align_corners=False)  # nothing beyond the picture
        inside.append(2 * dark.reshape(len(picture), 1, *height.shape) - 1)
    return torch.stack(inside).amin(0)


def faced(volumes: Tensor, training: int = 4000, turns: int = 8) -> Tensor:
    """Each volume [count, 1, s, s, s] turned about the upright axis to where it is nearest to a training shape.

    `turns` are tried, from none on, evenly all the way round. Whoever has seen silhouettes from sides that nobody named
    cannot know which way a thing faces.
    """
    known, size = shapes.load(volumes.shape[-1], training).samples, volumes.shape[-1]
    tried = [volumes]
    for turn in range(1, turns):
        angle = 2 * torch.pi * torch.tensor(turn / turns)
        cos, sin, zero = angle.cos(), angle.sin(), torch.zeros(())
        turned = torch.stack([cos, sin, zero, -sin, cos, zero]).view(1, 2, 3)
        places = affine_grid(turned.expand(len(volumes), 2, 3), [len(volumes), 1, size, size], align_corners=False)
        tried.append(grid_sample(volumes[:, 0] + 1, places, align_corners=False)[:, None] - 1)  # air is 0 to it
    distances = torch.stack([nearest(known, each).distances for each in tried])
    return torch.stack(tried)[distances.argmin(0), torch.arange(len(volumes))]
