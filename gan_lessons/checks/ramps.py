"""The probability of augmentation after each reading of the held-out gap, and after the usual mistakes."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

Reading = tuple[Tensor, Tensor, Tensor]  # the scores of known, held-out and fake pictures


def drawn(target: float, random: torch.Generator) -> list[Reading]:
    """Readings of a gap that is below the target, above it for long, below again, and then on both sides."""
    long, *coins = torch.randint(2, (5,), generator=random).tolist()
    signs = [-1, -1] + [1] * (11 + long) + [-1, -1, -1] + [2 * coin - 1 for coin in coins]
    found = []
    for place, sign in enumerate(signs):
        far = 0.05 if place % 3 == 0 else 0.1 + 0.2 * float(torch.rand((), generator=random))
        gap = target + sign * far
        lead = 0.4 + 2 * float(torch.rand((), generator=random))  # of known over fakes
        middle = float(torch.randn((), generator=random))
        known, fake = scores(middle + lead, 8, random), scores(middle, 12, random)
        found.append((known, scores(middle + lead * (1 - gap), 10, random), fake))
    return found


def scores(mean: float, count: int, random: torch.Generator) -> Tensor:
    """So many scores with exactly this mean, some of them far away."""
    some = torch.randn(count, generator=random)
    some[0] += 4
    return some - some.mean() + mean


def gap(known: Tensor, held_out: Tensor, fake: Tensor) -> Tensor:
    """The held-out gap."""
    return (known.mean() - held_out.mean()) / (known.mean() - fake.mean())


def probabilities(
    readings: Sequence[Reading],
    target: float,
    rise: float,
    most: float,
    least: float = 0.0,
    start: float = 0.0,
    measure: Callable[..., Tensor] = gap,
    way: Callable[[Tensor], Tensor] = torch.sign,
) -> Tensor:
    """The probability after each reading, [count]."""
    found, p = [], start
    for reading in readings:
        p = min(max(p + rise * float(way(measure(*reading) - target)), least), most)
        found.append(p)
    return torch.tensor(found, dtype=torch.double)


def ramp_mistakes(readings: Sequence[Reading], target: float, rise: float, most: float) -> list[tuple[str, Tensor]]:
    """What the probabilities are after the usual mistakes."""
    given = readings, target, rise
    right, free = probabilities(*given, most), probabilities(*given, 9e9, -9e9)

    def measured(measure: Callable[..., Tensor]) -> Tensor:
        return probabilities(*given, most, measure=measure)

    return [
        ("lowered while D overfits", probabilities(*given, most, way=lambda over: -over.sign())),
        ("size counted", probabilities(*given, most, way=lambda over: over)),
        ("never lowered", probabilities(*given, most, way=lambda over: (over > 0).float())),
        ("no bounds", free),
        ("bounds at the end", free.clamp(0, most)),
        ("up to 1", probabilities(*given, 1.0)),
        ("below 0", probabilities(*given, most, -9e9)),
        ("begun at the top", probabilities(*given, most, start=most)),
        ("one late", torch.cat([torch.zeros(1), right[:-1]])),
        ("lead not divided", measured(lambda known, unseen, fake: known.mean() - unseen.mean())),
        ("held-out against fakes", measured(lambda known, unseen, fake: gap(unseen, known, fake))),
        ("held-out against fakes", measured(lambda known, unseen, fake: 1 - gap(known, unseen, fake))),
        ("upside-down gap", measured(lambda known, unseen, fake: 1 / gap(known, unseen, fake))),
        ("medians", measured(lambda *groups: gap(*(each.median() for each in groups)))),
        ("sums compared", measured(lambda *groups: gap(*(each.sum() for each in groups)))),
    ]
