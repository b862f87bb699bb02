"""Stills: a frame on paper, for where no kernel runs."""

import base64
import textwrap
from io import BytesIO
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from gan_lessons.labs.kit.frame import Frame, Panel

DPI = 180  # twice what a page shows, so that it is crisp on a fine screen
COLORS = 192  # of the stored picture


def draw_frame(figure: Figure, frame: Frame) -> None:
    """Draw a frame's panels on an empty figure, and its sentence below."""
    columns = frame.columns
    grid = figure.add_gridspec(1, len(columns), width_ratios=[column[0].share for column in columns])
    for across, column in enumerate(columns):
        cells = grid[across].subgridspec(len(column), 1, height_ratios=[panel.tall for panel in column])
        for down, panel in enumerate(column):
            draw_panel(figure.add_subplot(cells[down]), panel)
    width = sum(column[0].share for column in columns)
    figure.supxlabel(textwrap.fill(frame.sentence, round(50 * width)), x=0.01, ha="left", fontsize=9)
    for text in figure.findobj(Text):
        text.set_parse_math(False)  # a $ of the reader's is a $


def draw_panel(axes: Axes, panel: Panel) -> None:
    """Draw one panel's layers, its names and its legend."""
    for layer in panel.layers:
        layer.draw(axes)
    axes.set(xlim=panel.xlim, ylim=panel.ylim, xlabel=panel.xlabel, ylabel=panel.ylabel)
    axes.tick_params(labelsize=9)
    axes.set_aspect("equal" if panel.equal else "auto")
    if panel.bare:
        axes.set(xticks=[], yticks=[])
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    if panel.rows:
        axes.set_yticks([place for place, _ in panel.rows], [name for _, name in panel.rows])
    entries = len(axes.get_legend_handles_labels()[1])
    axes.set_title(panel.title, loc="left", fontsize=10.5, pad=6 + 14 * -(-entries // 2))
    if entries:
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.1, ncols=2, frameon=False,
                    fontsize=9, handlelength=1.2, columnspacing=1.0, borderpad=0.2)  # fmt: skip


class Still(Figure):
    """A frame as a matplotlib figure, which shows itself in a notebook with its sentence as its description."""

    def __init__(self, frame: Frame):
        columns = frame.columns
        width = sum(column[0].share for column in columns)
        heights = [sum(panel.tall for panel in column) * (3.5 if len(column) == 1 else 2.6) for column in columns]
        size = (0.4 + 3.2 * width, max(heights))
        super().__init__(figsize=size, dpi=DPI, layout="constrained")
        self.sentence = frame.sentence
        draw_frame(self, frame)

    def __repr__(self) -> str:
        return f"<Still: {self.sentence}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, str], dict[str, Any]]:
        drawn, png = BytesIO(), BytesIO()
        self.savefig(drawn, format="png", facecolor="white", bbox_inches="tight", pad_inches=0.06)
        picture = Image.open(drawn).convert("RGB")
        picture.quantize(COLORS, dither=Image.Dither.NONE).save(png, "PNG", optimize=True)
        data = {"image/png": base64.b64encode(png.getvalue()).decode(), "text/plain": repr(self)}
        return data, {"image/png": {"alt": self.sentence, "width": picture.width // 2, "height": picture.height // 2}}
