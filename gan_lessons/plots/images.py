"""Sheets of pictures."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from torch import Tensor

GAP = 2  # pixels between two pictures


def tile(pixels: Tensor, columns: int, gap: int = GAP) -> Tensor:
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


def draw_sheet(axes: Axes, pixels: Tensor, columns: int = 10, rows: Sequence[str] = ()) -> None:
    """Show pictures [count, channels, height, width] in rows of `columns`, without axes; `rows` are named at the left.

    A ValueError where there are not as many names as rows.
    """
    count, _, height, _ = pixels.shape
    if rows and len(rows) != -(-count // columns):
        raise ValueError(f"{count} pictures in rows of {columns} have {-(-count // columns)} rows, not {len(rows)}.")
    axes.imshow(tile(pixels.cpu(), columns), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    axes.axis("off")
    for row, name in enumerate(rows):
        axes.annotate(
            name, (0, row * (height + GAP) + height / 2), xytext=(-6, 0), textcoords="offset points",
            ha="right", va="center", fontsize=9, annotation_clip=False, parse_math=False,
        )  # fmt: skip
