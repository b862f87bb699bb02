"""Scores of enlarged pictures: how far they are from the truth, and how much like photographs they look.

No picture can be the best in both: Blau & Michaeli 2018, arXiv:1711.06077.
"""

import numpy as np
import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from torch import Tensor
from torch.nn.functional import avg_pool2d

from gan_lessons.judges.photographs import load
from gan_lessons.metrics.spectra import spectrum_gap, told_apart
from gan_lessons.reconstruction import feature_distance

PERFECT = 100.0  # dB


def psnr(real: Tensor, fake: Tensor) -> float:
    """The mean peak signal-to-noise ratio of pictures [count, channels, h, w] in [-1, 1], in dB; scikit-image's.

    Equal pictures, whose ratio has no bound, count as 100 dB.
    """
    with np.errstate(divide="ignore"):
        return float(
            np.mean([min(PERFECT, peak_signal_noise_ratio(*pair, data_range=2)) for pair in arrays(real, fake)])
        )


def ssim(real: Tensor, fake: Tensor) -> float:
    """The mean structural similarity, 1 for equal pictures; scikit-image's. Wang et al. 2004."""
    return float(np.mean([structural_similarity(*pair, data_range=2, channel_axis=0) for pair in arrays(real, fake)]))


def arrays(real: Tensor, fake: Tensor) -> list[tuple[np.ndarray, np.ndarray]]:
    """Pairs of pictures as NumPy has them, with no pixel out of range."""
    sides = (side.detach().float().clamp(-1, 1).cpu().numpy() for side in (real, fake))
    return list(zip(*sides, strict=True))


@torch.inference_mode()
def judged_distance(real: Tensor, fake: Tensor, batch: int = 32) -> float:
    """How differently the judge of photographs sees pictures and the true ones, on average; 0 for equal ones."""
    judge = load()
    pairs = zip(real.cpu().split(batch), fake.float().clamp(-1, 1).cpu().split(batch), strict=True)
    return float(torch.cat([feature_distance(judge.maps(one), judge.maps(other)) for one, other in pairs]).mean())


def shrunk_back(fake: Tensor, small: Tensor) -> float:
    """How far pictures, shrunk, are from what they were made of: the mean over the pixels, in 255ths of the range."""
    again = avg_pool2d(fake.clamp(-1, 1), fake.shape[-1] // small.shape[-1])
    return float((again - small).abs().mean() * 127.5)


def scores(real: Tensor, fake: Tensor, small: Tensor) -> dict[str, float]:
    """Every score of enlarged pictures, beside the true ones and what they were made of."""
    return {
        "psnr": psnr(real, fake),
        "ssim": ssim(real, fake),
        "spectrum_db": spectrum_gap(real, fake.clamp(-1, 1)),
        "told_apart": told_apart(real, fake.clamp(-1, 1)),
        "feature_distance": judged_distance(real, fake),
        "shrunk_back": shrunk_back(fake, small),
    }
