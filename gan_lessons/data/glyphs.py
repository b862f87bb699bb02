"""6,412 kanji in three hands: a pen's strokes, gothic and mincho type; aligned, so that each is a triple of pictures.

The strokes are KanjiVG's (Ulrich Apel and others, CC BY-SA 3.0: name it beside the pictures, and share alike), from the
package kanjivg; gothic and mincho are Noto Sans JP and Noto Serif JP (SIL Open Font License 1.1), from
pylopdf-fonts-cjk. The task of translating one hand into another is that of Tian 2017, zi2zi.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from gan_lessons.data import packages
from gan_lessons.data.images import checked

CREDIT = "Strokes by KanjiVG, CC BY-SA 3.0; type: Noto Sans JP and Noto Serif JP, OFL 1.1"
HANDS = ("pen", "gothic", "mincho")
FONTS = {"gothic": "NotoSansJP-Regular.otf", "mincho": "NotoSerifJP-Regular.otf"}
CANVAS = 109  # the side of KanjiVG's drawings, in its own units
PEN = 3.2  # the width of a stroke, in the same units
FILLED = 0.92  # the share of the side that a character of the fonts takes, as in KanjiVG's drawings
BASELINE = 0.38  # how far below the middle of a character its baseline lies, as a share of its side
FINER = 4  # drawn at four times the side, then shrunk


@dataclass(frozen=True)
class Glyphs:
    """The same characters in three hands, [count, 1, size, size] each, in [-1, 1]: black on white paper.

    They are kept as bytes [hands, count, 1, size, size], and a hand becomes numbers when it is asked for: at 256 × 256,
    all three would be five gigabytes.
    """

    levels: Tensor
    characters: str

    @property
    def pen(self) -> Tensor:
        return self.hand("pen")

    @property
    def gothic(self) -> Tensor:
        return self.hand("gothic")

    @property
    def mincho(self) -> Tensor:
        return self.hand("mincho")

    def hand(self, name: str) -> Tensor:
        """All the characters in one hand."""
        return self.levels[HANDS.index(name)].float().div_(127.5).sub_(1)

    def __len__(self) -> int:
        return len(self.characters)

    def __getitem__(self, indices: Tensor | slice) -> "Glyphs":
        if isinstance(indices, slice):
            return Glyphs(self.levels[:, indices], self.characters[indices])
        return Glyphs(self.levels[:, indices], "".join(self.characters[index] for index in indices.tolist()))

    def split(self, share: float = 0.8, seed: int = 0) -> tuple["Glyphs", "Glyphs"]:
        """Two parts without a common character, the first with `share` of them; the same parts for the same seed."""
        order = torch.randperm(len(self), generator=torch.Generator().manual_seed(seed))
        cut = round(share * len(self))
        return self[order[:cut]], self[order[cut:]]


@cache
def load(size: int = 32) -> Glyphs:
    """All 6,412; drawn once, in half a minute, and then kept in the user's cache.

    A ValueError for a `size` that is no multiple of 4 from 8 to 256, a ModuleNotFoundError where a package is missing.
    """
    checked(size)
    files = strokes()
    stored = packages.cached("kanjivg", f"kanji-{size}", lambda: draw(files, size))
    levels = torch.from_numpy(np.stack([stored[hand] for hand in HANDS]))[:, :, None]
    return Glyphs(levels, "".join(map(chr, stored["codes"])))


def strokes() -> dict[int, Path]:
    """KanjiVG's file of each kanji in its usual form, by code point."""
    root = packages.beside("kanjivg", "The strokes of kanji") / "kanji"
    codes = {int(file.stem, 16): file for file in root.glob("?????.svg")}
    return {code: codes[code] for code in sorted(codes) if 0x4E00 <= code <= 0x9FFF}


def draw(files: dict[int, Path], size: int) -> dict[str, np.ndarray]:
    """The characters that all three hands have: their `codes` [count] and, by hand, bytes [count, size, size]."""
    root = packages.folder("pylopdf_fonts_cjk", "Gothic and mincho")
    codes = common(files, root)
    drawn = {"codes": np.array(codes), "pen": np.stack([written(files[code], size) for code in codes])}
    for hand, font in FONTS.items():
        drawn[hand] = np.stack(list(printed(codes, root / font, size)))
    return drawn


def common(files: dict[int, Path], root: Path) -> list[int]:
    """The code points of the strokes that both fonts have as well: all but one."""
    from fontTools.ttLib import TTFont  # slow to import, and needed once a size

    known = [TTFont(root / font, lazy=True).getBestCmap() for font in FONTS.values()]
    return [code for code in files if all(code in font for font in known)]


def printed(codes: list[int], font: Path, size: int) -> Iterable[np.ndarray]:
    """Characters in a font, as bytes [size, size]."""
    side = FINER * size
    height = round(FILLED * side)
    type_ = ImageFont.truetype(str(font), height, layout_engine=ImageFont.Layout.BASIC)
    for code in codes:
        paper = Image.new("L", (side, side), 255)
        ImageDraw.Draw(paper).text((side / 2, side / 2 + BASELINE * height), chr(code), font=type_, fill=0, anchor="ms")
        yield np.asarray(paper.resize((size, size), Image.Resampling.BOX))


def written(file: Path, size: int) -> np.ndarray:
    """The strokes of a character, as bytes [size, size]."""
    side = FINER * size
    scale, width = side / CANVAS, PEN * side / CANVAS
    paper = Image.new("L", (side, side), 255)
    pen = ImageDraw.Draw(paper)
    for path in re.findall(r'<path[^>]* d="([^"]+)"', file.read_text("utf-8")):
        line = [(scale * x, scale * y) for x, y in points(path)]
        pen.line(line, fill=0, width=round(width), joint="curve")
        for x, y in (line[0], line[-1]):  # round ends
            pen.circle((x, y), width / 2, fill=0)
    return np.asarray(paper.resize((size, size), Image.Resampling.BOX))


def points(path: str, each: int = 8) -> list[tuple[float, float]]:
    """A stroke as points along its curves, `each` of them a curve."""
    from fontTools.pens.recordingPen import RecordingPen
    from fontTools.svgLib.path import parse_path

    pen = RecordingPen()
    parse_path(path, pen)
    line: list[tuple[float, float]] = []
    for step, ends in pen.value:
        if step in ("moveTo", "lineTo"):
            line.append(ends[0])
        elif step == "curveTo":
            corners = np.array([line[-1], *ends])
            t = np.linspace(0, 1, each + 1)[1:, None]
            weights = np.hstack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3])
            line += [(float(x), float(y)) for x, y in weights @ corners]
    return line
