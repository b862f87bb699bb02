"""The checks of the assignment to chapter 20, Shapes. In each, `seed` and what follows may be changed."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from gan_lessons.checks import call, compare, length, number, seed_of, slopes
from gan_lessons.checks.cards import task
from gan_lessons.checks.eight import trained
from gan_lessons.checks.four_prints import orders
from gan_lessons.checks.sculpting import (
    SIDE,
    Mistakes,
    ball_mistakes,
    cut,
    cut_mistakes,
    figure_points,
    letters,
    moulded,
    own_balls,
    own_counts,
    own_figure,
    own_holes,
    own_pair,
)
from gan_lessons.checks.silhouetted import check_views, eight_sculptors, own_lamps, reached, views
from gan_lessons.networks.shapes import even_sphere

__all__ = [
    "balls", "chamfer", "crossed", "holes", "letters", "orders", "own_counts", "own_figure", "own_lamps", "own_pair",
    "seed_of", "silhouette_training",
]  # fmt: skip


@task
def balls(answer: Callable, seed: int = 0, sizes: Sequence[tuple[int, int]] = ((3, 9), (2, 12))) -> Tensor:
    """Check balls(centres, radii, size) for these numbers of balls and sizes of the block, then for your figure.

    Return your figure, [1, 1, 24, 24, 24].
    """
    given = []
    for count, size in sizes:
        random = torch.Generator().manual_seed(seed + size)
        centres = size * (0.3 + 0.4 * torch.rand(count, 3, generator=random))
        given.append((centres, size * (0.15 + 0.15 * torch.rand(count, generator=random)), size))
    figure = torch.empty(0)
    for centres, radii, size in [*given, (*own_balls(seed), SIDE)]:
        what = f"{answer.__name__}, {len(radii)} balls in a block of {size}"
        figure = call(answer, centres.clone(), radii.clone(), size)
        due, mistakes = moulded(centres, radii, size), ball_mistakes(centres, radii, size)
        compare(what, settled(figure, [due, *(value for _, value in mistakes)]), due, mistakes, told)
    return figure.detach().float()[None, None]


def told(block: Tensor) -> str:
    """A block in a few words."""
    values = block.detach().double()
    solid = int((values > 0).sum())
    return f"{solid} cells above 0, {values.mean():.4f} on average, shape {list(block.shape)}"


def settled(yours: Any, known: Sequence[Tensor], tolerance: float = 1e-3) -> Any:
    """The one of the known blocks that yours is but for the rounding of distances, or else yours."""
    if not isinstance(yours, Tensor):
        return yours
    same = (each for each in known if each.shape == yours.shape and (each - yours).abs().max() < tolerance)
    return next(same, yours)


@task
def holes(answer: Any, seed: int = 0) -> None:
    """Check how many holes your solid has."""
    pieces, cavities, corners, edges, faces, voxels = own_counts(seed).values()
    euler = corners - edges + faces - voxels
    mistakes = [
        ("characteristic, not holes", euler),
        ("minus the holes", euler - pieces - cavities),
        ("as if in one piece without cavities", 1 - euler),
        ("cavities forgotten", pieces - euler),
        ("cavities taken off", pieces - cavities - euler),
        ("one piece counted", 1 + cavities - euler),
        ("voxels forgotten", pieces + cavities - (euler + voxels)),
        ("signs of the cells", pieces + cavities - (corners + edges + faces + voxels)),
        ("signs of the cells", pieces + cavities - (corners + edges - faces - voxels)),
        ("signs of the cells", pieces + cavities - (corners - edges + faces + voxels)),
    ]
    number("holes", answer, own_holes(seed), mistakes, tolerance=1e-3, secret=True)


@task
def crossed(answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, int, int]] = ((5, 4, 3), (6, 6, 6))) -> Tensor:
    """Check crossed(front, side) at these heights, depths and widths, then for two letters of your own.

    Return the block of the letters, [1, 1, 24, 24, 24].
    """
    given = []
    for height, depth, width in shapes:
        random = torch.Generator().manual_seed(seed + depth)
        sizes = ((height, width), (height, depth))
        given.append(tuple(2 * torch.rand(size, generator=random) - 1 for size in sizes))
    block = torch.empty(0)
    for front, side in [*given, letters(own_pair(seed))]:
        what = f"{answer.__name__}, front {list(front.shape)}, side {list(side.shape)}"
        block = call(answer, front.clone(), side.clone())
        compare(what, block, cut(front, side), cut_mistakes(front, side), told)
    return block.detach()[None, None]


@task
def chamfer(
    answer: Callable, seed: int = 0, sizes: Sequence[tuple[int, int]] = ((6, 9), (7, 7)), steps: int = 60
) -> list[Tensor]:
    """Check chamfer(first, second) for clouds of these numbers of points, and its gradient.

    Return clouds [points, 3]: a sphere, the same after a tenth and all of so many steps down your distance to the
    points of your figure, and these points.
    """
    for count, others in sizes:
        random = torch.Generator().manual_seed(seed + count)
        first, second = (torch.randn(some, 3, generator=random) for some in (count, others))
        what = f"{answer.__name__}, {count} and {others} points"
        yours = call(answer, first.clone(), second.clone())
        compare(what, yours, apart(first, second), apart_mistakes(first, second))
        inputs = [each.clone().requires_grad_() for each in (first, second)]
        mine, truth = (slopes(one, inputs) for one in (call(answer, *inputs), apart(*inputs)))
        for name, slope, due in zip(("first", "second"), mine, truth, strict=True):
            nothing = [("no gradient", torch.zeros_like(due))]
            compare(f"{what}: the gradient of the {name} cloud", slope, due, nothing, length)
    return slid(answer, figure_points(seed), steps)


def apart(first: Tensor, second: Tensor) -> Tensor:
    """The Chamfer distance of two clouds [n, 3] and [m, 3]."""
    squares = (first[:, None] - second).square().sum(-1)
    return squares.amin(1).mean() + squares.amin(0).mean()


def apart_mistakes(first: Tensor, second: Tensor) -> Mistakes:
    """The distance after the usual mistakes."""
    each = (first[:, None] - second).square()
    squares = each.sum(-1)
    there, back = squares.amin(1), squares.amin(0)
    right, coordinates = there.mean() + back.mean(), (each.amin(1).sum(-1), each.amin(0).sum(-1))
    found = [
        ("one way only", there.mean()),
        ("one way only", back.mean()),
        ("one way only", 2 * there.mean()),
        ("one way only", 2 * back.mean()),
        ("distances not squared", there.sqrt().mean() + back.sqrt().mean()),
        ("squared after the mean", there.sqrt().mean().square() + back.sqrt().mean().square()),
        ("points summed", there.sum() + back.sum()),
        ("all points in one mean", torch.cat([there, back]).mean()),
        ("half the sum of both ways", right / 2),
        ("root of the whole", right.sqrt()),
        ("root of the whole", there.mean().sqrt() + back.mean().sqrt()),
        ("farthest, not mean", there.amax() + back.amax()),
        ("farthest, not mean", torch.maximum(there.amax(), back.amax())),
        ("farthest, not mean", torch.maximum(there.amax(), back.amax()).sqrt()),
        ("the farther way only", torch.maximum(there.mean(), back.mean())),
        ("every pair of points", squares.mean()),
        ("every pair of points", 2 * squares.mean()),
        ("averaged over coordinates", right / 3),
        ("nearest pair only", squares.amin()),
        ("nearest pair only", 2 * squares.amin()),
        ("coordinate by coordinate", coordinates[0].mean() + coordinates[1].mean()),
        ("coordinate by coordinate", coordinates[0].mean() / 3 + coordinates[1].mean() / 3),
    ]
    if first.shape == second.shape:
        by_place = (first - second).square().sum(-1).mean()
        found += [("points paired by place", by_place), ("points paired by place", 2 * by_place)]
    return found


def slid(answer: Callable, goal: Tensor, steps: int, rate: float = 0.07) -> list[Tensor]:
    """A sphere, where its points are after a tenth and all of the steps down an answer's distance, and the goal."""
    cloud = (0.9 * even_sphere(300)).requires_grad_()
    optimizer, stages = torch.optim.Adam([cloud], lr=rate), [cloud.detach().clone()]
    for step in range(1, steps + 1):
        optimizer.zero_grad()
        call(answer, cloud, goal).backward()
        optimizer.step()
        if step in (max(1, steps // 10), steps):
            stages.append(cloud.detach().clone())
    return [*stages, goal]


@task
def silhouette_training(answer: Callable, seed: int = 0, rounds: int = 2, steps: int = 160) -> Tensor:
    """Check silhouette_training(gan, batches): what is learned in single rounds, and what eight GANs reach.

    Return their volumes [8, 40, 1, 8, 8, 8].
    """
    check_views(answer, seed, rounds)
    lamps, random = own_lamps(seed), torch.Generator().manual_seed(seed)
    batches = [views(lamps, 16, random) for _ in range(steps)]
    gan = trained(answer, eight_sculptors(seed), batches)
    return reached(answer.__name__, gan, lamps, seed)
