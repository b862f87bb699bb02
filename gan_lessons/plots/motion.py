"""Something that moves on a page without a kernel: an animated PNG, which every notebook viewer shows."""

import io
import math
from collections.abc import Iterable

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

LARGEST = 400_000  # bytes
PICTURED = 64  # colors: what asks for more shows pictures rather than lines
SAMPLED = 8  # frames that the palette is taken from

Picture = Figure | Image.Image | NDArray[np.uint8]


class Animation:
    """Pictures shown one after the other, for ever; the last one stays for `rest` milliseconds.

    Where it rests longer than the others, it also stands first, which is what paper and previews show. `frames` are
    figures, PIL images or bytes [height, width] or [height, width, 3], all of one size. They are shown `width` pixels
    wide, by default as wide as they are. `colors` is the size of their common palette. A ValueError where there are no
    frames, their sizes differ, or the file would exceed LARGEST bytes.
    """

    def __init__(
        self,
        frames: Iterable[Picture],
        milliseconds: int = 80,
        rest: int = 1500,
        width: int | None = None,
        colors: int = 128,
    ):
        pictures = [as_image(frame) for frame in frames]
        if not pictures:
            raise ValueError("An animation needs at least one frame.")
        if len({picture.size for picture in pictures}) > 1:
            raise ValueError(f"The frames differ in size: {sorted({picture.size for picture in pictures})}.")
        if rest > milliseconds:
            pictures = pictures[-1:] + pictures
        self.width = width or pictures[0].width
        self.png = encoded(pictures, milliseconds, rest, colors)
        if len(self.png) > LARGEST:
            raise ValueError(
                f"{len(pictures)} frames of {pictures[0].width} × {pictures[0].height} pixels are {len(self.png):,} "
                f"bytes, more than {LARGEST:,}: take fewer, smaller ones, or fewer colors than {colors}."
            )
        self.count = len(pictures)

    def __repr__(self) -> str:
        return f"<Animation of {self.count} frames>"

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        return self.png, {"width": self.width}


def as_image(frame: Picture) -> Image.Image:
    """One frame in colours of red, green and blue."""
    if isinstance(frame, Figure):
        canvas = FigureCanvasAgg(frame)
        canvas.draw()
        frame = np.asarray(canvas.buffer_rgba())[..., :3]
    return (frame if isinstance(frame, Image.Image) else Image.fromarray(np.ascontiguousarray(frame))).convert("RGB")


def encoded(pictures: list[Image.Image], milliseconds: int, rest: int, colors: int) -> bytes:
    """An animated PNG in one palette, which is taken from a few of the pictures."""
    chosen = pictures[:: math.ceil(len(pictures) / SAMPLED)] + pictures[-1:]
    # large areas keep their colors, and coverage keeps what is rare (thin lines, text); for pictures k-means moves each
    # color amid its own, until fewer than a thousandth of the pixels change theirs; a quarter of the pixels gives as
    # good a palette, eight times faster
    pictured = colors > PICTURED
    board = Image.fromarray(
        np.concatenate([np.asarray(picture)[:: 1 + pictured, :: 1 + pictured] for picture in chosen])
    )
    moving = board.width * board.height // 1000 if pictured else 0
    flat = areas(board)[: colors // 2]
    others = board.quantize(colors - len(flat), Image.Quantize.MAXCOVERAGE, kmeans=moving)
    palette = Image.new("P", (1, 1))
    palette.putpalette([*sum(flat, ()), *(others.getpalette() or ())])
    indexed = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
    durations = [milliseconds] * (len(indexed) - 1) + [rest]
    file = io.BytesIO()
    indexed[0].save(file, "PNG", save_all=True, append_images=indexed[1:], duration=durations, loop=0, optimize=True)
    return file.getvalue()


def areas(board: Image.Image) -> list[tuple[int, ...]]:
    """The colours that cover more than a two-hundredth of a picture each, the largest first."""
    pixels = board.width * board.height
    found = sorted(board.getcolors(pixels) or (), reverse=True)
    return [color for count, color in found if count > pixels / 200]  # type: ignore[misc]
