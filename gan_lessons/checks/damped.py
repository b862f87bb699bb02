"""The check of single rounds of a training with R1: the gradient from which each player of eight GANs learns."""

import copy
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from gan_lessons.checks import flat, gradients, slopes
from gan_lessons.checks.eight import check_rounds, spied
from gan_lessons.gan import GAN
from gan_lessons.losses import wasserstein
from gan_lessons.penalties import r1, r2

SLOW = 0.05  # the rate of the spied optimisers


def check_round(answer: Callable, seed: int, rounds: int, weight: float) -> None:
    """Let an answer play single rounds of eight Wasserstein GANs, and compare what either player learns from."""
    gan, notes = spied(seed, SLOW)
    random = torch.Generator().manual_seed(seed)

    def batch() -> tuple[Tensor, Tensor]:
        real, noise = (torch.randn(*shape, generator=random) for shape in ((8, 64, 2), (2, 8, 64, 2)))
        return 2 + real, noise

    batches = (batch() for _ in range(rounds))
    check_rounds(answer, gan, notes, batches, lambda *one: one_round(*one, weight), weight)  # type: ignore[call-arg]


def one_round(gan: GAN, real: Tensor, noise: Tensor, weight: float) -> list[tuple[Tensor, list[tuple[str, Tensor]]]]:
    """For either player, the gradient from which it should learn, and those after the usual mistakes."""
    generator, discriminator = copy.deepcopy(gan.generator), copy.deepcopy(gan.discriminator)
    weights, theirs = list(discriminator.parameters()), list(generator.parameters())
    left, left_theirs = flat(gradients(gan.discriminator.parameters())), flat(gradients(gan.generator.parameters()))

    def gradient(player: str, index: int, parameters: Sequence[Tensor]) -> Tensor:
        losses = wasserstein(discriminator(real), discriminator(generator(noise[index])))
        return flat(slopes(getattr(losses, player), parameters))

    fake = generator(noise[0])
    alone = gradient("discriminator", 0, weights)
    penalty, at_fakes = (flat(slopes(one(discriminator, real, fake, weight), weights)) for one in (r1, r2))
    right = alone + penalty
    mistakes = [
        ("penalty without effect", alone),
        ("penalty subtracted", alone - penalty),
        ("penalty twice", alone + 2 * penalty),
        ("mean over coordinates", alone + penalty / 2),
        ("at the fakes", alone + at_fakes),
        ("forgotten zero_grad", right + left),
        ("mean over the GANs", right / len(real)),
        ("generator's loss", gradient("generator", 0, weights) + penalty),
        ("real and fake swapped", penalty - alone),
        ("stale scores", right + gradient("generator", 1, weights)),
        ("nothing learned", torch.zeros_like(right)),
    ]
    stale = gradient("generator", 1, theirs)
    nn.utils.vector_to_parameters(nn.utils.parameters_to_vector(weights) - SLOW * right, weights)
    fresh = gradient("generator", 1, theirs)
    mistakes_theirs = [
        ("forgotten zero_grad", fresh + left_theirs),
        ("discriminator's loss", -fresh),
        ("stale scores", stale),
        ("other noise", gradient("generator", 0, theirs)),
        ("mean over the GANs", fresh / len(real)),
        ("nothing learned", torch.zeros_like(fresh)),
    ]
    return [(right, mistakes), (fresh, mistakes_theirs)]
