"""Four reports that each call an idea better than the plain pair, three of them on weak grounds: numbers to be read."""

from typing import NamedTuple

import torch

from gan_lessons.checks import own
from gan_lessons.checks.reading import order

GROUNDS = ("equal steps", "rates tried", "within the seeds", "sound")
STEPS = 1500  # of the plain pair


class Side(NamedTuple):
    """What one of two networks was given, and the Fréchet distances that it reached, one a seed."""

    steps: int
    minutes: int
    rates: int
    distances: list[float]


def four_papers(seed: int = 0) -> dict[str, tuple[Side, Side]]:
    """For reports A to D, in an order of your own: the plain pair, and the idea."""
    random = torch.Generator().manual_seed(seed)
    minutes, rates = own(seed, "minutes", [10, 12, 15]), own(seed, "rates", [2, 3])

    def seeds(share: float, apart: float) -> list[float]:
        """Three distances, around that share of the plain pair's and so far apart, in any order."""
        drift = 0.001 * torch.rand(3, generator=random, dtype=torch.double)
        levels = share * 0.04 + apart * torch.tensor([-1.0, 0.0, 1.0], dtype=torch.double) + drift
        return [round(float(each), 3) for each in levels[torch.randperm(3, generator=random)]]

    def report(steps: int, longer: float = 1.0, tried: tuple[int, int] = (rates, rates), noise: bool = False):
        far, apart = (0.95, 0.007) if noise else (0.72, 0.002)
        plain = Side(STEPS, minutes, tried[0], seeds(1.0, apart))
        return plain, Side(steps, round(longer * minutes), tried[1], seeds(far, apart))

    reports = {
        "equal steps": report(STEPS, longer=2.5),
        "rates tried": report(1340, tried=(1, 8)),
        "within the seeds": report(1430, noise=True),
        "sound": report(1120),
    }
    return {letter: reports[grounds] for letter, grounds in zip("ABCD", order(seed, GROUNDS), strict=True)}
