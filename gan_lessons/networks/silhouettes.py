"""Shapes in space that only show their silhouettes: what a discriminator of pictures sees of a generator of volumes.

Gadelha et al. 2017, arXiv:1612.05872 (PrGAN), who do not smooth.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import affine_grid, avg_pool3d, grid_sample, pad


class Silhouettes(nn.Module):
    """A generator of volumes that only shows what they look like from a random side, [batch, 1, size, size].

    The sides lie all around, at the height of the eye. `volumes` are the shapes themselves, `smoothed`, as silhouettes
    hardly tell a smooth surface from a ragged one.
    """

    def __init__(self, generator: nn.Module, smooth: bool = True):
        super().__init__()
        self.generator, self.smooth = generator, smooth

    def forward(self, noise: Tensor, *condition: Tensor) -> Tensor:
        angles = torch.rand(len(noise), device=noise.device) * 2 * torch.pi
        return silhouettes(self.volumes(noise, *condition), angles)

    def volumes(self, noise: Tensor, *condition: Tensor) -> Tensor:
        """Volumes [batch, 1, size, size, size]."""
        volumes = self.generator(noise, *condition)
        return smoothed(volumes) if self.smooth else volumes


def smoothed(volumes: Tensor) -> Tensor:
    """Each voxel averaged with its neighbours, weighted 1, 2, 1 along each axis, in volumes [batch, 1, s, s, s]."""
    padded = pad(volumes, (1,) * 6, value=-1.0)  # with air beyond the cube
    return avg_pool3d(avg_pool3d(padded, 2, stride=1), 2, stride=1)


def silhouettes(volumes: Tensor, angles: Tensor, density: float = 3.0) -> Tensor:
    """What volumes [batch, 1, s, s, s] hide of a light behind them, from angles [batch]: pictures [batch, 1, s, s].

    In radians about the upright axis, 0 in front. A voxel of value v counts as ((v + 1) / 2)² solid, so that what is
    nearly solid has a gradient. A ray that meets d of it is 1 - exp(-density · d) dark, scaled to [-1, 1].
    """
    cos, sin, zero = angles.cos(), angles.sin(), torch.zeros_like(angles)
    # the slices of the height are channels of a picture of depth and width, which is turned
    turn = torch.stack([torch.stack([cos, sin, zero], -1), torch.stack([-sin, cos, zero], -1)], 1)
    slices = volumes[:, 0]
    places = affine_grid(turn, list(slices.shape), align_corners=False)
    solid = grid_sample((slices + 1) / 2, places, align_corners=False).square()  # with air beyond the cube
    return (1 - 2 * (-density * solid.sum(2)).exp()).flip(1)[:, None]
