"""Shapes in space: a computed family of five kinds of things, digits cut out of a board, and emoji blown up.

A shape is a **truncated signed distance** on a grid, [1, size, size, size] in [-1, 1]: how deep a place lies inside
(above 0) or how far outside (below), in units of a voxel and a half, and no more than one. The axes are height (upwards
from the floor), depth (towards the viewer) and width (to the right); the cube runs from -1 to 1 along each.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from scipy.ndimage import binary_fill_holes, distance_transform_edt, gaussian_filter
from torch import Tensor
from torch.nn.functional import interpolate

from gan_lessons.data import emoji, images
from gan_lessons.data.sources import Labelled

KINDS = ("chair", "table", "lamp", "vase", "mug")
CREDIT = f"Blown up from {emoji.CREDIT[0].lower()}{emoji.CREDIT[1:]}"
TRUNCATION = 1.5  # voxels
FLOOR = -0.9
TRAINING, HELD_OUT = 0, 1  # the seeds of the sets
SIZES = range(12, 65)

Place = tuple[Tensor, Tensor, Tensor]


def load(size: int = 16, count: int = 4000, held_out: bool = False) -> Labelled:
    """The family: as many of each kind, shapes [count, 1, size, size, size], and which of `KINDS` each is, [count].

    What is held out has other parameters, drawn from the same ranges. A ValueError for a size not from 12 to 64.
    """
    return Labelled(*drawn(checked(size), count, HELD_OUT if held_out else TRAINING))


@cache
def drawn(size: int, count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Shapes and their kinds, in turn; the same for the same seed, and all the shapes of a smaller count among them."""
    labels = torch.arange(count) % len(KINDS)
    shapes = torch.empty(count, 1, size, size, size)
    for label, kind in enumerate(KINDS):
        own = torch.Generator().manual_seed(1000 * seed + label)
        parameters = torch.rand(int((labels == label).sum()), 8, generator=own)
        shapes[labels == label] = compose(kind, parameters, size)
    return shapes, labels


def compose(kind: str, parameters: Tensor, size: int = 16) -> Tensor:
    """Shapes [count, 1, size, size, size] of one kind, for parameters [count, 8] in [0, 1]: each from its range."""
    if kind not in KINDS:
        raise ValueError(f"There are no shapes {kind!r}; the known kinds are {', '.join(KINDS)}.")
    parts = [truncated(MAKERS[kind](grid(size), Ranges(some)), size) for some in parameters.split(200)]
    return torch.cat(parts) if parts else torch.empty(0, 1, size, size, size)


def truncated(distance: Tensor, size: int) -> Tensor:
    """Signed distances [count, size, size, size], below 0 inside, as fields [count, 1, …] that are above 0 inside."""
    return (-distance * size / 2 / TRUNCATION).clamp(-1, 1)[:, None]


@cache
def grid(size: int) -> Place:
    """Height, depth and width of the voxels' centres, each [size, size, size], from -1 to 1."""
    steps = (torch.arange(size) + 0.5) / size * 2 - 1
    return torch.meshgrid(steps, steps, steps, indexing="ij")  # type: ignore[return-value]


def checked(size: int) -> int:
    """The size, or a ValueError."""
    if size not in SIZES:
        raise ValueError(f"Shapes have from {SIZES[0]} to {SIZES[-1]} voxels a side, not {size}.")
    return size


class Ranges:
    """Parameters [count, 8] in [0, 1], taken one after the other, each scaled to its range: [count, 1, 1, 1]."""

    def __init__(self, parameters: Tensor):
        self.left = list(parameters.unbind(1))

    def __call__(self, low: float | Tensor, high: float | Tensor) -> Tensor:
        return low + (high - low) * self.left.pop(0)[:, None, None, None]


# Solids, as signed distances: below 0 inside


def box(place: Place, centre: tuple, half: tuple) -> Tensor:
    """A box, by its centre and half its edges. Quilez 2008, iquilezles.org/articles/distfunctions."""
    beyond = [(a - c).abs() - h for a, c, h in zip(place, centre, half, strict=True)]
    high, deep, wide = (part.clamp_min(0) for part in beyond)
    outside = torch.hypot(torch.hypot(high, deep), wide)  # a norm over three stacked blocks takes ten times as long
    return outside + torch.maximum(torch.maximum(beyond[0], beyond[1]), beyond[2]).clamp_max(0)


def turned(place: Place, radius: Tensor, low: Tensor | float, high: Tensor | float, depth: float = 0.0) -> Tensor:
    """A solid of revolution about an upright axis, from `low` to `high`, of a radius that may depend on the height."""
    height, along, width = place
    aside = torch.hypot(along - depth, width) - radius
    above = torch.maximum(low - height, height - high)  # type: ignore[arg-type]
    return torch.maximum(aside, above).clamp_max(0) + torch.hypot(aside.clamp_min(0), above.clamp_min(0))


def union(*solids: Tensor) -> Tensor:
    """What lies in any of the solids."""
    return torch.stack(torch.broadcast_tensors(*solids)).amin(0)


def legs(place: Place, seat: Tensor, width: Tensor, depth: Tensor, half: Tensor) -> list[Tensor]:
    """Four legs from the floor to the seat, at the corners."""
    middle, length = (seat + FLOOR) / 2, (seat - FLOOR) / 2
    return [
        box(place, (middle, front * (depth - half), side * (width - half)), (length, half, half))
        for front in (-1, 1)
        for side in (-1, 1)
    ]


