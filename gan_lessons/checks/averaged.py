"""Checks of a training with an average: what D is shown, what either player learns, and where the average goes."""

import copy
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from gan_lessons.checks import CheckError, call, compare, flat, gradients, length, listed, require, slopes
from gan_lessons.checks.cards import say
from gan_lessons.checks.eight import MEMBERS, eight_of, noted, painters
from gan_lessons.checks.matched import own_digits
from gan_lessons.checks.packs import Watched, apart
from gan_lessons.checks.steps import check_turns
from gan_lessons.gan import GAN
from gan_lessons.metrics.frechet import frechet_distance

NOISE, PIXELS, DECAY = 8, 64, 0.98
SLOW = 0.05  # the rate of the spied optimisers
NEAR = 1e-4  # two pictures that are one


class Parts(NamedTuple):
    """Pictures [count, 64] in [-1, 1]: those to learn from, and those held out."""

    training: Tensor
    held_out: Tensor


@cache
def own_parts(seed: int = 0) -> Parts:
    """Four digits of your own, cut in two at random."""
    pictures = own_digits(seed).pictures
    order = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(seed))
    return Parts(*(pictures[part] for part in order.chunk(2)))


def eight_painters(seed: int = 0, rate: float = 5e-3) -> tuple[GAN, nn.Module]:
    """Eight untrained GANs in one, and the average of their generators, which is a copy as yet."""
    gan = eight_of(partial(painters, NOISE, PIXELS), seed, NOISE, rate)
    return gan, copy.deepcopy(gan.generator).requires_grad_(False)


def check_rounds(answer: Callable, seed: int, rounds: int, batch: int = 12) -> None:
    """Let an answer play single rounds: what is D shown, from what does either learn, and where does the average go?"""
    gan, average = eight_painters(seed)
    noted_gan, notes = noted(gan, SLOW)
    noted_gan.discriminator = watched = Watched(gan.discriminator, notes)
    for parameter in average.parameters():
        parameter.mul_(0.5)  # the run has begun: the average is not where the generator is
    random = torch.Generator().manual_seed(seed)
    for number in range(1, rounds + 1):
        pixels = torch.randint(17, (MEMBERS, batch, PIXELS), generator=random).float()
        noise = torch.randn(2, MEMBERS, batch, NOISE, generator=random)
        before = copy.deepcopy(gan.generator), copy.deepcopy(watched.inner)
        left = flat(gradients(gan.discriminator.parameters())), flat(gradients(gan.generator.parameters()))
        kept = flat(average.parameters()).clone()
        notes.clear()
        watched.shown.clear()
        call(answer, gan, average, [(pixels.clone(), noise.clone())])
        what = f"{answer.__name__}, round {number}"
        check_turns(answer.__name__, [player for player, _, _ in notes])
        check_shown(what, [shown for steps, shown in watched.shown if steps == 0], pixels, before[0], noise)
        networks = *before, copy.deepcopy(watched.inner)
        expected = learned(networks, pixels / 8 - 1, noise, left)
        for (player, _, yours), (truth, mistakes) in zip(notes, expected, strict=True):
            compare(f"{what}: the {player}s learn from", yours, truth, mistakes, length)
        check_average(what, average, gan.generator, kept, flat(before[0].parameters()), notes[1][2])


@torch.no_grad()
def check_shown(what: str, seen: list[Tensor], pixels: Tensor, generator: nn.Module, noise: Tensor) -> None:
    """Raise a CheckError unless D was shown the real pictures in [-1, 1] in its own turn."""
    real = pixels / 8 - 1
    if not seen:
        raise CheckError("samples not shown", f"{what}: D was shown nothing in its turn")
    pictures = torch.cat(seen, 1)
    of_fakes = apart(pictures, torch.cat([generator(each) for each in noise], 1)).amin(-1) < NEAR
    others = pictures[~of_fakes]
    if not len(others):
        raise CheckError("real forgotten", f"{what}: D was shown no real pictures in its turn")
    if (apart(pictures, -real).amin(-1)[~of_fakes] < NEAR).all():
        raise CheckError("black and white swapped", f"{what}: D was shown the negatives of the real pictures")
    if (apart(pictures, real).amin(-1)[~of_fakes] > NEAR).any():
        low, high = float(others.min()), float(others.max())
        raise CheckError("range", f"{what}: the real pictures that D was shown run from {low:.3g} to {high:.3g}")
    say(f"✓ {what}: the real pictures that D was shown run from -1 to 1")


