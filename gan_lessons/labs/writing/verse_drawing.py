"""The panels of VerseLab: lines as rows of syllables, each under the mark of its stress."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import zip_longest

import numpy as np

from gan_lessons.labs.kit.frame import INK, Layer, Lines, Panel, Points, Writing
from gan_lessons.metrics.metre import SYLLABLES, Scansion, scansion
from gan_lessons.plots import style
from gan_lessons.plots.verse import capitals, spoken

WIDEST = SYLLABLES + 2  # syllables that a panel has room for
SIZE = 14.0  # pixels of a word


def scanned(lines: Sequence[str], title: str, color: str = INK, others: Sequence[str] = ()) -> Panel:
    """Lines, a row each: a word begins at its first syllable's place; strong places are shaded.

    Over a syllable stands a large dot where it is stressed and a small one where it is not, on a coloured disc where
    that breaks the metre. At the right stands whether the line scans. A line that does not fit ends in "…". A word that
    is the same in the same row of the `others` is grey.
    """
    marks: dict[bool, list[tuple[float, float]]] = defaultdict(list)  # by stress
    words: dict[str, list[tuple[float, float, str]]] = defaultdict(list)  # by colour, with their places
    faults, verdicts = [], []
    for row, (line, other) in enumerate(zip_longest(lines, others[: len(lines)], fillvalue="")):
        height = len(lines) - row - 0.62
        read = scansion(line)
        place = 0
        verdicts.append("✓" if read.scans else "✗")
        known = [word for word, _ in spoken(capitals(other), scansion(other).stresses)]
        for k, (word, pattern) in enumerate(spoken(capitals(line), read.stresses)):
            tint = style.REFERENCE if known[k : k + 1] == [word] else color
            if place + max(1, len(pattern)) > WIDEST:
                words[tint].append((place + 0.08, height, "…"))
                break
            words[tint].append((place + 0.08, height, word))
            for stress in pattern:
                mark = place + 0.22, height + 0.42
                marks[bool(stress)].append(mark)
                faults += [mark] * (place in read.faults)
                place += 1
    strong = np.array([[(k, len(lines)), (k + 1, len(lines))] for k in range(1, SYLLABLES, 2)], float)
    layers: list[Layer] = [
        Lines(strong, style.REFERENCE, width=0.5, fill=True),
        *(Writing(np.array([(x, y) for x, y, _ in some]), tuple(word for *_, word in some), tint, SIZE)
          for tint, some in words.items()),
    ]  # fmt: skip
    if faults:
        layers.append(Points(np.array(faults), style.CATEGORIES[1], size=16.0, opacity=0.6))
    for stressed, found in marks.items():
        layers.append(Points(np.array(found), INK, size=9.0 if stressed else 4.0, opacity=1.0))
    ends = [(SYLLABLES + 1.6, len(lines) - row - 0.62) for row in range(len(lines))]
    layers.append(Writing(np.array(ends).reshape(-1, 2), tuple(verdicts), INK, SIZE))
    tall = 0.2 + 0.16 * len(lines)
    return Panel(tuple(layers), (-0.1, WIDEST), (0, len(lines)), title, bare=True, row=True, share=2.2, tall=tall)


def verdict(read: Scansion) -> str:
    """A line's metre in words."""
    if read.scans:
        return "scans"
    return f"{read.syllables} syllables" if not read.right_length else f"{len(read.faults)} stresses out of place"
