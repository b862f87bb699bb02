"""Lines of verse with the marks of their metre."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from gan_lessons.plots import style

SYLLABLES = 11  # that there is room for
CAPITALISED = """
    i god adam adams eve satan michael raphael gabriel uriel abdiel beelzebub moloch belial mammon eden
"""
NAMES = frozenset(CAPITALISED.split())


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


def capitals(line: str) -> str:
    """A line with a capital at its beginning and in names: adam's as Adam's."""
    words = [word.capitalize() if word.split("'")[0] in NAMES else word for word in line.split()]
    line = " ".join(words)
    return line[:1].upper() + line[1:]


def verdict(read: Any) -> str:
    """Whether a line scans, and if not, what is wrong."""
    if read.scans:
        return "✓ scans"
    return f"✗ cost {read.cost}" if read.right_length else f"✗ {read.syllables} syllables"


def draw_scansion(axes: Axes, lines: Sequence[str], readings: Sequence[Any], color: str) -> None:
    """Lines, a row each, a word at the place of its first syllable; over each syllable a large or a small dot.

    `readings`, of `metrics.metre`, have the `stresses` of each word and the numbers of the syllables that are `faults`,
    which are ringed, and ringed twice in words of several syllables, where they cost 2. At the right stands whether the
    line scans.
    """
    for row, (line, read) in enumerate(zip(lines, readings, strict=True)):
        place = 0
        axes.text(SYLLABLES + 0.1, row, verdict(read), color=style.REFERENCE, va="center", fontsize=9)
        for word, pattern in spoken(capitals(line), read.stresses):
            if place >= SYLLABLES:
                break
            axes.text(place, row, word, color=color, va="center", fontsize=11, family="STIXGeneral", parse_math=False)
            for stress in pattern:
                axes.scatter(place + 0.2, row - 0.42, 42 if stress else 8, "black", lw=0)
                for size in (130, 270)[: len(pattern)] if place in read.faults else ():
                    axes.scatter(place + 0.2, row - 0.42, size, "none", edgecolors=style.CATEGORIES[1], lw=1.6)
                place += 1
    for strong in range(1, 10, 2):
        axes.axvspan(strong - 0.1, strong + 0.9, color="0.94", zorder=-1, lw=0)
    axes.set(xlim=(-0.15, SYLLABLES + 1.5), ylim=(len(lines) - 0.5, -0.8))
    axes.set_axis_off()
