"""What the assignment on shapes is worked on: figures of balls, letters, a solid with holes; and what mistakes make."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from gan_lessons.checks import own
from gan_lessons.networks.shapes import even_sphere

SIDE = 24  # voxels of the blocks that are drawn
UNIT = 1.5  # voxels
Mistakes = list[tuple[str, Tensor]]

# Each ball: height, depth and width of its centre, and its radius, in voxels of a block of 24
FIGURES = {
    "a snowman": [(5.5, 12, 12, 4.6), (12, 12, 12, 3.6), (17.3, 12, 12, 2.7), (17.3, 15.4, 12, 1.1)],
    "a bear": [
        (8, 12, 12, 5), (15, 12.5, 12, 3.6), (18.6, 12, 8.8, 1.7), (18.6, 12, 15.2, 1.7), (14.3, 15.9, 12, 1.6),
        (3.2, 15.5, 8.6, 2.2), (3.2, 15.5, 15.4, 2.2), (9, 15.5, 7, 1.7), (9, 15.5, 17, 1.7),
    ],
    "a duck": [(6.6, 10.4, 12, 5.8), (9.1, 4.5, 12, 2.5), (14.7, 15.4, 12, 3.9), (13.9, 20.1, 12, 1.8)],
    "a mouse": [
        (5.8, 10.8, 12, 4.9), (7.6, 17.4, 12, 3.6), (7, 21.2, 12, 1.3), (11.8, 16.2, 8.3, 2.5),
        (11.8, 16.2, 15.7, 2.5), (2.9, 4.8, 12, 1.7), (2.9, 2.2, 12, 1.4),
    ],
    "a caterpillar": [
        (3.6, 12, 3.6, 2.7), (4.4, 12, 7.6, 2.7), (5.6, 12, 11.6, 2.7), (4.6, 12, 15.4, 2.7), (8, 12, 18.6, 3),
        (11.8, 13.4, 18.6, 1.1), (11.8, 10.6, 18.6, 1.1),
    ],
}  # fmt: skip
PAIRS = ["GA", "DE", "AB", "EL", "RK", "SP", "MH", "TE"]
HOLED = [(6, 4, 1), (7, 4, 2), (5, 3, 1), (6, 3, 1), (8, 4, 2)]  # holes, pieces, sealed cavities


def own_figure(seed: int = 0) -> str:
    """Which of the figures is yours."""
    return own(seed, "figure", list(FIGURES))


def own_balls(seed: int = 0) -> tuple[Tensor, Tensor]:
    """The centres [k, 3] (height, depth, width) and radii [k] of your figure, in voxels of a block of 24."""
    balls = torch.tensor(FIGURES[own_figure(seed)])
    return balls[:, :3], balls[:, 3]


def depths(centres: Tensor, radii: Tensor, size: int, middle: float = 0.5, power: int = 1) -> Tensor:
    """How deep each cell lies within each ball, in voxels: [k, size, size, size]."""
    place = torch.arange(size) + middle
    cells = torch.stack(torch.meshgrid(place, place, place, indexing="ij"), -1)
    far = (cells - centres[:, None, None, None]).norm(dim=-1)
    return radii[:, None, None, None] ** power - far**power


def moulded(centres: Tensor, radii: Tensor, size: int) -> Tensor:
    """All balls as one truncated signed distance [size, size, size]."""
    return (depths(centres, radii, size) / UNIT).amax(0).clamp(-1, 1)


def ball_mistakes(centres: Tensor, radii: Tensor, size: int) -> Mistakes:
    """The block after the usual mistakes."""
    deep = depths(centres, radii, size)
    right, each = (deep / UNIT).amax(0).clamp(-1, 1), (deep / UNIT).clamp(-1, 1)
    far = radii[:, None, None, None] - deep
    squared = [radii[:, None, None, None] - far**2, depths(centres, radii, size, power=2)]
    found = [
        ("below 0 inside", -right),
        ("not cut off at one", (deep / UNIT).amax(0)),
        ("corner, not middle", (depths(centres, radii, size, 0.0) / UNIT).amax(0).clamp(-1, 1)),
        ("corner, not middle", (depths(centres, radii, size, 1.0) / UNIT).amax(0).clamp(-1, 1)),
        ("a voxel as the unit", deep.amax(0).clamp(-1, 1)),
        ("times one and a half", (deep * UNIT).amax(0).clamp(-1, 1)),
        *(("squared distance to a centre", (some / UNIT).amax(0).clamp(-1, 1)) for some in squared),
        ("in all balls at once", each.amin(0)),
        *(("balls added", some) for some in (each.sum(0), each.sum(0).clamp(-1, 1), each.mean(0))),
        ("balls added", (deep.sum(0) / UNIT).clamp(-1, 1)),
        ("one ball only", each[0]),
        ("one ball only", each[-1]),
        ("balls not joined", each),
        ("only solid or empty", right.sign()),
        ("only solid or empty", (right > 0).float()),
        ("nothing below 0", right.clamp_min(0)),
    ]
    orders = [(2, 1, 0), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1)]
    return found + [("axes in another order", right.permute(order)) for order in orders]


def figure_points(seed: int = 0, count: int = 400) -> Tensor:
    """Points [count, 3] (height, depth, width) spread over your figure's surface, in a cube from -1 to 1."""
    centres, radii = own_balls(seed)
    share = radii.square() / radii.square().sum()
    parts = [centre + radius * even_sphere(int(3 * count * part) + 8) for centre, radius, part in
             zip(centres, radii, share, strict=True)]  # fmt: skip
    every = torch.cat(parts)
    outside = (torch.cdist(every, centres) - radii).amin(1) > -1e-3
    every = every[outside]
    chosen = torch.randperm(len(every), generator=torch.Generator().manual_seed(seed))[:count]
    return every[chosen] / (SIDE / 2) - 1


