"""Labs about words and verse: `from gan_lessons.labs.writing import open_text_lab, open_verse_lab`."""

from gan_lessons.labs.writing.invented_or_real import InventedOrRealLab
from gan_lessons.labs.writing.text import TextLab
from gan_lessons.labs.writing.text_simulation import TRUNCATIONS
from gan_lessons.labs.writing.text_stored import open_text_lab
from gan_lessons.labs.writing.verse import LineTest, VerseLab
from gan_lessons.labs.writing.verse_stored import open_verse_lab

__all__ = [
    "TRUNCATIONS", "InventedOrRealLab", "LineTest", "TextLab", "VerseLab", "open_text_lab", "open_verse_lab",
]  # fmt: skip
