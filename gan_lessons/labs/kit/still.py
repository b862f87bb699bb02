"""Stills: a frame on paper, for where no kernel runs."""

import base64
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator
from PIL import Image, ImageColor

from gan_lessons.labs.kit.frame import Frame, Panel
from gan_lessons.plots import style

DPI = 200  # twice what a page shows, so that it is crisp on a fine screen
COLORS = 192  # of the stored picture
KEPT = [  # among pictures, a palette has no room for the colours of thin lines
    ImageColor.getrgb(color)
    for color in (style.REAL, style.FAKE, style.DISCRIMINATOR, style.AVERAGE, style.REFERENCE, style.GRADIENT)
]
WIDTH = 7.2  # inches: the book's figures are as wide, so that no page shrinks the letters
UNIT = 3.2  # inches: how wide a panel of share 1 is where there is room
WIDEST = 3.3  # shares that stand side by side
LETTER = 0.077  # inches: a letter of a title, on average
NARROW = 0.064  # inches: a letter of a legend

Row = list[list[Panel]]


def rows_of(frame: Frame) -> list[Row]:
    """The columns in rows that are not wider than paper; curves that would stand alone there lie side by side."""
    rows: list[Row] = []
    for column in frame.columns:
        whole = sum(each[0].share for each in rows[-1]) + column[0].share if rows else 0.0
        if not rows or column[0].row or whole > WIDEST:
            rows.append([])
        rows[-1].append(column)
    return [beside(row[0]) if len(row) == 1 and not any(panel.equal for panel in row[0]) else row for row in rows]


def beside(column: list[Panel]) -> Row:
    """Curves that stood above one another, each with the name that the lowest gives to their common axis."""
    return [[replace(panel, xlabel=panel.xlabel or column[-1].xlabel)] for panel in column]


def width_of(rows: list[Row]) -> float:
    """How wide the figure is, in inches."""
    return min(WIDTH, 0.4 + UNIT * max(sum(column[0].share for column in row) for row in rows))


def widths(row: Row, width: float) -> list[float]:
    """How wide each column of a row is, in inches."""
    whole = sum(column[0].share for column in row)
    return [width * column[0].share / whole for column in row]


def height(panel: Panel, width: float, alone: bool) -> float:
    """How high a panel of this width is, in inches, with its title and its legend."""
    words = 0.2 * (len(wrapped(panel, width)) + legend_rows(panel, width)) + 0.1
    if panel.equal:
        side = beside_names(panel, width) - (0.1 if panel.bare else 0.65)
        flat = (panel.ylim[1] - panel.ylim[0]) / (panel.xlim[1] - panel.xlim[0])
        return min(side * flat, 4.2) + words + (0 if panel.bare else 0.45)
    return (min(2.5, max(2.0, 0.7 * width)) if alone else 1.45) * panel.tall + words + 0.45


def sentence_lines(sentence: str, width: float) -> list[str]:
    """The sentence under the panels in lines; a percentage is not torn apart."""
    return textwrap.wrap(sentence.replace(" %", "\N{NO-BREAK SPACE}%"), round(width / NARROW))


def wrapped(panel: Panel, width: float) -> list[str]:
    """The panel's title in lines that fit."""
    return textwrap.wrap(panel.title, max(12, round((beside_names(panel, width) - 0.45 * (not panel.bare)) / LETTER)))


def folded(panel: Panel, name: str, width: float) -> list[str]:
    """A row's name in lines; where units are equal, names would take their width from the picture."""
    return textwrap.wrap(name, max(12, round(width / 3 / NARROW))) if panel.equal else [name]


def beside_names(panel: Panel, width: float) -> float:
    """How wide a panel of equal units is beside its rows' names, in inches."""
    names = max((len(line) for _, name in panel.rows for line in folded(panel, name, width)), default=0)
    return width - NARROW * names * panel.equal


def title_lines(panel: Panel, width: float) -> int:
    return len(wrapped(panel, width))


def labels(panel: Panel) -> list[str]:
    named = (getattr(layer, "label", "") for layer in panel.layers)
    return [name for name in named if name]


def legend_columns(panel: Panel, width: float) -> int:
    """How many entries of the legend stand side by side."""
    longest = max(map(len, labels(panel)), default=0)
    return 2 if 2 * (longest * NARROW + 0.45) < width - 0.3 else 1


