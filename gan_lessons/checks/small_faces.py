"""Faces of 12 × 12 pixels, put together of parts: every possible one is known, so that new ones can be counted."""

from functools import cache

import torch
from torch import Tensor

SIDE = 12
TOPS = (
    ("............", "...##..##...", "...##..##..."),  # ears
    ("....####....", "....####....", "..########.."),  # a hat
    ("..#..##..#..", "..##.##.##..", "..########.."),  # a crown
    (".....##.....", "......#.....", ".....##....."),  # a curl
)
HEADS = (
    ("..########..", ".#........#.", ".#........#.", ".#........#.", ".#........#.", ".#........#.", ".#........#.",
     ".#........#.", "..########.."),
    ("...######...", "..#......#..", ".#........#.", "#..........#", "#..........#", ".#........#.", ".#........#.",
     "..#......#..", "...######..."),
    (".##########.", ".#........#.", ".#........#.", ".#........#.", "..#......#..", "..#......#..", "...#....#...",
     "....#..#....", ".....##....."),
)  # fmt: skip
EYES = (
    ("....#..#....", "....#..#...."),
    ("...##..##...", "............"),
    ("..########..", "...##..##..."),  # glasses
    ("...#....#...", "....#..#...."),
)
MOUTHS = (
    ("....####....", "............"),
    ("....#..#....", ".....##....."),
    (".....##.....", "....#..#...."),
    (".....##.....", ".....##....."),
)


def inked(rows: tuple[str, ...], first: int) -> Tensor:
    """Where a part that begins in that row is drawn, [12, 12]."""
    ink = torch.zeros(SIDE, SIDE, dtype=torch.bool)
    ink[first : first + len(rows)] = torch.tensor([[letter == "#" for letter in row] for row in rows])
    return ink


@cache
def every_face() -> Tensor:
    """All 192 faces, black on white, [192, 1, 12, 12] in [-1, 1]."""
    parts = ((TOPS, 0), (HEADS, 3), (EYES, 5), (MOUTHS, 8))
    drawn = [torch.stack([inked(rows, first) for rows in variants]) for variants, first in parts]
    chosen = torch.cartesian_prod(*(torch.arange(len(each)) for each in drawn))
    ink = torch.stack([each[chosen[:, place]] for place, each in enumerate(drawn)]).any(0)
    return 1 - 2 * ink[:, None].float()


def own_faces(seed: int = 0, count: int = 24) -> Tensor:
    """The faces that you have: so many of the 192, [count, 1, 12, 12]."""
    every = every_face()
    return every[torch.randperm(len(every), generator=torch.Generator().manual_seed(seed))[:count]]


def upright(pictures: Tensor) -> Tensor:
    """To which pictures [..., 1, 12, 12] the mean face is nearer as it is than turned, [...]."""
    mean = every_face().mean(0)
    four = torch.stack([mean.rot90(turns, (-2, -1)) for turns in range(4)]).flatten(1)
    return torch.cdist(pictures.flatten(-3), four.expand(*pictures.shape[:-4], 4, -1)).argmin(-1) == 0
