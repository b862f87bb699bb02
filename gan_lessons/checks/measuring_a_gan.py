"""The checks of the assignment to chapter 08, Measuring a GAN. In each, `seed` and what follows may be changed."""

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from gan_lessons.checks import call, number, own, seed_of
from gan_lessons.checks.cards import task
from gan_lessons.checks.four_galleries import KINDS, four_galleries, galleries
from gan_lessons.checks.reading import order
from gan_lessons.checks.trials import copied
from gan_lessons.metrics.frechet import frechet_distance

__all__ = [
    "KINDS", "at_infinity", "birthday", "birthdays", "copied", "four_galleries", "frechet", "galleries", "order",
    "seed_of",
]  # fmt: skip


@task
def frechet(
    answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, int, int]] = ((40, 40, 3), (60, 50, 4))
) -> None:
    """Check frechet(real, fake) on so many real samples and fakes, of so many features."""
    for reals, fakes, dims in shapes:
        random = torch.Generator().manual_seed(seed)
        turn = torch.randn(2, dims, dims, generator=random, dtype=torch.double)
        real = torch.randn(reals, dims, generator=random, dtype=torch.double) @ turn[0]
        fake = 1 + torch.randn(fakes, dims, generator=random, dtype=torch.double) @ (turn[0] + turn[1] / 2)
        yours = call(answer, real.clone(), fake.clone())
        what = f"{answer.__name__}, {reals} reals and {fakes} fakes, {dims} features"
        number(what, yours, frechet_distance(real, fake), frechet_mistakes(real, fake))


def frechet_mistakes(real: Tensor, fake: Tensor) -> list[tuple[str, float]]:
    """The squared Fréchet distance after the usual mistakes."""
    gap = float((real.mean(0) - fake.mean(0)).square().sum())

    def spread(one: Tensor, other: Tensor) -> tuple[float, float]:
        """Both traces, and the trace of the root of the product."""
        roots = torch.linalg.eigvals(one @ other).real.clamp(min=0).sqrt()
        return float(one.trace() + other.trace()), float(roots.sum())

    one, other = torch.cov(real.T), torch.cov(fake.T)
    traces, overlap = spread(one, other)
    right = gap + traces - 2 * overlap
    biased = spread(torch.cov(real.T, correction=0), torch.cov(fake.T, correction=0))
    mistakes = [
        ("means only", gap),
        ("means only", math.sqrt(gap)),
        ("covariances only", right - gap),
        ("gap not squared", right - gap + math.sqrt(gap)),
        ("no matrix root", gap + traces - 2 * float((one @ other).trace())),
        ("root of every number", gap + traces - 2 * float((one @ other).diagonal().sqrt().sum())),
        ("variances only", gap + float((one.diagonal().sqrt() - other.diagonal().sqrt()).square().sum())),
        ("taken off once", gap + traces - overlap),
        ("divided by n", gap + biased[0] - 2 * biased[1]),
        ("root of the distance", math.sqrt(max(right, 0))),
    ]
    if len(real) == len(fake):
        by_rows = spread(torch.cov(real), torch.cov(fake))
        mistakes.append(("samples as features", gap + by_rows[0] - 2 * by_rows[1]))
    return mistakes


def birthdays(seed: int = 0) -> tuple[int, int]:
    """How many different pictures your generator can make, and how many it draws."""
    return own(seed, "pictures", [200, 250, 400, 500]), own(seed, "drawn", [20, 26, 30])


@task
def birthday(answer: Any, seed: int = 0) -> None:
    """Check the chance that two of the pictures of `birthdays(seed)` are the same, to three decimals."""
    pictures, drawn = birthdays(seed)

    def different(count: int) -> float:
        return math.prod(1 - k / pictures for k in range(count))

    chance, pairs = 1 - different(drawn), drawn * (drawn - 1) / 2
    mistakes = [
        ("approximation", 1 - math.exp(-pairs / pictures)),
        ("approximation", 1 - (1 - 1 / pictures) ** pairs),
        ("approximation", 1 - math.exp(-(drawn**2) / 2 / pictures)),
        ("number of pairs", pairs / pictures),
        ("one pair only", 1 / pictures),
        ("the first one's birthday", 1 - (1 - 1 / pictures) ** (drawn - 1)),
        ("the first one's birthday", 1 - (1 - 1 / pictures) ** drawn),
        ("the first one's birthday", (drawn - 1) / pictures),
        ("all different", 1 - chance),
        ("off by one", 1 - different(drawn - 1)),
        ("off by one", 1 - different(drawn + 1)),
        ("percent", 100 * chance),
    ]
    number("birthday", answer, chance, mistakes, tolerance=5e-4, secret=True)


@task
def at_infinity(answer: Callable, seed: int = 0, sizes: Sequence[int] = (4, 6)) -> tuple[Tensor, Tensor, float]:
    """Check at_infinity(counts, distances) on so many points; the line of some ends below zero.

    Return counts and mean distances of a perfect sampler, and where the answer's line through them ends.
    """
    for size in sizes:
        for true in (2.0, -0.3):
            random = torch.Generator().manual_seed(seed + size)
            counts = 50 * (1 + torch.randperm(4 * size, generator=random)[:size]).double()
            counts[0] = 40
            noise = 0.05 * torch.randn(size, generator=random, dtype=torch.double)
            distances = true + 60 / counts + noise
            right, mistakes = lines(counts, distances)
            yours = call(answer, counts.clone(), distances.clone())
            what = f"{answer.__name__}, counts {counts.int().tolist()}"
            number(what, yours, right, mistakes)
    counts, distances = perfect_distances(seed)
    return counts, distances, float(call(answer, counts.clone(), distances.clone()))


@functools.lru_cache(maxsize=2)
def perfect_distances(seed: int, pairs: int = 20) -> tuple[Tensor, Tensor]:
    """Counts of samples, and mean squared Fréchet distances between two clouds of as many from one distribution."""
    random, counts = torch.Generator().manual_seed(seed), (25, 50, 100, 200)
    means = []
    for count in counts:
        clouds = torch.randn(pairs, 2, count, 6, generator=random)
        means.append(sum(frechet_distance(real, fake) for real, fake in clouds) / pairs)
    return torch.tensor(counts).double(), torch.tensor(means).double()


def line(x: Tensor, y: Tensor) -> tuple[float, float]:
    """The line of least squares: its height at 0, and its slope."""
    slope = float(((x - x.mean()) * (y - y.mean())).sum() / (x - x.mean()).square().sum())
    return float(y.mean()) - slope * float(x.mean()), slope


def lines(counts: Tensor, distances: Tensor) -> tuple[float, list[tuple[str, float]]]:
    """The distance at infinitely many samples, and what comes out after the usual mistakes."""
    right, slope = line(1 / counts, distances)
    ends = torch.stack([counts.argmin(), counts.argmax()])
    mistakes = [
        ("line in n", line(counts, distances)[0]),
        ("line in the root", line(counts**-0.5, distances)[0]),
        ("largest count", float(distances[counts.argmax()])),
        ("largest count", float(distances[-1])),
        ("largest count", float(distances.min())),
        ("averaged", float(distances.mean())),
        ("slope of the line", slope),
        ("first and last", line(1 / counts[ends], distances[ends])[0]),
        ("first and last", line(1 / counts[[0, -1]], distances[[0, -1]])[0]),
    ]
    return right, mistakes + [("clamped at zero", 0.0)] * (right < 0)
