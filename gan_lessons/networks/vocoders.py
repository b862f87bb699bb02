"""A vocoder, log-mel spectrograms to waveforms, and discriminators that listen by period and by frequency."""

import math
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu, pad


class ConvNeXtBlock(nn.Module):
    """Frames [batch, frames, width] to the same: look along time, channel by channel; then mix the channels.

    Liu et al. 2022, arXiv:2201.03545, in one dimension.
    """

    def __init__(self, width: int, hidden: int, kernel: int = 7):
        super().__init__()
        self.along_time = nn.Conv1d(width, width, kernel, padding=kernel // 2, groups=width)
        self.mix = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, hidden), nn.GELU(), nn.Linear(hidden, width))

    def forward(self, frames: Tensor) -> Tensor:
        return frames + self.mix(self.along_time(frames.mT).mT)


def overlap_add(frames: Tensor, hop: int) -> Tensor:
    """Frames [batch, frames, size], centred `hop` apart, summed to waveforms [batch, frames · hop]."""
    parts = frames.unflatten(-1, (-1, hop)).unbind(-2)
    whole = torch.stack([pad(part, (0, 0, late, len(parts) - late)) for late, part in enumerate(parts)]).sum(0)
    return whole[:, len(parts) // 2 :][:, : frames.shape[1]].flatten(1)


def inverse(spectrum: Tensor, window: Tensor, hop: int) -> Tensor:
    """The inverse of a short-time Fourier transform [batch, frames, frequencies]: waveforms [batch, frames · hop].

    Each frame is windowed, added where it overlaps its neighbours, and the sum divided by that of the squared windows.
    The transform of a waveform gives that waveform back. Any other spectrum is the transform of none; it gives the one
    whose transform comes nearest. Griffin & Lim 1984, IEEE ASSP 32(2), equation 6.
    """
    frames = torch.fft.irfft(spectrum) * window
    return overlap_add(frames, hop) / overlap_add(window.square().expand(1, *frames.shape[1:]), hop)


class Vocoder(nn.Module):
    """Log-mel spectrograms [batch, mels, frames] to waveforms [batch, frames · hop].

    The network names a magnitude and a phase for every frame and frequency of a short-time Fourier transform, and the
    inverse transform makes the waveform that fits them best.
    Siuzdak 2023, arXiv:2306.00814 (Vocos).
    """

    window: Tensor

    def __init__(self, mels: int = 64, width: int = 96, blocks: int = 4, size: int = 256, hop: int = 64):
        super().__init__()
        self.hop = hop
        self.enter = nn.Conv1d(mels, width, 7, padding=3)
        self.blocks = nn.Sequential(nn.LayerNorm(width), *(ConvNeXtBlock(width, 3 * width) for _ in range(blocks)))
        self.leave = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, size + 2))
        self.register_buffer("window", torch.hann_window(size), persistent=False)

    def forward(self, log_mels: Tensor) -> Tensor:
        return inverse(self.spectrum(log_mels), self.window, self.hop)

    def spectrum(self, log_mels: Tensor) -> Tensor:
        """The complex numbers of every frame, [batch, frames, size / 2 + 1]."""
        log_magnitude, phase = self.leave(self.blocks(self.enter(log_mels).mT)).to(log_mels.dtype).chunk(2, dim=-1)
        return torch.polar(log_magnitude.clamp(max=5).exp(), phase)


