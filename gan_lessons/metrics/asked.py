"""Scores for pictures drawn on demand: are they of the class asked for, and does each class look like the real one?"""

from collections.abc import Callable

import torch
from torch import Tensor

from gan_lessons.data.images import Images, digits
from gan_lessons.judges.digits import load
from gan_lessons.metrics.classes import by_class
from gan_lessons.metrics.features import check_features, shrunk
from gan_lessons.metrics.frechet import frechet_distance
from gan_lessons.metrics.memory import nearest
from gan_lessons.metrics.neighbours import neighbour_scores

NEIGHBOURS = 5


def features_of(real: Images) -> Callable[[Tensor], Tensor]:
    """A function from pixels to features: the judge's 64 for digits; else up to 32 principal components.

    The components are those of the real pixels, scaled down to at most 14 × 14, and there are at least four pictures to
    each.
    """
    if as_digits(real):
        return lambda pixels: load().features(pixels.float().cpu())
    table = shrunk(real.pixels)
    mean = table.mean(0)
    axes = torch.linalg.svd(table - mean, full_matrices=False).Vh[: min(32, len(real) // 4)]
    return lambda pixels: (shrunk(pixels) - mean) @ axes.T


def as_digits(real: Images) -> bool:
    """Whether pictures have the shape that the judge of digits reads."""
    return real.pixels.shape[1:] == digits().pixels.shape[1:]


def class_accuracy(fakes: Images, real: Images) -> float:
    """The share of labelled fakes that look like the class in their label.

    Digits are read by the judge; others count as of the class of the nearest real picture, by their features.
    """
    if fakes.labels is None or real.labels is None:
        raise ValueError("The class accuracy needs labels on both sides; these pictures have no labels.")
    embed = features_of(real)
    return accuracy_by_features(embed(fakes.pixels), fakes.labels, embed(real.pixels), real)


def accuracy_by_features(theirs: Tensor, labels: Tensor, ours: Tensor, real: Images) -> float:
    """The same from features of fakes and of real pictures, [count, dims]."""
    assert real.labels is not None
    likeliest = load().head(theirs).argmax(1) if as_digits(real) else real.labels[nearest(ours, theirs).indices]
    return float((likeliest == labels.cpu()).float().mean())


def variety(fakes: Images, real: Images) -> Tensor:
    """How much the fakes of each class vary, as a share of how much its real pictures do: [classes].

    It is the total variance of the features within the class; a class of one and the same picture has 0.
    """
    assert fakes.labels is not None and real.labels is not None
    embed, classes = features_of(real), len(real.class_counts())

    def share(ours: Tensor, theirs: Tensor) -> float:
        return float(torch.cov(theirs.T).trace() / torch.cov(ours.T).trace())

    return by_class(share, embed(real.pixels), real.labels, embed(fakes.pixels), fakes.labels, classes)


def asked_scores(fakes: Images, real: Images) -> dict[str, float]:
    """Scores of pictures drawn for the same labels as the real ones have, once each or several times.

    `frechet_fraction`: their distance as a share of what uniform noise scores. Of two classes and more also
    `class_accuracy`; `coverage`, within each class, on average over the classes and in the worst, by as many fakes as
    there are real ones; `class_frechet`, the distance of each class, likewise. What needs more pictures a class than
    there are is left out. Compare at equal counts only.
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
    found["class_accuracy"] = accuracy_by_features(theirs, fakes.labels, ours, real)

    def apart(metric: Callable[[Tensor, Tensor], float]) -> Tensor:
        return by_class(metric, ours, real.labels, theirs, fakes.labels, len(counts))  # type: ignore[arg-type]

    if int(counts.min()) > NEIGHBOURS:
        coverage = apart(lambda r, f: neighbour_scores(r, f[: len(r)], NEIGHBOURS).coverage)
        found |= {"coverage": float(coverage.mean()), "worst_coverage": float(coverage.min())}
    if int(counts.min()) > ours.shape[1]:
        distances = apart(frechet_distance) / ceiling
        found |= {"class_frechet": float(distances.mean()), "worst_class_frechet": float(distances.max())}
    return found
