"""The panels of VerseLab: lines as rows of syllables, each under the mark of its stress."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from gan_lessons.labs.kit.frame import INK, Layer, Lines, Panel, Points, Writing
from gan_lessons.metrics.metre import SYLLABLES, Scansion, scansion
from gan_lessons.plots import style
from gan_lessons.plots.verse import capitals, spoken

WIDEST = SYLLABLES + 2  # syllables that a panel has room for
SIZE = 14.0  # pixels of a word


def scanned(lines: Sequence[str], title: str, color: str = INK) -> Panel:
    """Lines, a row each: a word begins at its first syllable's place; strong places are shaded.

    Over a syllable stands a large dot where it is stressed and a small one where it is not, in another colour where
    that breaks the metre. A line that does not fit ends in "…".
    """
    marks: dict[tuple[bool, bool], list[tuple[float, float]]] = defaultdict(list)  # wrong, stressed
    places, words = [], []
    for row, line in enumerate(lines):
        height = len(lines) - row - 0.62
        read = scansion(line)
        place = 0
        for word, pattern in spoken(capitals(line), read.stresses):
            if place + max(1, len(pattern)) > WIDEST:
                places.append((place + 0.08, height))
                words.append("…")
                break
            places.append((place + 0.08, height))
            words.append(word)
            for stress in pattern:
                marks[place in read.faults, bool(stress)].append((place + 0.22, height + 0.42))
                place += 1
    strong = np.array([[(k, len(lines)), (k + 1, len(lines))] for k in range(1, SYLLABLES, 2)], float)
    layers: list[Layer] = [
        Lines(strong, style.REFERENCE, width=0.5, fill=True),
        Writing(np.array(places), tuple(words), color, SIZE),
    ]
    for (wrong, stressed), found in marks.items():
        tint = style.CATEGORIES[1] if wrong else INK
        size = (9.0 if stressed else 4.0) + 3 * wrong
        layers.append(Points(np.array(found), tint, size=size, opacity=1.0))
    tall = 0.2 + 0.16 * len(lines)
    return Panel(tuple(layers), (-0.1, WIDEST), (0, len(lines)), title, bare=True, row=True, share=2.2, tall=tall)


def verdict(read: Scansion) -> str:
    """A line's metre in words."""
    if read.scans:
        return "scans"
    return f"{read.syllables} syllables" if not read.right_length else f"{len(read.faults)} stresses out of place"
