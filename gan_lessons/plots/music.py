"""Music to look at and to listen to: piano rolls of several voices, and a table of them with a player each."""

import base64
from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO

import numpy as np
import soundfile
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from torch import Tensor

from gan_lessons.plots import organ, style
from gan_lessons.plots.organ import Music

COLORS = ("#0072B2", "#E69F00", "#009E73", "#AA4499")  # soprano to bass
NAMES = ("soprano", "alto", "tenor", "bass")
BAR = 8  # steps
LOW, HIGH = 36, 82  # pitches that a roll shows
RED = "#D00000"  # a teacher's pencil


def draw_roll(axes: Axes, pitches: Tensor, struck: Tensor, marked: Sequence[int] = (), names: bool = False) -> None:
    """Show one window, both [4, steps]: time to the right in eighths, a bar of colour for each note, higher ones above.

    `marked` are steps that are shaded.
    """
    steps = pitches.shape[-1]
    for step in marked:
        axes.axvspan(step, step + 1, color="#000000", alpha=0.10, lw=0)
    for voice in reversed(range(len(pitches))):
        bars = [
            FancyBboxPatch((start + 0.08, pitch - 0.55), end - start - 0.16, 1.1, "round,pad=0,rounding_size=0.1")
            for pitch, start, end in organ.played(pitches[voice], struck[voice])
        ]
        axes.add_collection(PatchCollection(bars, facecolor=COLORS[voice % 4], lw=0))
        if names:
            pitch = int(pitches[voice, -1])
            axes.text(steps + 0.3, pitch, NAMES[voice], color=COLORS[voice], va="center", fontsize=9)
    axes.set(xlim=(0, steps), ylim=(LOW, HIGH))
    axes.set_xticks(range(0, steps + 1, BAR), [])
    axes.set_xticks(range(BAR // 2, steps, BAR), [f"bar {bar + 1}" for bar in range(steps // BAR)], minor=True)
    axes.tick_params(axis="x", which="minor", length=0, labelsize=9)
    axes.set_yticks([48, 60, 72], ["C3", "C4", "C5"])
    axes.grid(axis="x", color="#CCCCCC", lw=0.6)


def pencil(axes: Axes, pitches: Tensor, crossed: Sequence[int], alike: Sequence[tuple[int, int, int]]) -> None:
    """Mark in red, on a roll of [voices, steps], what `metrics.chorales.marks` has found."""
    for step in crossed:
        axes.axvspan(step, step + 1, color=RED, alpha=0.15, lw=0, zorder=0)
    for *pair, step in alike:
        for voice in pair:
            axes.plot([step + 0.5, step + 1.5], pitches[voice, step : step + 2], "o-", color=RED, lw=2, ms=4)


def draw_rolls(figure: Figure, voices: Music, columns: int = 3, titles: Sequence[str] = ()) -> None:
    """Show windows [count, 4, steps] side by side, in rows of `columns`."""
    count = len(voices.pitches)
    grid = np.atleast_1d(figure.subplots(-(-count // columns), columns, sharey=True, squeeze=False)).flatten()
    for place, axes in enumerate(grid):
        if place >= count:
            axes.set_axis_off()
            continue
        draw_roll(axes, voices.pitches[place], voices.struck[place])
        if place < len(titles):
            axes.set_title(titles[place], fontsize=10)


def mp3(waveform: Tensor, rate: int = organ.RATE) -> bytes:
    """A waveform [samples] in [-1, 1] as an MP3 file."""
    file = BytesIO()
    soundfile.write(file, waveform.clamp(-1, 1).numpy(), rate, format="MP3", subtype="MPEG_LAYER_III")
    return file.getvalue()


class Performances:
    """Rows of windows by their names, voices [count, 4, steps]: each window a piano roll above a player.

    It carries its sounds and pictures within, and plays in JupyterLab and in exported HTML alike, without a kernel.
    Rows whose name begins with "real" have the colour of real data, those in `colors` their own, the others that of
    fakes.
    """

    def __init__(
        self, rows: Mapping[str, Music], colors: Mapping[str, str] | None = None, wide: int = 180, high: int = 110
    ):
        self.rows, self.colors, self.wide, self.high = rows, colors or {}, wide, high

    def __repr__(self) -> str:
        return "Performances: " + ", ".join(f"{len(some.pitches)} × {name}" for name, some in self.rows.items())

    def _repr_html_(self) -> str:
        voices = " ".join(f"<b style='color:{color}'>{name}</b>" for name, color in zip(NAMES, COLORS, strict=True))
        rows = "".join(self.row(name, voices) for name, voices in self.rows.items())
        return f"<div><span style='background:#FFFFFF;padding:2px 6px'>{voices}</span>{rows}</div>"

    def row(self, name: str, voices: Music) -> str:
        color = style.row_color(name, self.colors)
        cells = "".join(
            f"<div>{self.cell(f'{name}, {place + 1}', voices, place, wave)}</div>"
            for place, wave in enumerate(organ.play(voices))
        )
        return (
            f"<div style='color:{color};font-weight:bold;margin:10px 0 3px'>{escape(name)}</div>"
            f"<div style='display:flex;flex-wrap:wrap;gap:8px'>{cells}</div>"
        )

    def cell(self, label: str, voices: Music, place: int, wave: Tensor) -> str:
        label = escape(label, quote=True)
        return (
            f"{self.picture(label, voices.pitches[place], voices.struck[place])}"
            f'<audio controls aria-label="{label}" style="width:{self.wide}px;height:32px;display:block" '
            f'src="data:audio/mpeg;base64,{base64.b64encode(mp3(wave)).decode()}"></audio>'
        )

    def picture(self, label: str, pitches: Tensor, struck: Tensor) -> str:
        """The piano roll as a small SVG."""
        across, down = self.wide / pitches.shape[-1], self.high / (HIGH - LOW)
        bars = "".join(
            f'<rect x="{start * across + 0.6:.1f}" y="{(HIGH - pitch - 1) * down:.1f}" rx="1" '
            f'width="{(end - start) * across - 1.2:.1f}" height="{down * 1.2:.1f}" fill="{COLORS[voice % 4]}"/>'
            for voice in range(len(pitches))
            for pitch, start, end in organ.played(pitches[voice], struck[voice])
        )
        lines = "".join(
            f'<line x1="{step * across:.0f}" x2="{step * across:.0f}" y1="0" y2="{self.high}" stroke="#CCCCCC"/>'
            for step in range(0, pitches.shape[-1] + 1, BAR)
        )
        return (
            f'<svg role="img" aria-label="piano roll of {label}" width="{self.wide}" height="{self.high}" '
            f'style="background:#FFFFFF;display:block">{lines}{bars}</svg>'
        )
