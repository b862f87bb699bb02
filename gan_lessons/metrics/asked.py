"""Scores for pictures drawn on demand: are they of the class asked for, and does each class look like the real one?"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from gan_lessons.data.images import Images, digits
from gan_lessons.judges.digits import load
from gan_lessons.metrics.classes import SIDE, by_class
from gan_lessons.metrics.features import check_features
from gan_lessons.metrics.frechet import frechet_distance
from gan_lessons.metrics.memory import nearest
from gan_lessons.metrics.neighbours import neighbour_scores

NEIGHBOURS = 5


def features_of(real: Images) -> Callable[[Tensor], Tensor]:
    """A function from pixels to features: the judge's 64 for digits; else up to 32 principal components.

    The components are those of the real pixels, scaled down to at most 14 × 14, and there are at least four pictures to
    each.
    """
    if real.pixels.shape[1:] == digits().pixels.shape[1:]:
        return lambda pixels: load().features(pixels.float().cpu())

    def table(pixels: Tensor) -> Tensor:
        return adaptive_avg_pool2d(pixels.float().cpu(), min(pixels.shape[-1], SIDE)).flatten(1)

    mean = table(real.pixels).mean(0)
    axes = torch.linalg.svd(table(real.pixels) - mean, full_matrices=False).Vh[: min(32, len(real) // 4)]
    return lambda pixels: (table(pixels) - mean) @ axes.T


def class_accuracy(fakes: Images, real: Images) -> float:
    """The share of labelled fakes that look like the class in their label.

    Digits are read by the judge; others count as of the class of the nearest real picture, by their features.
    """
    if fakes.labels is None or real.labels is None:
        raise ValueError("The class accuracy needs labels on both sides; these pictures have no labels.")
    if real.pixels.shape[1:] == digits().pixels.shape[1:]:
        likeliest = load().probabilities(fakes.pixels.float().cpu()).argmax(1)
        return float((likeliest == fakes.labels.cpu()).float().mean())
    embed = features_of(real)
    closest = nearest(embed(real.pixels), embed(fakes.pixels)).indices
    return float((real.labels[closest] == fakes.labels.cpu()).float().mean())


def asked_scores(fakes: Images, real: Images) -> dict[str, float]:
    """Scores of pictures drawn for the same labels as the real ones have, in the same numbers.

    `frechet_fraction`: their distance as a share of what uniform noise scores. Of two classes and more also
    `class_accuracy`; `coverage`, within each class, on average over the classes and in the worst; `class_frechet`, the
    distance of each class, likewise. What needs more pictures a class than there are is left out.
    """
    if fakes.labels is None or real.labels is None:
        raise ValueError("Scores class by class need labels on both sides; these pictures have no labels.")
    counts = real.class_counts()
    embed = features_of(real)
    ours, theirs = embed(real.pixels), embed(fakes.pixels)
    check_features(ours, theirs, ours.shape[1] + 1, "Fréchet distance")
    noise = 2 * torch.rand(real.pixels.shape, generator=torch.Generator().manual_seed(0)) - 1
    ceiling = frechet_distance(ours, embed(noise))
    found = {"frechet_fraction": frechet_distance(ours, theirs) / ceiling}
    if len(counts) == 1:
        return found
    found["class_accuracy"] = class_accuracy(fakes, real)

    def apart(metric: Callable[[Tensor, Tensor], float]) -> Tensor:
        return by_class(metric, ours, real.labels, theirs, fakes.labels, len(counts))  # type: ignore[arg-type]

    if int(counts.min()) > NEIGHBOURS:
        coverage = apart(lambda r, f: neighbour_scores(r, f, NEIGHBOURS).coverage)
        found |= {"coverage": float(coverage.mean()), "worst_coverage": float(coverage.min())}
    if int(counts.min()) > ours.shape[1]:
        distances = apart(frechet_distance) / ceiling
        found |= {"class_frechet": float(distances.mean()), "worst_class_frechet": float(distances.max())}
    return found
