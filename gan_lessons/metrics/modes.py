"""Modes covered, high quality and KL: how much of a known mixture a sampler has found; and how wide its modes are."""

from typing import NamedTuple

import torch
from torch import Tensor

from gan_lessons.data.points import Mixture


class ModeScores(NamedTuple):
    """Each of shape [...]: modes with at least one good sample, share of good samples, and KL in nats."""

    modes: Tensor
    high_quality: Tensor
    kl: Tensor


def mode_scores(points: Tensor, mixture: Mixture) -> ModeScores:
    """Score points [..., count, dims] against a mixture; a sampler that is perfect scores what `perfect` gives.

    A sample is of high quality within three standard deviations of its nearest centre; a mode is covered when it is
    the nearest of at least one such sample. KL(samples ‖ uniform) compares the shares of the high-quality samples over
    the modes with equal shares, and is infinite where there is none. Lin et al. 2018, arXiv:1712.04086, section 4.1.
    """
    distance, nearest = torch.cdist(points, mixture.centres.to(points)).min(-1)
    good = distance <= 3 * mixture.std
    counts = (torch.nn.functional.one_hot(nearest, len(mixture.centres)) * good[..., None]).sum(-2).double()
    shares = counts / counts.sum(-1, keepdim=True)
    kl = torch.special.xlogy(shares, shares * len(mixture.centres)).sum(-1)
    return ModeScores((counts > 0).sum(-1), good.float().mean(-1), kl.nan_to_num(nan=torch.inf))


def mode_width(points: Tensor, mixture: Mixture) -> Tensor:
    """Standard deviation, per coordinate, of the high-quality samples around their mode's centre, shape [...].

    `mode_scores` does not see it: a sampler that draws the centres alone has a width of 0 and the highest scores.
    """
    distance, _ = torch.cdist(points, mixture.centres.to(points)).min(-1)
    good = distance <= 3 * mixture.std
    return ((distance.square() * good).sum(-1) / good.sum(-1) / points.shape[-1]).sqrt()


def perfect(mixture: Mixture, count: int = 2500, seed: int = 0) -> ModeScores:
    """What the mixture itself scores with `count` samples."""
    return mode_scores(mixture.sample(count, seed), mixture)
