"""Checks of a vocoder's training: from what each player learns, and whether its pulses stand where they should."""

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn

from gan_lessons.checks import flat, gradients, listed, own, require, slopes
from gan_lessons.checks.eight import MEMBERS, check_rounds, eight_of, noted
from gan_lessons.gan import GAN
from gan_lessons.networks.points import PointDiscriminator, PointGenerator

LONG, BINS = 32, 17  # samples of a waveform, frequencies of its spectrum
FAINT = 0.3  # added to magnitudes before the logarithm
MATCHING, SPECTRAL = 10, 5  # the weights of G's losses
SLOW = 0.02  # the rate of the spied optimisers


def voices(seed: int, shape: tuple[int, ...], random: torch.Generator, period: float = 0.0) -> Tensor:
    """Trains of pulses [*shape, 32], each with a pitch and a timbre of its own; the first pulse of all is at one place.

    Four partials, the louder the nearer to a formant. A `period`, in samples, is that of all.
    """
    periods = 6 + 6 * torch.rand(*shape, 1, generator=random)
    frequencies = torch.arange(1, 5) / (periods if not period else torch.full_like(periods, period))
    formants = 0.05 + 0.2 * torch.rand(*shape, 1, generator=random)
    loud = (-((frequencies - formants) / 0.12).square()).exp() * (frequencies < 0.5)
    times = torch.arange(LONG) - own(seed, "first pulse", range(2, 7))
    waves = (loud[..., None] * (2 * torch.pi * frequencies[..., None] * times).cos()).sum(-2)
    return 0.3 * waves / waves.square().mean(-1, keepdim=True).sqrt()


def spectrum(waveforms: Tensor) -> Tensor:
    """Log-magnitudes [..., 17] of waveforms [..., 32]: all that the vocoder is told."""
    return (torch.fft.rfft(waveforms).abs() + FAINT).log()


def listen(discriminator: nn.Module, waveforms: Tensor) -> tuple[Tensor, list[Tensor]]:
    """D's scores [8, n] of waveforms [8, n, 32], and the features [8, n, 64] of its two hidden layers."""
    features = []
    for layer in discriminator.layers:  # type: ignore[union-attr]
        waveforms = layer(waveforms)
        if isinstance(layer, nn.LeakyReLU):
            features.append(waveforms)
    return waveforms[..., 0], features


def players() -> tuple[nn.Module, nn.Module]:
    return (
        PointGenerator(BINS, LONG, width=64, activation=nn.LeakyReLU),
        PointDiscriminator(LONG, width=64, activation=nn.LeakyReLU),
    )


def eight_vocoders(seed: int = 0, rate: float = 3e-3) -> GAN:
    """Eight untrained vocoders, each with its discriminator, in one GAN."""
    return eight_of(players, seed, BINS, rate)


def check_losses(answer: Callable, seed: int, rounds: int, batch: int = 16) -> None:
    """Let an answer play single rounds, and compare what either player learns from."""
    gan, notes = noted(eight_vocoders(seed), SLOW)
    random = torch.Generator().manual_seed(seed)
    every = (voices(seed, (MEMBERS, batch), random) for _ in range(rounds))
    batches = ((real, spectrum(real)) for real in every)
    check_rounds(answer, gan, notes, batches, lambda gan, real, _: learned(gan, real))


def learned(gan: GAN, real: Tensor) -> list[tuple[Tensor, list[tuple[str, Tensor]]]]:
    """For either player, the gradient from which it should learn, and those after the usual mistakes."""
    generator, discriminator = copy.deepcopy(gan.generator), copy.deepcopy(gan.discriminator)
    weights, theirs = list(discriminator.parameters()), list(generator.parameters())
    left, left_theirs = flat(gradients(gan.discriminator.parameters())), flat(gradients(gan.generator.parameters()))
    fake, told = generator(spectrum(real)), spectrum(real)

    def gradient(loss: Tensor, parameters: list[nn.Parameter]) -> Tensor:
        return flat(slopes(loss, parameters))

    def turn(for_real: float, for_fake: float) -> tuple[Tensor, Tensor]:
        """The two parts of D's loss."""
        pairs = ((real, for_real), (fake, for_fake))
        real_part, fake_part = (gradient((discriminator(one) - goal).square().mean(-1), weights) for one, goal in pairs)
        return real_part, fake_part

    def parts() -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Of G's loss: adversarial, the same if G had D's aim, feature matching, spectral."""
        (_, features), (scores, matched) = (listen(discriminator, one) for one in (real, fake))
        apart = [(a.detach() - b).abs().mean((-2, -1)) for a, b in zip(features, matched, strict=True)]
        losses = (
            (scores - 1).square().mean(-1),
            scores.square().mean(-1),
            torch.stack(apart).mean(0),
            (spectrum(fake) - told).abs().mean((-2, -1)),
        )
        return tuple(gradient(loss, theirs) for loss in losses)  # type: ignore[return-value]

    def whole(score: Tensor, matching: Tensor, spectral: Tensor) -> Tensor:
        return score + MATCHING * matching + SPECTRAL * spectral

    real_part, fake_part = turn(1, 0)
    right, nothing = real_part + fake_part, torch.zeros_like(left_theirs)
    mistakes = [
        ("real and fake swapped", sum(turn(0, 1), torch.zeros_like(right))),
        ("fakes forgotten", real_part),
        ("real forgotten", fake_part),
        ("forgotten zero_grad", right + left),
        ("mean over the GANs", right / MEMBERS),
        ("nothing learned", torch.zeros_like(right)),
    ]
    before, _, matching_before, spectral = parts()
    nn.utils.vector_to_parameters(nn.utils.parameters_to_vector(weights) - SLOW * right, weights)
    score, helping, matching, _ = parts()
    fresh = whole(score, matching, spectral)
    mistakes_theirs = [
        ("nothing learned", nothing),
        ("discriminator without effect", whole(nothing, nothing, spectral)),
        ("features without effect", whole(score, nothing, spectral)),
        ("scores without effect", whole(nothing, matching, spectral)),
        ("spectrum without effect", whole(score, matching, nothing)),
        ("features summed", whole(score, 2 * matching, spectral)),
        ("weights swapped", score + SPECTRAL * matching + MATCHING * spectral),
        ("discriminator's loss", whole(helping, matching, spectral)),
        ("stale scores", whole(before, matching_before, spectral)),
        ("forgotten zero_grad", fresh + left_theirs),
        ("mean over the GANs", fresh / MEMBERS),
    ]
    return [(right, mistakes), (fresh, mistakes_theirs)]


def reached(name: str, gan: GAN, seed: int, members: int = MEMBERS // 2, least: float = 0.7) -> tuple[Tensor, Tensor]:
    """Require that so many members' waveforms resemble the recordings that much.

    Return recordings [100, 32] that no vocoder learned from, and what each made of their spectra, [8, 100, 32].
    """
    real = voices(seed, (100,), torch.Generator().manual_seed(seed + 1))
    with torch.inference_mode():
        made = gan.generator(spectrum(real).expand(MEMBERS, -1, -1))
    alike = torch.cosine_similarity(made, real, dim=-1).mean(-1)
    apart = (spectrum(made) - spectrum(real)).abs().mean()
    wanted = f"vocoders with a mean correlation of {least:.1f} between waveform and recording"
    told = f"{listed(alike, '.2f')}; their spectra are {apart:.2f} apart"
    require(name, alike >= least, members, wanted, told, "pulses astray")
    return real, made
