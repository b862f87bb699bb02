"""The checks of the assignment to chapter 06, Mode collapse. In each, `seed` and what follows may be changed."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from gan_lessons.checks import CheckError, call, compare, length, number, numbers, own, seed_of, slopes
from gan_lessons.checks.cards import task
from gan_lessons.checks.eight import eight_gans, own_ring, reached, trained
from gan_lessons.checks.packs import check_packs
from gan_lessons.data.points import Mixture

__all__ = [
    "eight_gans", "faults", "islands_and_samples", "missing", "own_ring", "pack", "packed_training", "samplers",
    "seed_of", "spread",
]  # fmt: skip

RATE = 5e-3  # of the GANs that are to be mended


@task
def spread(answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, int]] = ((6, 3), (4, 8))) -> None:
    """Check spread(features) on features of these shapes, and on equal samples."""
    for shape in shapes:
        features = torch.randn(shape, generator=torch.Generator().manual_seed(seed)) * torch.linspace(0.5, 3, shape[1])
        what, given = f"{answer.__name__}, features {list(shape)}", features.clone()
        yours = call(answer, given)
        compare(what, yours, appended(features), spread_mistakes(features))
        inputs = features.clone().requires_grad_()
        (mine,), (truth,) = (slopes(one[:, -1], [inputs]) for one in (call(answer, inputs), appended(inputs)))
        compare(f"{what}: the spread's gradient", mine, truth, [("spread detached", torch.zeros_like(truth))], length)
    equal = torch.ones(5, 3, requires_grad=True)
    yours = call(answer, equal)
    compare(f"{answer.__name__}, equal samples", yours, appended(equal), [("added outside the root", yours)])
    (mine,) = slopes(yours[:, -1], [equal])
    if not mine.isfinite().all():
        raise CheckError("root at zero", f"{answer.__name__}, equal samples: the gradient is not a number")


def deviation(features: Tensor) -> Tensor:
    """The standard deviation of each feature over the batch."""
    return (features.var(0, unbiased=False) + 1e-8).sqrt()


def appended(features: Tensor) -> Tensor:
    """The features, with the mean of their deviations as a last column."""
    return column(features, deviation(features).mean())


def column(features: Tensor, value: Tensor) -> Tensor:
    return torch.cat([features, value.expand(len(features), 1)], 1)


def spread_mistakes(features: Tensor) -> list[tuple[str, Tensor]]:
    """What comes out after the usual mistakes."""
    own_spread = deviation(features)
    unbiased = features.std(1) if features.shape[1] > 1 else own_spread.new_zeros(len(features))
    return [
        ("over the features", torch.cat([features, unbiased[:, None]], 1)),
        ("over the features", column(features, features.std(1, unbiased=False).mean())),
        ("over the features", torch.cat([features, features.std(1, unbiased=False)[:, None]], 1)),
        ("unbiased", column(features, features.std(0).mean())),
        ("variance", column(features, features.var(0, unbiased=False).mean())),
        ("everything at once", column(features, features.std(unbiased=False))),
        ("everything at once", column(features, features.std())),
        ("not one column", torch.cat([features, own_spread.expand_as(features)], 1)),
        ("in front", appended(features).roll(1, 1)),
        ("features changed", column(features - features.mean(0), own_spread.mean())),
        ("features changed", column(features / own_spread, own_spread.mean())),
    ]


@task
def pack(
    answer: Callable,
    seed: int = 0,
    shapes: Sequence[tuple[int, ...]] = ((6, 2), (12, 1, 3, 3)),
    sizes: Sequence[int] = (2, 3),
) -> None:
    """Check pack(samples, size) on samples of these shapes."""
    for shape in shapes:
        for size in sizes:
            samples = torch.randn(shape, generator=torch.Generator().manual_seed(seed))
            count = shape[0] // size
            parts = [samples[k::size] for k in range(size)]
            woven = samples.view(count, size, shape[1], -1).transpose(1, 2).reshape(count, size * shape[1], *shape[2:])
            mistakes = [
                ("far partners", torch.cat(samples.chunk(size), 1)),
                ("overlapping", torch.cat([samples.roll(-k, 0) for k in range(size)], 1)),
                ("overlapping", torch.cat([samples[k : len(samples) - size + 1 + k] for k in range(size)], 1)),
                ("with itself", torch.cat([samples] * size, 1)),
                ("with itself", torch.cat([parts[0]] * size, 1)),
                ("new dimension", torch.stack(parts, 1)),
                ("order within the pack", torch.cat(parts[::-1], 1)),
            ]
            if shape[1] > 1:
                mistakes.append(("coordinates mixed", woven))
            what = f"{answer.__name__}, samples {list(shape)}, size {size}"
            compare(what, call(answer, samples.clone(), size), torch.cat(parts, 1), mistakes)


def islands_and_samples(seed: int = 0) -> tuple[int, int]:
    """How many equal islands there are in your question, and how many samples are drawn."""
    return own(seed, "islands", [20, 25, 30, 40]), own(seed, "samples", [40, 50, 60, 80])


@task
def missing(answer: Any, seed: int = 0) -> None:
    """Check how many of the equal islands a perfect sampler misses on average, to two decimals."""
    islands, count = islands_and_samples(seed)
    miss = 1 - 1 / islands
    mistakes = [
        ("one island only", miss**count),
        ("found, not missing", islands * (1 - miss**count)),
        ("one sample too few", islands * miss ** (count - 1)),
        ("limit, not exact", islands * math.exp(-count / islands)),
        ("one sample", islands * miss),
    ]
    number("missing", answer, islands * miss**count, mistakes, tolerance=0.006, secret=True)


@task
def faults(answer: Callable, seed: int = 0, sizes: Sequence[tuple[int, int]] = ((11, 8), (6, 12))) -> None:
    """Check faults(covered) on histories of these numbers of moments and islands."""
    for moments, islands in sizes:
        covered = history(seed, moments, islands)
        what = f"{answer.__name__}, {moments} moments, {islands} islands: held, oscillating, dropped, not found"
        found = call(answer, covered.clone())
        yours = numbers(answer, found, 4, "not four numbers")
        compare(what, yours, counted(covered), fault_mistakes(covered))


def history(seed: int, moments: int, islands: int) -> Tensor:
    """Which islands were covered at which moment: of every kind at least one, in random order."""
    random, half = torch.Generator().manual_seed(seed), moments // 2
    covered = torch.rand(moments, islands, generator=random) < 0.6
    covered[half:, 0:2] = True  # held
    covered[half, 2:4], covered[half + 1, 2:4] = True, False  # oscillating
    covered[-1, 2] = False
    covered[:, 3] = True
    covered[half, 3] = False  # empty at the first moment that counts
    covered[half:, 4:6] = False  # dropped
    covered[0, 4:6] = True
    covered[:, 6] = False  # not found
    return covered[:, torch.randperm(islands, generator=random)]


def counted(covered: Tensor, late: Tensor | None = None) -> Tensor:
    """How many islands are held, oscillating, dropped and not found, judged by the second half."""
    late = covered[len(covered) // 2 :] if late is None else late
    held, empty = late.all(0), ~late.any(0)
    before = covered.any(0)
    kinds = (held, ~held & ~empty, empty & before, empty & ~before)
    return torch.stack([kind.sum() for kind in kinds]).double()


def fault_mistakes(covered: Tensor) -> list[tuple[str, Tensor]]:
    """The four numbers after the usual mistakes."""
    held, moving, dropped, never = counted(covered)
    half = len(covered) // 2
    late = covered[half:]
    some = late.any(0).sum().double()
    zero = torch.zeros_like(held)
    return [
        ("last moment only", counted(covered, covered[-1:])),
        ("whole history", counted(covered, covered)),
        ("first half", counted(covered, covered[:half])),
        ("any for all moments", torch.stack([some, zero, dropped, never])),
        ("oscillating as held", torch.stack([held + moving, moving, dropped, never])),
        ("dropped as not found", torch.stack([held, moving, zero, dropped + never])),
        ("not found as dropped", torch.stack([held, moving, dropped + never, zero])),
        ("not found as dropped", torch.stack([held, moving, dropped + never, never])),
        ("moments as islands", counted(covered.T)),
        ("half cut short", counted(covered, covered[half + 1 :])),
    ]


@task
def packed_training(answer: Callable, seed: int = 0, rounds: int = 2, steps: int = 400) -> Tensor:
    """Check packed_training(gan, batches): what D is shown in single rounds, and what eight GANs reach.

    Return their samples [8, 500, 2]. All of 24 such GANs lacked one island at most and had 10 % good samples; of the
    sick training's none.
    """
    check_packs(answer, seed, rounds)
    mixture = own_ring(seed)
    data, random = mixture.sample(5000, seed), torch.Generator().manual_seed(seed)
    batches = [
        (data[torch.randint(len(data), (8, 64), generator=random)], torch.randn(2, 8, 64, 2, generator=random))
        for _ in range(steps)
    ]
    gan = trained(answer, eight_gans(seed, RATE, dims=4), batches)
    return reached(answer.__name__, gan, mixture, seed, good=0.1)


def samplers(seed: int = 0, count: int = 2500) -> tuple[Mixture, dict[str, Tensor]]:
    """Eight islands, and four samplers of them, A to D in an order of your own, each [count, 2]."""
    random, mixture = torch.Generator().manual_seed(seed), Mixture(own_eight(seed), 0.02)
    some = torch.randint(7, (count,), generator=random)
    noise = 0.02 * torch.randn(count, 2, generator=random)
    ways = [
        mixture.centres[some] + noise,  # lacks an island
        5 * torch.rand(count, 2, generator=random) - 2.5,  # noise
        mixture.centres[torch.randint(8, (count,), generator=random)],  # the centres, without spread
        mixture.centres[torch.where(torch.rand(count, generator=random) < 0.7, 0, some + 1)] + noise,  # uneven
    ]
    first = own(seed, "first sampler", range(4))
    return mixture, dict(zip("ABCD", ways[first:] + ways[:first], strict=True))


def own_eight(seed: int) -> Tensor:
    """The centres of eight islands, on a ring turned by an angle of your own."""
    angles = torch.arange(8) * (math.pi / 4) + own(seed, "angle", range(45)) * math.pi / 180
    return 2 * torch.stack([angles.cos(), angles.sin()], 1)
