"""Precision, recall, density, coverage: quality and variety as two numbers, by balls around nearest neighbours."""

from typing import NamedTuple

import torch
from torch import Tensor

from gan_lessons.metrics.features import check_features


class NeighbourScores(NamedTuple):
    """`precision` and `density` ask whether fakes lie where the real ones do, `recall` and `coverage` the reverse.

    Precision, recall and coverage are shares; density is 1 on average for a perfect sampler, and may be above.
    """

    precision: float
    recall: float
    density: float
    coverage: float


def radii(features: Tensor, neighbours: int) -> Tensor:
    """How far from each sample its `neighbours`-th nearest other one is, shape [count]."""
    return torch.cdist(features, features).kthvalue(neighbours + 1).values  # the nearest of all is the sample itself


def neighbour_scores(real_features: Tensor, fake_features: Tensor, neighbours: int = 5) -> NeighbourScores:
    """Scores of features [count, dims] on either side, with as many on both by custom.

    Around each sample lies a ball that reaches to its `neighbours`-th neighbour. Precision: the share of fakes in any
    real ball; recall: the share of reals in any fake ball (Kynkäänniemi et al. 2019, arXiv:1904.06991, equation 1).
    Density: in how many real balls a fake lies, over `neighbours`; coverage: the share of real balls that hold a fake
    (Naeem et al. 2020, arXiv:2002.09797, equations 3 and 5).
    """
    check_features(real_features, fake_features, neighbours + 1, f"search for {neighbours} neighbours")
    real, fake = real_features.float(), fake_features.float()
    distances = torch.cdist(real, fake)
    in_real = distances <= radii(real, neighbours)[:, None]  # [real balls, fakes]
    in_fake = distances <= radii(fake, neighbours)[None, :]  # [reals, fake balls]
    return NeighbourScores(
        precision=float(in_real.any(0).float().mean()),
        recall=float(in_fake.any(1).float().mean()),
        density=float(in_real.float().sum(0).mean() / neighbours),
        coverage=float(in_real.any(1).float().mean()),
    )


def perfect_coverage(count: int, neighbours: int = 5) -> float:
    """What a perfect sampler covers on average with as many fakes as reals: the coverage's ceiling.

    A real ball misses all fakes when the `neighbours` nearest of 2·count - 1 other samples are all real.
    Naeem et al. 2020, arXiv:2002.09797, section 3.3.
    """
    missed = 1.0
    for k in range(neighbours):
        missed *= (count - 1 - k) / (2 * count - 1 - k)
    return 1 - missed
