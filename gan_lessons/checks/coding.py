"""Checks of an autoencoder that a discriminator of codes trains: what each player learns, and where the codes lie.

A line is its rhythm, ten syllables of 1 (stressed) or -1 (weak); its code is two numbers.
"""

import copy
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from gan_lessons.checks import flat, gradients, listed, require, slopes
from gan_lessons.checks.eight import MEMBERS, check_rounds, eight_of, noted
from gan_lessons.checks.metre import regular
from gan_lessons.gan import GAN
from gan_lessons.metrics.metre import scansion
from gan_lessons.networks.points import PointDiscriminator, PointGenerator

SYLLABLES, CODE = 10, 2
ADVERSARIAL = 0.3  # the weight of D's part in the autoencoder's loss
HIDDEN = 0.3  # of the syllables
SLOW = 0.05  # the rate of the spied optimisers
Batch = tuple[Tensor, Tensor, Tensor]


class Rhythms(nn.Module):
    """An encoder of ten syllables, and a writer that makes their logits of a code."""

    def __init__(self, width: int = 32):
        super().__init__()
        self.encode = PointGenerator(SYLLABLES, CODE, width=width, activation=nn.LeakyReLU)
        self.write = PointGenerator(CODE, SYLLABLES, width=width, activation=nn.LeakyReLU)


class Codes(NamedTuple):
    """What eight autoencoders made of 500 held-out lines.

    Their codes [8, 500, 2]; nats a syllable of a line [3, 8], by its own code, another line's, and noise; and the
    rhythms that are written on a walk through the codes, seven of each.
    """

    codes: Tensor
    nats: Tensor
    walks: list[list[str]]


def players() -> tuple[nn.Module, nn.Module]:
    return Rhythms(), PointDiscriminator(CODE, width=32, activation=nn.LeakyReLU)


def eight_coders(seed: int = 0, rate: float = 5e-3) -> GAN:
    """Eight untrained autoencoders, each with a discriminator of its codes, in one GAN."""
    return eight_of(players, seed, CODE, rate)


@cache
def rhythms(part: str) -> Tensor:
    """The rhythms of a part's lines of ten syllables, [lines, 10]."""
    found = [sum(scansion(line).stresses, ()) for line in regular(part, rare=True)]
    return 2 * (torch.tensor(found) > 0).float() - 1


def batches(random: torch.Generator, count: int, batch: int = 64) -> list[Batch]:
    """Real lines [8, batch, 10], the same with some syllables hidden (0), and noise [8, batch, 2]; so many of these."""
    every, found = rhythms("train"), []
    for _ in range(count):
        lines = every[torch.randint(len(every), (MEMBERS, batch), generator=random)]
        told = lines * (torch.rand(lines.shape, generator=random) >= HIDDEN)
        found.append((lines, told, torch.randn(MEMBERS, batch, CODE, generator=random)))
    return found


def check_codes(answer: Callable, seed: int, rounds: int) -> None:
    """Let an answer play single rounds, and compare what either player learns from."""
    gan, notes = noted(eight_coders(seed), SLOW)
    check_rounds(answer, gan, notes, batches(torch.Generator().manual_seed(seed), rounds, batch=16), learned)


