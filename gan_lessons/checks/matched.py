"""Checks of a conditional training: which label every sample is shown with, and whether trained GANs heed theirs."""

import copy
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot, softplus

from gan_lessons.checks import CheckError, call, compare, flat, gradients, length, listed, own, require, slopes
from gan_lessons.checks.cards import say
from gan_lessons.checks.eight import MEMBERS, eight_of, noted
from gan_lessons.checks.packs import Watched, apart
from gan_lessons.checks.steps import check_turns
from gan_lessons.data.images import small_digits
from gan_lessons.gan import GAN
from gan_lessons.networks.points import PointDiscriminator, PointGenerator

CLASSES, NOISE, PIXELS = 4, 4, 64
NEAR = 1e-4  # two pictures that are one


class Digits(NamedTuple):
    """Pictures [count, 64] of four classes, the class of each [count], and which digits the classes are."""

    pictures: Tensor
    classes: Tensor
    names: list[int]


@cache
def own_digits(seed: int = 0) -> Digits:
    """Four digits of your own, of 8 × 8 pixels each."""
    every, left = small_digits(), list(range(10))
    assert every.labels is not None
    names = sorted(left.pop(own(seed, f"digit {number}", range(len(left)))) for number in range(CLASSES))
    keep = torch.isin(every.labels, torch.tensor(names))
    classes = torch.searchsorted(torch.tensor(names), every.labels[keep])
    return Digits(every.pixels[keep].flatten(1), classes, names)


def players() -> tuple[nn.Module, nn.Module]:
    """A generator of noise and label, and a discriminator of picture and label, joined in the last dimension."""
    generator = PointGenerator(NOISE + CLASSES, PIXELS, width=48, activation=nn.LeakyReLU)
    return nn.Sequential(generator, nn.Tanh()), PointDiscriminator(PIXELS + CLASSES, width=48, activation=nn.LeakyReLU)


def eight_conditional_gans(seed: int = 0, rate: float = 5e-3) -> GAN:
    """Eight untrained conditional GANs in one."""
    return eight_of(players, seed, NOISE, rate)


def check_pairs(answer: Callable, seed: int, rounds: int, batch: int = 12) -> None:
    """Let an answer play single rounds of eight GANs: with which labels is D shown what, and who learns from what?"""
    gan, notes = noted(eight_conditional_gans(seed), rate=0.05)
    gan.discriminator = watched = Watched(gan.discriminator, notes)
    random = torch.Generator().manual_seed(seed)
    for number in range(1, rounds + 1):
        real = torch.randn(MEMBERS, batch, PIXELS, generator=random)
        told = one_hot(torch.randint(CLASSES, (MEMBERS, batch), generator=random), CLASSES).float()
        noise = torch.randn(2, MEMBERS, batch, NOISE, generator=random)
        before = copy.deepcopy(gan.generator), copy.deepcopy(watched.inner)
        left = flat(gradients(gan.discriminator.parameters())), flat(gradients(gan.generator.parameters()))
        notes.clear()
        watched.shown.clear()
        call(answer, gan, [(real.clone(), told.clone(), noise.clone())])
        check_turns(answer.__name__, [player for player, _, _ in notes])
        labels = []
        for turn, player in enumerate(("discriminator", "generator")):
            what = f"{answer.__name__}, round {number}, the {player}'s turn"
            seen = [shown for steps, shown in watched.shown if steps == turn]
            labels.append(fakes_labels(what, seen, (real, told), before[0], noise, turn))
            say(f"✓ {what}: every sample was shown with its own label")
        networks = before[0], before[1], copy.deepcopy(watched.inner)
        expected = learned(networks, torch.cat([real, told], -1), noise, labels, left)
        for (player, _, yours), (truth, mistakes) in zip(notes, expected, strict=True):
            compare(f"{answer.__name__}, round {number}: the {player}s learn from", yours, truth, mistakes, length)


