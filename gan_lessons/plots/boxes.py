"""Boxes and arrows of a diagram, as SVG on a light card that dark pages can carry."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal
from urllib.parse import quote

from gan_lessons.plots import style

Role = Literal["real", "fake", "generator", "discriminator", "noise", "average", "plain"]
Point = tuple[float, float]
COLORS: dict[str, str] = {
    "real": style.REAL,
    "fake": style.FAKE,
    "generator": style.FAKE,
    "discriminator": style.DISCRIMINATOR,
    "noise": style.REFERENCE,
    "average": style.AVERAGE,
    "plain": "#444444",
}
GRADIENT = style.GRADIENT
INK, CARD, DIM = "#222222", "#FBFAF7", 0.28
# pixels; a GAN's diagram is 774 wide, so that its small text has 9 points (12 pixels) on a page of 7.2 in (691 pixels)
SMALL, NAME = 13.5, 14
WIDE, HIGH, COLUMN, ROW, MARGIN = 130, 48, 154, 94, 14
FONT = "font-family='Helvetica, Arial, DejaVu Sans Condensed, DejaVu Sans, sans-serif'"


class Diagram:
    """A drawing that shows itself in a notebook; `svg` is its text."""

    def __init__(self, parts: Sequence[str], width: float, height: float):
        heads = "".join(
            f"<marker id='{name}' viewBox='0 0 10 10' refX='9' refY='5' markerWidth='6' markerHeight='6' "
            f"orient='auto-start-reverse'><path d='M0 0L10 5L0 10z' fill='{color}'/></marker>"
            for name, color in (("data", INK), ("gradient", GRADIENT))
        )
        hatch = (
            "<pattern id='frozen' width='7' height='7' patternUnits='userSpaceOnUse' patternTransform='rotate(45)'>"
            "<line x1='0' y1='0' x2='0' y2='7' stroke='#8899AA' stroke-width='2'/></pattern>"
        )
        self.svg = (
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:g} {height:g}' width='{width:g}' "
            f"height='{height:g}' style='max-width:100%;height:auto'><defs>{heads}{hatch}</defs>"
            f"<rect width='{width:g}' height='{height:g}' rx='12' fill='{CARD}'/>{''.join(parts)}</svg>"
        )

    def __repr__(self) -> str:
        return "<Diagram>"

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        """The same as a picture that shrinks with its page: JupyterLab cuts off an SVG that is wider than its cell."""
        return f'<img src="data:image/svg+xml,{quote(self.svg)}" style="max-width:100%;height:auto">'


@dataclass(frozen=True)
class Box:
    """A part of a diagram, at a place of the grid (halves are allowed); `text` is a second, smaller line."""

    name: str
    column: float
    row: float
    text: str = ""
    role: Role = "plain"
    frozen: bool = False
    lit: bool = True


@dataclass(frozen=True)
class Arrow:
    """From one box to another, by their names, with a few words on it; a gradient flows in its own colour, dashed.

    `bend` moves its middle sideways, in pixels; a gradient runs below the boxes, or above them where `bend` is
    negative. A loss that compares two boxes is a dotted line with two heads, `compared`, which runs alike, but straight
    where one box stands above the other. An arrow that is `cut` is crossed out: nothing goes that way.
    """

    start: str
    end: str
    text: str = ""
    gradient: bool = False
    bend: float = 0
    lit: bool = True
    compared: bool = False
    cut: bool = False


def centre(box: Box) -> Point:
    return MARGIN + WIDE / 2 + COLUMN * box.column, MARGIN + HIGH / 2 + ROW * box.row


def draw_box(box: Box) -> str:
    x, y = centre(box)
    color = COLORS[box.role]
    frame = f"x='{x - WIDE / 2:g}' y='{y - HIGH / 2:g}' width='{WIDE}' height='{HIGH}' rx='8'"
    parts = [
        f"<rect {frame} fill='{CARD}'/>",
        f"<rect {frame} fill='{color}' fill-opacity='.14' stroke='{color}' stroke-width='2'/>",
    ]
    if box.frozen:
        parts.append(f"<rect {frame} fill='url(#frozen)' fill-opacity='.55'/>")
    parts.append(
        text_at(x, y + (-3 if box.text else 5), box.name, NAME, color if box.role != "plain" else INK, bold=True)
    )
    if box.text:
        parts.append(text_at(x, y + 15, box.text, SMALL, INK))
    return f"<g opacity='{1 if box.lit else DIM}'>{''.join(parts)}</g>"


def runs_outside(arrow: Arrow, start: Point, end: Point) -> bool:
    """Whether an arrow runs around the boxes, not between them."""
    return arrow.gradient or (arrow.compared and start[0] != end[0])


def draw_arrow(arrow: Arrow, start: Point, end: Point) -> str:
    outside = runs_outside(arrow, start, end)
    if outside:
        down = -1 if arrow.bend < 0 else 1
        (x, y), (u, v) = ((place[0], place[1] + down * (HIGH / 2 + 3)) for place in (start, end))
        middle = ((x + u) / 2, (min if down < 0 else max)(y, v) + down * 34 + arrow.bend)
    else:
        (x, y), (u, v) = edge(start, end), edge(end, start)
        length = max(((u - x) ** 2 + (v - y) ** 2) ** 0.5, 1)
        middle = (x + u) / 2 + (v - y) / length * arrow.bend, (y + v) / 2 - (u - x) / length * arrow.bend
    parts = [line((x, y), (u, v), middle, arrow.gradient, arrow.compared)]
    at, height = (x + u) / 4 + middle[0] / 2, (y + v) / 4 + middle[1] / 2
    if arrow.cut:
        parts.append(f"<path d='M{at - 8:.1f} {height - 8:.1f}l16 16m0 -16l-16 16' stroke='{INK}' stroke-width='3'/>")
    if arrow.text:
        color = GRADIENT if arrow.gradient else INK
        if arrow.compared and not outside:
            parts.append(text_at(at - 8, height + 5, arrow.text, SMALL, color, anchor="end"))
        else:
            lower = 15 + 7 * arrow.cut if outside and arrow.bend >= 0 else -7
            parts.append(text_at(at, height + lower, arrow.text, SMALL, color))
    return f"<g opacity='{1 if arrow.lit else DIM}'>{''.join(parts)}</g>"


def edge(inside: Point, towards: Point) -> Point:
    """Where the line from a box's centre to another point leaves the box, and a few pixels further."""
    dx, dy = towards[0] - inside[0], towards[1] - inside[1]
    reach = min((WIDE / 2 + 3) / abs(dx) if dx else 9, (HIGH / 2 + 3) / abs(dy) if dy else 9)
    return inside[0] + dx * reach, inside[1] + dy * reach