class Corrected(nn.Module):
    """A vocoder that listens to what it made, and corrects it: log-mels [batch, mels, frames] to waveforms.

    Each correction takes the waveform's spectrum S, and multiplies its magnitudes so that its mel spectrum M|S| comes
    nearer to the one that was asked for, m: S ← S · Mᵀ(m / M|S|) / Mᵀ1. The phase stays, and the inverse transform
    settles what overlapping frames disagree about. The step is the multiplicative update of Lee & Seung 2000 for the
    Kullback-Leibler divergence; gradients go through it, so the vocoder learns what corrections cannot make: phase.

    The front end is that of `spectrograms`: `filters` is M [mels, frequencies], `window` [frequencies · 2 - 2], and
    magnitudes from `faintest` to `loudest` are log-mels from -1 to 1.
    """

    filters: Tensor
    back: Tensor
    window: Tensor

    def __init__(
        self, vocoder: Vocoder, filters: Tensor, window: Tensor, faintest: float, loudest: float, corrections: int = 2
    ):
        super().__init__()
        self.vocoder, self.hop, self.corrections = vocoder, vocoder.hop, corrections
        self.middle, self.reach = math.log(faintest * loudest) / 2, math.log(loudest / faintest) / 2
        self.faintest, self.loudest = faintest, loudest
        self.register_buffer("filters", filters.T.contiguous(), persistent=False)
        self.register_buffer("back", filters / filters.sum(0).clamp(min=1e-6), persistent=False)
        self.register_buffer("window", window, persistent=False)

    def forward(self, noise: Tensor, log_mels: Tensor) -> Tensor:
        """Waveforms for log-mels; a vocoder has no noise, but [batch, 0] of it, as every generator gets."""
        return self.speak(log_mels)

    def speak(self, log_mels: Tensor) -> Tensor:
        """Waveforms [batch, frames · hop] for log-mels [batch, mels, frames]."""
        waveforms, wanted = self.vocoder(log_mels), (log_mels.mT * self.reach + self.middle).exp()
        for _ in range(self.corrections):
            spectrum = self.spectrum(waveforms)
            ratio = wanted / (spectrum.abs() @ self.filters).clamp(min=self.faintest)
            waveforms = self.waveforms(spectrum * (ratio.clamp(max=10) @ self.back))
        return waveforms

    def log_mel(self, waveforms: Tensor) -> Tensor:
        """What the front end makes of waveforms, [batch, mels, frames] in [-1, 1]."""
        magnitudes = self.spectrum(waveforms).abs() @ self.filters
        return ((magnitudes.clamp(self.faintest, self.loudest).log() - self.middle) / self.reach).mT

    def spectrum(self, waveforms: Tensor) -> Tensor:
        """The short-time Fourier transform, [batch, frames, frequencies]."""
        size = len(self.window)
        frames = pad(waveforms, (size // 2, size // 2)).unfold(1, size, self.hop)[:, :-1]
        return torch.fft.rfft(frames * self.window)

    def waveforms(self, spectrum: Tensor) -> Tensor:
        """The inverse of `spectrum`; where frames disagree, the waveform that fits them best (Griffin & Lim 1984)."""
        return inverse(spectrum, self.window, self.hop)


class PeriodDiscriminator(nn.Module):
    """Waveforms [batch, samples] to scores [batch, places], looking only at samples that lie `period` apart.

    A voiced sound repeats; folded at its period, what should be equal lies in one column. Kong et al. 2020,
    arXiv:2010.05646 (HiFi-GAN), section 2.3.
    """

    def __init__(self, period: int, width: int = 16):
        super().__init__()
        self.period = period
        widths = [1, width, 2 * width, 4 * width, 4 * width]
        self.layers = nn.ModuleList(
            nn.Conv1d(before, after, 5, stride=3, padding=2) for before, after in pairwise(widths)
        )
        self.score = nn.Conv1d(widths[-1], 1, 3, padding=1)

    def forward(self, waveforms: Tensor) -> list[Tensor]:
        batch, samples = waveforms.shape
        folded = pad(waveforms, (0, -samples % self.period)).unflatten(1, (-1, self.period))
        return heard(self, folded.mT.flatten(0, 1)[:, None], batch)


class SpectrumDiscriminator(nn.Module):
    """Waveforms [batch, samples] to scores [batch, places], looking at the complex numbers of one Fourier transform.

    Phase is in them. A long window tells frequencies apart, a short one times. Jang et al. 2021, arXiv:2106.07889
    (UnivNet), with real and imaginary part in the magnitude's place, as Défossez et al. 2022, arXiv:2210.13438.
    """

    window: Tensor

    def __init__(self, n_fft: int, width: int = 16):
        super().__init__()
        self.register_buffer("window", torch.hann_window(n_fft) / n_fft**0.5 * 2, persistent=False)
        widths = [2, width, 2 * width, 2 * width, 4 * width]
        self.layers = nn.ModuleList(
            nn.Conv2d(before, after, (3, 5), stride=(1 + number % 2, 2), padding=(1, 2))
            for number, (before, after) in enumerate(pairwise(widths))
        )
        self.score = nn.Conv2d(widths[-1], 1, 3, padding=1)

    def forward(self, waveforms: Tensor) -> list[Tensor]:
        size = len(self.window)
        frames = pad(waveforms.to(self.window.dtype), (size // 2, size // 2)).unfold(1, size, size // 4) * self.window
        spectrum = torch.view_as_real(torch.fft.rfft(frames))  # [batch, frames, frequencies, 2]
        return heard(self, spectrum.permute(0, 3, 1, 2), len(waveforms))


def heard(network: PeriodDiscriminator | SpectrumDiscriminator, sound: Tensor, batch: int) -> list[Tensor]:
    """The features of every layer, and last the scores [batch, places]."""
    features = []
    for layer in network.layers:
        sound = leaky_relu(layer(sound), 0.1)
        features.append(sound)
    return [*features, network.score(sound).reshape(batch, -1)]


class VocoderDiscriminator(nn.Module):
    """Waveforms [batch, samples] to scores [batch, 1, places], by several periods and several window lengths."""

    def __init__(self, periods: tuple[int, ...] = (2, 3, 5, 7), windows: tuple[int, ...] = (128, 512), width: int = 16):
        super().__init__()
        self.ears = nn.ModuleList(
            [
                *(PeriodDiscriminator(period, width) for period in periods),
                *(SpectrumDiscriminator(size, width) for size in windows),
            ]
        )

    def forward(self, waveforms: Tensor, log_mels: Tensor | None = None) -> Tensor:
        """The scores; by the waveforms alone."""
        return self.listen(waveforms)[0]

    def listen(self, waveforms: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The scores [batch, 1, places], and the features of all layers of all ears."""
        heard = [ear(waveforms) for ear in self.ears]
        scores = torch.cat([one[-1] for one in heard], dim=1)[:, None]
        return scores, [feature for one in heard for feature in one[:-1]]


def feature_matching(real: list[Tensor], fake: list[Tensor]) -> Tensor:
    """How far apart the features of real and fake are: mean |D_l(x) - D_l(G(m))| of each layer l, averaged.

    Kumar et al. 2019, arXiv:1910.06711 (MelGAN), equation 5.
    """
    return torch.stack([(a.detach() - b).abs().mean() for a, b in zip(real, fake, strict=True)]).mean()
