"""Pictures as plain features, and what every metric asks of features: the right shape, numbers, some variety."""

from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

SIDE = 14  # pixels: larger pictures are scaled down to this before pixels are taken for features


def shrunk(pixels: Tensor) -> Tensor:
    """Pictures [count, channels, height, width] at no more than 14 × 14 pixels, a row each: [count, dims]."""
    return adaptive_avg_pool2d(pixels.float().cpu(), min(pixels.shape[-1], SIDE)).flatten(1)


def check_features(real: Tensor, fake: Tensor, least: int, metric: str) -> None:
    """A ValueError with one sentence unless both are features [count, dims] of at least `least` samples.

    Features that are the same for every real sample are refused too: any distance between them would say nothing.
    """
    for side, features in (("real", real), ("fake", fake)):
        if features.dim() != 2 or features.shape[1] != real.shape[-1]:
            raise ValueError(
                f"The {metric} takes features of the shape [count, dims], alike on both sides; "
                f"the {side} ones have {list(features.shape)}."
            )
        if len(features) < least:
            raise ValueError(f"The {metric} needs at least {least} samples; there are {len(features)} {side} ones.")
        if not features.isfinite().all():
            raise ValueError(f"The {side} features hold values that are not numbers.")
    if (real == real[:1]).all():
        raise ValueError(f"The {metric} needs features that vary; the real ones are all the same.")
