"""Frames: a picture as plain numpy arrays, which the stage draws in the browser and matplotlib on paper."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from gan_lessons.plots import style

INK = "ink"  # the colour of text: black on paper, light in a dark theme
DARK = "#000000"  # of what lies on a surface that stays light in a dark theme


def paint(color: str) -> str:
    """The colour that matplotlib uses for a layer's colour."""
    return "black" if color == INK else color


@dataclass(frozen=True, eq=False)
class Heat:
    """A heat map of `data` [rows, columns], row 0 at the bottom, over `extent` (left, right, bottom, top).

    `low` and `high` are the values at the ends of `palette`, a name that matplotlib knows. A surface is `smooth`, the
    tiles of a wall are not.
    """

    data: np.ndarray
    extent: tuple[float, float, float, float]
    low: float
    high: float
    palette: str
    smooth: bool = True

    def draw(self, axes: Axes) -> None:
        axes.imshow(self.data, origin="lower", extent=self.extent, cmap=self.palette, vmin=self.low, vmax=self.high,
                    aspect="auto", interpolation="bilinear" if self.smooth else "nearest")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Pictures:
    """Pictures `data` [count, height, width, channels], from 0 to 1, in rows of `columns` that fill `extent`.

    One channel is grey, three are colours. Between two pictures `gap` of their own pixels are left free.
    """

    data: np.ndarray
    extent: tuple[float, float, float, float]
    columns: int
    gap: int = 2

    def draw(self, axes: Axes) -> None:
        count, height, width, channels = self.data.shape
        rows = -(-count // self.columns)
        sheet = np.zeros((rows * (height + self.gap) - self.gap, self.columns * (width + self.gap) - self.gap, 4))
        for place, picture in enumerate(np.clip(np.nan_to_num(self.data), 0, 1)):
            top, left = place // self.columns * (height + self.gap), place % self.columns * (width + self.gap)
            sheet[top : top + height, left : left + width, :3] = picture if channels == 3 else picture[..., :1]
            sheet[top : top + height, left : left + width, 3] = 1
        axes.imshow(sheet, extent=self.extent, aspect="auto", interpolation="nearest")


@dataclass(frozen=True, eq=False)
class Lines:
    """Curves or the lines of a grid: paths `data` [lines, points, 2]; `fill` shades down to y = 0."""

    data: np.ndarray
    color: str
    label: str = ""
    width: float = 1.6
    dashed: bool = False
    fill: bool = False

    def draw(self, axes: Axes) -> None:
        for index, path in enumerate(self.data):
            if self.fill:
                axes.fill_between(*path.T, color=paint(self.color), alpha=0.25, lw=0)
            axes.plot(*path.T, color=paint(self.color), lw=self.width, ls="--" if self.dashed else "-",
                      solid_capstyle="butt", label=self.label if index == 0 else "")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Points:
    """Dots at `data` [points, 2], `size` pixels across."""

    data: np.ndarray
    color: str
    label: str = ""
    size: float = 4.0
    opacity: float = 0.6

    def draw(self, axes: Axes) -> None:
        x, y = self.data.T
        axes.scatter(x, y, self.size**2 * 0.6, paint(self.color), alpha=self.opacity, lw=0, label=self.label, zorder=3)


@dataclass(frozen=True, eq=False)
class Arrows:
    """Arrows `data` [arrows, 4]: where each starts (x, y), and how far it reaches (dx, dy)."""

    data: np.ndarray
    color: str
    label: str = ""
    width: float = 1.4

    def draw(self, axes: Axes) -> None:
        # as the stage draws them: inside the panel, and a head is never longer than its arrow
        axes.quiver(
            *np.asarray(self.data).T, color=paint(self.color), angles="xy", scale_units="xy", scale=1, zorder=4,
            units="inches", width=self.width / 72, headwidth=4.2, headlength=5, headaxislength=5, minlength=0.01,
        )  # fmt: skip
        axes.plot([], [], color=paint(self.color), lw=self.width, label=self.label)


@dataclass(frozen=True, eq=False)
class Handles:
    """Big dots at `data` [handles, 2] that the mouse can drag.

    A handle's name is the parameter that it moves along x, or a pair of names: one for x, one for y. A `hollow` one is
    a ring that leaves what lies under it to be seen.
    """

    data: np.ndarray
    names: tuple[str | tuple[str, str], ...]
    colors: tuple[str, ...]
    hollow: bool = False

    def draw(self, axes: Axes) -> None:
        x, y = self.data.T
        colors = [paint(color) for color in self.colors]
        if self.hollow:
            for edges, width in (("white", 3.5), (colors, 2)):
                axes.scatter(x, y, 420, "none", edgecolors=edges, lw=width, zorder=5)
        else:
            axes.scatter(x, y, 60, colors, edgecolors="white", zorder=5)


@dataclass(frozen=True, eq=False)
class Writing:
    """`texts` that begin at `data` [texts, 2], or are `centred` there, and stand `size` pixels high.

    Each is as high as its middle.
    """

    data: np.ndarray
    texts: tuple[str, ...]
    color: str = INK
    size: float = 13.0
    centred: bool = False

    def draw(self, axes: Axes) -> None:
        across = "center" if self.centred else "left"
        looks: dict[str, Any] = {"fontsize": 0.72 * self.size, "ha": across, "va": "center", "clip_on": True}
        for (x, y), text in zip(self.data, self.texts, strict=True):
            axes.text(x, y, text, color=paint(self.color), **looks)


Layer = Heat | Pictures | Lines | Points | Arrows | Handles | Writing


@dataclass(frozen=True, eq=False)
class Panel:
    """Layers, drawn in their order, in one pair of axes.

    `columns` names places on the x axis instead of its numbers, and `rows` on the y axis.

    A panel stands right of the one before it, or `below` it in the same column, or begins a new `row` of columns. A
    column is as wide as the `share` of its first panel says, and in a column of several a panel is so many times as
    `tall` as the usual one. A `bare` panel, of pictures, has no axes and no numbers; its `rows` are named all the same.
    """

    layers: tuple[Layer, ...]
    xlim: tuple[float, float]
    ylim: tuple[float, float]
    title: str = ""
    xlabel: str = ""
    ylabel: str = ""
    equal: bool = False
    rows: tuple[tuple[float, str], ...] = ()
    columns: tuple[tuple[float, str], ...] = ()
    share: float = 1.0
    below: bool = False
    row: bool = False
    bare: bool = False
    tall: float = 1.0


@dataclass(frozen=True)
class Strip:
    """The GAN's block diagram over a frame, in the browser: who is at work ("discriminator", "generator", "both", "").

    `values` are short texts in the boxes "noise", "generator", "fake", "real", "discriminator" and "loss"; `pause` is
    how many milliseconds a step takes in slow motion, 0 at full speed.
    """

    lit: str = ""
    values: dict[str, str] | None = None
    pause: float = 0
    real: str = style.REAL
    fake: str = style.FAKE
    discriminator: str = style.DISCRIMINATOR


@dataclass(frozen=True, eq=False)
class Frame:
    """Panels side by side, a sentence that says what they show, and perhaps a GAN's diagram above."""

    panels: tuple[Panel, ...]
    sentence: str = ""
    strip: Strip | None = None

    @property
    def columns(self) -> list[list[Panel]]:
        """The panels of each column."""
        found: list[list[Panel]] = []
        for panel in self.panels:
            if panel.below and found:
                found[-1].append(panel)
            else:
                found.append([panel])
        return found


def path(x: Any, y: Any) -> np.ndarray:
    """One curve through (x, y) as `Lines` takes it, shape [1, points, 2]; a number stands for a constant."""
    return np.stack(np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float)), -1)[None]