def learned(
    networks: tuple[nn.Module, nn.Module, nn.Module], real: Tensor, noise: Tensor, left: tuple[Tensor, Tensor]
) -> list[tuple[Tensor, list[tuple[str, Tensor]]]]:
    """For either player, the gradient from which it should learn, and those after the usual mistakes."""
    generator, stale, fresh = networks
    weights, theirs = list(stale.parameters()), list(generator.parameters())

    def gradient(network: nn.Module, turn: int, parameters: Sequence[Tensor], sign: int) -> Tensor:
        margin = network(real) - network(generator(noise[turn]))
        return flat(slopes(softplus(-sign * margin).mean(-1).sum(), parameters))

    right, swapped = (gradient(stale, 0, weights, sign) for sign in (1, -1))
    plain = softplus(-stale(real)).mean(-1).sum() + softplus(stale(generator(noise[0]))).mean(-1).sum()
    mine, helping = (gradient(fresh, 1, theirs, sign) for sign in (-1, 1))
    plainly = softplus(-fresh(generator(noise[1]))).mean(-1).sum()
    return [
        (right, [
            ("real and fake swapped", swapped),
            ("not compared", flat(slopes(plain, weights))),
            ("forgotten zero_grad", right + left[0]),
            ("other noise", gradient(stale, 1, weights, 1)),
            ("mean over the GANs", right / MEMBERS),
            ("nothing learned", torch.zeros_like(right)),
        ]),
        (mine, [
            ("discriminator's loss", helping),
            ("not compared", flat(slopes(plainly, theirs))),
            ("leaking turn", mine + left[1] + gradient(stale, 0, theirs, 1)),
            ("forgotten zero_grad", mine + left[1]),
            ("stale scores", gradient(stale, 1, theirs, -1)),
            ("other noise", gradient(fresh, 0, theirs, -1)),
            ("mean over the GANs", mine / MEMBERS),
            ("nothing learned", torch.zeros_like(mine)),
        ]),
    ]  # fmt: skip


def check_average(
    what: str, average: nn.Module, generator: nn.Module, kept: Tensor, before: Tensor, gradient: Tensor
) -> None:
    """Raise a CheckError unless only the average has moved, from `kept`, by its share towards the stepped generator."""
    stepped, weights = (before - SLOW * gradient).detach(), flat(generator.parameters()).detach()

    def mixed(target: Tensor, share: float = DECAY) -> Tensor:
        return share * kept + (1 - share) * target

    compare(f"{what}: the generator's weights", weights, stepped, [
        ("generator pulled", DECAY * stepped + (1 - DECAY) * kept),
        ("generator pulled", (1 - DECAY) * stepped + DECAY * kept),
        ("generator pulled", kept),
    ])  # fmt: skip
    compare(f"{what}: the average's weights", flat(average.parameters()).detach(), mixed(stepped), [
        ("average copied", stepped),
        ("average unmoved", kept),
        ("shares swapped", mixed(stepped, 1 - DECAY)),
        ("averaged too early", mixed(before)),
    ])  # fmt: skip


def fractions(network: nn.Module, parts: Parts, seed: int) -> tuple[list[float], Tensor]:
    """For each of eight generators its distance from the held-out pictures over that of noise; and the pictures.

    The pictures are as many as there are to learn from: [8, count, 64].
    """
    random = torch.Generator().manual_seed(seed)
    noise = torch.randn(MEMBERS, len(parts.training), NOISE, generator=random)
    with torch.no_grad():
        pictures = network(noise)
    ceiling = frechet_distance(parts.held_out, 2 * torch.rand(parts.training.shape, generator=random) - 1)
    return [frechet_distance(parts.held_out, each) / ceiling for each in pictures], pictures


def reached(
    name: str, average: nn.Module, gan: GAN, parts: Parts, seed: int, members: int = MEMBERS // 2, most: float = 0.27
) -> Tensor:
    """Require of so many averaged generators a distance of at most that share of noise's; return their pictures."""
    found, pictures = fractions(average, parts, seed)
    present, _ = fractions(gan.generator, parts, seed)
    wanted = f"averages at {most} of noise or below"
    told = f"{listed(found, '.2f')}; the present generators: {listed(present, '.2f')}"
    require(name, [distance <= most for distance in found], members, wanted, told, "still near noise")
    return pictures.unflatten(-1, (1, 8, 8))
