"""Ghazals by Hafez (about 1315 to 1390), half-line by half-line, as the package hafez has them.

A ghazal is a poem of some five to fifteen lines of two halves; its first half-line and all second ones end alike.
"""

import json
import re
from functools import cache

from gan_lessons.data import packages

CREDIT = "Ghazals by Hafez, through the package hafez"


@cache
def ghazals() -> tuple[tuple[str, ...], ...]:
    """495 poems, of each its half-lines in order, in Persian. A ModuleNotFoundError where hafez is not installed."""
    path = packages.folder("hafez", "Ghazals by Hafez") / "data" / "hafez.json"
    return tuple(tuple(poem["poem"]) for poem in json.loads(path.read_text("utf-8")))


def letters(half_line: str) -> str:
    """The letters alone: where a word ends is no part of a rhyme, and differs from one edition to another."""
    return re.sub(r"[\W\d_]", "", half_line.replace("ي", "ی").replace("ك", "ک"))
