"""Curves over training, of one GAN or of many."""

from matplotlib.axes import Axes
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
        ha="right", va="bottom", fontsize=8, color=style.REFERENCE, parse_math=False,
    )  # fmt: skip
