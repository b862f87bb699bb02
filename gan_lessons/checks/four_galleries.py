"""Four galleries of features that are to be told apart by their scores."""

import functools
from typing import Any

import torch
from torch import Tensor

from gan_lessons.checks.reading import lettered, order
from gan_lessons.metrics.frechet import frechet_distance
from gan_lessons.metrics.memory import copied_share
from gan_lessons.metrics.neighbours import neighbour_scores

KINDS = ("honest", "copies", "half missing", "blurred")
COUNT, CLASSES, FEATURES = 400, 10, 8


def draw(random: torch.Generator, centres: Tensor, classes: int = CLASSES) -> Tensor:
    """Samples [COUNT, FEATURES] of the first so many classes, equally many of each."""
    return centres[torch.arange(COUNT) % classes] + torch.randn(COUNT, FEATURES, generator=random)


@functools.lru_cache(maxsize=2)
def four_galleries(seed: int = 0) -> dict[str, dict[str, float]]:
    """The scores of fresh real samples, and of four galleries A to D in an order of your own."""
    random = torch.Generator().manual_seed(seed)
    centres = 2.5 * torch.randn(CLASSES, FEATURES, generator=random)
    training, held_out, fresh, honest, half, sharp = (
        draw(random, centres, classes) for classes in (10, 10, 10, 10, 5, 10)
    )
    again = torch.randint(COUNT // CLASSES, (COUNT,), generator=random)  # of the same class
    galleries = {
        "honest": honest,
        "copies": training[torch.arange(COUNT) % CLASSES + CLASSES * again],
        "half missing": half,
        "blurred": sharp + torch.randn(COUNT, FEATURES, generator=random),
    }
    named = {"real": fresh} | {letter: galleries[kind] for letter, kind in zip("ABCD", order(seed, KINDS), strict=True)}
    return {name: scores(training, held_out, gallery) for name, gallery in named.items()}


def scores(training: Tensor, held_out: Tensor, gallery: Tensor) -> dict[str, float]:
    """Six scores of a gallery, against the training set."""
    near = neighbour_scores(training, gallery)
    return {
        "Fréchet distance": frechet_distance(training, gallery),
        "precision": near.precision,
        "recall": near.recall,
        "density": near.density,
        "coverage": near.coverage,
        "copied share": copied_share(training, held_out, gallery),
    }


def galleries(answer: Any, seed: int | None = None) -> None:
    """Check the names of galleries A to D: without a seed only that there are four, with one whether they are right."""
    lettered("galleries", "gallery", answer, KINDS, seed, confusion)


def confusion(wrong: dict[str, str]) -> str:
    """The name of a mix-up: what was said, and what it is."""
    if wrong.get("honest") == "copies" or wrong.get("copies") == "honest":
        return "copies taken for honest"
    if wrong.get("blurred") == "half missing" or wrong.get("half missing") == "blurred":
        return "quality for variety"
    return "scores misread"
