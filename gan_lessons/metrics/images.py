"""Scores for drawn digits, by the features and the classes that a small trained judge sees in them."""

from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor

from gan_lessons.data.images import digits
from gan_lessons.judges.digits import load
from gan_lessons.metrics.classes import class_shares, unevenness
from gan_lessons.metrics.frechet import frechet_distance


class DigitScores(NamedTuple):
    """How digits look to the judge.

    `frechet`: Fréchet distance of their features to those of the 1,000 held-out digits. `frechet_fraction`: the same as
    a fraction of what 4,000 pictures of uniform noise score. `classes`: how many of the ten digits make up at least 1 %
    of them. `class_kl`: KL(their classes ‖ uniform), in nats; the real digits have about as many of each. `confident`:
    the share that the judge reads with a probability above 0.9.
    """

    frechet: float
    frechet_fraction: float
    classes: int
    class_kl: float
    confident: float


def digit_scores(pixels: Tensor) -> DigitScores:
    """Score pictures [count, 1, 28, 28] in [-1, 1]; compare at equal counts only, by custom 4,000.

    The distance is too large by an amount that depends on the counts of both sides: so many digits are there to learn
    from, which makes what those score the floor of all others. The classes are those that the judge thinks most likely.
    Heusel et al. 2017, arXiv:1706.08500, with the judge's features in Inception's place.
    """
    judge = load()
    features = judge.features(pixels.float().cpu())
    distance = frechet_distance(real_features(), features)
    with torch.inference_mode():
        likeliest = judge.head(features).softmax(-1).max(-1)
    shares = class_shares(likeliest.indices, 10)
    return DigitScores(
        frechet=distance,
        frechet_fraction=distance / noise_distance(),
        classes=int((shares >= 0.01).sum()),
        class_kl=unevenness(likeliest.indices, 10),
        confident=float((likeliest.values > 0.9).float().mean()),
    )


@cache
def real_features() -> Tensor:
    """The judge's features of the 1,000 held-out digits, [1000, 64]."""
    return load().features(digits(held_out=True).pixels)


@cache
def noise_distance(count: int = 4000) -> float:
    """The ceiling: the Fréchet distance of pictures of uniform noise in [-1, 1]."""
    noise = torch.rand(count, 1, 28, 28, generator=torch.Generator().manual_seed(0)) * 2 - 1
    return frechet_distance(real_features(), load().features(noise))


@cache
def floor_distance() -> float:
    """The floor: the Fréchet distance of the 4,000 digits to learn from, which no GAN's 4,000 samples should beat.

    Two halves of those held out, 500 each, say the same if one allows for the counts: .0086 of noise's distance, which
    makes .0027 at 4,000 and 1,000 if it falls with the mean of 1/count; the 4,000 score .0025.
    """
    return frechet_distance(real_features(), load().features(digits().pixels))
