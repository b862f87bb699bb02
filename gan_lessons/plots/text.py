"""Texts as a table of samples."""

from collections.abc import Sequence

from matplotlib.axes import Axes


def draw_texts(axes: Axes, texts: Sequence[str], columns: int = 5) -> None:
    """Write texts into a grid, row by row, in letters of one width; a dollar sign in them is one."""
    rows = -(-len(texts) // columns)
    for k, text in enumerate(texts):
        axes.text(k % columns, k // columns, text, family="monospace", va="center", parse_math=False)
    axes.set(xlim=(-0.1, columns), ylim=(rows - 0.5, -0.5))
    axes.set_axis_off()
