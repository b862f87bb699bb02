"""Curves over training, of one GAN or of many."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from torch import Tensor

from gan_lessons.plots import style


def smooth(values: Tensor, window: int) -> Tensor:
    """The mean of every `window` values, [steps // window, ...]; a rest too short for a window is left out."""
    kept = len(values) // window * window
    return values[:kept].unflatten(0, (-1, window)).mean(1)


def draw_curve(axes: Axes, steps: Tensor, values: Tensor, color: str, label: str = "", window: int = 1) -> None:
    """One curve of `values` [steps], or of [steps, members] the median with the middle half as a band."""
    steps, values = smooth(steps.double(), window).cpu(), smooth(values.double(), window).cpu()
    if values.dim() == 2:
        axes.fill_between(steps, values.quantile(0.25, 1), values.quantile(0.75, 1), color=color, alpha=0.2, lw=0)
        values = values.median(1).values
    axes.plot(steps, values, color=color, label=label, lw=1.4)
    axes.set_xlabel("step")


def draw_reference(axes: Axes, value: float, label: str) -> None:
    """A dashed line for a floor, a ceiling or what a perfect sampler scores."""
    axes.axhline(value, color=style.REFERENCE, lw=1, ls="--")
    axes.annotate(
        label, (1, value), xycoords=("axes fraction", "data"), xytext=(-2, 2), textcoords="offset points",
        ha="right", va="bottom", fontsize=9, color=style.REFERENCE, parse_math=False,
    )  # fmt: skip


def label_ends(axes: Axes, gap: float = 13) -> None:
    """Write each labelled line's name at its right end, in its colour, in place of a legend.

    Names that would meet are moved apart to `gap` points. The axes' limits are to be final: a line that leaves them is
    named where it does.
    """
    ends = sorted(
        ((*end_of(line, axes), line) for line in axes.get_lines() if not str(line.get_label()).startswith("_")),
        key=lambda end: end[1],
    )
    height_of = [float(axes.transData.transform((x, y))[1]) * 72 / axes.figure.dpi for x, y, _ in ends]
    places = list(height_of)
    for _ in range(100):  # each pair that meets gives way by half
        for k in range(len(places) - 1):
            if (short := gap - (places[k + 1] - places[k])) > 0:
                places[k] -= short / 2
                places[k + 1] += short / 2
    for place, height, (x, y, line) in zip(places, height_of, ends, strict=True):
        axes.annotate(
            str(line.get_label()), (x, y), xytext=(5, place - height), textcoords="offset points", va="center",
            color=line.get_color(), fontsize=9, annotation_clip=False,
        )  # fmt: skip


def end_of(line: Line2D, axes: Axes) -> tuple[float, float]:
    """The last point of a line within the axes from left to right, moved into them from above or below."""
    x, y = (np.asarray(values, dtype=float) for values in line.get_data())
    last = np.flatnonzero((x >= min(axes.get_xlim())) & (x <= max(axes.get_xlim())))[-1]
    low, high = sorted(axes.get_ylim())
    return float(x[last]), float(min(max(y[last], low), high))
