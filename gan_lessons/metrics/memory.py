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


def birthday_support(features: Tensor, threshold: float, batch: int = 200, batches: int = 50, seed: int = 0) -> float:
    """How many different samples a generator can make, from how often two in a batch look the same.

    Of `batches` random batches of the features [count, dims], the share p holds a pair closer than `threshold`; with
    n samples to choose from, all equally often, p = 1 - exp(-batch²/2n), so n = -batch² / (2 log(1 - p)). Infinite if
    no batch holds such a pair, and only an upper bound of n where every batch does.
    Arora & Zhang 2017, arXiv:1706.08224, section 2.
    """
    check_features(features, features, batch, "birthday test")
    random = torch.Generator().manual_seed(seed)
    hits = 0
    for _ in range(batches):
        chosen = features[torch.randperm(len(features), generator=random)[:batch]].float()
        hits += int((torch.nn.functional.pdist(chosen) < threshold).any())
    share = min(hits / batches, 1 - 0.5 / batches)
    return math.inf if not hits else -(batch**2) / (2 * math.log(1 - share))
