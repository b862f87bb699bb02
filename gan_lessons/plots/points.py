"""Points in the plane, and what a discriminator thinks of them."""

from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from torch import Tensor

from gan_lessons.plots import style


def draw_points(axes: Axes, real: Tensor | None = None, fake: Tensor | None = None, limit: float = 3.0) -> None:
    """Scatter real and fake points, each [count, 2], in a square from -limit to limit."""
    for points, color, label in ((real, style.REAL, "real"), (fake, style.FAKE, "fake")):
        if points is not None:
            x, y = points.T.cpu()
            axes.scatter(x, y, s=6, alpha=0.5, color=color, label=label, linewidths=0)
    axes.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal", xticks=[-2, 0, 2], yticks=[-2, 0, 2])


def draw_scores(axes: Axes, scores: Tensor, limit: float = 3.0, bound: float | None = None) -> AxesImage:
    """A heat map of scores [height, width] over the square from -limit to limit, row 0 at the bottom.

    The colours run from -bound to bound, by default to the largest score.
    """
    bound = float(scores.abs().max()) if bound is None else bound
    extent = (-limit, limit, -limit, limit)
    return axes.imshow(scores.cpu().numpy(), origin="lower", extent=extent, cmap=style.SCORES, vmin=-bound, vmax=bound)
