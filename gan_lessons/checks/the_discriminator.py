"""The checks of the assignment to chapter 03, The discriminator. In each, `seed` and what follows may be changed."""

import copy
import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from gan_lessons.checks import call, compare, listed, number, own, require, seed_of
from gan_lessons.checks.cards import task
from gan_lessons.losses import minimax
from gan_lessons.networks.points import PointDiscriminator
from gan_lessons.populations import stack

__all__ = [
    "auc", "best_loss", "early_stopping", "log_ratio", "overfitting", "p_value", "seed_of", "tables",
]  # fmt: skip

Pair = tuple[Tensor, Tensor]


@task
def log_ratio(answer: Callable, seed: int = 0, counts: Sequence[tuple[int, int]] = ((500, 125), (40, 400))) -> None:
    """Check log_ratio(scores, real_count, fake_count), also at huge scores."""
    for real, fake in counts:
        scores = 3 * torch.randn(6, generator=torch.Generator().manual_seed(seed))
        for s in (scores, torch.tensor([-800.0, 800.0])):
            shift = math.log(real / fake)
            right = s - shift
            mistakes = [
                ("prior forgotten", s),
                ("prior the wrong way", s + shift),
                ("ratio, not its logarithm", right.exp()),
                ("ratio, not its logarithm", s.exp() * fake / real),
                ("probability", s.sigmoid()),
                ("probability", s.sigmoid() * fake / real),
                ("probability", s.sigmoid().log() - shift),
                ("counts without a logarithm", s - real / fake),
                ("counts without a logarithm", s * fake / real),
                ("share, not ratio", s - math.log(real / (real + fake))),
                ("wrong sign", -right),
                ("overflow", torch.tensor([-torch.inf, torch.inf])),
                ("overflow", torch.tensor([-torch.inf, 800 - shift])),
            ]
            what = f"{answer.__name__}, {real} reals and {fake} fakes"
            compare(what, call(answer, s.clone(), real, fake), right, mistakes)


def tables(seed: int = 0) -> Pair:
    """The probabilities of four cells, of real and of fake samples; the fakes never fall into one of them."""
    p = own(seed, "p", [(0.4, 0.3, 0.2, 0.1), (0.1, 0.3, 0.2, 0.4), (0.2, 0.4, 0.3, 0.1)])
    q = own(seed, "q", [(0.2, 0.3, 0.5, 0.0), (0.25, 0.0, 0.5, 0.25), (0.0, 0.6, 0.1, 0.3), (0.5, 0.2, 0.0, 0.3)])
    return torch.tensor(p), torch.tensor(q)


@task
def best_loss(answer: Any, seed: int = 0) -> None:
    """Check the least cross-entropy that a discriminator can have between `tables(seed)`, to three decimals."""
    p, q = (table.double() for table in tables(seed))
    on_real = -float((p * (p / (p + q)).log()).sum())
    on_fake = -float(torch.special.xlogy(q, q / (p + q)).sum())
    right, even = on_real + on_fake, 2 * math.log(2)
    finite = q > 0
    mistakes = [
        ("nothing known", even),
        ("divergence, not loss", even / 2 - right / 2),
        ("averaged over the kinds", right / 2),
        ("real term only", on_real),
        ("base two", right / math.log(2)),
        ("error rate", float(torch.minimum(p, q).sum())),
        ("error rate", float(torch.minimum(p, q).sum()) / 2),
        ("logit in place of probability", -float((p * (p / q).log())[finite].sum())),
        ("wrong sign", -right),
        ("zero times its logarithm", math.nan),
    ]
    number("best_loss", answer, right, mistakes, tolerance=1e-3, secret=True)


