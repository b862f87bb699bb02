"""Which fakes are clear, copied and new: pictures of which that is known, and what the usual mistakes say of them."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gan_lessons.checks import CheckError, brief
from gan_lessons.checks.small_faces import every_face, own_faces

CLEAR, SAME, APART = 0.08, 0.002, 0.02  # as in the chapter


def off(pictures: Tensor, distance: float | Tensor, random: torch.Generator) -> Tensor:
    """Pictures so far away from these, root mean square, each in a direction of its own."""
    away = torch.randn(pictures.shape, generator=random)
    return pictures + distance * away / away.flatten(1).square().mean(1).sqrt().view(-1, *[1] * (away.dim() - 1))


def spoiled(shape: tuple[int, ...], random: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Fakes of each kind, in a random order, with the known pictures and every possible one; pixels around 0 to 1.

    The fifth possible picture is so like the first known one that nobody can tell a fake of it from a copy.
    """
    every = torch.rand(10, *shape, generator=random)
    every[4] = off(every[:1], 0.012, random)[0]
    sharp = off(every[[0, 1, 2, 3, 6, 7, 8]], 0.04, random)
    doubtful = off(every[[4, 4]], 0.004, random)
    unclear = off(every[[1, 5, 9]], 0.09, random)
    far = off(every[[3, 6]], 0.25, random)
    fakes = torch.cat([sharp, doubtful, unclear, far])
    order = torch.randperm(len(every), generator=random)
    return fakes[torch.randperm(len(fakes), generator=random)], every[:4], every[order]


def gallery_of(seed: int = 0, each: int = 8) -> tuple[Tensor, Tensor, Tensor]:
    """Eight noisy copies of your faces, eight new faces, eight averages of two; your faces; all faces, from 0 to 1."""
    random, known, every = torch.Generator().manual_seed(seed), own_faces(seed), every_face()
    same = (torch.cdist(every.flatten(1), known.flatten(1)) == 0).any(1)
    others = every[~same]
    fresh = others[torch.randperm(len(others), generator=random)[:each]]
    far = torch.cdist(known[:each].flatten(1), known.flatten(1)).argmax(1)
    drawn = torch.cat([known[:each], fresh, (known[:each] + known[far]) / 2])
    fakes = off((drawn + 1) / 2, 0.05, random)
    return fakes[torch.randperm(len(fakes), generator=random)], (known + 1) / 2, (every + 1) / 2


def rms(one: Tensor, other: Tensor) -> Tensor:
    """The root mean square difference of each picture from each, [n, m]."""
    return (one[:, None] - other).flatten(2).square().mean(2).sqrt()


def masks(
    fakes: Tensor,
    known: Tensor,
    every: Tensor,
    apart: Callable[[Tensor, Tensor], Tensor] = rms,
    margins: tuple[float, float, float] = (CLEAR, SAME, APART),
) -> Tensor:
    """Whether each fake is clear, copied, new: zeros and ones [3, n]."""
    near, best = apart(fakes, known).amin(1), apart(fakes, every).amin(1)
    clear = best <= margins[0]
    return torch.stack([clear, clear & (near <= best + margins[1]), clear & (near > best + margins[2])]).float()


def three_masks(answer: Callable, returned: Any, count: int) -> Tensor:
    """What an answer has returned as zeros and ones [3, count]."""
    try:
        found = torch.stack([torch.as_tensor(each) for each in returned]).float()
    except (TypeError, ValueError, RuntimeError):
        found = torch.empty(0)
    if found.shape != (3, count) or not bool(((found == 0) | (found == 1)).all()):
        raise CheckError("not three masks", f"{answer.__name__} returned {brief(returned)}")
    return found


def readings(fakes: Tensor, known: Tensor, every: Tensor) -> list[tuple[str, Tensor]]:
    """What is said of the fakes after the usual mistakes."""
    near, best = rms(fakes, known).amin(1), rms(fakes, every).amin(1)
    clear, copied, new = masks(fakes, known, every).bool()
    given, side = (fakes, known, every), fakes[0].numel() ** 0.5
    others = every[rms(every, known).amin(1) > 0]

    def said(*rows: Tensor) -> Tensor:
        return torch.stack(rows).float()

    return [
        ("not a mean", masks(*given, lambda one, other: rms(one, other) * side)),
        ("no root taken", masks(*given, lambda one, other: rms(one, other).square())),
        ("sum of squares", masks(*given, lambda one, other: (rms(one, other) * side).square())),
        ("absolute differences", masks(*given, lambda one, other: (one[:, None] - other).abs().flatten(2).mean(2))),
        ("copied by itself", said(clear, near <= CLEAR, new)),
        ("copied although unclear", said(clear, near <= best + SAME, new)),
        ("new although unclear", said(clear, copied, near > best + APART)),
        ("clearness forgotten", said(clear, near <= best + SAME, near > best + APART)),
        ("new is not the rest", said(clear, copied, clear & ~copied)),
        ("new is not the rest", said(clear, clear & ~new, new)),
        ("margins swapped", masks(*given, margins=(CLEAR, APART, SAME))),
        ("copied and new swapped", said(clear, new, copied)),
        ("clear by the known ones", said(near <= CLEAR, near <= CLEAR, torch.zeros_like(new))),
        ("clear by the known ones", said(near <= CLEAR, copied, new)),
        ("clear by the known ones", said(near <= CLEAR, copied & (near <= CLEAR), new & (near <= CLEAR))),
        ("the others only", masks(fakes, known, others)),
        ("unclear, not clear", said(~clear, copied, new)),
    ]
