"""Handwritten digits that glide and bounce: short films whose law of motion is known, so that a fake can be checked.

A digit of 16 × 16 pixels moves through frames of 32 × 32 at a constant speed, and is reflected at the edges. After
Srivastava et al. 2015, arXiv:1502.04681 (Moving MNIST), with one digit, and with places between the pixels.
"""

from functools import cache
from math import pi
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate, pad

from gan_lessons.data import images
from gan_lessons.data.sources import Batch, Samples

FRAMES, SIDE, PATCH = 16, 32, 16  # of a clip; pixels of a frame; pixels of a digit
ROOM = SIDE - PATCH  # the upper left corner of a digit moves from 0 to ROOM, across and down
SPEEDS = (1.0, 2.5)  # pixels a frame, each as likely as any other between them
RIM = 2  # pixels of MNIST's empty rim that are cut off, so that a digit fills its patch
CENTER = (14.5 - RIM) * PATCH / (28 - 2 * RIM) - 0.5  # MNIST's digits have their centre of mass at pixel 14 of 28
SHARPENED = 0.6  # between the pixels a digit is blurred, and the judge learnt sharp ones
COUNT = 40_000  # clips to learn from


class MovingDigits(Samples):
    """Clips of moving digits, [batch, 1, 16, 32, 32] in [-1, 1], put together when they are asked for.

    `samples` are the patches [digits, 1, 16, 16], `labels` [digits] what they show, `chosen` [clips] which of them is
    in a clip, `starts` and `velocities` [clips, 2] how it moves: (across, down), in pixels and in pixels a frame.
    """

    def __init__(self, patches: Tensor, labels: Tensor, count: int, seed: int = 0):
        super().__init__(patches)
        random = torch.Generator().manual_seed(seed)
        self.labels = labels
        self.chosen = torch.randint(len(patches), (count,), generator=random)
        self.starts = ROOM * torch.rand(count, 2, generator=random)
        self.velocities = velocities(count, random)

    def __len__(self) -> int:
        return len(self.chosen)

    def batch(self, indices: Tensor) -> Batch:
        return Batch(placed(self.samples[self.chosen[indices]], self.paths(indices)))

    def paths(self, indices: Tensor) -> Tensor:
        """Where the digits are in each frame, [batch, 16, 2]: their upper left corners."""
        return paths(self.starts[indices], self.velocities[indices])

    def classes(self, indices: Tensor) -> Tensor:
        """Which digits the clips show, [batch]."""
        return self.labels[self.chosen[indices]]


@cache
def moving_digits(held_out: bool = False, count: int = COUNT) -> MovingDigits:
    """Clips of the 4,000 digits to learn from, or of the 1,000 that are held out; the same ones each time."""
    known = images.digits(held_out)
    assert known.labels is not None
    return MovingDigits(patches(known.pixels), known.labels, count, seed=int(held_out))


def patches(pixels: Tensor) -> Tensor:
    """Digits [count, 1, 28, 28] as they move: without their rim, at [count, 1, 16, 16]."""
    return interpolate(pixels[..., RIM:-RIM, RIM:-RIM], PATCH, mode="bilinear", antialias=True, align_corners=False)


def velocities(count: int, random: torch.Generator | None = None) -> Tensor:
    """Speeds and directions as the law has them, [count, 2] in pixels a frame."""
    speeds, angles = torch.rand(2, count, generator=random)
    speeds, angles = SPEEDS[0] + (SPEEDS[1] - SPEEDS[0]) * speeds, 2 * pi * angles
    return torch.stack([speeds * angles.cos(), speeds * angles.sin()], -1)


def paths(starts: Tensor, velocities: Tensor, frames: int = FRAMES) -> Tensor:
    """The law: straight on at a constant speed, reflected at the edges. [count, 2] each to [count, frames, 2]."""
    time = torch.arange(frames, device=starts.device)[:, None]
    return reflected(starts[:, None] + velocities[:, None] * time)


def reflected(places: Tensor, room: float = 16) -> Tensor:
    """A straight line folded back and forth between 0 and `room`."""
    return room - ((places % (2 * room)) - room).abs()


