"""Class by class: what a single number hides when samples have labels."""

from collections.abc import Callable

import torch
from torch import Tensor


def class_shares(labels: Tensor, classes: int) -> Tensor:
    """The share of each class among labels [count], shape [classes]; a ValueError for a label out of range."""
    if len(labels) and not 0 <= int(labels.min()) <= int(labels.max()) < classes:
        odd = labels[(labels < 0) | (labels >= classes)][0]
        raise ValueError(f"Labels of {classes} classes run from 0 to {classes - 1}, not {odd:g}.")
    return torch.bincount(labels.long(), minlength=classes).double() / len(labels)


def unevenness(labels: Tensor, classes: int) -> float:
    """KL(classes of the labels [count] ‖ as many of each), in nats: 0 where all classes are equally frequent."""
    shares = class_shares(labels, classes)
    return float(torch.special.xlogy(shares, shares * classes).sum())


def by_class(
    metric: Callable[[Tensor, Tensor], float],
    real: Tensor,
    real_labels: Tensor,
    fake: Tensor,
    fake_labels: Tensor,
    classes: int,
) -> Tensor:
    """A metric of each class by itself, shape [classes]; NaN where either side has too few samples of a class.

    A class is a small set, so take a metric that has no bias in the count, as the kernel distance.
    """
    for samples, labels in ((real, real_labels), (fake, fake_labels)):
        if len(samples) != len(labels):
            raise ValueError(f"There must be one label for each of {len(samples)} samples, not {len(labels)}.")

    def one(label: int) -> float:
        ours, theirs = real[real_labels == label], fake[fake_labels == label]
        return metric(ours, theirs) if min(len(ours), len(theirs)) > 1 else torch.nan

    return torch.tensor([one(label) for label in range(classes)])
