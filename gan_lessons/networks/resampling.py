"""Alias-free layers: a nonlinearity makes detail finer than the pixels, which has to be filtered out before it folds.

Karras et al. 2021, arXiv:2106.12423 (StyleGAN 3).
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, conv_transpose2d, leaky_relu, pad


def low_pass(taps: int = 12, cutoff: float = 0.25, beta: float = 6.0) -> Tensor:
    """A windowed sinc [taps] that lets pass what has fewer than `cutoff` cycles a sample; it adds up to 1.

    Kaiser's window, whose `beta` trades a steep edge for a clean stop band.
    """
    time = torch.arange(taps) - (taps - 1) / 2
    filtered = 2 * cutoff * torch.sinc(2 * cutoff * time) * torch.kaiser_window(taps, periodic=False, beta=beta)
    return filtered / filtered.sum()


class AliasFree(nn.Module):
    """A leaky ReLU at twice the resolution, between two low-pass filters: [batch, channels, side, side] to the same.

    A shift of the input by a part of a pixel then shifts the output by as much. Edges wrap around, so that this can be
    measured to the border.
    """

    def __init__(self, taps: int = 12):
        super().__init__()
        self.register_buffer("filter", low_pass(taps), persistent=False)

    def forward(self, maps: Tensor) -> Tensor:
        return halved(leaky_relu(doubled(maps, self.filter), 0.2), self.filter)  # type: ignore[arg-type]


def doubled(maps: Tensor, filtering: Tensor) -> Tensor:
    """Maps at twice their resolution: zeros between the samples, and a low-pass filter."""
    taps, channels = len(filtering), maps.shape[1]
    around = pad(maps, (taps // 2,) * 4, mode="circular")
    for axis in (2, 3):
        kernel, stride = shaped(2 * filtering, axis, channels), [1, 1]
        stride[axis - 2] = 2
        around = conv_transpose2d(around, kernel, stride=stride, groups=channels)
    start = 2 * (taps // 2) + taps // 2 - 1
    return around[:, :, start : start + 2 * maps.shape[2], start : start + 2 * maps.shape[3]]


def halved(maps: Tensor, filtering: Tensor) -> Tensor:
    """Maps at half their resolution: a low-pass filter, and every second sample."""
    taps, channels = len(filtering), maps.shape[1]
    around = pad(maps, (taps // 2 - 1, taps // 2) * 2, mode="circular")
    for axis in (2, 3):
        stride = [1, 1]
        stride[axis - 2] = 2
        around = conv2d(around, shaped(filtering, axis, channels), stride=stride, groups=channels)
    return around[:, :, : maps.shape[2] // 2, : maps.shape[3] // 2]


def shaped(filtering: Tensor, axis: int, channels: int) -> Tensor:
    """A filter along one axis of each channel, [channels, 1, taps, 1] or [channels, 1, 1, taps]."""
    return filtering.reshape((1, 1, -1, 1) if axis == 2 else (1, 1, 1, -1)).expand(channels, -1, -1, -1)