@torch.no_grad()
def fakes_labels(
    what: str, seen: list[Tensor], real: tuple[Tensor, Tensor], generator: nn.Module, noise: Tensor, turn: int
) -> Tensor:
    """The labels [8, n, classes] that the fakes of a turn were drawn for; a CheckError if D saw others with them.

    `seen` is what D was shown, [8, ..., pixels + classes] each, and `real` the pictures and their labels.
    """
    if not seen:
        raise CheckError("samples not shown", f"{what}: D was shown nothing")
    pictures, labels = torch.cat(seen, 1).split([PIXELS, CLASSES], -1)
    count = noise.shape[2]
    every = torch.eye(CLASSES).repeat_interleave(count, 0).expand(MEMBERS, -1, -1)  # all noise for every class
    fakes = [generator(torch.cat([each.repeat(1, CLASSES, 1), every], -1)) for each in noise]
    known = torch.cat([fakes[turn], fakes[1 - turn], real[0]], 1)
    truth = torch.cat([every, every, real[1]], 1)
    distance, found = apart(pictures, known).min(-1)
    if (distance > NEAR).any():
        raise CheckError("strange samples", f"{what}: D was shown pictures that nobody gave you")
    of_turn, others = found < CLASSES * count, (found >= CLASSES * count) & (found < 2 * CLASSES * count)
    if others.any():
        raise CheckError("other noise", f"{what}: D was shown fakes that are meant for the other turn")
    wrong = (truth.gather(1, found[..., None].expand(-1, -1, CLASSES)) - labels).abs().amax(-1) > NEAR
    for kind, name, mistake in (
        (~of_turn, "real samples", "real label mixed"),
        (of_turn, "fakes", "pairs not matched"),
    ):
        if (wrong & kind).any():
            share = float(wrong[kind].float().mean())
            raise CheckError(mistake, f"{what}: D was shown {share:.0%} of the {name} with a label that is not theirs")
    drawn = torch.zeros(MEMBERS, count, CLASSES)
    for member in range(MEMBERS):
        which = found[member][of_turn[member]]
        drawn[member, which % count, which // count] = 1
    reals = torch.stack([(found == 2 * CLASSES * count + each).any(1) for each in range(count)], 1)
    if not drawn.any(-1).all() or (turn == 0 and not reals.all()):
        raise CheckError("samples not shown", f"{what}: some samples were not shown to D at all")
    return drawn


def learned(
    networks: tuple[nn.Module, nn.Module, nn.Module],
    pairs: Tensor,
    noise: Tensor,
    labels: list[Tensor],
    left: tuple[Tensor, Tensor],
) -> list[tuple[Tensor, list[tuple[str, Tensor]]]]:
    """For either player, the gradient from which it should learn, and those after the usual mistakes."""
    generator, stale, fresh = networks
    weights, theirs = list(stale.parameters()), list(generator.parameters())

    def fakes(turn: int) -> Tensor:
        return torch.cat([generator(torch.cat([noise[turn], labels[turn]], -1)), labels[turn]], -1)

    def gradient(margin: Tensor, parameters: Sequence[Tensor]) -> Tensor:
        return flat(slopes(softplus(margin).mean(-1).sum(), parameters))

    of_real, of_fake = gradient(-stale(pairs), weights), gradient(stale(fakes(0)), weights)
    right = of_real + of_fake
    swapped = gradient(stale(pairs), weights) + gradient(-stale(fakes(0)), weights)
    mine, behind = (gradient(-network(fakes(1)), theirs) for network in (fresh, stale))
    leak = gradient(stale(fakes(0)), theirs)
    return [
        (right, [
            ("real and fake swapped", swapped),
            ("fakes forgotten", of_real),
            ("real forgotten", of_fake),
            ("forgotten zero_grad", right + left[0]),
            ("mean over the GANs", right / MEMBERS),
            ("halved", right / 2),
            ("nothing learned", torch.zeros_like(right)),
        ]),
        (mine, [
            ("discriminator's loss", gradient(fresh(fakes(1)), theirs)),
            ("leaking turn", mine + left[1] + leak),
            ("forgotten zero_grad", mine + left[1]),
            ("stale scores", behind),
            ("mean over the GANs", mine / MEMBERS),
            ("nothing learned", torch.zeros_like(mine)),
        ]),
    ]  # fmt: skip


def reached(name: str, gan: GAN, data: Digits, seed: int, members: int = MEMBERS // 2, least: float = 0.6) -> Tensor:
    """Require that so many members heed their labels that often; return pictures [8, 80, 1, 8, 8], class by class.

    The classes take turns. A picture has the class of the nearest real one.
    """
    classes = torch.arange(CLASSES).repeat(20)
    noise = torch.randn(MEMBERS, len(classes), NOISE, generator=torch.Generator().manual_seed(seed))
    with torch.inference_mode():
        pictures = gan.generator(torch.cat([noise, one_hot(classes, CLASSES).float().expand(MEMBERS, -1, -1)], -1))
        near = torch.cdist(pictures, data.pictures.expand(MEMBERS, -1, -1)).argmin(-1)
    shares = (data.classes[near] == classes).float().mean(1)
    wanted = f"GANs that draw the digit asked for in {least:.0%} of their pictures"
    require(name, shares >= least, members, wanted, listed(shares, ".0%"), "label not heeded")
    return pictures.unflatten(-1, (1, 8, 8))
