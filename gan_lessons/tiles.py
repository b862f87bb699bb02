"""A picture of any size through a network of convolutions, a tile at a time: the memory is that of one tile.

What lies around a tile is shown to the network as well and cut off of what it makes. A convolutional network sees only
so far; where the overlap reaches as far, the tiles are those of the whole picture, and there is no seam to hide.
"""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

STEP = 16  # tiles begin at multiples of it, so that a network that halves four times halves each the same way


def spans(length: int, tile: int, overlap: int) -> Iterator[tuple[slice, slice]]:
    """Along one side, each tile's own pixels and those that the network is shown."""
    for start in range(0, length, tile):
        end = min(start + tile, length)
        yield slice(start, end), slice(max(0, start - overlap), min(length, end + overlap))


@torch.inference_mode()
def tiled(
    network: Callable[[Tensor], Tensor], picture: Tensor, scale: int = 1, tile: int = 512, overlap: int = 64
) -> Tensor:
    """What a network makes of a picture [channels, height, width], `scale` times as large: [any, height, width].

    `network` takes and makes [1, channels, height, width] in [-1, 1]. Bytes from 0 to 255 stay bytes, which
    spares memory; floats are in [-1, 1]. `tile` and `overlap` are pixels of the picture. A ValueError for other shapes,
    and for a tile or an overlap that is no multiple of 16.
    """
    if picture.dim() != 3 or 0 in picture.shape:
        raise ValueError(f"A picture [channels, height, width] is wanted, not {list(picture.shape)}.")
    if tile < STEP or tile % STEP or overlap < 0 or overlap % STEP:
        raise ValueError(f"Tiles and overlaps are multiples of {STEP} pixels; {tile} and {overlap} are not.")
    _, height, width = picture.shape
    in_bytes = picture.dtype == torch.uint8
    whole = None
    for rows, seen_rows in spans(height, tile, overlap):
        for columns, seen_columns in spans(width, tile, overlap):
            seen = picture[:, seen_rows, seen_columns]
            made = network((seen.float().div(127.5).sub(1) if in_bytes else seen)[None])[0]
            high, wide = scale * seen.shape[1], scale * seen.shape[2]
            if made.shape[1:] != (high, wide):
                raise ValueError(
                    f"Of {list(seen.shape)} the network makes {list(made.shape)}; wanted is {scale} times the size."
                )
            if in_bytes:
                made = made.float().add(1).mul(127.5).round().clamp(0, 255).byte()
            if whole is None:
                whole = made.new_empty(len(made), scale * height, scale * width)
            whole[:, scaled(rows, scale), scaled(columns, scale)] = made[
                :, scaled(rows, scale, seen_rows.start), scaled(columns, scale, seen_columns.start)
            ]
    assert whole is not None
    return whole


def scaled(part: slice, scale: int, origin: int = 0) -> slice:
    """A span of pixels, counted from `origin`, in a picture `scale` times as large."""
    return slice(scale * (part.start - origin), scale * (part.stop - origin))