def legend_rows(panel: Panel, width: float) -> int:
    return -(-len(labels(panel)) // legend_columns(panel, width))


def draw_frame(figure: Figure, frame: Frame) -> None:
    """Draw a frame's panels on an empty figure, and its sentence below."""
    rows = rows_of(frame)
    width = width_of(rows)
    grid = figure.add_gridspec(len(rows), 1, height_ratios=heights(rows, width))
    for down, row in enumerate(rows):
        wide = widths(row, width)
        places = grid[down].subgridspec(1, len(row), width_ratios=wide)
        first = [(column[0], each) for column, each in zip(row, wide, strict=True)]
        even = all(len(column) == 1 and not column[0].equal for column in row)
        level = [max(count(*one) for one in first) if even else 0 for count in (title_lines, legend_rows)]
        for across, column in enumerate(row):
            tall = [height(panel, wide[across], len(column) == 1) for panel in column]
            cells = places[across].subgridspec(len(column), 1, height_ratios=tall)
            for cell, panel in enumerate(column):
                draw_panel(figure.add_subplot(cells[cell]), panel, wide[across], level)
    figure.supxlabel("\n".join(sentence_lines(frame.sentence, width)), x=0.01, ha="left", fontsize=9)
    for text in figure.findobj(Text):
        text.set_parse_math(False)  # a $ of the reader's is a $


def heights(rows: list[Row], width: float) -> list[float]:
    """How high each row is, in inches."""
    return [
        max(sum(height(panel, wide, len(column) == 1) for panel in column)
            for column, wide in zip(row, widths(row, width), strict=True))
        for row in rows
    ]  # fmt: skip


def draw_panel(axes: Axes, panel: Panel, width: float = UNIT, level: Sequence[int] = (0, 0)) -> None:
    """Draw one panel's layers, its names and its legend, all to fit into so many inches.

    `level` has the lines of title and legend for which there is room above each panel of its row.
    """
    for layer in panel.layers:
        layer.draw(axes)
    axes.set(xlim=panel.xlim, ylim=panel.ylim, xlabel=panel.xlabel, ylabel=panel.ylabel)
    axes.tick_params(labelsize=9)
    if np.ptp(panel.xlim) > 3:  # nobody counts half seeds or half steps
        axes.xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True))
    axes.set_aspect("equal" if panel.equal else "auto")
    if panel.bare:
        axes.set(xticks=[], yticks=[])
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    if panel.columns:
        axes.set_xticks([place for place, _ in panel.columns], [name for _, name in panel.columns])
    if panel.rows:
        named = [row for row in panel.rows if row[1]]  # a place without a name has no tick
        axes.set_yticks([place for place, _ in named], ["\n".join(folded(panel, name, width)) for _, name in named])
    rows = legend_rows(panel, width)
    pad = 6 + 14 * max(rows, level[1]) + 13.6 * max(0, level[0] - title_lines(panel, width))
    axes.set_title("\n".join(wrapped(panel, width)), loc="left", fontsize=10.5, pad=pad)
    if rows:
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.1, ncols=legend_columns(panel, width),
                    frameon=False, fontsize=9, handlelength=1.2, columnspacing=1.0, borderpad=0.2)  # fmt: skip


class Still(Figure):
    """A frame as a matplotlib figure, which shows itself in a notebook with its sentence as its description."""

    def __init__(self, frame: Frame):
        rows = rows_of(frame)
        width = width_of(rows)
        lines = len(sentence_lines(frame.sentence, width))
        super().__init__(figsize=(width, sum(heights(rows, width)) + 0.17 * lines), dpi=DPI, layout="constrained")
        self.sentence = frame.sentence
        draw_frame(self, frame)

    def __repr__(self) -> str:
        return f"<Still: {self.sentence}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, str], dict[str, Any]]:
        drawn, png = BytesIO(), BytesIO()
        self.savefig(drawn, format="png", facecolor="white", bbox_inches="tight", pad_inches=0.06)
        picture = Image.open(drawn).convert("RGB")
        few = picture.quantize(COLORS - len(KEPT))
        common = (few.getpalette() or [])[: 3 * (COLORS - len(KEPT))]
        white = [value if value < 250 else 255 for value in common]  # as the page is
        few.putpalette([*white, *(value for color in KEPT for value in color)])
        picture.quantize(palette=few, dither=Image.Dither.NONE).save(png, "PNG", optimize=True)
        data = {"image/png": base64.b64encode(png.getvalue()).decode(), "text/plain": repr(self)}
        return data, {"image/png": {"alt": self.sentence, "width": picture.width // 2, "height": picture.height // 2}}
