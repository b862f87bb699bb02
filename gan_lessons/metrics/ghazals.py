"""The rhyme of Persian ghazals: it is spelled as it sounds, so that no dictionary is needed to hear it."""

import random
from collections.abc import Sequence

from gan_lessons.data.ghazals import letters

ENDING = 2  # letters that make a rhyme; with one alone, a sixth of the half-lines of different poems would seem to


def rhyming(ghazal: Sequence[str], ending: int = ENDING) -> float:
    """The share of a ghazal's second half-lines whose last letters are those of its first half-line."""
    if len(ghazal) < 2 or len(ghazal) % 2:
        raise ValueError(f"A ghazal has whole lines of two halves; this one has {len(ghazal)} half-lines.")
    first, *others = (letters(half)[-ending:] for half in (ghazal[0], *ghazal[1::2]))
    return sum(other == first for other in others) / len(others)


def dealt(ghazals: Sequence[Sequence[str]], seed: int = 0) -> list[list[str]]:
    """The floor: the ghazals with their second half-lines dealt at random among all of them."""
    seconds = [half for ghazal in ghazals for half in ghazal[1::2]]
    random.Random(seed).shuffle(seconds)
    left = iter(seconds)
    return [[half if place % 2 == 0 else next(left) for place, half in enumerate(ghazal)] for ghazal in ghazals]
