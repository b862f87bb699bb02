"""What a recipe can tell beside what every recipe must: its classes, its texts, its sound, and what its data are.

A recipe may offer `class_names()`, `read(samples)`, `hear(samples)` and `found()`; else they follow from the data that
it names `images()`, `splits()` or `clips()`, as the book's recipes do. One that translates pictures offers
`translator(gan)`.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gan_lessons import spectrograms
from gan_lessons.recipes import Recipe


def data_of(recipe: Any) -> Any:
    """The pictures, texts or clips that a recipe learns from, with names; None where it has none of these."""
    for name in ("images", "splits", "clips"):
        if callable(offered := getattr(recipe, name, None)):
            found = offered()
            return found[0] if type(found) is tuple else found
    return None


def class_names(recipe: Any) -> list[str]:
    """The names of a recipe's classes, or their numbers; none where it has no classes."""
    if callable(offered := getattr(recipe, "class_names", None)):
        return list(map(str, offered()))
    if (labels := getattr(recipe.data(), "labels", None)) is None:
        return []  # what it learns from tells the players no classes
    data, count = data_of(recipe), int(labels.max()) + 1
    for names in (getattr(data, "classes", None), getattr(data, "names", None)):
        if names and len(names) == count:
            return list(map(str, names))
    return list(map(str, range(count)))


def reads(recipe: Any) -> bool:
    """Whether a recipe's samples are texts."""
    return callable(getattr(recipe, "read", None)) or callable(getattr(recipe, "splits", None))


def read(recipe: Any, samples: Tensor) -> list[str]:
    """Samples as texts."""
    if callable(offered := getattr(recipe, "read", None)):
        return list(map(str, offered(samples)))
    return list(data_of(recipe).train.read(samples if samples.dim() == 2 else samples.argmax(-1)))


def sounds(recipe: Any) -> bool:
    """Whether a recipe's samples can be heard."""
    return callable(getattr(recipe, "hear", None)) or type(recipe).listen is not Recipe.listen


def hear(recipe: Any, gan: Any, samples: Tensor) -> Tensor | None:
    """Samples as waveforms [count, length]; where they are something else, what the recipe's `listen` returns."""
    if callable(offered := getattr(recipe, "hear", None)):
        return offered(samples)
    if samples.dim() == 2:
        return samples
    mels = samples.squeeze(1) if samples.dim() == 4 and samples.shape[1] == 1 else samples
    if mels.dim() == 3 and mels.shape[1] == spectrograms.MELS:
        return spectrograms.griffin_lim(mels)
    return recipe.listen(gan)


def found(recipe: Any, source: Any) -> str:
    """What the data are, in a line or a few."""
    if callable(offered := getattr(recipe, "found", None)):
        return str(offered())
    if (told := getattr(data_of(recipe), "found", None)) is not None:
        return str(told)
    batch = source[:1] if isinstance(source, Tensor) else source.batch(torch.arange(1))
    sample = batch if isinstance(batch, Tensor) else getattr(batch, "real", batch[0])
    return f"{len(source):,} samples of shape {' × '.join(map(str, sample.shape[1:]))}"


def translator(recipe: Any, gan: Any, identity: str) -> tuple[Callable[[Tensor], Tensor], int]:
    """What makes a picture [1, channels, height, width] of another, and how many channels that has.

    A ValueError for a recipe that makes pictures of noise, or none.
    """
    if not callable(offered := getattr(recipe, "translator", None)):
        raise ValueError(f"{identity} translates no pictures; pix2pix does, say.")
    return offered(gan)
