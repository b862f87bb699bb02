"""Stick figures: motions as strips, seen from the side."""

import math
from collections.abc import Iterable

from matplotlib.axes import Axes
from torch import Tensor

from gan_lessons.plots import style
from gan_lessons.skeleton import JOINTS


def draw_figure(
    axes: Axes,
    joints: Tensor,
    at: float = 0,
    color: str = style.FAKE,
    width: float = 1.6,
    turn: float = 0,
    head: float = 0,
) -> None:
    """One pose [18, 3], its hip at `at` across; limbs of its left side are fainter.

    It is seen from its right, or from `turn` degrees nearer to its front. `head` is the size of a dot for the head.
    """
    angle = math.radians(turn)
    across = math.cos(angle) * joints[:, 0] - math.sin(angle) * joints[:, 2]
    across = across - across[0] + at
    for number, joint in enumerate(JOINTS):
        if joint.parent < 0:
            continue
        both = [joint.parent, number]
        far = 0.5 if joint.name.startswith("left") else 1
        axes.plot(
            across[both].tolist(), joints[both, 1].tolist(), color=color, lw=width, alpha=far, solid_capstyle="round"
        )
        if joint.name == "head" and head:
            axes.plot(float(across[number]), float(joints[number, 1]), "o", color=color, ms=head)


def draw_motions(panels: Iterable[Axes], motions: Tensor, color: str = style.FAKE, every: int = 3) -> None:
    """Motions [count, 24, 18, 3], one a panel: every third frame, side by side, above the line of the floor."""
    for axes, motion in zip(panels, motions, strict=True):
        shown = motion[::every]
        axes.axhline(0, color="0.7", lw=0.8)
        for place, pose in enumerate(shown):
            draw_figure(axes, pose, 1.3 * place, color)
        axes.set(xlim=(-0.9, 1.3 * len(shown) - 0.4), ylim=(-0.15, 2.0), aspect="equal")
        axes.axis("off")
