"""Who feeds whom: block diagrams and networks as drawings.

`gan` is the block diagram that comes back in every chapter with the part in question lit; `stack` draws a network with
the sizes between its layers; `flow` draws anything else.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from gan_lessons.plots.boxes import (
    COLORS,
    HIGH,
    INK,
    MARGIN,
    SMALL,
    WIDE,
    Arrow,
    Box,
    Diagram,
    Role,
    centre,
    draw_arrow,
    draw_box,
    line,
    lines_at,
    runs_outside,
    text_at,
)

BAR, STEP, ALONG = 90, 112, 6  # a stack's layer, the way to the next one, and how many stand in a row
ENTRY = 92  # the way to the first layer, with what enters above it


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
