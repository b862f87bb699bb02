"""Texts as a table of samples."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes


def draw_texts(axes: Axes, texts: Sequence[str], columns: int = 5, **look: Any) -> None:
    """Write texts into a grid, row by row, in letters of one width; a dollar sign in them is one.

    `look` is matplotlib's of a text, as its color or its fontsize.
    """
    rows = -(-len(texts) // columns)
    for k, text in enumerate(texts):
        axes.text(k % columns, k // columns, text, family="monospace", va="center", parse_math=False, **look)
    axes.set(xlim=(0, columns), ylim=(rows - 0.5, -0.5))
    axes.set_axis_off()
