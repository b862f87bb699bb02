"""Scores for vocoders: how far a waveform is from the one that it was made after, and whether a network can tell."""

import math
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import softplus

from gan_lessons.networks.vocoders import VocoderDiscriminator
from gan_lessons.spectrograms import FAINTEST, LOUDEST, log_mel

WINDOWS = (256, 512, 1024)  # samples


class VocoderScores(NamedTuple):
    """How near fakes are to the recordings whose log-mels they were made from; 0 is perfect.

    `mel_l1`: mean distance of the natural logarithms of their mel spectra. `convergence`: ‖|X| - |Y|‖ / ‖|X|‖ of short
    Fourier transforms X and Y. `log_magnitude`: mean |ln|X| - ln|Y||. The last two are averages over three windows.
    """

    mel_l1: float
    convergence: float
    log_magnitude: float


@torch.no_grad()
def vocoder_scores(real: Tensor, fake: Tensor) -> VocoderScores:
    """Compare waveforms [count, samples] one by one with the recordings [count, samples] that they should repeat.

    The distances between spectra are those of Yamamoto et al. 2020, arXiv:1910.11480, equations 4 to 6, with windows
    of 256, 512 and 1024 samples. Spectra do not see a shift of phase, and neither do ears.
    """
    checked(real, fake)
    pairs = [(magnitudes(real, size), magnitudes(fake, size)) for size in WINDOWS]
    apart = [((a - b).norm(dim=(1, 2)) / a.norm(dim=(1, 2)).clamp(min=1e-6)).mean() for a, b in pairs]
    logs = [(a.log() - b.log()).abs().mean() for a, b in pairs]
    return VocoderScores(
        float((log_mel(real) - log_mel(fake)).abs().mean()) * math.log(LOUDEST / FAINTEST) / 2,
        float(torch.stack(apart).mean()),
        float(torch.stack(logs).mean()),
    )


def checked(real: Tensor, fake: Tensor) -> None:
    """A ValueError unless each fake has a recording of its length."""
    if real.dim() != 2 or real.shape != fake.shape:
        raise ValueError(
            f"Each fake needs the recording it was made after: [count, samples] both, not {list(real.shape)} and "
            f"{list(fake.shape)}."
        )


def magnitudes(waveforms: Tensor, size: int) -> Tensor:
    """Magnitudes of a short Fourier transform, a quarter of a window apart, [count, frequencies, frames], from 1e-3."""
    window = torch.hann_window(size, device=waveforms.device)
    return torch.stft(waveforms, size, size // 4, window=window, return_complex=True).abs().clamp(min=1e-3)


def two_sample_accuracy(
    real: Tensor, fake: Tensor, steps: int = 120, batch: int = 16, seed: int = 0, width: int = 8
) -> float:
    """The share of held-out clips that a network trained on the others rightly calls real or fake; 0.5: it is guessing.

    `real` and `fake` [count, samples]; the network is the vocoder's own kind of discriminator, freshly made. A fake and
    its recording are held out together. Lopez-Paz & Oquab 2017, arXiv:1610.06545.
    """
    checked(real, fake)
    torch.manual_seed(seed)
    network = VocoderDiscriminator(width=width).to(real.device)
    optimizer = torch.optim.Adam(network.parameters(), lr=2e-3)
    order = torch.randperm(len(real)).to(real.device)
    known, held_out = order.chunk(2)
    for _ in range(steps):
        chosen = known[torch.randint(len(known), (batch,))]
        loss = (softplus(-network(real[chosen])) + softplus(network(fake[chosen]))).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.inference_mode():
        scores = [network(clips[held_out]).reshape(len(held_out), -1).mean(1) for clips in (real, fake)]
    return float(((scores[0] > 0).float().mean() + (scores[1] <= 0).float().mean()) / 2)


def two_sample_accuracies(real: Tensor, fake: Tensor, seeds: int = 5, steps: int = 120) -> list[float]:
    """`two_sample_accuracy` for each of so many seeds: another half of the clips is held out, another network learns.

    One run says little: of 80 clips, and of one network. `comparisons.means` of two such lists, paired by their seeds,
    says whether one kind of fake is told from the recordings more surely than another.
    """
    return [two_sample_accuracy(real, fake, steps, seed=seed) for seed in range(seeds)]
