"""Labs about words: `from gan_lessons.labs.writing import open_text_lab`."""

from gan_lessons.labs.writing.invented_or_real import InventedOrRealLab
from gan_lessons.labs.writing.text import TextLab
from gan_lessons.labs.writing.text_simulation import TRUNCATIONS
from gan_lessons.labs.writing.text_stored import open_text_lab

__all__ = ["TRUNCATIONS", "InventedOrRealLab", "TextLab", "open_text_lab"]
