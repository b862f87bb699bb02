"""How much of each detail pictures have: their spectra, and whether a simple test tells two sets apart by them.

A blurred picture may be near to the true one in every pixel; in the spectrum it lacks what is fine. Durall et al. 2020,
arXiv:2003.01826.
"""

import math

import numpy as np
import torch
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.model_selection import cross_val_score
from torch import Tensor

FLOOR = 1e-3  # of power, so that what no eye sees does not count
FOLDS = 5


def radial(pixels: Tensor) -> Tensor:
    """The power of each frequency in any direction, in dB: [count, side // 2], coarse first.

    Of pictures [count, channels, side, side], seen in grey; the mean brightness is left out. A Hann window keeps the
    picture's border, where the left edge meets the right one, from counting as detail.
    """
    *_, height, width = pixels.shape
    if height != width:
        raise ValueError(f"Spectra are taken of square pictures, not of {height} × {width} pixels.")
    window = torch.hann_window(height, periodic=False, device=pixels.device)
    grey = pixels.float().mean(1)
    centred = grey - grey.mean((-2, -1), keepdim=True)
    power = torch.fft.fft2(centred * window * window[:, None]).abs().square()
    frequencies = torch.fft.fftfreq(height, 1 / height, device=pixels.device)
    ring = (frequencies.square() + frequencies[:, None].square()).sqrt().round().long()
    most = height // 2
    inside = (ring >= 1) & (ring <= most)
    index = ring[inside] - 1
    sums = torch.zeros(len(pixels), most, device=pixels.device).index_add_(1, index, power[:, inside])
    return 10 * (sums / index.bincount(minlength=most) + FLOOR).log10()


def spectrum_gap(real: Tensor, fake: Tensor) -> float:
    """How far the mean spectrum of fakes is from that of real pictures, in dB: the mean over the frequencies."""
    return float((radial(real).mean(0) - radial(fake).mean(0)).abs().mean())


def told_apart(real: Tensor, fake: Tensor) -> float:
    """How often a linear discriminant tells fake from real by spectra that it has not seen: .5 is by chance, 1 always.

    As many of either, in five folds. Of pairs, both pictures of one are in the same fold, lest the twin gives it away.
    NaN where there are fewer of either than folds.
    """
    count = min(len(real), len(fake))
    if count < FOLDS:
        return math.nan
    spectra = torch.cat([radial(real[:count]), radial(fake[:count])]).double().cpu().numpy()
    groups = np.tile(np.arange(count) % FOLDS, 2)
    folds = [(np.flatnonzero(groups != fold), np.flatnonzero(groups == fold)) for fold in range(FOLDS)]
    judge = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
    return float(cross_val_score(judge, spectra, np.repeat([0, 1], count), cv=folds).mean())