def learned(gan: GAN, lines: Tensor, told: Tensor, noise: Tensor) -> list[tuple[Tensor, list[tuple[str, Tensor]]]]:
    """For either player, the gradient from which it should learn, and those after the usual mistakes."""
    coder: Any = copy.deepcopy(gan.generator)
    discriminator = copy.deepcopy(gan.discriminator)
    weights, theirs = list(discriminator.parameters()), list(coder.parameters())
    left, left_theirs = flat(gradients(gan.discriminator.parameters())), flat(gradients(gan.generator.parameters()))

    def gradient(loss: Tensor, parameters: list[nn.Parameter]) -> Tensor:
        return flat(slopes(loss.mean(-1).sum(), parameters))

    def turn(codes: Tensor, sign: int = 1) -> tuple[Tensor, Tensor]:
        """The two parts of D's loss: of noise, and of codes."""
        parts = softplus(-sign * discriminator(noise)), softplus(sign * discriminator(codes))
        return gradient(parts[0], weights), gradient(parts[1], weights)

    def rebuilding(codes: Tensor, aim: Tensor) -> Tensor:
        return gradient(softplus(-aim * coder.write(codes)).mean(-1), theirs)

    def fooling(codes: Tensor, sign: int = 1) -> Tensor:
        return ADVERSARIAL * gradient(softplus(-sign * discriminator(codes)), theirs)

    code, whole = coder.encode(told), coder.encode(lines)
    of_noise, of_codes = turn(code)
    right, nothing = of_noise + of_codes, torch.zeros_like(left_theirs)
    mistakes = [
        ("codes taken for real", sum(turn(code, -1), torch.zeros_like(right))),
        ("codes forgotten", of_noise),
        ("noise forgotten", of_codes),
        ("whole lines encoded", sum(turn(whole), torch.zeros_like(right))),
        ("forgotten zero_grad", right + left),
        ("mean over the GANs", right / MEMBERS),
        ("nothing learned", torch.zeros_like(right)),
    ]
    stale, rebuilt = fooling(code), rebuilding(code, lines)
    nn.utils.vector_to_parameters(nn.utils.parameters_to_vector(weights) - SLOW * right, weights)
    fooled = fooling(code)
    fresh = rebuilt + fooled
    mistakes_theirs = [
        ("nothing learned", nothing),
        ("D not heard", rebuilt),
        ("rebuilding forgotten", fooled),
        ("discriminator's loss", rebuilt + fooling(code, -1)),
        ("adversarial loss unweighted", rebuilt + fooled / ADVERSARIAL),
        ("whole lines encoded", rebuilding(whole, lines) + fooling(whole)),
        ("hidden syllables as the aim", rebuilding(code, told) + fooled),
        ("syllables summed", SYLLABLES * rebuilt + fooled),
        ("encoder not taught to rebuild", rebuilding(code.detach(), lines) + fooled),
        ("stale scores", rebuilt + stale),
        ("forgotten zero_grad", fresh + left_theirs),
        ("mean over the GANs", fresh / MEMBERS),
    ]
    return [(right, mistakes), (fresh, mistakes_theirs)]


def off_normal(codes: Tensor) -> Tensor:
    """The Fréchet distance of codes [8, n, 2] from normal noise: [8]."""
    mean = codes.mean(-2)
    spread = torch.linalg.eigvalsh(torch.stack([torch.cov(each.T) for each in codes])).clamp(min=0).sqrt()
    return mean.square().sum(-1) + (spread - 1).square().sum(-1)


def reached(name: str, gan: GAN, seed: int, members: int = 6, most: float = 1.5) -> Codes:
    """Require that so many members' codes of held-out lines are that near to noise; return what all have made.

    Over 20 seeds the sixth best of eight right ones was at most 0.6 away; over 10 seeds the sixth best of the sick ones
    at least 330, and of those that did not hear D at least 8.
    """
    random = torch.Generator().manual_seed(seed)
    lines = rhythms("test")
    lines = lines[torch.randint(len(lines), (500,), generator=random)].expand(MEMBERS, -1, -1)
    noise = torch.randn(MEMBERS, 500, CODE, generator=random)
    path = torch.stack([torch.linspace(-1.8, 1.8, 7), torch.zeros(7)], -1).expand(MEMBERS, -1, -1)
    coder: Any = gan.generator
    with torch.inference_mode():
        codes = coder.encode(lines)
        given = torch.stack([codes, codes.roll(1, 1), noise])
        nats = torch.stack([softplus(-lines * coder.write(one)).mean((-2, -1)) for one in given])
        walks = coder.write(path) > 0
    apart = off_normal(codes)
    wanted = f"encoders whose codes have a Fréchet distance from normal noise of at most {most}"
    require(name, apart <= most, members, wanted, listed(apart, ".2f"), "codes astray")
    spelled = [["".join("·●"[syllable] for syllable in line) for line in walk] for walk in walks.int().tolist()]
    return Codes(codes, nats, spelled)
