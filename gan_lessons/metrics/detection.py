"""Figures for detectors, which must not miss their word and must not hear it in others."""

import torch
from torch import Tensor


def mean_missed(wake: Tensor, others: Tensor, most: float = 1.0) -> float:
    """The share of wake words that a detector misses, averaged over all its thresholds with few enough false alarms.

    `wake` and `others` are its scores [count] of clips with the word and without. It is the area over the ROC curve for
    false alarms in 0 to `most` of the other clips, over `most`: with `most` 1, one less AUC; 0.5 is guessing then.
    McClish 1989, Medical Decision Making 9(3). A ValueError where `most` is no share.
    """
    if not 0 < most <= 1:
        raise ValueError(f"False alarms are averaged up to a share of the others, above 0 and at most 1, not {most}.")
    thresholds = others.sort(descending=True).values  # at the k-th, between k - 1 and k of the others are alarms
    missed = ((wake[:, None] < thresholds).double() + (wake[:, None] == thresholds).double() / 2).mean(0)
    widths = (most * len(others) - torch.arange(len(others))).clamp(0, 1)
    return float((missed * widths).sum() / widths.sum())
