"""Scores for clouds of points, by the Chamfer distance: quality, variety, and whether fakes can be told from real."""

from typing import NamedTuple

import torch
from torch import Tensor


class CloudScores(NamedTuple):
    """How a set of clouds does beside a real one of the same size.

    `matching`: the mean distance of a real cloud to its nearest fake (minimum matching distance; less is better).
    `coverage`: the share of real clouds that are the nearest one of some fake; real held-out clouds reach about .6.
    Achlioptas et al. 2018, arXiv:1707.02392, section 4. `told_apart`: how often a cloud's nearest other one is of its
    own set; .5 where the sets cannot be told apart. Yang et al. 2019, arXiv:1906.12320, equation 16.
    """

    matching: float
    coverage: float
    told_apart: float


def chamfer(first: Tensor, second: Tensor, batch: int = 50) -> Tensor:
    """Distances [m, n] between clouds [m, points, 3] and [n, points, 3].

    The mean squared distance of each point to the nearest one of the other cloud, both ways added.
    Fan et al. 2017, arXiv:1612.00603, equation 1.
    """
    rows = []
    for cloud in first.float():
        parts = [torch.cdist(cloud.expand(len(some), -1, -1), some) for some in second.float().split(batch)]
        rows.append(torch.cat([part.amin(2).square().mean(1) + part.amin(1).square().mean(1) for part in parts]))
    return torch.stack(rows)


def cloud_scores(real: Tensor, fake: Tensor) -> CloudScores:
    """Score fakes against real clouds, both [count, points, 3]; a ValueError where the counts differ or are below 2."""
    if real.shape != fake.shape or real.dim() != 3 or real.shape[2] != 3 or len(real) < 2:
        raise ValueError(
            f"Real and fake clouds have to be [count, points, 3] with the same count, 2 at least; these are "
            f"{list(real.shape)} and {list(fake.shape)}."
        )
    real, fake = real.cpu(), fake.cpu()
    between, among_real, among_fake = chamfer(real, fake), chamfer(real, real), chamfer(fake, fake)
    for within in (among_real, among_fake):
        within.fill_diagonal_(torch.inf)
    own = torch.cat([among_real.amin(1), among_fake.amin(1)])
    others = torch.cat([between.amin(1), between.amin(0)])
    own_nearer = (own < others).double() + 0.5 * (own == others).double()  # two equal clouds say nothing
    return CloudScores(
        matching=float(between.amin(1).mean()),
        coverage=len(between.argmin(0).unique()) / len(real),
        told_apart=float(own_nearer.mean()),
    )
