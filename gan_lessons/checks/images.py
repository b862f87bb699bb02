"""The checks of the assignment to chapter 09, Images. In each, `seed` and what follows may be changed."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from gan_lessons.checks import call, compare, number, numbers, own, seed_of
from gan_lessons.checks.averaged import NOISE, check_rounds, eight_painters, own_parts, reached
from gan_lessons.checks.cards import task
from gan_lessons.checks.eight import MEMBERS, trained
from gan_lessons.checks.enlarging import enlarge
from gan_lessons.checks.four_reports import four_reports
from gan_lessons.checks.mixing import mixes
from gan_lessons.metrics.memory import nearest

__all__ = [
    "copier", "enlarge", "four_reports", "leaning", "mixes", "near_twins", "own_parts", "picture_training", "seed_of",
]  # fmt: skip


@task
def near_twins(
    answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, ...]] = ((6,), (1, 3, 4)), count: int = 60
) -> None:
    """Check near_twins(training, held_out, samples) on pictures of these shapes, of which some are nearly copied."""
    for shape in shapes:
        random = torch.Generator().manual_seed(seed + len(shape))
        training, held_out, fresh = (
            torch.randn(size, *shape, generator=random) for size in (2 * count, count + 7, 2 * count)
        )
        held_out[: count // 4] = training[: count // 4] + 0.1 * torch.randn(count // 4, *shape, generator=random)
        copies = training[-count:].flatten(1).clone()  # changed in one pixel, more and more
        copies[:, 0] += nearest(training, held_out).distances.median() * torch.linspace(0.03, 1.2, count)
        samples = torch.cat([copies.view(-1, *shape), 3 * fresh])
        what = f"{answer.__name__}, {len(training)} training pictures, {len(held_out)} held out, {len(samples)} samples"
        said = call(answer, training.clone(), held_out.clone(), samples.clone())
        yours = numbers(answer, said, 2, "not two shares")
        compare(what, yours, *twin_shares(training.flatten(1), held_out.flatten(1), samples.flatten(1)))


def twin_shares(training: Tensor, held_out: Tensor, samples: Tensor) -> tuple[Tensor, list[tuple[str, Tensor]]]:
    """The shares of near twins among samples and held-out pictures, and those after the usual mistakes."""

    def away(pictures: Tensor, others: Tensor = training, power: float = 2.0) -> Tensor:
        return torch.cdist(pictures, others, p=power).min(1).values

    of_samples, of_held_out = away(samples), away(held_out)
    usual = of_held_out.median()

    def pair(one: Tensor, other: Tensor, limit: Tensor, of_other: Tensor | None = None) -> Tensor:
        limits = limit, limit if of_other is None else of_other
        return torch.stack([(each < limit).double().mean() for each, limit in zip((one, other), limits, strict=True)])

    right = pair(of_samples, of_held_out, usual / 2)
    summed = away(samples, power=1.0), away(held_out, power=1.0)
    within = torch.cdist(held_out, held_out).fill_diagonal_(torch.inf).min(1).values
    backwards = [torch.cdist(each, training).min(0).values for each in (samples, held_out)]
    squared = of_samples.square(), of_held_out.square()
    sizes = torch.tensor([len(samples), len(held_out)])
    return right, [
        ("half forgotten", pair(of_samples, of_held_out, usual)),
        ("mean, not median", pair(of_samples, of_held_out, of_held_out.mean() / 2)),
        ("samples' own floor", pair(of_samples, of_held_out, of_samples.median() / 2)),
        ("samples' own floor", pair(of_samples, of_held_out, of_samples.median() / 2, usual / 2)),
        ("nearest held-out picture", pair(away(samples, held_out), of_held_out, usual / 2)),
        ("nearest held-out picture", pair(away(samples, held_out), within, within.median() / 2)),
        ("nearest sample", pair(backwards[0], backwards[1], usual / 2)),
        ("nearest sample", pair(backwards[0], backwards[1], backwards[1].median() / 2)),
        ("squared lengths", pair(*squared, squared[1].median() / 2)),
        ("squared lengths", pair(*squared, usual / 2)),
        ("sum of the differences", pair(*summed, summed[1].median() / 2)),
        ("far, not near", 1 - right),
        ("shares the other way round", right.flip(0)),
        ("count, not share", right * sizes),
        ("percent", 100 * right),
    ]


def copier(seed: int = 0) -> tuple[float, int, int]:
    """The share of your generator's samples that are copies, and how many pictures it learned from and are held out."""
    return own(seed, "copies", [0.3, 0.4, 0.6, 0.7]), own(seed, "learned", [2000, 3000, 4000, 5000]), 1000


@task
def leaning(answer: Any, seed: int = 0) -> None:
    """Check the copied share to be expected of `copier(seed)`, by one part of its training pictures, to 3 decimals."""
    copies, learned, held_out = copier(seed)
    part = held_out / learned
    mine = copies * part
    mistakes = [
        ("every copy counted", copies),
        ("all copied", part),
        ("how often nearer", (1 + mine) / 2),
        ("no coins tossed", 2 * mine - 1),
        ("half the share", mine / 2),
        ("copies of other parts as farther", 2 * (mine + (1 - copies) / 2) - 1),
        ("the honest samples", (1 - copies) * part),
        ("percent", 100 * mine),
    ]
    number("leaning", answer, mine, mistakes, tolerance=6e-4, secret=True)


@task
def picture_training(answer: Callable, seed: int = 0, rounds: int = 2, steps: int = 500) -> Tensor:
    """Check picture_training(gan, average, batches): single rounds, and what eight averaged generators reach.

    Return their pictures [8, count, 1, 8, 8]. For each of 16 seeds at least five of eight averages came to 0.27, and in
    each of 4 at most three of the present generators; with either of the two lines unmended all ended above 1.
    """
    check_rounds(answer, seed, rounds)
    parts, random = own_parts(seed), torch.Generator().manual_seed(seed)
    batches = []
    for _ in range(steps):
        some = torch.randint(len(parts.training), (MEMBERS, 64), generator=random)
        batches.append((8 * (parts.training[some] + 1), torch.randn(2, MEMBERS, 64, NOISE, generator=random)))
    gan, average = eight_painters(seed)
    trained(answer, gan, average, batches)
    return reached(answer.__name__, average, gan, parts, seed)
