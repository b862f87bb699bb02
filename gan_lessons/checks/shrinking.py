"""Checks of a training that makes its own small pictures: what either player learns from, and what it enlarges."""

import copy
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate, max_pool2d, softplus

from gan_lessons.checks import CheckError, call, compare, flat, gradients, length, own, slopes
from gan_lessons.checks.cards import say
from gan_lessons.checks.eight import noted
from gan_lessons.checks.steps import check_turns
from gan_lessons.data.images import digits
from gan_lessons.gan import GAN
from gan_lessons.networks.superres import SuperDiscriminator, SuperResolution, consistent, enlarged
from gan_lessons.training import adam

SCALE, LEAST = 4, 0.5  # LEAST: the dB above projected bicubic interpolation that are asked for
L1_WEIGHT, SLOW = 50, 0.05  # SLOW: the rate of the spied optimisers
SHRUNK = {
    "every fourth pixel": lambda real: interpolate(real, scale_factor=1 / SCALE),
    "every fourth pixel, from the third": lambda real: real[..., 2::SCALE, 2::SCALE],
    "middle pixels only": lambda real: interpolate(real, scale_factor=1 / SCALE, mode="bilinear"),
    "bicubic, not means": lambda real: interpolate(real, scale_factor=1 / SCALE, mode="bicubic"),
    "blurred, not means": lambda real: interpolate(real, scale_factor=1 / SCALE, mode="bilinear", antialias=True),
    "largest pixel": lambda real: max_pool2d(real, SCALE),
    "": lambda real: avg_pool2d(real, SCALE),
}  # ways to shrink; the last one is right


class Figures(NamedTuple):
    """Pictures [count, 3, 28, 28] of three digits to learn from, others held out, and which digits they are."""

    training: Tensor
    held_out: Tensor
    names: list[int]


@cache
def own_figures(seed: int = 0, held_out: int = 60) -> Figures:
    """Three digits of your own."""
    left = list(range(10))
    names = sorted(left.pop(own(seed, f"figure {place}", range(len(left)))) for place in range(3))
    found = []
    for apart in (False, True):
        every = digits(held_out=apart)
        assert every.labels is not None
        found.append(every.pixels[torch.isin(every.labels, torch.tensor(names))].expand(-1, 3, -1, -1))
    return Figures(found[0], found[1][:held_out], names)


def untrained(seed: int = 0, rate: float = 3e-3) -> GAN:
    """A small network that enlarges four times, and a discriminator of its pictures beside the small ones."""
    torch.manual_seed(seed)
    players = SuperResolution(SCALE, width=16, blocks=1), SuperDiscriminator(SCALE, width=8, depth=2)
    return GAN(*players, noise_dim=1, optimizer=partial(adam, lr=rate))


def check_shrunk(answer: Callable, seed: int, rounds: int, batch: int = 4) -> None:
    """Let an answer play single rounds in double precision, and compare what either player learns from."""
    gan, notes = noted(untrained(seed), SLOW)
    gan.generator.double()
    gan.discriminator.double()
    random = torch.Generator().manual_seed(seed)
    for number in range(1, rounds + 1):
        real = 1.8 * torch.rand(batch, 3, 16, 16, generator=random).double() - 0.9
        expected = learned(gan, real)
        notes.clear()
        call(answer, gan, [real.clone()])
        check_turns(answer.__name__, [player for player, _, _ in notes])
        for (player, _, yours), (truth, mistakes) in zip(notes, expected, strict=True):
            compare(f"{answer.__name__}, round {number}: the {player} learns from", yours, truth, mistakes, length)


def learned(gan: GAN, real: Tensor) -> list[tuple[Tensor, list[tuple[str, Tensor]]]]:
    """For either player, the gradient from which it should learn, and those after the usual mistakes."""
    generator, discriminator = copy.deepcopy(gan.generator), copy.deepcopy(gan.discriminator)
    weights, theirs = list(discriminator.parameters()), list(generator.parameters())
    left, left_theirs = flat(gradients(gan.discriminator.parameters())), flat(gradients(gan.generator.parameters()))

    def margin(way: str = "") -> tuple[Tensor, Tensor]:
        small = SHRUNK[way](real)
        fake = generator(None, small)
        return discriminator(real, small) - discriminator(fake, small), fake

    def turn(sign: int = -1, way: str = "") -> Tensor:
        return flat(slopes(softplus(sign * margin(way)[0]).mean(), weights))

    def answered(sign: int = 1, way: str = "", weight: float = L1_WEIGHT, kind: str = "l1") -> Tensor:
        difference, fake = margin(way)
        small = SHRUNK[way](real)
        apart = {
            "l1": lambda: (fake - real).abs().mean(),
            "l2": lambda: (fake - real).square().mean(),
            "bicubic": lambda: (fake - enlarged(small, SCALE)).abs().mean(),
        }[kind]()
        return flat(slopes(abs(sign) * softplus(sign * difference).mean() + weight * apart, theirs))

    right = turn()
    shrunk = [(way.partition(", from")[0], way) for way in SHRUNK if way]
    mistakes = [
        *((name, turn(way=way)) for name, way in shrunk),
        ("real and fake swapped", turn(1)),
        ("forgotten zero_grad", right + left),
        ("nothing learned", torch.zeros_like(right)),
    ]
    nn.utils.vector_to_parameters(nn.utils.parameters_to_vector(weights) - SLOW * right, weights)
    fresh = answered()
    return [
        (right, mistakes),
        (fresh, [
            *((name, answered(way=way)) for name, way in shrunk),
            ("discriminator's loss", answered(-1)),
            ("L1 left out", answered(weight=0)),
            ("L1 without its weight", answered(weight=1)),
            ("L1 alone", answered(0)),
            ("squares, not L1", answered(kind="l2")),
            ("towards the bicubic picture", answered(kind="bicubic")),
            ("forgotten zero_grad", fresh + left_theirs),
            ("nothing learned", torch.zeros_like(fresh)),
        ]),
    ]  # fmt: skip


def own_batches(seed: int, steps: int, batch: int = 16) -> Sequence[Tensor]:
    """Pictures [batch, 3, 28, 28] of your digits for each step."""
    pictures, random = own_figures(seed).training, torch.Generator().manual_seed(seed)
    return [pictures[torch.randint(len(pictures), (batch,), generator=random)] for _ in range(steps)]


def psnr(real: Tensor, made: Tensor) -> float:
    """The mean PSNR of pictures in [-1, 1], in dB."""
    errors = (made.clamp(-1, 1) - real).square().mean((1, 2, 3))
    return float((10 * (4 / errors.clamp_min(1e-10)).log10()).mean())


def reached(name: str, gan: GAN, seed: int, least: float = LEAST) -> Tensor:
    """Require a PSNR well above projected bicubic interpolation's on held-out digits.

    Return eight of them in four rows, [32, 3, 28, 28]: small, bicubic and projected, by the network, true.
    """
    real = own_figures(seed).held_out
    small = avg_pool2d(real, SCALE)
    plain = consistent(enlarged(small, SCALE), small)
    with torch.inference_mode():
        made = gan.generator(None, small)
    floor, yours = psnr(real, plain), psnr(real, made)
    sentence = f"{name}: expected a PSNR of at least {floor + least:.1f} dB, {least} dB above projected bicubic"
    sentence += f" interpolation, yours {yours:.1f} dB"
    if not yours >= floor + least:
        raise CheckError("not above bicubic", sentence)
    say(f"✓ {sentence}")
    return torch.cat([each[:8] for each in (interpolate(small, scale_factor=SCALE), plain, made, real)])
