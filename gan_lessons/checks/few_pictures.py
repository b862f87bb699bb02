"""The checks of the assignment to chapter 12, Few pictures. In each, `seed` and what follows may be changed."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from gan_lessons.checks import call, compare, length, number, numbers, own, seed_of, slopes
from gan_lessons.checks.cards import task
from gan_lessons.checks.counted_faces import gallery_of, masks, readings, spoiled, three_masks
from gan_lessons.checks.eight import MEMBERS, trained
from gan_lessons.checks.four_discriminators import discriminators, gaps
from gan_lessons.checks.ramps import drawn, probabilities, ramp_mistakes
from gan_lessons.checks.small_faces import own_faces
from gan_lessons.checks.turning import check_changed, eight_drawers, faces_of, own_turns, reached

__all__ = [
    "augmented_training", "copied_or_new", "discriminators", "feedback", "gaps", "own_faces", "own_seen", "seed_of",
    "shifted", "undone",
]  # fmt: skip


@task
def shifted(
    answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, ...]] = ((4, 1, 6, 6), (3, 3, 5, 8))
) -> Tensor:
    """Check shifted(pixels, down, right) on pictures of these shapes; return eight faces and what becomes of them."""
    for shape in shapes:
        random = torch.Generator().manual_seed(seed + shape[-1])
        pixels, pull = 2 * torch.rand(2, *shape, generator=random) - 1
        down, right = (torch.randint(-2, 3, (shape[0],), generator=random) for _ in range(2))
        down[:3], right[:3] = torch.tensor([1, -2, 0]), torch.tensor([-2, 1, 3])
        what, given = f"{answer.__name__}, pictures {list(shape)}", pixels.clone().requires_grad_()
        yours = call(answer, given, down.clone(), right.clone())
        truth = moved(pixels, down, right)
        compare(what, yours, truth, shift_mistakes(pixels, down, right))
        (slope,) = slopes(yours * pull, [given])
        due = moved(pull, -down, -right)
        compare(f"{what}: the gradient", slope, due, [("no gradient", torch.zeros_like(due))], length)
    faces, random = own_faces(seed, 8), torch.Generator().manual_seed(seed)
    down, right = torch.randint(-4, 5, (2, 8), generator=random)
    return torch.cat([faces, call(answer, faces.clone(), down, right)])


def moved(pixels: Tensor, down: Tensor, right: Tensor, edge: str = "grey") -> Tensor:
    """Every picture shifted by its own numbers of pixels, with grey, or something else, where nothing is."""
    height, width = pixels.shape[-2:]
    rows = torch.arange(height) - down[:, None]
    columns = torch.arange(width) - right[:, None]
    held = [rows % height, columns % width]
    if edge == "repeated":
        held = [rows.clamp(0, height - 1), columns.clamp(0, width - 1)]
    each = torch.arange(len(pixels))[:, None, None]
    found = pixels.movedim(1, -1)[each, held[0][:, :, None], held[1][:, None]].movedim(-1, 1)
    inside = ((rows >= 0) & (rows < height))[:, :, None] & ((columns >= 0) & (columns < width))[:, None]
    fill = {"black": -1.0, "white": 1.0}.get(edge, 0.0)
    return found if edge in ("wrapped", "repeated") else torch.where(inside[:, None], found, fill)


def shift_mistakes(pixels: Tensor, down: Tensor, right: Tensor) -> list[tuple[str, Tensor]]:
    """The pictures after the usual mistakes."""
    first_down, first_right = (each[:1].expand(len(pixels)) for each in (down, right))
    zero = torch.zeros_like(down)
    return [
        ("wrapped around", moved(pixels, down, right, "wrapped")),
        ("wrapped around", moved(pixels, -down, -right, "wrapped")),
        ("black edges", moved(pixels, down, right, "black")),
        ("white edges", moved(pixels, down, right, "white")),
        ("edges repeated", moved(pixels, down, right, "repeated")),
        ("wrong direction", moved(pixels, -down, -right)),
        ("wrong direction", moved(pixels, -down, right)),
        ("wrong direction", moved(pixels, down, -right)),
        ("down and right swapped", moved(pixels, right, down)),
        ("one shift for all", moved(pixels, first_down, first_right)),
        ("along one axis only", moved(pixels, down, zero)),
        ("along one axis only", moved(pixels, zero, right)),
        ("not shifted", pixels),
    ]


@task
def feedback(answer: Callable, seed: int = 0, targets: Sequence[float] = (0.65, 0.5), most: float = 0.8) -> None:
    """Check feedback(readings, target, rise, most) with these targets."""
    for target in targets:
        rise = own(seed, "rise", [0.11, 0.12, 0.13, 0.14])
        some = readings_of(seed, target)
        what = f"{answer.__name__}, target {target}, rise {rise}, most {most}, {len(some)} readings: p"
        given = [tuple(each.clone() for each in reading) for reading in some]
        yours = numbers(answer, call(answer, given, target, rise, most), len(some), "one p a reading")
        compare(what, yours, probabilities(some, target, rise, most), ramp_mistakes(some, target, rise, most), ramp)


def ramp(found: Tensor) -> str:
    """The probabilities, one after the other."""
    return " ".join(f"{each:.2f}" for each in found.tolist())


def readings_of(seed: int, target: float) -> list[tuple[Tensor, Tensor, Tensor]]:
    """Readings that take p down at 0, up beyond its most, and down again."""
    return drawn(target, torch.Generator().manual_seed(seed + round(100 * target)))


def own_seen(seed: int = 0) -> tuple[float, float]:
    """The probability of a turn, and the share of changed fakes that are upright."""
    chance, before = own(seed, "seen", [(0.6, 0.8), (0.8, 0.7), (0.4, 0.85), (0.2, 0.75), (0.8, 0.9), (0.4, 0.8)])
    return chance, round((1 - chance) * before + chance / 4, 4)


@task
def undone(answer: Any, seed: int = 0) -> None:
    """Check the share of the generator's own fakes that are upright, to two decimals."""
    chance, seen = own_seen(seed)
    before = (seen - chance / 4) / (1 - chance)
    mistakes = [
        ("as D sees it", seen),
        ("changed once more", (1 - chance) * seen + chance / 4),
        ("turned fakes turned upright", seen / (1 - 3 * chance / 4)),
        ("a turn always turns", seen / (1 - chance)),
        ("a turn always turns", (seen - chance / 3) / (1 - 4 * chance / 3)),
        ("not divided", seen - chance / 4),
        ("every turned one upright", (seen - chance) / (1 - chance)),
        ("the others", 1 - before),
        ("percent", 100 * before),
    ]
    number("undone", answer, before, mistakes, tolerance=0.006, secret=True)


