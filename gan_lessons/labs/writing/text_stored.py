"""TextLab with the word writers whose weights are stored beside the chapters, and a word GAN that learns anew."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import safetensors.torch
from torch import nn

from gan_lessons.data.text import words
from gan_lessons.labs.writing.text import TextLab
from gan_lessons.networks.text import LSTMGenerator, WordGenerator
from gan_lessons.recipes.words import SIZES
from gan_lessons.training import GAN, Record


def grown(network: nn.Module, file: Path) -> nn.Module:
    """A network with its weights from a file of halves; a FileNotFoundError names what is missing."""
    if not file.is_file():
        raise FileNotFoundError(f"There are no weights {file}; give the folder that holds them, as chapters/results.")
    halves = safetensors.torch.load_file(file)
    network.load_state_dict({name: weights.float() for name, weights in halves.items()})
    return network.eval().requires_grad_(False)


def open_text_lab(folder: str | Path = "results", seed: int = 0, **values: Any) -> TextLab:
    """TextLab with words_lstm.safetensors and words_spread.safetensors of a folder; the recipe `words` learns live."""
    plan = SIZES["cpu"]

    def live() -> tuple[GAN, Iterator[Record]]:
        gan = plan.build(seed=seed)
        return gan, plan.train(gan, plan.data())

    model, network = LSTMGenerator(), WordGenerator(plan.noise_dim, width=plan.width)
    grown(model, Path(folder) / "words_lstm.safetensors")
    grown(network, Path(folder) / "words_spread.safetensors")
    return TextLab(model, network, plan.noise_dim, words(), live, **values)
