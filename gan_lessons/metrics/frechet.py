"""Fréchet distance: how far apart two clouds of features are, each seen as one Gaussian."""

import torch
from torch import Tensor


def frechet_distance(real_features: Tensor, fake_features: Tensor) -> float:
    """‖μ - ν‖² + tr(Σ + Τ - 2(ΣΤ)^½) between features [count, dims], in squared units of a feature.

    It falls as the count grows, also for a perfect sampler, so compare only at equal counts.
    Dowson & Landau 1982; Heusel et al. 2017, arXiv:1706.08500, equation 6.
    """
    for features in (real_features, fake_features):
        if features.dim() != 2 or features.shape[1] != real_features.shape[-1]:
            raise ValueError(f"Features need the shape [count, dims], alike on both sides, not {list(features.shape)}.")
        if len(features) <= features.shape[1]:
            raise ValueError(f"{features.shape[1]} features need more than as many samples; there are {len(features)}.")
        if not features.isfinite().all():
            raise ValueError("The features hold values that are not numbers.")
    real, fake = real_features.double(), fake_features.double()
    covariance_real, covariance_fake = torch.cov(real.T), torch.cov(fake.T)
    # the eigenvalues of ΣΤ are real and non-negative but for rounding
    overlap = torch.linalg.eigvals(covariance_real @ covariance_fake).real.clamp(min=0).sqrt().sum()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    return float((gap + covariance_real.trace() + covariance_fake.trace() - 2 * overlap).clamp(min=0))
