"""Sheets of pictures."""

from matplotlib.axes import Axes
from torch import Tensor


def tile(pixels: Tensor, columns: int, gap: int = 2) -> Tensor:
    """Lay pictures [count, channels, height, width] in [-1, 1] out as one, [height', width', channels] in [0, 1].

    A sheet that is not full ends in empty places; the gaps are white.
    """
    count, channels, height, width = pixels.shape
    rows = -(-count // columns)
    sheet = pixels.new_ones(rows * (height + gap) - gap, columns * (width + gap) - gap, channels)
    for place, picture in enumerate(((pixels + 1) / 2).clamp(0, 1)):
        top, left = place // columns * (height + gap), place % columns * (width + gap)
        sheet[top : top + height, left : left + width] = picture.permute(1, 2, 0)
    return sheet


def draw_sheet(axes: Axes, pixels: Tensor, columns: int = 10) -> None:
    """Show pictures [count, channels, height, width] in rows of `columns`, without axes."""
    axes.imshow(tile(pixels.cpu(), columns), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    axes.axis("off")