def lattice(starts: Tensor, wide: int, patch: int) -> Tensor:
    """How much each of `wide` pixels takes of each of `patch` pixels that start at a place: [..., wide, patch].

    A pixel between two takes a share of either: linear interpolation, as a matrix. It costs one product, and has slopes
    of any order in pixels and places alike.
    """
    pixels = torch.arange(wide, device=starts.device)[:, None] - torch.arange(patch, device=starts.device)
    return (1 - (pixels - starts[..., None, None]).abs()).clamp(min=0)


def placed(patches: Tensor, paths: Tensor, side: int = SIDE) -> Tensor:
    """Patches [batch, 1, patch, patch] in [-1, 1], or one for each frame [batch, frames, …], on black along paths.

    A clip [batch, 1, frames, side, side], differentiable in both. Jaderberg et al. 2015, arXiv:1506.02025.
    """
    across, down = (lattice(places, side, patches.shape[-1]) for places in paths.unbind(-1))
    return (down @ (patches + 1) @ across.mT - 1)[:, None]


def centers(clips: Tensor) -> Tensor:
    """The centre of the ink in each frame of clips [batch, 1, frames, side, side]: (across, down), [batch, frames, 2].

    What is fainter than a tenth of full ink does not count. The middle, where there is none.
    """
    ink = ((clips[:, 0] + 1) / 2).clamp(0, 1)
    ink = torch.where(ink > 0.1, ink, 0.0) + 1e-6
    pixels = torch.arange(clips.shape[-1], device=clips.device, dtype=ink.dtype)
    total = ink.sum((-2, -1))
    return torch.stack([(ink.sum(-2) * pixels).sum(-1) / total, (ink.sum(-1) * pixels).sum(-1) / total], -1)


def glimpses(clips: Tensor, patch: int = PATCH, center: float = CENTER) -> Tensor:
    """The window around the ink of each frame of clips [batch, 1, frames, side, side]: [batch, frames, patch, patch].

    It lies on whole pixels, so that nothing is blurred, and no gradient flows through its place. Beyond the frame all
    is black.
    """
    starts = (centers(clips.detach()) - center).round()
    across, down = (lattice(places, clips.shape[-1], patch) for places in starts.unbind(-1))
    return down.mT @ (clips[:, 0] + 1) @ across - 1


def as_digits(windows: Tensor) -> Tensor:
    """Windows [count, 16, 16] as the judge of digits reads them, sharpened and with their rim: [count, 1, 28, 28]."""
    around = avg_pool2d(pad(windows[:, None], (1,) * 4, value=-1.0), 3, 1)
    sharp = windows[:, None] + SHARPENED * (windows[:, None] - around)
    larger = interpolate(sharp, 28 - 2 * RIM, mode="bicubic", align_corners=False).clamp(-1, 1)
    return pad(larger, (RIM,) * 4, value=-1.0)


class Fork(NamedTuple):
    """Four frames [count, 4, 32, 32], the next one [count, 1, 32, 32], and which way it went, [count]."""

    before: Tensor
    after: Tensor
    way: Tensor


WAYS = torch.tensor([[2.0, 8.0], [8.0, 12.0], [14.0, 8.0]])  # where a digit may be next: left, on, or right


def fork(count: int, held_out: bool = False, seed: int = 0) -> Fork:
    """Digits that come down the middle, and then go left, on, or right, each with the same probability."""
    known, random = moving_digits(held_out).samples, torch.Generator().manual_seed(seed)
    chosen, way = torch.randint(len(known), (count,), generator=random), torch.randint(3, (count,), generator=random)
    down = torch.stack([torch.full((4,), 8.0), 2 * torch.arange(4.0)], -1).expand(count, -1, -1)
    clips = placed(known[chosen], torch.cat([down, WAYS[way][:, None]], 1))[:, 0]
    return Fork(clips[:, :4], clips[:, 4:], way)


def in_each(frames: Tensor, before: Tensor) -> Tensor:
    """How much of the ink of [count, 1, 32, 32] fits the digit in each of the three ways, [count, 3].

    The last frame `before` [count, 4, 32, 32] has the digit; its overlap with itself is 1.
    """
    digit = before[:, -1, 6:22, 8:24] + 1  # at (8, 6), as it was placed
    windows = [frames[:, 0, down : down + PATCH, across : across + PATCH] + 1 for across, down in WAYS.int().tolist()]
    overlaps = [(window * digit).sum((1, 2)) for window in windows]
    return torch.stack(overlaps, 1) / digit.square().sum((1, 2))[:, None]
