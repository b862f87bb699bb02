"""VerseLab with the writers whose weights are stored beside the chapters."""

from typing import Any

from gan_lessons.labs.writing.verse import VerseLab
from gan_lessons.recipes.verse import SIZES


def open_verse_lab(**values: Any) -> VerseLab:
    """VerseLab with the likelihood model and the GAN of chapter 16."""
    names = {"likelihood": "likelihood", "GAN": "long"}
    writers: Any = {name: SIZES[size].load().average.eval() for name, size in names.items()}
    return VerseLab(writers, **values)