def line(start: Point, end: Point, middle: Point | None = None, gradient: bool = False, compared: bool = False) -> str:
    (x, y), (u, v) = start, end
    by, down = middle or ((x + u) / 2, (y + v) / 2)
    look = f"stroke='{GRADIENT}' stroke-dasharray='6 4'" if gradient else f"stroke='{INK}'"
    if compared:
        look += " stroke-dasharray='2 4' marker-start='url(#data)'"
    return (
        f"<path d='M{x:.1f} {y:.1f}Q{by:.1f} {down:.1f} {u:.1f} {v:.1f}' fill='none' {look} stroke-width='1.8' "
        f"marker-end='url(#{'gradient' if gradient else 'data'})'/>"
    )


def text_at(x: float, y: float, words: str, size: float, color: str, bold: bool = False, anchor: str = "middle") -> str:
    weight = " font-weight='600'" if bold else ""
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' {FONT} font-size='{size:g}' text-anchor='{anchor}' fill='{color}'{weight}>"
        f"{escape(words)}</text>"
    )


def lines_at(x: float, y: float, words: str, size: float, color: str) -> list[str]:
    """Words in lines of their own, broken at commas and line ends, around the height y."""
    rows = [row.strip() for part in words.split("\n") for row in part.split(", ")]
    return [text_at(x, y + 4 + (k - (len(rows) - 1) / 2) * (size + 2), row, size, color) for k, row in enumerate(rows)]