@task
def copied_or_new(
    answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, ...]] = ((1, 7, 7), (3, 4, 6))
) -> dict[str, Tensor]:
    """Check copied_or_new(fakes, known, every) on pictures of these shapes; return 24 faces, sorted by it."""
    for shape in shapes:
        given = spoiled(shape, torch.Generator().manual_seed(seed + shape[0]))
        what = f"{answer.__name__}, {len(given[0])} fakes {list(shape)}: clear, copied, new"
        yours = three_masks(answer, call(answer, *(each.clone() for each in given)), len(given[0]))
        compare(what, yours, masks(*given), readings(*given), written)
    given = gallery_of(seed)
    clear, copied, new = three_masks(answer, call(answer, *(each.clone() for each in given)), len(given[0])).bool()
    return {name: 2 * given[0][which] - 1 for name, which in (("copied", copied), ("new", new), ("unclear", ~clear))}


def written(found: Tensor) -> str:
    """Three rows of yes and no, [3, n]."""
    return " / ".join("".join("·✓"[int(each)] for each in row) for row in found.tolist())


@task
def augmented_training(answer: Callable, seed: int = 0, rounds: int = 2, steps: int = 200) -> Tensor:
    """Check augmented_training(gan, batches, change): what is learned in single rounds, and what eight GANs draw.

    Return their pictures [8, 200, 1, 12, 12].
    """
    check_changed(answer, seed, rounds)
    random = torch.Generator().manual_seed(seed)
    batches = [faces_of(seed, (MEMBERS, 32), random) for _ in range(steps)]
    gan = trained(answer, eight_drawers(seed), batches, own_turns(seed))
    return reached(answer.__name__, gan, seed)
