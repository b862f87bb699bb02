"""TextLab with the word writers whose weights are stored beside the chapters, and a word GAN that learns anew."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gan_lessons import results
from gan_lessons.data.text import words
from gan_lessons.labs.writing.text import TextLab
from gan_lessons.networks.text import LSTMGenerator, WordGenerator
from gan_lessons.recipes.words import SIZES
from gan_lessons.results import restored
from gan_lessons.training import GAN, Record


def open_text_lab(folder: str | Path | None = None, seed: int = 0, **values: Any) -> TextLab:
    """TextLab with words_lstm.safetensors and words_spread.safetensors of a folder; the recipe `words` learns live.

    The folder is by default that of the book's stored results.
    """
    plan, place = SIZES["cpu"], Path(folder or results.folder())

    def live() -> tuple[GAN, Iterator[Record]]:
        gan = plan.build(seed=seed)
        return gan, plan.train(gan, plan.data())

    model = restored(LSTMGenerator(), place / "words_lstm.safetensors")
    blank = WordGenerator(plan.noise_dim, width=plan.width)
    network = restored(blank, place / "words_spread.safetensors")
    return TextLab(model, network, plan.noise_dim, words(), live, **values)
