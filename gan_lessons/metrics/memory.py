"""Memorisation: has the generator learnt the training set by heart, and how many different samples can it make?"""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from gan_lessons.metrics.features import check_features


class Nearest(NamedTuple):
    """For each sample the distance to its nearest training sample, and that one's index, each of shape [count]."""

    distances: Tensor
    indices: Tensor


def nearest(training: Tensor, samples: Tensor) -> Nearest:
    """The nearest training sample of each sample, both of shape [count, ...], by Euclidean distance."""
    check_features(training.flatten(1), samples.flatten(1), 1, "search for the nearest training sample")
    return Nearest(*torch.cdist(samples.flatten(1).float(), training.flatten(1).float()).min(1))


def copied_share(training: Tensor, held_out: Tensor, samples: Tensor) -> float:
    """How much more often samples are nearer to a training than to a held-out sample: about 0 for a perfect sampler.

    Training and held-out set, equally large, come from one distribution, so samples of a generator that has copied
    nothing are as often nearer to one as to the other. Negative values are chance. After Meehan et al. 2020,
    arXiv:2004.05675.
    """
    if len(training) != len(held_out):
        raise ValueError(
            f"Both sets must be equally large: {len(training)} training, {len(held_out)} held-out samples."
        )
    to_training, to_held_out = nearest(training, samples).distances, nearest(held_out, samples).distances
    return float(2 * (to_training < to_held_out).float().mean() - 1)


def birthday_support(features: Tensor, threshold: float, batches: int = 50, seed: int = 0) -> float:
    """How many different samples a generator can make, from how often two in a batch look the same.

    Of `batches` random batches of the features [count, dims] a share p holds a pair closer than `threshold`; with n
    samples to choose from, all equally often, p = 1 - exp(-batch² / 2n). The batch grows until p is a half or more, and
    then n = -batch² / (2 log(1 - p)); infinite if even half of the features are too few.
    Arora & Zhang 2017, arXiv:1706.08224, section 2.
    """
    check_features(features, features, 20, "birthday test")
    random, size = torch.Generator().manual_seed(seed), 2.0
    while size <= len(features) / 2:
        batch = round(size)
        chosen = (torch.randperm(len(features), generator=random)[:batch] for _ in range(batches))
        hits = sum(bool((torch.nn.functional.pdist(features[some].float()) < threshold).any()) for some in chosen)
        if 2 * hits >= batches:
            return -(batch**2) / (2 * math.log(1 - min(hits / batches, 1 - 0.5 / batches)))
        size *= 2**0.5
    return math.inf
