"""Fréchet distance: how far apart two clouds of features are, each seen as one Gaussian."""

import torch
from torch import Tensor

from gan_lessons.metrics.features import check_features


def frechet_distance(real_features: Tensor, fake_features: Tensor) -> float:
    """‖μ - ν‖² + tr(Σ + Τ - 2(ΣΤ)^½) between features [count, dims], in squared units of a feature.

    It falls as the count grows, also for a perfect sampler, so compare only at equal counts.
    Dowson & Landau 1982; Heusel et al. 2017, arXiv:1706.08500, equation 6.
    """
    check_features(real_features, fake_features, real_features.shape[-1] + 1, "Fréchet distance")
    real, fake = real_features.double(), fake_features.double()
    covariance_real, covariance_fake = torch.cov(real.T), torch.cov(fake.T)
    # the eigenvalues of ΣΤ are real and non-negative but for rounding
    overlap = torch.linalg.eigvals(covariance_real @ covariance_fake).real.clamp(min=0).sqrt().sum()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    return float((gap + covariance_real.trace() + covariance_fake.trace() - 2 * overlap).clamp(min=0))
