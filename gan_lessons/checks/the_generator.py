"""The checks of the assignment to chapter 02, The generator. In each, `seed` and what follows may be changed."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from gan_lessons.checks import call, compare, number, own, seed_of
from gan_lessons.checks.cards import task
from gan_lessons.checks.deep import deep_generator
from gan_lessons.checks.eight import own_ring
from gan_lessons.checks.four_generators import four_generators

__all__ = [
    "crossing", "deep_generator", "density", "four_generators", "in_the_gap", "log_density", "own_ring", "seed_of",
]  # fmt: skip


@task
def density(answer: Callable, seed: int = 0, pieces: Sequence[int] = (4, 7)) -> None:
    """Check density(x, z, g) for maps of so many straight pieces, which rise and fall."""
    for number_of in pieces:
        random = torch.Generator().manual_seed(seed + number_of)
        z = torch.cumsum(0.3 + torch.rand(number_of + 1, generator=random), 0) - 0.5 * number_of
        ways = (0.5 + torch.rand(number_of, generator=random)) * torch.tensor([1.0, 1.0, -1.0]).repeat(number_of)[
            :number_of
        ]
        g = torch.cumsum(torch.cat([torch.zeros(1), ways]), 0)
        places = g.sort().values
        x = torch.cat([places[:1] - 1, (places[:-1] + places[1:]) / 2, places[-1:] + 1])
        x = x[torch.randperm(len(x), generator=random)]
        right, mistakes = pushed_forward(x, z, g)
        compare(
            f"{answer.__name__}, {number_of} pieces", call(answer, x.clone(), z.clone(), g.clone()), right, mistakes
        )


def pushed_forward(x: Tensor, z: Tensor, g: Tensor) -> tuple[Tensor, list[tuple[str, Tensor]]]:
    """The density at x of a map through the points (z, g), and what comes out after the usual mistakes."""
    low, high = torch.minimum(g[:-1], g[1:]), torch.maximum(g[:-1], g[1:])
    reach = ((low < x[:, None]) & (x[:, None] < high)).float()  # [x, pieces]
    slope, noise = g.diff() / z.diff(), 1 / (z[-1] - z[0])
    each = reach * noise / slope.abs()
    right, branches = each.sum(1), reach.sum(1)
    first = torch.where(branches > 0, each.gather(1, reach.argmax(1, keepdim=True))[:, 0], 0.0)
    return right, [
        ("slope's sign", (reach * noise / slope).sum(1)),
        ("times the slope", (reach * noise * slope.abs()).sum(1)),
        ("first branch only", first),
        ("branches averaged", right / branches.clamp(min=1)),
        ("noise's density forgotten", right / noise),
        ("slope ignored", branches * noise),
        ("slope ignored", (branches > 0) * noise),
        ("pieces alike", (reach / len(slope) / g.diff().abs()).sum(1)),
        ("pieces alike", (reach / g.diff().abs()).sum(1)),
    ]


def crossing(seed: int = 0) -> tuple[float, float, float]:
    """The width of your gap, the slope with which it is crossed, and the share of the noise left of the middle."""
    return (
        own(seed, "gap", [3.0, 3.5, 4.0]),
        own(seed, "slope", [2.0, 2.5, 3.0]),
        own(seed, "left", [0.1, 0.2, 0.25, 0.3]),
    )


@task
def in_the_gap(answer: Any, seed: int = 0) -> None:
    """Check the share of the samples in the gap of `crossing(seed)`, to three decimals."""
    width, slope, left = crossing(seed)
    half, middle = width / slope / 2, float(torch.special.ndtri(torch.tensor(left, dtype=torch.double)))

    def between(low: float, high: float) -> float:
        return (math.erf(high / math.sqrt(2)) - math.erf(low / math.sqrt(2))) / 2

    def around(centre: float, half: float = half) -> float:
        return between(centre - half, centre + half)

    share = around(middle)
    mistakes = [
        ("crossed in the middle", around(0)),
        ("crossed from its left end", between(middle, middle + 2 * half)),
        ("level density", 2 * half * math.exp(-(middle**2) / 2) / math.sqrt(2 * math.pi)),
        ("half of the stretch", around(middle, half / 2)),
        ("twice the stretch", around(middle, 2 * half)),
        ("w times L", around(middle, width * slope / 2)),
        ("outside of the gap", 1 - share),
        ("crossed in the middle", 2 * half / math.sqrt(2 * math.pi)),
        ("share for quantile", around(left)),
        ("percent", 100 * share),
    ]
    number("in_the_gap", answer, share, mistakes, tolerance=1e-3, secret=True)


class Bent(nn.Module):
    """An invertible map of [n, dims]: turned and stretched, bent number by number, turned and stretched again."""

    first: Tensor
    last: Tensor

    def __init__(self, seed: int, dims: int, turned_over: bool):
        super().__init__()
        random = torch.Generator().manual_seed(seed)
        first, last = torch.eye(dims) + 0.4 * torch.randn(2, dims, dims, generator=random)
        if bool(torch.linalg.det(first @ last) < 0) != turned_over:
            first[0] = -first[0]
        self.register_buffer("first", first)
        self.register_buffer("last", last)

    def forward(self, noise: Tensor) -> Tensor:
        bent = noise @ self.first
        return (bent + 0.5 * torch.tanh(2 * bent)) @ self.last


@task
def log_density(answer: Callable, seed: int = 0, dims: Sequence[int] = (2, 3), count: int = 6) -> None:
    """Check log_density(generator, z) for maps of so many dimensions, one that turns space over among them."""
    for number_of in dims:
        for turned_over in (False, True):
            generator = Bent(seed, number_of, turned_over)
            z = torch.randn(count, number_of, generator=torch.Generator().manual_seed(seed))
            yours = call(answer, generator, z.clone())
            what = f"{answer.__name__}, {count} samples in {number_of} dimension{'s' * (number_of > 1)}"
            right, mistakes = log_densities(generator, z)
            compare(what + ", turned over" * turned_over, yours, right, mistakes)


def log_densities(generator: nn.Module, z: Tensor) -> tuple[Tensor, list[tuple[str, Tensor]]]:
    """log q at G(z), and what comes out after the usual mistakes."""
    jacobian = torch.func.vmap(torch.func.jacrev(generator))(z)
    signed, dims = torch.linalg.det(jacobian), z.shape[1]
    squares, constant = -z.square().sum(1) / 2, -math.log(2 * math.pi) / 2
    logarithm, noise = signed.abs().log(), squares + dims * constant
    right = noise - logarithm
    return right, [
        ("determinant added", noise + logarithm),
        ("sign of the determinant", noise - signed.log()),
        ("constant forgotten", squares - logarithm),
        ("constant of one dimension", squares + constant - logarithm),
        ("noise alone", noise),
        ("noise's density at x", dims * constant - generator(z).square().sum(1) / 2 - logarithm),
        ("diagonal only", noise - jacobian.diagonal(dim1=1, dim2=2).abs().log().sum(1)),
        ("diagonal only", noise - jacobian.diagonal(dim1=1, dim2=2).sum(1).abs().log()),
        ("density, not its logarithm", right.exp()),
        ("determinant without logarithm", noise - signed.abs()),
        ("one number for all", right.mean()),
        ("one number for all", right.sum()),
    ]
