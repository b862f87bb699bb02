"""Scores for drawn digits, by the features and the classes that a small trained judge sees in them."""

from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor

from gan_lessons.data.images import digits
from gan_lessons.judges.digits import load
from gan_lessons.metrics.frechet import frechet_distance


class DigitScores(NamedTuple):
    """How digits look to the judge.

    `frechet`: Fréchet distance of their features to those of the 5,000 real digits. `frechet_fraction`: the same as a
    fraction of what as many pictures of uniform noise score. `classes`: how many of the ten digits make up at least 1 %
    of them. `class_kl`: KL(their classes ‖ uniform), in nats; the real digits have 500 of each. `confident`: the share
    that the judge reads with a probability above 0.9.
    """

    frechet: float
    frechet_fraction: float
    classes: int
    class_kl: float
    confident: float


def digit_scores(pixels: Tensor) -> DigitScores:
    """Score pictures [count, 1, 28, 28] in [-1, 1]; compare at equal counts only, 5,000 by custom.

    The classes are those that the judge thinks most likely. Heusel et al. 2017, arXiv:1706.08500, with the judge's
    features in Inception's place.
    """
    judge = load()
    features = judge.features(pixels.float().cpu())
    distance = frechet_distance(real_features(), features)
    with torch.inference_mode():
        likeliest = judge.head(features).softmax(-1).max(-1)
    shares = torch.bincount(likeliest.indices, minlength=10).double() / len(pixels)
    return DigitScores(
        frechet=distance,
        frechet_fraction=distance / noise_distance(),
        classes=int((shares >= 0.01).sum()),
        class_kl=float(torch.special.xlogy(shares, shares * 10).sum()),
        confident=float((likeliest.values > 0.9).float().mean()),
    )


@cache
def real_features() -> Tensor:
    """The judge's features of the 5,000 real digits, [5000, 64]."""
    return load().features(digits().pixels)


@cache
def noise_distance(count: int = 5000) -> float:
    """The ceiling: the Fréchet distance of pictures of uniform noise in [-1, 1]."""
    noise = torch.rand(count, 1, 28, 28, generator=torch.Generator().manual_seed(0)) * 2 - 1
    return frechet_distance(real_features(), load().features(noise))


@cache
def floor_distance() -> float:
    """The floor: the Fréchet distance between two random halves of the real digits, 2,500 each."""
    order = torch.randperm(len(real_features()), generator=torch.Generator().manual_seed(0))
    first, second = real_features()[order].chunk(2)
    return frechet_distance(first, second)
