"""What silhouettes tell of a shape: its visual hull, and not which way it faces."""

import torch
from torch import Tensor
from torch.nn.functional import grid_sample

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


def faced(volumes: Tensor, training: int = 4000) -> Tensor:
    """Each volume [count, 1, s, s, s] as it stands or turned by half, whichever is nearer to a training shape.

    Whoever has seen silhouettes from sides that nobody named cannot know which way a thing faces.
    """
    known = shapes.load(volumes.shape[-1], training).samples
    about = volumes.flip(3, 4)
    better = nearest(known, about).distances < nearest(known, volumes).distances
    return torch.where(better[:, None, None, None, None], about, volumes)