def chair(place: Place, between: Ranges) -> Tensor:
    """A seat on four legs, with a back."""
    seat, top = between(-0.25, 0.1), between(0.5, 0.9)
    width, depth = between(0.42, 0.68), between(0.42, 0.68)
    leg, thick = between(0.12, 0.16), between(0.12, 0.16)
    back = box(place, ((seat + top) / 2, thick - depth, 0.0), ((top - seat) / 2, thick, width))
    return union(box(place, (seat, 0.0, 0.0), (thick, depth, width)), back, *legs(place, seat, width, depth, leg))


def table(place: Place, between: Ranges) -> Tensor:
    """A board on four legs."""
    board = between(-0.1, 0.6)
    width, depth = between(0.5, 0.88), between(0.5, 0.88)
    leg, thick = between(0.12, 0.16), between(0.12, 0.16)
    return union(box(place, (board, 0.0, 0.0), (thick, depth, width)), *legs(place, board, width, depth, leg))


def lamp(place: Place, between: Ranges) -> Tensor:
    """A disc, a stem, and a shade that narrows upwards."""
    bottom, top = between(-0.05, 0.35), between(0.7, 0.9)
    wide, narrow = between(0.5, 0.85), between(0.25, 0.45)
    shade = wide + (narrow - wide) * ((place[0] - bottom) / (top - bottom)).clamp(0, 1)
    foot = turned(place, between(0.35, 0.6), FLOOR, FLOOR + 2 * between(0.1, 0.16))
    return union(turned(place, shade, bottom, top), turned(place, between(0.12, 0.17), FLOOR, bottom), foot)


def vase(place: Place, between: Ranges) -> Tensor:
    """A wall of waving radius, closed below and open above."""
    top, mean, wave = between(0.2, 0.9), between(0.45, 0.62), between(0.05, 0.22)
    radius = mean + wave * torch.sin(between(2.0, 4.5) * place[0] + between(0, 2 * torch.pi))
    wall = between(0.17, 0.22)
    hollow = turned(place, radius - wall, FLOOR + wall, 2.0)
    return torch.maximum(turned(place, radius, FLOOR, top), -hollow)


def mug(place: Place, between: Ranges) -> Tensor:
    """An upright wall, closed below and open above, with a handle in front."""
    height, depth, width = place
    tall, radius, aside = between(1.0, 1.6), between(0.38, 0.52), -0.25
    wall, ring, thick = between(0.15, 0.18), between(0.3, 0.4), between(0.11, 0.14)
    hollow = turned(place, radius - wall, FLOOR + wall, 2.0, aside)
    cup = torch.maximum(turned(place, radius, FLOOR, FLOOR + tall, aside), -hollow)
    circle = torch.hypot(height - (FLOOR + tall / 2), depth - (aside + radius + 0.06)) - ring
    handle = torch.maximum(torch.hypot(circle, width) - thick, radius - 0.08 - torch.hypot(depth - aside, width))
    return union(cup, handle)


MAKERS: dict[str, Callable[[Place, Ranges], Tensor]] = {
    "chair": chair, "table": table, "lamp": lamp, "vase": vase, "mug": mug,
}  # fmt: skip


# Shapes out of pictures


def digits(size: int = 16, count: int = 4000) -> Labelled:
    """Handwritten digits cut out of a board an eighth of the cube thick to either side, and which digit each is."""
    known = images.digits()
    pixels = interpolate(known.pixels[:count], (size, size), mode="area")
    strokes = (1.5 * pixels.flip(2)[:, 0, :, None, :] + 0.5).clamp(-1, 1)  # [count, height, 1, width]
    board = truncated(grid(size)[1][None].abs() - 0.25, size)[:, 0]
    assert known.labels is not None
    return Labelled(torch.minimum(strokes, board)[:, None], known.labels[:count])


def blown_up(outline: np.ndarray) -> np.ndarray:
    """A filled outline [size, size], the lowest row first, as a rounded solid of whole voxels [size, size, size]."""
    size = len(outline)
    inside = distance_transform_edt(outline)
    deepest = max(float(inside.max()), 1.0)
    half = gaussian_filter(0.75 * np.sqrt(np.clip(inside * (2 * deepest - inside), 0, None)), size / 32)
    depth = np.abs(np.arange(size) + 0.5 - size / 2)
    return outline[:, None, :] & (depth[None, :, None] <= np.minimum(half, size / 2 - 1)[:, None, :])


@cache
def emojis(size: int = 32, most: int | None = None) -> Tensor:
    """Emoji blown up from their outlines, [count, 1, size, size, size]: those that fill a tenth to four fifths.

    Each outline comes once. A ModuleNotFoundError where the drawings are not installed.
    """
    drawings = interpolate(emoji.load(64).pixels, (size, size), mode="area")
    outlines = [binary_fill_holes(drawing) for drawing in (drawings.amin(1) < 0.6).flip(1).numpy()]
    fitting = {outline.tobytes(): outline for outline in outlines if 0.1 < outline.mean() < 0.8}
    solids = [blown_up(outline) for outline in list(fitting.values())[:most]]
    return torch.stack([from_solid(solid) for solid in solids])


def from_solid(solid: np.ndarray) -> Tensor:
    """The truncated signed distance [1, size, size, size] of a solid of whole voxels."""
    distance = distance_transform_edt(solid) - distance_transform_edt(~solid)
    smooth = gaussian_filter(distance, 0.6)  # a distance to whole voxels has their steps
    return torch.from_numpy(np.clip(smooth / TRUNCATION, -1, 1)).float()[None]
