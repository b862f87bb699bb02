"""What a measure of every class by itself gives, and what it gives after the usual mistakes."""

from collections.abc import Callable

import torch
from torch import Tensor


def counted(labels: Tensor, classes: int) -> Tensor:
    return torch.bincount(labels, minlength=classes).float()


def shares(asked: Tensor, read: Tensor, classes: int) -> Tensor:
    """Of each class: how much of what was asked for was read as it. NaN if it was never asked for."""
    return counted(asked[asked == read], classes) / counted(asked, classes)


def accuracy_mistakes(asked: Tensor, read: Tensor, classes: int) -> list[tuple[str, Tensor]]:
    """The shares after the usual mistakes."""
    right, overall = shares(asked, read, classes), (asked == read).float().mean()
    hits, came = counted(asked[asked == read], classes), ~right.isnan()
    return [
        ("nought for never asked", right.nan_to_num()),
        ("share of those read", hits / counted(read, classes)),
        ("share of those read", hits / counted(read, classes).clamp(min=1)),
        ("share of all samples", hits / len(asked)),
        ("one number for all classes", overall),
        ("one number for all classes", overall.expand(classes)),
        ("one number for all classes", right[came].mean()),
        ("one number for all classes", right.nan_to_num().mean()),
        ("shares of the classes", counted(asked, classes) / len(asked)),
        ("shares of the classes", counted(read, classes) / len(asked)),
        ("shares of the classes", counted(read, classes) / counted(asked, classes)),
        ("absent class left out", right[came]),
        ("how often wrong", 1 - right),
    ]


def ratios(
    real: Tensor,
    real_labels: Tensor,
    fake: Tensor,
    fake_labels: Tensor,
    classes: int,
    spread: Callable = lambda samples: samples.flatten(1).var(0, unbiased=False).sum(),
) -> Tensor:
    """A number of the fakes over that of the real samples, class by class: their total variances."""
    return torch.stack([spread(fake[fake_labels == k]) / spread(real[real_labels == k]) for k in range(classes)])


def variety_mistakes(
    real: Tensor, real_labels: Tensor, fake: Tensor, fake_labels: Tensor, classes: int
) -> list[tuple[str, Tensor]]:
    """The ratios after the usual mistakes."""
    given = real, real_labels, fake, fake_labels, classes
    right = ratios(*given)
    pixelwise = ratios(*given, spread=lambda samples: samples.flatten(1).var(0, unbiased=False))
    together = total(fake) / total(real)
    centred = [each - each.mean(0) for each in (real, fake)]
    common = ratios(
        centred[0],
        real_labels,
        centred[1],
        fake_labels,
        classes,
        lambda samples: samples.flatten(1).square().mean(0).sum(),
    )
    return [
        ("all classes at once", together),
        ("all classes at once", together.expand(classes)),
        ("one number for all classes", right.mean()),
        ("upside down", 1 / right),
        ("root of the variance", right.sqrt()),
        (
            "root of the variance",
            ratios(*given, spread=lambda samples: samples.flatten(1).std(0, unbiased=False).sum()),
        ),
        ("root of the variance", ratios(*given, spread=lambda samples: samples.flatten(1).std(0).sum())),
        ("all pixels as one", ratios(*given, spread=torch.var)),
        ("all pixels as one", ratios(*given, spread=lambda samples: samples.var(unbiased=False))),
        ("pixel by pixel", pixelwise.mean(1)),
        ("around the common mean", common),
        ("divided by n - 1", ratios(*given, spread=lambda samples: samples.flatten(1).var(0).sum())),
        ("real labels for fakes", ratios(real, real_labels, fake, real_labels, classes)),
    ]


def total(samples: Tensor) -> Tensor:
    return samples.flatten(1).var(0, unbiased=False).sum()
