"""Answers to the assignment of chapter 17. A function's name says how it was written, or what is wrong with it."""

import math

import torch
from torch.nn.functional import pad, softplus

from gan_lessons.checks import sound as check
from gan_lessons.checks.glides import WAYS, pictured
from gan_lessons.spectrograms import istft, stft
from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


def named(function, mistake):
    function.__name__ = mistake.replace(" ", "_") or function.__name__
    return function


# Task 1: magnitudes


@right("magnitudes")
def by_loop(waveforms, window, hop):
    starts = range(0, waveforms.shape[1] - len(window) + 1, hop)
    return torch.stack([torch.fft.rfft(waveforms[:, k : k + len(window)] * window).abs() for k in starts], -1)


@right("magnitudes")
def by_stft(waveforms, window, hop):
    return torch.stft(waveforms, len(window), hop, window=window, center=False, return_complex=True).abs()


@right("magnitudes")
def by_matrix(waveforms, window, hop):
    size = len(window)
    angles = 2 * torch.pi * torch.outer(torch.arange(size // 2 + 1), torch.arange(size)) / size
    frames = (waveforms.unfold(1, size, hop) * window).transpose(1, 2)
    return ((angles.cos() @ frames) ** 2 + (angles.sin() @ frames) ** 2).sqrt()


def frames_with(mistake):
    """The magnitudes, with one mistake."""

    def magnitudes(waveforms, window, hop):
        size, samples = len(window), waveforms.shape[1]
        window = {"window left out": torch.ones(size), "another window": torch.hann_window(size)}.get(mistake, window)
        hop = size if mistake == "frames that do not overlap" else hop
        if mistake == "padded at both ends":
            return torch.stft(waveforms, size, hop, window=window, return_complex=True).abs()
        waveforms = pad(waveforms, (0, hop)) if mistake == "frame beyond the end" else waveforms
        count = (samples - size) // hop + 1
        count += {"last frame left out": -1, "frame beyond the end": 1}.get(mistake, 0)
        frames = torch.stack([waveforms[:, k * hop : k * hop + size] for k in range(count)], 1) * window
        found = torch.fft.fft(frames) if mistake == "frequencies twice" else torch.fft.rfft(frames)
        found = found[..., : size // 2] if mistake == "first frequencies only" else found
        found = found / size if mistake == "divided by the frame's length" else found
        if mistake == "frames as rows":
            return found.abs()
        return {
            "power for magnitude": found.abs() ** 2,
            "real part of the spectrum": found.real,
            "phase kept": found,
        }.get(mistake, found.abs()).transpose(1, 2)

    return named(magnitudes, mistake)


for name in ("window left out", "another window", "last frame left out", "frame beyond the end", "frames as rows"):
    wrong("magnitudes", name)(frames_with(name))
for name in ("frames that do not overlap", "padded at both ends", "power for magnitude", "real part of the spectrum"):
    wrong("magnitudes", name)(frames_with(name))
for name in ("phase kept", "frequencies twice", "first frequencies only", "divided by the frame's length"):
    wrong("magnitudes", name)(frames_with(name))


# Task 2: decibels


@right("decibels")
def by_difference(magnitudes, filters, floor=-60.0):
    logs = 20 * torch.log10(torch.einsum("kf,nft->nkt", filters, magnitudes).clamp(min=1e-20))
    return torch.maximum(logs - logs.flatten(1).max(1).values[:, None, None], torch.tensor(floor))


@right("decibels")
def clamped_before(magnitudes, filters, floor=-60.0):
    bands = torch.matmul(filters, magnitudes)
    shares = torch.stack([clip / clip.max() for clip in bands])
    return 20 * shares.clamp(min=10 ** (floor / 20)).log10()


@right("decibels")
def by_powers(magnitudes, filters, floor=-60.0):
    powers = (filters @ magnitudes) ** 2
    return (10 * (powers / powers.amax((1, 2), True)).log10()).clamp_min(floor)


def loudness(mistake):
    """The decibels, with one mistake."""

    def decibels(magnitudes, filters, floor=-60.0):
        if mistake == "logarithm before the filters":
            return filters @ (20 * (magnitudes / magnitudes.amax((1, 2), keepdim=True)).log10()).clamp(min=floor)
        bands = (filters @ magnitudes**2).sqrt() if mistake == "powers added up" else filters @ magnitudes
        dims = {"loudest of all clips": (0, 1, 2), "loudest of each frame": (1,), "loudest of each band": (2,)}
        loudest = bands.amax(dims.get(mistake, (1, 2)), keepdim=True)
        shares = bands if mistake == "not relative" else bands / loudest
        shares = loudest / bands if mistake == "decibels upside down" else shares
        logs = shares.log() if mistake == "natural logarithm of the band" else shares.log10()
        logs = (10 if mistake == "ten for twenty" else 20) * logs
        if mistake == "floor as a ceiling":
            return logs.clamp(max=floor)
        if mistake == "decibels upside down":
            return logs.clamp(max=-floor)
        return logs if mistake == "floor forgotten" else logs.clamp(min=floor)

    return named(decibels, mistake)


for name in ("logarithm before the filters", "powers added up", "loudest of all clips", "loudest of each frame"):
    wrong("decibels", name)(loudness(name))
for name in ("loudest of each band", "not relative", "decibels upside down", "natural logarithm of the band"):
    wrong("decibels", name)(loudness(name))
for name in ("ten for twenty", "floor as a ceiling", "floor forgotten"):
    wrong("decibels", name)(loudness(name))


# Task 3: folded, as a function of the student's number


def heard(formula):
    return lambda seed: formula(check.own_tone(seed))


right("folded")(heard(lambda tone: abs(tone - 8000 * round(tone / 8000))))
right("folded")(heard(lambda tone: torch.tensor(16_000.0 - tone)))
wrong("folded", "the tone itself")(heard(lambda tone: tone))
wrong("folded", "above half the rate")(heard(lambda tone: tone % 8000))
wrong("folded", "half the rate taken off")(heard(lambda tone: tone % 4000))
wrong("folded", "stuck at the highest")(heard(lambda tone: min(tone, 4000)))
wrong("folded", "gone from the recording")(heard(lambda tone: 0))
wrong("folded", "a negative frequency")(heard(lambda tone: tone - 16_000))
wrong("folded", "in kilohertz")(heard(lambda tone: 16 - tone / 1000))
wrong("folded", "not written")(lambda seed: None)


# Task 4: another_round


@right("another_round")
def by_polar(magnitudes, spectrum):
    return torch.polar(magnitudes, torch.angle(stft(istft(spectrum))))


@right("another_round")
def by_exponential(magnitudes, spectrum):
    return magnitudes * torch.exp(1j * stft(istft(spectrum)).angle())


@right("another_round")
def by_sign(magnitudes, spectrum):
    return magnitudes * stft(istft(magnitudes * spectrum.sgn())).sgn()


def rounds(mistake):
    """The next spectrum, with one mistake."""

    def another_round(magnitudes, spectrum):
        rebuilt = stft(istft(spectrum))
        phases = rebuilt / (rebuilt.abs() + 1e-9)
        found = magnitudes * phases
        return {
            "magnitudes not put back": rebuilt,
            "old phases kept": magnitudes * spectrum / (spectrum.abs() + 1e-9),
            "magnitudes multiplied": magnitudes * rebuilt,
            "phases without magnitudes": phases,
            "silence divided by silence": magnitudes * (rebuilt / rebuilt.abs()),
            "angle for a spectrum": rebuilt.angle(),
            "phases turned round": magnitudes * torch.exp(-1j * rebuilt.angle()),
            "a waveform returned": istft(found),
        }[mistake]

    return named(another_round, mistake)


for name in ("magnitudes not put back", "old phases kept", "magnitudes multiplied", "phases without magnitudes"):
    wrong("another_round", name)(rounds(name))
for name in ("silence divided by silence", "angle for a spectrum", "phases turned round", "a waveform returned"):
    wrong("another_round", name)(rounds(name))


# Task 5: spectrogram_training


def in_tens(magnitudes):
    """The same pictures by the logarithm to the base 10, from the middle outwards."""
    logs = magnitudes.clamp(min=0.03).log10().clamp(max=math.log10(8))
    middle, reach = (math.log10(8) + math.log10(0.03)) / 2, (math.log10(8) - math.log10(0.03)) / 2
    return (logs - middle) / reach


def draws(mistake, picture=None):
    """The training, written out, with one mistake, or with another way to make pictures."""

    def spectrogram_training(gan, batches):
        for magnitudes, noise in batches:
            real = picture(magnitudes) if picture else pictured(magnitudes, mistake)
            fake = gan.generator(noise[1 if mistake == "other noise" else 0]).detach()
            seen = (fake, real) if mistake == "real and fake swapped" else (real, fake)
            loss = softplus(-gan.discriminator(seen[0])).mean(-1)
            if mistake != "fakes forgotten":
                loss = loss + softplus(gan.discriminator(seen[1])).mean(-1)
            if mistake != "forgotten zero_grad":
                gan.discriminator_optimizer.zero_grad()
            (loss.mean() if mistake == "mean over the GANs" else loss.sum()).backward()
            gan.discriminator_optimizer.step()
            if mistake == "wrong number of steps":
                continue
            fake = gan.generator(noise[1])
            scores = gan.discriminator(fake.detach() if mistake == "nothing learned" else fake)
            gan.generator_optimizer.zero_grad()
            loss = softplus(scores if mistake == "discriminator's loss" else -scores).mean(-1).sum()
            if mistake != "nothing learned":
                loss.backward()
            gan.generator_optimizer.step()

    return named(spectrogram_training, mistake)


right("spectrogram_training")(draws(""))
right("spectrogram_training")(draws("", in_tens))
for name in WAYS:
    wrong("spectrogram_training", name)(draws(name))
for name in ("nothing learned", "real and fake swapped", "fakes forgotten", "forgotten zero_grad", "other noise"):
    wrong("spectrogram_training", name)(draws(name))
for name in ("mean over the GANs", "wrong number of steps", "discriminator's loss"):
    wrong("spectrogram_training", name)(draws(name))


# Task 6: the names of the piles, as a function of the student's number


def naming(*swaps):
    """The true names, with some exchanged for others."""

    def names(seed):
        said = [dict(swaps).get(fault, fault) for fault in check.order(seed, check.FAULTS)]
        return dict(zip("ABCD", said, strict=True))

    return names


right("piles")(naming())
right("piles")(lambda seed: dict(reversed(naming()(seed).items())))
wrong("piles", "hiss taken for words")(naming(("hiss", "other words"), ("other words", "hiss")))
wrong("piles", "hiss taken for words")(naming(("hiss", "other words")))
wrong("piles", "voices not looked at")(naming(("three voices", "phases guessed"), ("phases guessed", "three voices")))
wrong("piles", "voices not looked at")(naming(("three voices", "phases guessed")))
wrong("piles", "piles misread")(naming(("other words", "three voices"), ("three voices", "other words")))
wrong("piles", "four names")(lambda seed: {"A": "hiss"})
wrong("piles", "four names")(naming(("hiss", "noise")))
