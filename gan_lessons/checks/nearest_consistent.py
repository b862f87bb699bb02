"""The check of an orthogonal projection: the nearest picture that a weighted mean shrinks back to the small one."""

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, conv2d

from gan_lessons.checks import call, compare, length, slopes
from gan_lessons.checks.cards import task


@task
def project(
    answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, ...]] = ((2, 3, 4, 3, 2), (1, 2, 2, 3, 3))
) -> None:
    """Check project(large, small, weights) for small pictures [count, channels, height, width] and the scale behind."""
    for *shape, scale in shapes:
        random = torch.Generator().manual_seed(seed + scale)
        count, channels, height, width = shape
        large = 2 * torch.rand(count, channels, scale * height, scale * width, generator=random) - 1
        small = 2 * torch.rand(shape, generator=random) - 1
        weights = 0.2 + torch.rand(scale, scale, generator=random)
        weights[0, -1] += 1  # far from symmetric
        weights = weights / weights.sum()
        what = f"{answer.__name__}, small {shape}, weights {list(weights.shape)}"
        right, mistakes = projections(large, small, weights)
        compare(what, call(answer, large.clone(), small.clone(), weights.clone()), right, mistakes)
        inputs, pull = large.clone().requires_grad_(), torch.randn(large.shape, generator=random)
        yours = call(answer, inputs, small, weights)
        (mine,), (truth,) = (slopes(each * pull, [inputs]) for each in (yours, projections(inputs, small, weights)[0]))
        cut = [("no gradient", torch.zeros_like(pull)), ("step without a gradient", pull)]
        compare(f"{what}: the gradient", mine, truth, cut, length)


def weighted(large: Tensor, weights: Tensor) -> Tensor:
    """Pictures [count, channels, height, width], shrunk: of each square the sum of its pixels times these weights."""
    made = conv2d(large.flatten(0, 1)[:, None], weights[None, None], stride=len(weights))
    return made.view(*large.shape[:2], *made.shape[-2:])


def projections(large: Tensor, small: Tensor, weights: Tensor) -> tuple[Tensor, list[tuple[str, Tensor]]]:
    """The nearest picture that shrinks back, and what the usual mistakes lead to."""
    missing, plain = small - weighted(large, weights), small - avg_pool2d(large, len(weights))
    alike, turned, squared = torch.ones_like(weights), weights.T.contiguous(), weights.square().sum()
    step = torch.kron(missing, weights / squared)
    return large + step, [
        ("all pixels alike", large + torch.kron(missing, alike)),
        ("against the weights", large + torch.kron(missing, 1 / weights) / weights.numel()),
        ("shrunk by the plain mean", large + torch.kron(plain, weights / squared)),
        ("shrunk by the plain mean", large + torch.kron(plain, alike)),
        ("shrunk by the plain mean", large + torch.kron(plain, weights)),
        ("step too short", large + torch.kron(missing, weights)),
        ("step too short", large + torch.kron(missing, weights) / math.sqrt(squared)),
        ("step for equal weights", large + torch.kron(missing, weights) * weights.numel()),
        ("step away from it", large - step),
        ("step alone", step),
        ("weights turned over", large + torch.kron(missing, turned / squared)),
        ("weights turned over", projected(large, small, turned)),
    ]


def projected(large: Tensor, small: Tensor, weights: Tensor) -> Tensor:
    """The picture nearest to `large` that these weights shrink to `small`."""
    return large + torch.kron(small - weighted(large, weights), weights / weights.square().sum())
