"""Lines of verse with the marks of their metre."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from gan_lessons.plots import style

SYLLABLES = 11  # that there is room for


def spoken(line: str, stresses: Sequence[Any]) -> list[tuple[str, Any]]:
    """The words of a line, each with its stresses; one without a syllable of its own, as th', goes with the next."""
    silent = ""
    found: list[tuple[str, Any]] = []
    for word, pattern in zip(line.split(), stresses, strict=True):
        words = f"{silent} {word}".strip()
        silent = "" if pattern else words
        if pattern:
            found.append((words, pattern))
    return found + [(silent, ())] * bool(silent)


def draw_scansion(axes: Axes, lines: Sequence[str], readings: Sequence[Any], color: str) -> None:
    """Lines, a row each, a word at the place of its first syllable; over each syllable a large or a small dot.

    `readings` have the `stresses` of each word and the numbers of the syllables that are `faults`, which are ringed.
    """
    for row, (line, read) in enumerate(zip(lines, readings, strict=True)):
        place = 0
        for word, pattern in spoken(line, read.stresses):
            if place >= SYLLABLES:
                break
            shown = word[:1].upper() + word[1:] if not place or word == "i" else word
            axes.text(place, row, shown, color=color, va="center", fontsize=10, parse_math=False)
            for stress in pattern:
                axes.scatter(place + 0.2, row - 0.42, 42 if stress else 8, "black", lw=0)
                if place in read.faults:
                    axes.scatter(place + 0.2, row - 0.42, 150, "none", edgecolors=style.CATEGORIES[1], lw=1.6)
                place += 1
    for strong in range(1, 10, 2):
        axes.axvspan(strong - 0.1, strong + 0.9, color="0.94", zorder=-1, lw=0)
    axes.set(xlim=(-0.15, SYLLABLES), ylim=(len(lines) - 0.5, -0.8))
    axes.set_axis_off()
