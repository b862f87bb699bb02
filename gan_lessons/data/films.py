"""Real films to look at: kanji as they are written, stroke by stroke, and the Earth as it turns.

The strokes are KanjiVG's, in the order in which they are written; the Earth is NASA's Blue Marble. `data.glyphs` and
`data.earth` say where both come from.
"""

import re
from functools import cache
from math import pi
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor
from torch.nn.functional import avg_pool2d, grid_sample

from gan_lessons.data import earth, glyphs, packages

SIMPLE = 10  # strokes: what has more is a blot in 32 × 32 pixels
COARSER = 9  # a film of the Earth is small, and detail finer than its pixels would flicker


def writing(characters: str, size: int = 32, frames: int = 16) -> Tensor:
    """Characters being written, [count, 1, frames, size, size] in [-1, 1]: black ink on white, whole at the last frame.

    The pen moves at a constant speed, and takes no time between strokes. A ValueError names an unknown character.
    """
    files = glyphs.strokes()
    if unknown := [character for character in characters if ord(character) not in files]:
        raise ValueError(f"There are no strokes of {', '.join(unknown)}; the known ones are {len(files):,} kanji.")
    return torch.stack([written(strokes_of(files[ord(character)]), size, frames) for character in characters])


@cache
def kanji(held_out: bool = False) -> Tensor:
    """The kanji of up to ten strokes being written, four in five of them, or the others: [count, 1, 16, 32, 32].

    They are drawn once, in half a minute, and then kept in the user's cache.
    """

    def draw() -> dict[str, np.ndarray]:
        simple = [
            chr(code) for code, file in glyphs.strokes().items() if file.read_text("utf-8").count("<path") <= SIMPLE
        ]
        return {"films": (writing("".join(simple)) + 1).mul(127.5).round().byte().numpy()}

    films = torch.from_numpy(packages.cached("kanjivg", "writing-32", draw)["films"])
    order = torch.randperm(len(films), generator=torch.Generator().manual_seed(0))
    cut = round(0.8 * len(films))
    return films[order[cut:] if held_out else order[:cut]].float().div(127.5).sub(1)


def strokes_of(file: Path) -> list[np.ndarray]:
    """The strokes of a character in their order, each [points, 2] in units of its side."""
    paths = re.findall(r'<path[^>]* d="([^"]+)"', file.read_text("utf-8"))
    return [np.array(glyphs.points(path)) / glyphs.CANVAS for path in paths]


def written(strokes: list[np.ndarray], size: int, frames: int) -> Tensor:
    """One character being written, [1, frames, size, size]."""
    side, width = glyphs.FINER * size, glyphs.PEN * glyphs.FINER * size / glyphs.CANVAS
    pieces = [np.stack([line[:-1], line[1:]], 1) for line in strokes]  # [pieces, 2 ends, 2]
    every = np.concatenate(pieces) * side
    done = np.linalg.norm(every[:, 1] - every[:, 0], axis=1).cumsum()
    paper = Image.new("L", (side, side), 255)
    pen, shown, next_piece = ImageDraw.Draw(paper), [], 0
    for frame in range(frames):
        until = done[-1] * (frame + 1) / frames + 1e-6
        while next_piece < len(every) and done[next_piece] <= until:
            (x0, y0), (x1, y1) = every[next_piece]
            pen.line((x0, y0, x1, y1), fill=0, width=round(width))
            pen.circle((x1, y1), width / 2, fill=0)
            next_piece += 1
        shown.append(np.asarray(paper.resize((size, size), Image.Resampling.BOX)))
    return torch.from_numpy(np.stack(shown))[None].float().div_(127.5).sub_(1)


def turning_earth(size: int = 160, frames: int = 24, tilt: float = 20.0) -> Tensor:
    """The Earth seen from far away while it turns once, [frames, 3, size, size] in [-1, 1]; `tilt` degrees from above.

    It begins at 0° east and turns towards the east, as it does. Space is black.
    """
    satellite = avg_pool2d(earth.as_floats(earth.maps().satellite)[None], COARSER)
    satellite = torch.cat([satellite, satellite[..., :1]], -1)  # 180° W is 180° E
    up, across = torch.meshgrid(*[torch.linspace(1, -1, size), torch.linspace(-1, 1, size)], indexing="ij")
    depth = (1 - across.square() - up.square()).clamp(min=0).sqrt()  # towards the eye
    angle = torch.tensor(tilt * pi / 180)
    north, near = up * angle.cos() + depth * angle.sin(), depth * angle.cos() - up * angle.sin()
    latitude, longitude = north.clamp(-1, 1).asin() / (pi / 2), torch.atan2(across, near) / pi
    shades = ((0.35 + 0.65 * depth) * (depth > 0)).clamp(0, 1)
    films = []
    for frame in range(frames):
        east = (longitude - 2 * frame / frames + 1) % 2 - 1
        film = grid_sample(satellite, torch.stack([east, -latitude], -1)[None], align_corners=True)[0]
        films.append((film + 1) * shades - 1)
    return torch.stack(films)