# Two pictures crossed


def own_pair(seed: int = 0) -> str:
    """Two letters of your own."""
    return own(seed, "letters", PAIRS)


@cache
def letter(character: str, side: int = SIDE, fine: int = 8) -> Tensor:
    """A letter as a silhouette [side, side]: above 0 where it is dark, from -1 to 1; it fills the height."""
    path = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans-Bold.ttf"
    font = ImageFont.truetype(str(path), fine * side)
    left, top, right, bottom = font.getbbox(character)
    picture = Image.new("L", (max(1, int(right - left)), max(1, int(bottom - top))))
    ImageDraw.Draw(picture).text((-left, -top), character, fill=255, font=font)
    high = side - 4
    wide = min(high, max(1, round(high * picture.width / picture.height)))
    ink = torch.zeros(side, side)
    start = (side - wide) // 2
    drawn = np.asarray(picture.resize((wide, high), Image.Resampling.BOX), np.float32) / 255
    ink[2:-2, start : start + wide] = torch.from_numpy(drawn.copy())
    return 2 * ink - 1


def letters(pair: str) -> tuple[Tensor, Tensor]:
    """The first letters of a text as two silhouettes, [24, 24] each: one for the front, one for the left."""
    both = pair.strip().upper() + "GD"
    return letter(both[0]), letter(both[1])


def cut(front: Tensor, side: Tensor) -> Tensor:
    """The block [height, depth, width] with the silhouettes front [height, width] and side [height, depth]."""
    return torch.minimum(front.flip(0)[:, None, :], side.flip(0)[:, :, None])


def cut_mistakes(front: Tensor, side: Tensor) -> Mistakes:
    """The block after the usual mistakes."""
    right, shape = cut(front, side), (len(front), side.shape[1], front.shape[1])
    ahead, aside = front.flip(0)[:, None, :].expand(shape), side.flip(0)[:, :, None].expand(shape)
    made = [
        ("block upside down", cut(front.flip(0), side.flip(0))),
        ("one picture upside down", cut(front.flip(0), side)),
        ("one picture upside down", cut(front, side.flip(0))),
        ("in either shadow", torch.maximum(ahead, aside)),
        ("shadows added", ahead + aside),
        ("shadows added", (ahead + aside) / 2),
        ("shadows multiplied", ahead * aside),
        ("only solid or empty", right.sign()),
        ("only solid or empty", (right > 0).float()),
        ("one picture only", ahead),
        ("one picture only", aside),
        ("left and right mirrored", right.flip(1)),
        ("left and right mirrored", right.flip(2)),
        ("left and right mirrored", right.flip(1, 2)),
    ]
    swapped = [("depth and width swapped", each.transpose(1, 2)) for each in (right, right.flip(0))]
    return made + swapped + [("depth and width swapped", cut(side, front))] * (front.shape == side.shape)


# A solid with holes


def own_counts(seed: int = 0) -> dict[str, int]:
    """Of a solid of your own: its pieces and sealed cavities, and how many corners, edges, faces and voxels it has."""
    holes, pieces, cavities = own(seed, "holes", HOLED)
    names = ("pieces", "sealed cavities", "corners", "edges", "faces", "voxels")
    return dict(zip(names, (pieces, cavities, *cells(holed(holes, pieces, cavities))), strict=True))


def own_holes(seed: int = 0) -> int:
    """How many holes your solid has."""
    return own(seed, "holes", HOLED)[0]


def holed(holes: int, pieces: int, cavities: int) -> NDArray[np.bool_]:
    """A solid: a board with so many holes in a row, and cubes beside it, some of which are hollow."""
    solid = np.zeros((3, 8, max(2 * holes + 1, 4 * pieces)), bool)
    solid[1, :3, : 2 * holes + 1] = True
    solid[1, 1, 1 : 2 * holes : 2] = False
    for cube in range(pieces - 1):
        solid[:, 5:, 4 * cube : 4 * cube + 3] = True
        solid[1, 6, 4 * cube + 1] = cube >= cavities
    return solid


def cells(solid: NDArray[np.bool_]) -> Iterable[int]:
    """How many corners, edges, faces and voxels a solid has, each counted once."""
    counts = [0, 0, 0, 0]
    for axes in np.ndindex(2, 2, 2):  # along which axes a cell is as long as a voxel (1), or a point (0)
        found = np.pad(solid, 1)
        for axis, long in enumerate(axes):
            if not long:  # it belongs to the voxels on either side
                found = np.delete(found, -1, axis) | np.delete(found, 0, axis)
        counts[sum(axes)] += int(found.sum())
    return counts
