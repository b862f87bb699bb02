"""TextLab with the word writers whose weights are stored beside the chapters, and a word GAN that learns anew."""

from collections.abc import Iterator
from typing import Any

from gan_lessons.data.text import words
from gan_lessons.labs.writing.text import TextLab
from gan_lessons.networks.text import LSTMGenerator, WordGenerator
from gan_lessons.recipes.words import SIZES
from gan_lessons.results import restored
from gan_lessons.training import GAN, Record


def open_text_lab(seed: int = 0, **values: Any) -> TextLab:
    """TextLab with the book's stored LSTM and word GAN; the recipe `words` learns live."""
    plan = SIZES["cpu"]

    def live() -> tuple[GAN, Iterator[Record]]:
        gan = plan.build(seed=seed)
        return gan, plan.train(gan, plan.data())

    model = restored(LSTMGenerator(), "words_lstm")
    network = restored(WordGenerator(plan.noise_dim, width=plan.width), "words_spread")
    return TextLab(model, network, plan.noise_dim, words(), live, **values)
