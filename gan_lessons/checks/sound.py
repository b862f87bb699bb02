"""The checks of the assignment to chapter 17, Sound. In each, `seed` and what follows may be changed."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import pad

from gan_lessons.checks import CheckError, call, compare, number, own, seed_of
from gan_lessons.checks.cards import say, task
from gan_lessons.checks.eight import trained
from gan_lessons.checks.four_piles import FAULTS, four_piles, pile_scores, piles
from gan_lessons.checks.glides import (
    check_pictures,
    eight_gans,
    glide_magnitudes,
    own_batches,
    own_glides,
    pictured,
    reached,
    spectrum,
)
from gan_lessons.checks.reading import order
from gan_lessons.spectrograms import HOP, istft, mel_filters, stft

__all__ = [
    "FAULTS", "another_round", "decibels", "folded", "four_piles", "glide_magnitudes", "magnitudes", "order",
    "own_glides", "own_tone", "pictured", "pile_scores", "piles", "seed_of", "spectrogram_training",
]  # fmt: skip


@task
def magnitudes(
    answer: Callable, seed: int = 0, sizes: Sequence[tuple[int, int, int]] = ((40, 8, 4), (47, 12, 5))
) -> None:
    """Check magnitudes(waveforms, window, hop) for these numbers of samples, samples a frame, and samples a hop."""
    for samples, size, hop in sizes:
        random = torch.Generator().manual_seed(seed + samples)
        waveforms = torch.randn(3, samples, generator=random)
        window = torch.hann_window(size) * (0.5 + torch.rand(size, generator=random))
        what = f"{answer.__name__}, {samples} samples, frames of {size}, hop {hop}"
        complexes = spectrum(waveforms, window, hop)
        right, ones = complexes.abs(), torch.ones(size)
        frames = waveforms.unfold(-1, size, hop) * window
        beyond = spectrum(pad(waveforms, (0, hop - (samples - size) % hop)), window, hop).abs()
        mistakes = [
            ("window left out", spectrum(waveforms, ones, hop).abs()),
            ("another window", spectrum(waveforms, torch.hann_window(size), hop).abs()),
            ("last frame left out", right[..., :-1]),
            ("frame beyond the end", beyond),
            ("frames that do not overlap", spectrum(waveforms, window, size).abs()),
            ("padded at both ends", spectrum(pad(waveforms, (size // 2, size // 2)), window, hop).abs()),
            ("padded at both ends", spectrum(pad(waveforms, (size // 2,) * 2, mode="reflect"), window, hop).abs()),
            ("power for magnitude", right.square()),
            ("real part of the spectrum", complexes.real),
            ("real part of the spectrum", complexes.real.abs()),
            ("frames as rows", right.mT),
            ("frequencies twice", torch.fft.fft(frames).abs().mT),
            ("first frequencies only", right[:, :-1]),
            ("divided by the frame's length", right / size),
        ]
        yours = call(answer, waveforms.clone(), window.clone(), hop)
        if isinstance(yours, Tensor) and yours.is_complex():
            raise CheckError("phase kept", f"{what}: expected magnitudes, yours are complex numbers")
        compare(what, yours, right, mistakes)


@task
def decibels(
    answer: Callable, seed: int = 0, floors: Sequence[float] = (-60.0, -30.0), batch: int = 3, frames: int = 5
) -> None:
    """Check decibels(magnitudes, filters, floor) for these floors, on so many clips of so many frames."""
    for floor in floors:
        random = torch.Generator().manual_seed(seed + round(-floor))
        filters = mel_filters()[::9]
        loud = torch.logspace(-3, 1, frames)[torch.randperm(frames, generator=random)]
        found = (0.1 + torch.rand(batch, filters.shape[1], frames, generator=random)) * loud
        found = found * torch.linspace(1, 3, batch)[:, None, None]
        found[0, :, 1] = 0  # a silent frame
        what = f"{answer.__name__}, floor {floor:g}"
        bands, powers = filters @ found, filters @ found.square()
        right = relative(bands, floor)
        early = filters @ (20 * found.log10())
        mistakes = [
            ("ten for twenty", relative(bands, floor, factor=10)),
            ("natural logarithm of the band", relative(bands, floor, factor=20 * torch.tensor(10.0).log())),
            ("floor forgotten", relative(bands, -torch.inf)),
            ("floor as a ceiling", relative(bands, -torch.inf).clamp(max=floor)),
            ("loudest of all clips", relative(bands, floor, dims=(0, 1, 2))),
            ("loudest of each frame", relative(bands, floor, dims=(1,))),
            ("loudest of each band", relative(bands, floor, dims=(2,))),
            ("not relative", (20 * bands.log10()).clamp(min=floor)),
            ("powers added up", relative(powers, floor, factor=10)),
            ("powers added up", relative(powers, floor)),
            ("decibels upside down", -relative(bands, -torch.inf).clamp(min=floor)),
            ("logarithm before the filters", filters @ relative(found, floor)),
            ("logarithm before the filters", (early - early.amax((1, 2), keepdim=True)).clamp(min=floor)),
            ("logarithm before the filters", early.clamp(min=floor)),
        ]
        compare(what, call(answer, found.clone(), filters.clone(), floor), right, mistakes)


def relative(bands: Tensor, floor: float, factor: float | Tensor = 20, dims: tuple[int, ...] = (1, 2)) -> Tensor:
    """Decibels below the loudest of these dimensions, or after a mistake."""
    return (factor * (bands / bands.amax(dims, keepdim=True)).log10()).clamp(min=floor)


def own_tone(seed: int = 0) -> int:
    """The frequency of a tone in Hz, above 12,000."""
    return own(seed, "tone", [12_600, 12_900, 13_300, 13_700, 14_300, 14_900, 15_100])


@task
def folded(answer: Any, seed: int = 0) -> None:
    """Check the frequency that a tone has after it was sampled at 8 kHz, in Hz."""
    tone = own_tone(seed)
    mistakes = [
        ("the tone itself", tone),
        ("above half the rate", tone - 8000),
        ("above half the rate", tone - 4000),
        ("above half the rate", tone / 2),
        ("half the rate taken off", tone - 12_000),
        ("stuck at the highest", 4000),
        ("gone from the recording", 0),
        ("a negative frequency", tone - 16_000),
        ("in kilohertz", (16_000 - tone) / 1000),
    ]
    number("folded", answer, 16_000 - tone, mistakes, tolerance=0.001, secret=True)


@task
def another_round(
    answer: Callable, seed: int = 0, sizes: Sequence[tuple[int, int]] = ((2, 12), (1, 20)), rounds: int = 20
) -> None:
    """Check another_round(magnitudes, spectrum) for these numbers of clips and frames, and in so many rounds."""
    for batch, frames in sizes:
        random = torch.Generator().manual_seed(seed + frames)
        loud = torch.rand(batch, HOP * frames, generator=random) * 2 - 1
        loud[:, loud.shape[1] // 3 :] = 0  # the end is silent
        wanted = stft(loud).abs()
        phases = 2 * torch.pi * torch.rand(wanted.shape, generator=random)
        now = torch.polar(wanted, phases)
        what = f"{answer.__name__}, {batch} clip{'s' * (batch > 1)} of {frames} frames"
        rebuilt = stft(istft(now))
        right = torch.polar(wanted, rebuilt.angle())
        mistakes = [
            ("magnitudes not put back", rebuilt),
            ("old phases kept", now),
            ("magnitudes multiplied", wanted * rebuilt),
            ("phases without magnitudes", torch.polar(torch.ones_like(wanted), rebuilt.angle())),
            ("phases without magnitudes", rebuilt / (rebuilt.abs() + 1e-9)),
            ("silence divided by silence", wanted * rebuilt / rebuilt.abs()),
            ("angle for a spectrum", rebuilt.angle().to(right)),
            ("phases turned round", right.conj().resolve_conj()),
            ("a waveform returned", istft(right)),
            ("a waveform returned", istft(now)),
        ]
        yours = call(answer, wanted.clone(), now.clone())
        if isinstance(yours, Tensor) and yours.shape == right.shape:
            yours = yours.to(right)
        compare(what, yours, right, mistakes)
        first = apart(now, wanted)
        for _ in range(rounds):
            now = call(answer, wanted.clone(), now.clone())
        say(f"✓ {what}: {rounds} of your rounds bring the distance from {first:.2f} down to {apart(now, wanted):.2f}")


def apart(spectrum: Tensor, wanted: Tensor) -> float:
    """How far the magnitudes of a spectrum's waveform are from the wanted ones, as a share of their length."""
    return float((stft(istft(spectrum)).abs() - wanted).norm() / wanted.norm())


@task
def spectrogram_training(answer: Callable, seed: int = 0, rounds: int = 2, steps: int = 400) -> Tensor:
    """Check spectrogram_training(gan, batches): what is learned in single rounds, and what eight GANs reach.

    Return their pictures [8, 300, 17, 7].
    """
    check_pictures(answer, seed, rounds)
    return reached(answer.__name__, trained(answer, eight_gans(seed), own_batches(seed, steps)), seed)
