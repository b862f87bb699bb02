"""Measured values with their 95 % intervals, a row each."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from gan_lessons.labs.kit.frame import INK, Lines, Panel, Points, path
from gan_lessons.plots import style


class Span(NamedTuple):
    """A value and the ends of its interval, under a name."""

    name: str
    low: float
    value: float
    high: float
    color: str = INK


def spans(
    rows: Sequence[Span],
    title: str,
    xlabel: str,
    xlim: tuple[float, float],
    guessing: float | None = None,
    share: float = 1.3,
    tall: float = 1.0,
) -> Panel:
    """A panel of the rows, the first on top; a dashed line where `guessing` would be."""
    last = len(rows) - 1
    layers: list[Any] = []
    if guessing is not None:
        layers.append(Lines(path([guessing] * 2, [-0.6, last + 0.6]), style.REFERENCE, "guessing", 1.2, dashed=True))
    for place, row in enumerate(rows):
        layers += [
            Lines(path([row.low, row.high], last - place), row.color, width=3),
            Points(path([row.value], last - place)[0], row.color, size=11, opacity=1),
        ]
    names = tuple((last - place, row.name) for place, row in enumerate(rows))
    return Panel(
        tuple(layers), xlim, (-0.6, last + 0.6), title, f"{xlabel}, 95 % interval", rows=names, share=share, tall=tall
    )
