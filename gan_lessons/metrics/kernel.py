"""Kernel distance: how far apart two clouds of features are, with no Gaussian assumed and no bias in the count."""

from torch import Tensor

from gan_lessons.metrics.features import check_features


def kernel_distance(real_features: Tensor, fake_features: Tensor) -> float:
    """MMD² between features [count, dims] with the kernel k(x, y) = (x·y / dims + 1)³, without bias.

    E k(x, x') + E k(y, y') - 2 E k(x, y) over pairs of different samples: its mean is 0 for a perfect sampler at any
    count, and one value may be a little below 0. Bińkowski et al. 2018, arXiv:1801.01401, section 4.
    """
    check_features(real_features, fake_features, 2, "kernel distance")
    real, fake = real_features.double(), fake_features.double()

    def kernel(left: Tensor, right: Tensor) -> Tensor:
        return (left @ right.T / left.shape[1] + 1) ** 3

    def among(features: Tensor) -> Tensor:
        """The kernel's mean over pairs of different samples."""
        values, count = kernel(features, features), len(features)
        return (values.sum() - values.trace()) / (count * (count - 1))

    return float(among(real) + among(fake) - 2 * kernel(real, fake).mean())
