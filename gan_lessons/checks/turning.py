"""Checks of a training with augmentation: what D sees changed, and which way up the pictures of trained GANs are."""

import copy
from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from gan_lessons.checks import flat, gradients, listed, require, slopes
from gan_lessons.checks.eight import MEMBERS, check_rounds, noted, painters
from gan_lessons.checks.small_faces import SIDE, own_faces, upright
from gan_lessons.gan import GAN
from gan_lessons.penalties import r1_and_r2
from gan_lessons.populations import population

NOISE, PIXELS = 6, SIDE * SIDE
CHANCE = 0.6  # of a quarter turn
WEIGHT = 0.3  # of the penalty
SLOW = 0.02  # the rate of the spied optimisers


def eight_drawers(seed: int = 0, rate: float = 4e-3) -> GAN:
    """Eight untrained GANs of faces in one."""
    adam = partial(torch.optim.Adam, lr=rate, betas=(0.0, 0.99), fused=True)
    return population(partial(painters, NOISE, PIXELS), range(seed, seed + MEMBERS), noise_dim=NOISE, optimizer=adam)


def turned(pictures: Tensor, turns: Tensor) -> Tensor:
    """Pictures [..., 144] by so many quarter turns each, [...]."""
    drawn = pictures.unflatten(-1, (SIDE, SIDE))
    for number in (1, 2, 3):
        drawn = torch.where((turns == number)[..., None, None], drawn.rot90(number, (-2, -1)), drawn)
    return drawn.flatten(-2)


def own_turns(seed: int = 0, chance: float = CHANCE) -> Callable[[Tensor], Tensor]:
    """A change: every picture gets, with that chance, a quarter turn to the left."""
    random = torch.Generator().manual_seed(seed)

    def change(pictures: Tensor) -> Tensor:
        return turned(pictures, (torch.rand(pictures.shape[:-1], generator=random) < chance).long())

    return change


def in_turn(pictures: Tensor) -> Tensor:
    """A change without chance: of every four pictures the first stays, and the others get one, two, three turns."""
    return turned(pictures, (torch.arange(pictures.shape[-2]) % 4).expand(pictures.shape[:-1]))


def faces_of(seed: int, shape: tuple[int, int], random: torch.Generator) -> tuple[Tensor, Tensor]:
    """A batch: real faces of your own [*shape, 144], and the noise of two turns [2, *shape, 6]."""
    known = own_faces(seed).flatten(1)
    return known[torch.randint(len(known), shape, generator=random)], torch.randn(2, *shape, NOISE, generator=random)


def check_changed(answer: Callable, seed: int, rounds: int, batch: int = 8) -> None:
    """Let an answer play single rounds, and compare what either player learns from."""
    gan, notes = noted(eight_drawers(seed), SLOW)
    random = torch.Generator().manual_seed(seed)
    batches = (faces_of(seed, (MEMBERS, batch), random) for _ in range(rounds))
    check_rounds(answer, gan, notes, batches, learned, in_turn)


def learned(gan: GAN, real: Tensor, noise: Tensor) -> list[tuple[Tensor, list[tuple[str, Tensor]]]]:
    """For either player, the gradient from which it should learn, and those after the usual mistakes."""
    generator, discriminator = copy.deepcopy(gan.generator), copy.deepcopy(gan.discriminator)
    weights, theirs = list(discriminator.parameters()), list(generator.parameters())
    left, left_theirs = flat(gradients(gan.discriminator.parameters())), flat(gradients(gan.generator.parameters()))

    def seen(which: str, index: int) -> tuple[Tensor, Tensor]:
        fake = generator(noise[index])
        return in_turn(real) if "real" in which else real, in_turn(fake) if "fake" in which else fake

    def turn(which: str, sign: int = 1, index: int = 0, penalty: bool = True, smooth: str = "") -> Tensor:
        shown = seen(which, index)
        loss = softplus(-sign * (discriminator(shown[0]) - discriminator(shown[1]))).mean(-1)
        if penalty:
            loss = loss + r1_and_r2(discriminator, *seen(smooth or which, index), weight=WEIGHT)
        return flat(slopes(loss.sum(), weights))

    def answered(which: str, sign: int = -1, index: int = 1) -> Tensor:
        shown = seen(which, index)
        return flat(
            slopes(softplus(-sign * (discriminator(shown[0]) - discriminator(shown[1]))).mean(-1).sum(), theirs)
        )

    right, stale = turn("real fake"), answered("real fake")
    mistakes = [
        ("real alone changed", turn("real")),
        ("fakes alone changed", turn("fake")),
        ("nothing changed", turn("none")),
        ("penalty elsewhere", turn("real fake", smooth="none")),
        ("penalty elsewhere", turn("real fake", smooth="real")),
        ("forgotten penalty", turn("real fake", penalty=False)),
        ("real and fake swapped", turn("real fake", sign=-1)),
        ("other noise", turn("real fake", index=1)),
        ("forgotten zero_grad", right + left),
        ("mean over the GANs", right / MEMBERS),
        ("nothing learned", torch.zeros_like(right)),
    ]
    nn.utils.vector_to_parameters(nn.utils.parameters_to_vector(weights) - SLOW * right, weights)
    fresh = answered("real fake")
    mistakes_theirs = [
        ("change without gradient", torch.zeros_like(fresh)),
        *(("one turn only changed", answered(which)) for which in ("real", "fake", "none")),
        ("discriminator's loss", answered("real fake", sign=1)),
        ("other noise", answered("real fake", index=0)),
        ("stale scores", stale),
        ("forgotten zero_grad", fresh + left_theirs),
        ("mean over the GANs", fresh / MEMBERS),
    ]
    return [(right, mistakes), (fresh, mistakes_theirs)]


def reached(name: str, gan: GAN, seed: int, members: int = 6, least: float = 0.9) -> Tensor:
    """Require that so many members draw upright faces that often; return pictures [8, 200, 1, 12, 12]."""
    noise = torch.randn(MEMBERS, 200, NOISE, generator=torch.Generator().manual_seed(seed))
    with torch.inference_mode():
        pictures = gan.generator(noise).unflatten(-1, (1, SIDE, SIDE))
    shares = upright(pictures).float().mean(1)
    wanted = f"GANs of whose faces {least:.0%} are upright"
    require(name, shares >= least, members, wanted, listed(shares, ".0%"), "not upright")
    return pictures
