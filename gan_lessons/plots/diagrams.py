"""Who feeds whom: block diagrams and networks as drawings (SVG), on a light card that dark pages can carry.

`gan` is the block diagram that comes back in every chapter with the part in question lit; `stack` draws a network with
the sizes between its layers; `flow` draws anything else.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
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
BAR, STEP, ALONG = 90, 112, 6  # a stack's layer, the way to the next one, and how many stand in a row
ENTRY = 92  # the way to the first layer, with what enters above it
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


def flow(boxes: Sequence[Box], arrows: Sequence[Arrow] = ()) -> Diagram:
    """Boxes on a grid and arrows between them. A ValueError where an arrow names no box."""
    places = {box.name: centre(box) for box in boxes}
    for arrow in arrows:
        for name in (arrow.start, arrow.end):
            if name not in places:
                raise ValueError(f"There is no box {name!r} for the arrow; there are {', '.join(places)}.")
    width = max(x for x, _ in places.values()) + WIDE / 2 + MARGIN
    height = max(y for _, y in places.values()) + HIGH / 2 + MARGIN
    outside = [arrow for arrow in arrows if runs_outside(arrow, places[arrow.start], places[arrow.end])]
    over = 30 * any(arrow.bend < 0 for arrow in outside)
    height += over + 30 * any(arrow.bend >= 0 for arrow in outside)
    drawn = [draw_arrow(arrow, places[arrow.start], places[arrow.end]) for arrow in arrows]
    parts = [*drawn, *(draw_box(box) for box in boxes)]
    return Diagram([f"<g transform='translate(0 {over})'>{''.join(parts)}</g>"] if over else parts, width, height)


def gan(
    lit: Collection[str] = ("noise", "generator", "fake", "real", "discriminator", "losses"),
    condition: bool | str = False,
    real: str = "samples of p",
    noise: str | None = "",
    frozen: Collection[str] = (),
    compared: str = "",
) -> Diagram:
    """The block diagram of a GAN, with the parts of `lit` in full colour and the others pale.

    Parts: noise, generator, fake, real, discriminator, losses, gradients (both ways back), or one of them alone:
    gradient to D, gradient to G, gradient to fake for one that ends there, and no gradient to fake for one that is
    crossed out. `frozen` players are hatched. With `condition`, a condition c enters both players; a text says what it
    is. With `noise` None, G gets none. `compared` names a loss between each fake and its real one. A ValueError names
    an unknown part.
    """
    known = ["noise", "generator", "fake", "real", "discriminator", "losses", "condition"]
    known += ["gradients", "gradient to D", "gradient to G", "gradient to fake", "no gradient to fake"]
    if unknown := [part for part in [*lit, *frozen] if part not in known]:
        raise ValueError(f"A GAN's diagram has no part {unknown[0]!r}; it has {', '.join(known)}.")
    judge: Role = "discriminator"
    to_d, to_g = ("gradients" in lit or name in lit for name in ("gradient to D", "gradient to G"))
    to_fake = to_g or "gradient to fake" in lit
    given = [*(["z"] if noise is not None else []), *(["c"] if condition else [])]
    fake = f"fake G({', '.join(given)})"
    boxes = [
        Box("generator G", 1, 1, "parameters θ", "generator", "generator" in frozen, "generator" in lit),
        Box(fake, 2, 1, "samples of q", "fake", lit="fake" in lit),
        Box("real x", 2, 0, real, "real", lit="real" in lit),
        Box("discriminator D", 3, 0.5, "parameters φ", judge, judge in frozen, judge in lit),
        Box("losses", 4, 0.5, "of the scores s", lit="losses" in lit),
    ]
    arrows = [
        Arrow("generator G", fake, lit="generator" in lit or "fake" in lit),
        Arrow(fake, "discriminator D", lit="fake" in lit or "discriminator" in lit),
        Arrow("real x", "discriminator D", lit="real" in lit or "discriminator" in lit),
        Arrow("discriminator D", "losses", lit="discriminator" in lit or "losses" in lit),
    ]
    if condition:
        text = condition if isinstance(condition, str) else "a label, say"
        boxes.append(Box("condition c", 2, 2, text, "average", lit="condition" in lit))
        arrows += [Arrow("condition c", name, lit="condition" in lit) for name in ("generator G", "discriminator D")]
    if noise is None:
        boxes = [replace(box, column=box.column - 1) for box in boxes]  # no empty column where the noise would be
    else:
        boxes.insert(0, Box("noise z", 0, 1, noise, "noise", lit="noise" in lit))
        arrows.insert(0, Arrow("noise z", "generator G", lit="noise" in lit or "generator" in lit))
    if compared:
        arrows.append(Arrow("real x", fake, compared, compared=True))
    if to_d or to_fake:
        arrows.append(Arrow("losses", "discriminator D", "gradient", gradient=True))
    if to_fake:
        arrows.append(Arrow("discriminator D", fake, gradient=True))
    if "no gradient to fake" in lit:
        arrows.append(Arrow("discriminator D", fake, "no gradient", gradient=True, cut=True))
    if to_g:
        arrows.append(Arrow(fake, "generator G", "gradient", gradient=True))
    return flow(boxes, arrows)


def stack(name: str, layers: Sequence[tuple[str, str]], role: Role = "generator", start: str = "") -> Diagram:
    """A network from left to right: each layer is a bar, with the shape that leaves it written underneath.

    `layers` are pairs of a layer's name and the shape after it, as ("conv 4×4, stride 2", "64 × 14 × 14"); `start` is
    the shape that enters. More than six layers stand in rows of about equal length. A bar's height follows the size of
    its last number (a picture's side), where there is one.
    """
    if not layers:
        raise ValueError("A network needs at least one layer.")
    rows = -(-len(layers) // ALONG)
    along = -(-len(layers) // rows)  # as many in each row, or one less in the last
    left = MARGIN + (ENTRY if start else 22)
    width = left + STEP * (along - 1) + BAR + MARGIN + (18 if rows > 1 else 0)
    parts = [text_at(MARGIN, 24, name, 15, COLORS[role], bold=True, anchor="start")]
    largest = max(side(shape) for _, shape in layers)
    top = 40.0
    for first in range(0, len(layers), along):
        row = layers[first : first + along]
        heights = [34 + 66 * side(shape) / largest for _, shape in row]
        middle, under = top + max(heights) / 2, top + max(heights) + 18
        if start and not first:
            parts += lines_at(MARGIN + ENTRY / 2 - 4, middle - 20, start, SMALL, INK)
        for k, ((layer, shape), tall) in enumerate(zip(row, heights, strict=True)):
            x = left + STEP * k
            if first or k or start:
                away = STEP - BAR - 2 if first or k else ENTRY
                parts.append(line((x - away, middle), (x - 2, middle)))
            parts.append(
                f"<rect x='{x:g}' y='{middle - tall / 2:g}' width='{BAR}' height='{tall:g}' rx='6' "
                f"fill='{COLORS[role]}' fill-opacity='.16' stroke='{COLORS[role]}' stroke-width='1.5'/>"
            )
            parts += lines_at(x + BAR / 2, middle, layer, SMALL, INK)
            below = under + (SMALL + 2) / 2 * shape.count("\n")  # the first line stays where it is
            parts += lines_at(x + BAR / 2, below, shape, SMALL, COLORS[role])
        if first + along < len(layers):  # it goes on in the next row
            parts.append(line((x + BAR + 2, middle), (x + BAR + 20, middle)))
        top = under + 38
    return Diagram(parts, width, top - 8)


def side(shape: str) -> float:
    """The last number of a shape as it is written, or 1."""
    numbers = [word for word in shape.replace(",", "").replace("×", " ").split() if word.isdigit()]
    return float(numbers[-1]) if len(numbers) > 1 else 1.0


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
