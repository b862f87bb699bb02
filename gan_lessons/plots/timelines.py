"""Timelines of a training step: a row of spans for each that works, coloured by the part of the step."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from gan_lessons.plots import style

COLORS = {
    "data": style.REAL,
    "G forward": style.FAKE,
    "D forward": style.DISCRIMINATOR,
    "losses": style.REFERENCE,
    "penalty": style.CATEGORIES[0],
    "backward": style.GRADIENT,
    "optimiser": style.CATEGORIES[5],
    "average": style.AVERAGE,
}
WAITING = "#EFEAE0"
HIGH = 0.36  # half the height of a row


def draw_timeline(
    axes: Axes, rows: Mapping[str, Sequence[Any]], end: float, until: float | None = None, unit: float = 1000.0
) -> None:
    """Rows of spans from the top, each (name, part, start, length) in microseconds, on an axis in milliseconds.

    What is pale is waiting, from 0 to a row's last span. The axis ends at `end`; after `until` nothing is drawn yet.
    """
    until = end if until is None else until
    for row, spans in enumerate(rows.values()):
        last = (spans[-1].start + spans[-1].length) / unit
        shape = rectangle(0, min(last, until), row)
        axes.add_collection(PolyCollection([shape], facecolors=WAITING, edgecolors="none"))
        begun = [(part, start / unit, stop / unit) for part, start, stop in joined(spans)]
        shapes = [(part, rectangle(start, min(stop, until), row)) for part, start, stop in begun if start < until]
        colors = [COLORS[part] for part, _ in shapes]
        # without edges, which would make short spans wider than they are; not snapped to pixels, so that many spans
        # shorter than a pixel come out as a tint, as pale as their share of the time is small
        drawn = PolyCollection([one for _, one in shapes], facecolors=colors, edgecolors="none")
        drawn.set_snap(False)
        axes.add_collection(drawn)
    axes.set(xlim=(0, end), ylim=(len(rows) - 0.5, -0.5), xlabel="milliseconds")
    axes.set_yticks(range(len(rows)), list(rows))
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def joined(spans: Sequence[Any]) -> list[tuple[str, float, float]]:
    """(part, start, stop) of spans; those of a part that follow each other without a gap are one."""
    found: list[tuple[str, float, float]] = []
    for span in spans:
        stop = span.start + span.length
        if found and found[-1][0] == span.part and span.start - found[-1][2] < 1e-6:
            found[-1] = (span.part, found[-1][1], stop)
        else:
            found.append((span.part, span.start, stop))
    return found


def rectangle(start: float, stop: float, row: float) -> list[tuple[float, float]]:
    """The corners of a span."""
    return [(start, row - HIGH), (stop, row - HIGH), (stop, row + HIGH), (start, row + HIGH)]


def name_parts(axes: Axes, parts: Sequence[str]) -> None:
    """Write the parts above the axes, each in its colour, one after the other."""
    before: Any = axes.transAxes
    place = (0.0, 1.02)
    for part in parts:
        before = axes.annotate(
            part, place, xycoords=before, xytext=(0 if before is axes.transAxes else 8, 0),
            textcoords="offset points", fontsize=9, fontweight="bold", color=COLORS[part], va="bottom",
        )  # fmt: skip
        place = (1.0, 0.0)
