"""Sound as pictures: the short-time Fourier transform, log-mel spectrograms, and the way back by Griffin-Lim.

One front end for the whole book. Waveforms are [batch, samples] in [-1, 1] at 8,000 samples a second; a frame is 64
samples, so a clip of 4,096 samples is 64 frames, and its log-mel spectrogram a picture of 64 × 64.
"""

import math
from functools import cache

import torch
from torch import Tensor

RATE = 8000  # samples a second
SAMPLES = 4096  # of a clip: 0.512 s
FOURIER, WINDOW, HOP = 512, 400, 64  # samples
BINS = FOURIER // 2 + 1  # frequencies, 0 to 4,000 Hz
MELS, LOWEST, HIGHEST = 64, 50.0, 4000.0  # Hz
FAINTEST, LOUDEST = 1e-3, 30.0  # mel magnitudes that become -1 and 1
LOW, HIGH = math.log(FAINTEST), math.log(LOUDEST)


def window(device: torch.device) -> Tensor:
    """The Hann window, [400]."""
    return torch.hann_window(WINDOW, device=device)


def stft(waveforms: Tensor) -> Tensor:
    """Complex spectrum of each frame: waveforms [batch, samples] to [batch, 257, samples / 64]."""
    if waveforms.dim() != 2 or not waveforms.shape[1] or waveforms.shape[1] % HOP:
        raise ValueError(
            f"The spectrogram takes waveforms [batch, samples], samples a multiple of {HOP}, "
            f"not {list(waveforms.shape)}."
        )
    looks = window(waveforms.device).to(waveforms)
    spectrum = torch.stft(waveforms, FOURIER, HOP, WINDOW, looks, pad_mode="constant", return_complex=True)
    return spectrum[..., :-1]  # the frame centred behind the last sample holds nothing that others lack


def istft(spectrum: Tensor) -> Tensor:
    """The waveforms [batch, samples] of `stft`; the inverse is exact, since windows overlap and their sum is known."""
    looks = window(spectrum.device)
    return torch.istft(spectrum, FOURIER, HOP, WINDOW, looks, length=HOP * spectrum.shape[-1])


@cache
def mel_filters() -> Tensor:
    """Triangles that gather 257 frequencies into 64 bands, evenly spaced in mel: [64, 257].

    mel = 2595 log₁₀(1 + Hz / 700); each triangle has height 1. O'Shaughnessy 1987; as torchaudio's `melscale_fbanks`.
    """

    def mel(hertz: Tensor) -> Tensor:
        return 2595 * torch.log10(1 + hertz / 700)

    low, high = mel(torch.tensor([LOWEST, HIGHEST], dtype=torch.float64)).tolist()
    corners = 700 * (10 ** (torch.linspace(low, high, MELS + 2, dtype=torch.float64) / 2595) - 1)
    frequencies = torch.linspace(0, RATE / 2, BINS, dtype=torch.float64)
    left, top, right = (corners[k : k + MELS, None] for k in range(3))
    rising, falling = (frequencies - left) / (top - left), (right - frequencies) / (right - top)
    return torch.minimum(rising, falling).clamp(min=0).float()


@cache
def inverse_filters() -> Tensor:
    """The pseudo-inverse of the mel filters, [257, 64]: a first guess of the frequencies behind the bands."""
    return torch.linalg.pinv(mel_filters())


def mel_of(magnitudes: Tensor, filters: Tensor | None = None) -> Tensor:
    """Magnitudes [..., 257, frames] to log-mel in [-1, 1], [..., 64, frames]: ln 0.001 becomes -1, and ln 30, 1.

    `filters` are the mel filters [64, 257] where they lie on the device already.
    """
    filters = mel_filters().to(magnitudes) if filters is None else filters
    logs = (filters @ magnitudes).clamp(FAINTEST, LOUDEST).log()
    return 2 * (logs - LOW) / (HIGH - LOW) - 1


def log_mel(waveforms: Tensor, filters: Tensor | None = None) -> Tensor:
    """Log-mel spectrograms of waveforms [batch, samples]: [batch, 64, samples / 64] in [-1, 1].

    The phase is lost, and so is where in its band a frequency lay.
    """
    return mel_of(stft(waveforms).abs(), filters)


def magnitudes_of(log_mels: Tensor, iterations: int = 30) -> Tensor:
    """Non-negative magnitudes [batch, 257, frames] whose mel bands are as asked, by multiplicative updates.

    Lee & Seung 2000, with the filters held fixed.
    """
    bands = ((log_mels.clamp(-1, 1) + 1) / 2 * (HIGH - LOW) + LOW).exp()
    bands = (bands - FAINTEST).clamp(min=0)  # what was clamped up to the faintest counts as silence
    filters, guess = mel_filters().to(bands), inverse_filters().to(bands)
    found = (guess @ bands).clamp(min=1e-5)
    for _ in range(iterations):
        found = found * (filters.T @ bands) / (filters.T @ (filters @ found) + 1e-8)
    return found


def griffin_lim(log_mels: Tensor, iterations: int = 32, momentum: float = 0.99) -> Tensor:
    """Waveforms [batch, samples] with nearly these log-mel spectrograms [batch, 64, frames]."""
    return with_phases(magnitudes_of(log_mels), iterations, momentum)


@torch.no_grad()
def with_phases(magnitudes: Tensor, iterations: int = 32, momentum: float = 0.99) -> Tensor:
    """Waveforms [batch, samples] whose STFTs have nearly these magnitudes [batch, 257, frames].

    The phase starts at random and is made to fit: to a waveform and back, keep the new phase, put the magnitudes back.
    Griffin & Lim 1984; with momentum, Perraudin et al. 2013.
    """
    turns = torch.rand(magnitudes.shape, generator=torch.Generator().manual_seed(0)).to(magnitudes.device)
    phase = torch.polar(torch.ones_like(magnitudes), 2 * torch.pi * turns)
    before = torch.zeros_like(phase)
    for _ in range(iterations):
        rebuilt = stft(istft(magnitudes * phase))
        phase = rebuilt + momentum * (rebuilt - before)
        phase = phase / (phase.abs() + 1e-9)
        before = rebuilt
    return istft(magnitudes * phase)