@task
def auc(answer: Callable, seed: int = 0, counts: Sequence[tuple[int, int]] = ((61, 61), (9, 14))) -> None:
    """Check auc(real_scores, fake_scores) on scores with ties."""
    random = torch.Generator().manual_seed(seed)
    for reals, fakes in counts:
        real = torch.randint(-2, 5, (reals,), generator=random).float()
        fake = torch.randint(-4, 3, (fakes,), generator=random).float()
        real[:2], fake[:3], real[2] = 1.0, 1.0, -4.0
        wins, ties = (real[:, None] > fake).double().mean(), (real[:, None] == fake).double().mean()
        right = float(wins + ties / 2)
        mistakes = [
            ("ties as wins", float(wins + ties)),
            ("ties as losses", float(wins)),
            ("real and fake swapped", 1 - right),
            ("accuracy", float(((real > 0).double().mean() + (fake <= 0).double().mean()) / 2)),
            ("accuracy", float(((real > 0).sum() + (fake <= 0).sum()) / (reals + fakes))),
            ("accuracy", float(((real > 0).sum() + (fake < 0).sum()) / (reals + fakes))),
            ("means compared with each other", float(real.mean() > fake.mean())),
            ("count, not share", right * reals * fakes),
        ]
        if reals == fakes:
            by_place = (real > fake).double() + (real == fake) / 2
            mistakes += [
                ("pairs by place", float(by_place.mean())),
                ("pairs by place", float((real > fake).double().mean())),
            ]
        number(f"{answer.__name__}, {reals} reals, {fakes} fakes", call(answer, real, fake), right, mistakes)


@task
def p_value(
    answer: Callable, seed: int = 0, counts: Sequence[tuple[int, int]] = ((8, 14), (10, 6)), rounds: int = 400
) -> None:
    """Check p_value(real, fake, shuffles) on whole numbers, so that ties are exact."""
    random = torch.Generator().manual_seed(seed)
    for reals, fakes in counts:
        real = torch.randint(0, 7, (reals,), generator=random).double()
        fake = torch.randint(1, 8, (fakes,), generator=random).double()
        shuffles = torch.stack([torch.randperm(reals + fakes, generator=random) for _ in range(rounds)])
        shuffles[0] = torch.arange(reals + fakes)
        yours = call(answer, real.clone(), fake.clone(), shuffles.clone())
        right, mistakes = tested(real, fake, shuffles)
        number(f"{answer.__name__}, {reals} reals, {fakes} fakes, {rounds} shuffles", yours, right, mistakes)


def tested(real: Tensor, fake: Tensor, shuffles: Tensor) -> tuple[float, list[tuple[str, float]]]:
    """The p-value of a permutation test of the means, and those after the usual mistakes."""
    dealt, first, rounds = torch.cat([real, fake])[shuffles], len(real), len(shuffles)
    signed, seen = dealt[:, :first].mean(1) - dealt[:, first:].mean(1), real.mean() - fake.mean()
    differences, wrong = signed.abs(), (dealt[:, : len(fake)].mean(1) - dealt[:, len(fake) :].mean(1)).abs()

    def share(hits: Tensor) -> float:
        return float(1 + hits.sum()) / (1 + rounds)

    count = float((differences >= seen.abs()).sum())
    return (1 + count) / (1 + rounds), [
        ("no one added", count / rounds),
        ("one added above only", (1 + count) / rounds),
        ("one added below only", count / (1 + rounds)),
        ("one-sided test", share(signed >= seen)),
        ("one-sided test", share(signed <= seen)),
        ("strictly larger", share(differences > seen.abs())),
        ("the other tail", share(differences <= seen.abs())),
        ("the other tail", 1 - (1 + count) / (1 + rounds)),
        ("groups cut wrongly", share(wrong >= seen.abs())),
        ("not shuffled", 1.0),
    ]


