"""Tones that glide, their small spectrograms, and the checks of a training that draws them."""

import copy
import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from gan_lessons.checks import flat, gradients, listed, require, slopes
from gan_lessons.checks.eight import MEMBERS, check_rounds, eight_of, noted
from gan_lessons.gan import GAN
from gan_lessons.networks.points import PointDiscriminator, PointGenerator

SAMPLES, WINDOW, HOP = 128, 32, 16  # of a clip, of a frame, from one frame to the next
SHAPE = (WINDOW // 2 + 1, 1 + (SAMPLES - WINDOW) // HOP)  # frequencies, frames
FAINTEST, LOUDEST = 0.03, 8.0  # magnitudes that become -1 and 1
NOISE, KINDS = 6, 4
SLOW = 0.05  # the rate of the spied optimisers
NEAR = 0.2  # mean difference from the nearest glide, in a picture of -1 to 1


def own_glides(seed: int = 0, kinds: int = KINDS) -> Tensor:
    """Glides of your own, [kinds, 2]: the frequency at the start and at the end of each, in bins."""
    ends = torch.tensor([3.0, 6.0, 9.0, 12.0])
    every = torch.cartesian_prod(ends, ends)
    return every[torch.randperm(len(every), generator=torch.Generator().manual_seed(seed))[:kinds]]


def clips(glides: Tensor, random: torch.Generator) -> Tensor:
    """Tones that glide [..., 2] bins, each with a phase and a loudness of its own: waveforms [..., 128]."""
    start, end = glides[..., :1], glides[..., 1:]
    frequencies = (start + (end - start) * torch.linspace(0, 1, SAMPLES)) / WINDOW
    first, loud = (torch.rand(*glides.shape[:-1], 1, generator=random) for _ in range(2))
    return (0.5 + 0.5 * loud) * (2 * math.pi * (first + frequencies.cumsum(-1))).sin()


def spectrum(waveforms: Tensor, window: Tensor, hop: int) -> Tensor:
    """Complex spectra of all whole frames: waveforms [..., samples] to [..., length // 2 + 1, frames]."""
    return torch.fft.rfft(waveforms.unfold(-1, len(window), hop) * window).mT


def glide_magnitudes(glides: Tensor, random: torch.Generator) -> Tensor:
    """Magnitudes of clips of these glides [..., 2]: [..., 17, 7]."""
    return spectrum(clips(glides, random), torch.hann_window(WINDOW), HOP).abs()


def pictured(magnitudes: Tensor, way: str = "") -> Tensor:
    """Magnitudes as the generator draws them, their logarithms scaled to [-1, 1]; or with a mistake."""
    low, high = math.log(FAINTEST), math.log(LOUDEST)
    held = magnitudes.clamp(FAINTEST, LOUDEST)
    if way == "magnitudes shown":
        return magnitudes
    if way == "scaled without a logarithm":
        return 2 * (held - FAINTEST) / (LOUDEST - FAINTEST) - 1
    if way == "shown as logarithms":
        return held.log()
    scaled = (held.log() - low) / (high - low)
    return {"from 0 to 1": scaled, "from 0 to 2": 2 * scaled}.get(way, 2 * scaled - 1)


WAYS = ("from 0 to 2", "from 0 to 1", "shown as logarithms", "scaled without a logarithm", "magnitudes shown")


def own_batches(seed: int, steps: int, batch: int = 64) -> list[tuple[Tensor, Tensor]]:
    """Magnitudes [8, batch, 17, 7] of your glides, and noise [2, 8, batch, 6], for each step."""
    glides, random = own_glides(seed), torch.Generator().manual_seed(seed)

    def one() -> tuple[Tensor, Tensor]:
        which = torch.randint(len(glides), (MEMBERS, batch), generator=random)
        return glide_magnitudes(glides[which], random), torch.randn(2, MEMBERS, batch, NOISE, generator=random)

    return [one() for _ in range(steps)]


def players() -> tuple[nn.Module, nn.Module]:
    """A generator of pictures [n, 17, 7] in [-1, 1], and a discriminator of them."""
    size = math.prod(SHAPE)
    draw = PointGenerator(NOISE, size, width=48, activation=nn.LeakyReLU)
    look = PointDiscriminator(size, width=48, activation=nn.LeakyReLU)
    return nn.Sequential(draw, nn.Tanh(), nn.Unflatten(-1, SHAPE)), nn.Sequential(nn.Flatten(-2), look)


def eight_gans(seed: int = 0, rate: float = 2e-3) -> GAN:
    """Eight untrained GANs of small spectrograms in one."""
    return eight_of(players, seed, NOISE, rate)


def check_pictures(answer: Callable, seed: int, rounds: int) -> None:
    """Let an answer play single rounds, and compare what either player learns from."""
    gan, notes = noted(eight_gans(seed), SLOW)
    check_rounds(answer, gan, notes, own_batches(seed, rounds, batch=16), learned)


def learned(gan: GAN, magnitudes: Tensor, noise: Tensor) -> list[tuple[Tensor, list[tuple[str, Tensor]]]]:
    """For either player, the gradient from which it should learn, and those after the usual mistakes."""
    generator, discriminator = copy.deepcopy(gan.generator), copy.deepcopy(gan.discriminator)
    weights, theirs = list(discriminator.parameters()), list(generator.parameters())
    left, left_theirs = flat(gradients(gan.discriminator.parameters())), flat(gradients(gan.generator.parameters()))

    def turn(real_sign: int = -1, fake_sign: int = 1, way: str = "", index: int = 0) -> Tensor:
        loss = softplus(real_sign * discriminator(pictured(magnitudes, way))) * abs(real_sign)
        loss = loss + softplus(fake_sign * discriminator(generator(noise[index]))) * abs(fake_sign)
        return flat(slopes(loss.mean(-1).sum(), weights))

    def answered(sign: int = -1, index: int = 1) -> Tensor:
        return flat(slopes(softplus(sign * discriminator(generator(noise[index]))).mean(-1).sum(), theirs))

    right, stale = turn(), answered()
    mistakes = [
        *((way, turn(way=way)) for way in WAYS),
        ("real and fake swapped", turn(1, -1)),
        ("fakes forgotten", turn(-1, 0)),
        ("other noise", turn(index=1)),
        ("forgotten zero_grad", right + left),
        ("mean over the GANs", right / MEMBERS),
        ("nothing learned", torch.zeros_like(right)),
    ]
    nn.utils.vector_to_parameters(nn.utils.parameters_to_vector(weights) - SLOW * right, weights)
    fresh = answered()
    mistakes_theirs = [
        ("nothing learned", torch.zeros_like(fresh)),
        ("discriminator's loss", answered(1)),
        ("other noise", answered(index=0)),
        ("stale scores", stale),
        ("forgotten zero_grad", fresh + left_theirs),
        ("mean over the GANs", fresh / MEMBERS),
    ]
    return [(right, mistakes), (fresh, mistakes_theirs)]


def distances(pictures: Tensor, glides: Tensor, seed: int) -> Tensor:
    """Mean differences of pictures [..., 17, 7] from the mean picture of each glide: [..., kinds]."""
    random = torch.Generator().manual_seed(seed)
    means = pictured(glide_magnitudes(glides.expand(50, *glides.shape), random)).mean(0)
    return (pictures[..., None, :, :] - means).abs().mean((-2, -1))


def reached(name: str, gan: GAN, seed: int, members: int = MEMBERS // 2, least: float = 0.5) -> Tensor:
    """Require that so many members draw one of the glides that often; return pictures [8, 300, 17, 7]."""
    noise = torch.randn(MEMBERS, 300, NOISE, generator=torch.Generator().manual_seed(seed))
    with torch.inference_mode():
        pictures = gan.generator(noise)
    good = (distances(pictures, own_glides(seed), seed).amin(-1) < NEAR).float().mean(1)
    wanted = f"GANs that draw one of your glides in {least:.0%} of their samples"
    require(name, good >= least, members, wanted, listed(good, ".0%"), "no glides yet")
    return pictures
