"""Four generators that are to be told apart by numbers, not by their looks."""

import math

import torch
from torch import Tensor, nn

from gan_lessons.checks.reading import order
from gan_lessons.data.points import Mixture
from gan_lessons.metrics.modes import mode_scores
from gan_lessons.networks.points import mlp

KINDS = ("one noise number", "two noise numbers", "two noise numbers and a switch", "untrained")
STEEP = 30.0  # how many times as fast as the noise the sample turns between two islands


def between(angle: Tensor, islands: int) -> Tensor:
    """The angle of the sample for an angle of the noise: it rests at an island, and crosses to the next one steeply."""
    place = angle / (2 * math.pi) * islands
    rest = place.floor() + 0.5
    return (rest + ((place - rest).abs() - 0.5 + 0.5 / STEEP).clamp(min=0) * STEEP * (place - rest).sign()) * (
        2 * math.pi / islands
    )


def made_by(kind: str, mixture: Mixture, count: int, random: torch.Generator) -> Tensor:
    """Samples [count, 2] of a generator of that kind, double, since the untrained one's are very close."""
    z = torch.randn(count, 2, generator=random, dtype=torch.double)
    centres, islands = mixture.centres.double(), len(mixture.centres)
    if kind == "two noise numbers and a switch":
        return centres[torch.randint(islands, (count,), generator=random)] + mixture.std * z
    if kind == "untrained":
        return mlp(2, 2, width=64, depth=12, activation=nn.ReLU).double()(z).detach()
    angle = torch.atan2(z[:, 1], z[:, 0]) % (2 * math.pi)
    if kind == "one noise number":  # along a small wave at every island
        angle = 2 * math.pi * torch.special.ndtr(z[:, 0])
        z = torch.stack([torch.sin(40 * angle), torch.zeros(count).double()], 1)
    turned = between(angle, islands)
    length = float(centres[0].norm()) + mixture.std * z[:, 0]
    jitter = torch.stack([torch.zeros(count).double(), mixture.std * z[:, 1]], 1)
    return length[:, None] * torch.stack([turned.cos(), turned.sin()], 1) + jitter


def four_generators(seed: int = 0, count: int = 4000) -> dict[str, dict[str, float]]:
    """The numbers of four generators, A to D in an order of your own, on eight islands in the plane."""
    random = torch.Generator().manual_seed(seed)
    angles = (torch.arange(8) + 0.5) * (math.pi / 4)  # where `between` rests
    mixture = Mixture(2 * torch.stack([angles.cos(), angles.sin()], 1), std=0.03)
    table = {}
    for letter, kind in zip("ABCD", order(seed, KINDS), strict=True):
        torch.manual_seed(seed)
        samples = made_by(kind, mixture, count, random)
        scores = mode_scores(samples.float(), mixture)
        table[letter] = {
            "islands found": float(scores.modes),
            "between them, %": 100 * (1 - float(scores.high_quality)),
            "spread": float((samples - samples.mean(0)).square().sum(1).mean().sqrt()),
            "dimension": dimension(samples),
        }
    return table


def dimension(samples: Tensor) -> float:
    """Of how many dimensions samples are, by how much nearer the nearest neighbour of four times as many is."""
    exact, some = "donot_use_mm_for_euclid_dist", samples[: len(samples) // 4]
    few, many = (
        torch.cdist(one, one, compute_mode=exact).fill_diagonal_(math.inf).min(1).values.median()
        for one in (some, samples)
    )
    return math.log(4) / math.log(float(few / many))