def loss(network: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    """The cross-entropy of eight discriminators, shape [8]."""
    return minimax(network(real), network(fake)).discriminator


def eight_discriminators(seed: int, rate: float = 5e-3) -> tuple[nn.Module, torch.optim.Optimizer]:
    """Eight untrained discriminators in one network, and its optimiser."""
    made = []
    for member in range(8):
        torch.manual_seed(seed + member)
        made.append(PointDiscriminator(width=32))
    network = stack(made)
    return network, torch.optim.Adam(network.parameters(), lr=rate)


def draw(seed: int, count: int) -> Pair:
    """Reals around (1, 0) and fakes around (0, 0), each [8, count, 2]: they overlap a good deal."""
    random = torch.Generator().manual_seed(seed)
    real, fake = torch.randn(2, 8, count, 2, generator=random)
    return real + torch.tensor([1.0, 0.0]), fake


def simulated(seed: int, steps: int, count: int) -> tuple[Tensor, Tensor, nn.Module]:
    """Mean training and validation losses of eight discriminators, each [steps + 1], and these at the end."""
    (network, optimizer), training, validation = eight_discriminators(seed), draw(seed, count), draw(seed + 1, 200)
    curve = []
    for step in range(steps + 1):
        value = loss(network, *training)
        with torch.no_grad():
            curve.append(torch.stack([value.mean(), loss(network, *validation).mean()]))
        if step < steps:
            optimizer.zero_grad()
            value.sum().backward()
            optimizer.step()
    train, held_out = torch.stack(curve).detach().unbind(1)
    return train, held_out, network


@task
def early_stopping(answer: Callable, seed: int = 0, steps: int = 120, count: int = 40) -> None:
    """Check early_stopping(network, optimizer, training, validation, steps): which weights are kept, and their worth.

    Kept at the least validation loss, eight of eight were below 2 log 2 on fresh samples, in two of two draws; after
    the last step, none.
    """
    network, optimizer = eight_discriminators(seed)
    training, validation = draw(seed, count), draw(seed + 1, 200)
    train, held_out, _ = simulated(seed, steps, count)
    call(answer, network, optimizer, copy.deepcopy(training), copy.deepcopy(validation), steps)
    with torch.no_grad():
        yours = float(loss(network, *validation).mean())
    best = int(held_out[:-1].argmin())
    least = float(held_out[best])
    mistakes = [
        ("last weights kept", float(held_out[-1])),
        ("chosen on the training samples", float(held_out[train[:-1].argmin()])),
        ("one step late", float(held_out[best + 1])),
        ("untrained", float(held_out[0])),
    ]
    # a hundred steps later roundings have grown: the nearest is meant
    nearest = min(mistakes, key=lambda each: abs(yours - each[1]))
    if abs(yours - least) > 1e-5 and abs(yours - nearest[1]) < 0.005:
        mistakes = [(nearest[0], yours)]
    if yours < least - 0.02:
        mistakes.append(("learned from the validation samples", yours))
    number(f"{answer.__name__}: the validation loss of what you kept", yours, least, mistakes, tolerance=1e-5)
    reached(answer.__name__, network, seed)


def reached(name: str, network: nn.Module, seed: int) -> None:
    """Require that six of eight do better on fresh samples than a discriminator without an opinion."""
    with torch.no_grad():
        values = loss(network, *draw(seed + 2, 1000))
    what = f"{name}: fresh samples, loss below 2 log 2"
    require(what, values < 2 * math.log(2), 6, "discriminators", listed(values, ".2f"), "overfitted")


def overfitting(seed: int = 0, steps: int = 150) -> tuple[Tensor, Tensor, float]:
    """Eight discriminators on 40 samples of either kind: both losses [steps + 1], and how often what is sure is right.

    Sure is a probability above 98 %, on validation samples after the last step.
    """
    train, held_out, network = simulated(seed, steps, 40)
    with torch.no_grad():
        real, fake = (network(samples) for samples in draw(seed + 1, 200))
    level = math.log(0.98 / 0.02)
    right = (real > level).sum() + (fake < -level).sum()
    return train, held_out, float(right / ((real.abs() > level).sum() + (fake.abs() > level).sum()))
